from tests.workflows.bundles import bundle, bundle_draft, catalogue

__all__ = ["bundle", "catalogue", "bundle_draft"]
