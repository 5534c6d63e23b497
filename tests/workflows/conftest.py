from .bundles import bundle, bundle_draft, catalogue
from .key_projects import agent, key_project, mandated
from .projects import hall

__all__ = ["agent", "bundle", "bundle_draft", "catalogue", "hall", "key_project", "mandated"]
