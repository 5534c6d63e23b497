"""套餐的毛病: what is wrong with a version, where, in a sentence that an editor can act on. Pure."""

from dataclasses import dataclass

CIRCLE = "CIRCLE"
DUPLICATE_CODE = "DUPLICATE_CODE"
UNKNOWN_CODE = "UNKNOWN_CODE"
UNKNOWN_ITEM = "UNKNOWN_ITEM"
UNUSABLE_ITEM = "UNUSABLE_ITEM"
UNKNOWN_STAGE = "UNKNOWN_STAGE"
WRONG_STAGE = "WRONG_STAGE"
BRANCH_TOO_LONG = "BRANCH_TOO_LONG"
CHAIN_TOO_LONG = "CHAIN_TOO_LONG"
STAGE_BEYOND_LAW = "STAGE_BEYOND_LAW"
DATA_TOO_LATE = "DATA_TOO_LATE"

NO_BRANCH = "NO_BRANCH"
EMPTY_STAGE = "EMPTY_STAGE"
NO_LEAD = "NO_LEAD"
NO_QUESTION = "NO_QUESTION"
CONDITION_WITHOUT_QUESTION = "CONDITION_WITHOUT_QUESTION"
BLOCKED_FOR_GOOD = "BLOCKED_FOR_GOOD"
RESULT_TOO_LATE = "RESULT_TOO_LATE"
NOBODY_USES_IT = "NOBODY_USES_IT"

UNFINISHED = frozenset(
    {
        NO_BRANCH,
        EMPTY_STAGE,
        NO_LEAD,
        NO_QUESTION,
        CONDITION_WITHOUT_QUESTION,
        BLOCKED_FOR_GOOD,
        RESULT_TOO_LATE,
        NOBODY_USES_IT,
    }
)
"""What a draft may still lack: refused when the version is published, not while it is being put together."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` names the codes concerned, along the flow of work; a circle repeats its first."""

    code: str
    path: tuple[str, ...]
    message: str

    @property
    def is_unfinished(self) -> bool:
        return self.code in UNFINISHED

    def __str__(self):
        return self.message
