from ..states import Answer, BranchState, ProjectState, StageState, Verb
from .branches import BranchAttempt, ProjectBranch
from .bundles import EXTENSION_DAYS, LEGAL_DAYS, Bundle, BundleVersion
from .consultations import Consultation, ConsultationMember
from .key_agents import KeyAgent, KeyHandover, KeyHandoverPaper, KeyVisit
from .key_plans import KeyMilestone, KeyOne, KeyTask, KeyTemplateField
from .key_projects import Half, KeyProject, KeyProjectEvent
from .package import MaterialUse, ProjectFile, ProjectMaterial, ProjectNotice, SupplementWish
from .parts import LONGEST, BundleBranch, BundleEdge, BundleStage
from .project_records import ProjectEvent
from .projects import Project, ProjectStage, StagePause
from .questions import BundleAnswer, BundleCondition, BundleMaterial, BundleMaterialUse, BundleQuestion
from .records import BundleEvent

__all__ = [
    "EXTENSION_DAYS",
    "LEGAL_DAYS",
    "LONGEST",
    "Answer",
    "BranchAttempt",
    "BranchState",
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
    "Consultation",
    "ConsultationMember",
    "Half",
    "KeyAgent",
    "KeyHandover",
    "KeyHandoverPaper",
    "KeyMilestone",
    "KeyOne",
    "KeyProject",
    "KeyProjectEvent",
    "KeyTask",
    "KeyTemplateField",
    "KeyVisit",
    "MaterialUse",
    "Project",
    "ProjectBranch",
    "ProjectEvent",
    "ProjectFile",
    "ProjectMaterial",
    "ProjectNotice",
    "ProjectStage",
    "ProjectState",
    "StagePause",
    "StageState",
    "SupplementWish",
    "Verb",
]
