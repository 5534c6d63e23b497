from tests.workflows.bundles import bundle, bundle_draft, catalogue
from tests.workflows.projects import hall

__all__ = ["bundle", "bundle_draft", "catalogue", "hall"]
