from .bundles import EXTENSION_DAYS, LEGAL_DAYS, Bundle, BundleVersion
from .parts import LONGEST, BundleBranch, BundleEdge, BundleStage
from .questions import BundleAnswer, BundleCondition, BundleMaterial, BundleMaterialUse, BundleQuestion
from .records import BundleEvent

__all__ = [
    "EXTENSION_DAYS",
    "LEGAL_DAYS",
    "LONGEST",
    "Bundle",
    "BundleAnswer",
    "BundleBranch",
    "BundleCondition",
    "BundleEdge",
    "BundleEvent",
    "BundleMaterial",
    "BundleMaterialUse",
    "BundleQuestion",
    "BundleStage",
    "BundleVersion",
]
