from tests.workflows.bundles import bundle, catalogue, draft

__all__ = ["bundle", "catalogue", "draft"]
