from .bundles import bundle, bundle_draft, catalogue
from .projects import hall

__all__ = ["bundle", "bundle_draft", "catalogue", "hall"]
