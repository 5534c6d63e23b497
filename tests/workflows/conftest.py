from .bundles import bundle, bundle_draft, catalogue
from .key_projects import agent, key_project, mandated

__all__ = ["agent", "bundle", "bundle_draft", "catalogue", "key_project", "mandated"]
