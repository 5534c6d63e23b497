"""套餐检查: what a bundle consists of as facts, and every fault of it in one answer. Pure: no database, no clock."""

from .days import Longest, in_a_row, of_all, of_required, of_stage
from .facts import (
    DATA,
    OPINION,
    PREREQUISITE,
    BranchFacts,
    EdgeFacts,
    MaterialFacts,
    QuestionFacts,
    Sheet,
    StageFacts,
)
from .faults import UNFINISHED, Fault
from .rules import faults_of

__all__ = [
    "DATA",
    "OPINION",
    "PREREQUISITE",
    "UNFINISHED",
    "BranchFacts",
    "EdgeFacts",
    "Fault",
    "Longest",
    "MaterialFacts",
    "QuestionFacts",
    "Sheet",
    "StageFacts",
    "faults_of",
    "in_a_row",
    "of_all",
    "of_required",
    "of_stage",
]
