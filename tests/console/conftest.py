from tests.workflows.bundles import bundle, bundle_draft, catalogue
from tests.workflows.key_projects import agent, key_project, mandated
from tests.workflows.projects import hall

__all__ = ["agent", "bundle", "bundle_draft", "catalogue", "hall", "key_project", "mandated"]
