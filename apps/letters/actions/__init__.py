"""What can be done to letters: issue (by what happens to a case), put on paper, revoke, check; and set who issues them."""

from .bodies import BadSeal, set_body
from .checking import Checked, alike, check, find_by_code, find_by_token
from .issuing import issue, take_serials
from .issuing_projects import issue_for_projects
from .printing import merged, prepare_line
from .rendering import CannotRender, render, render_missed
from .revoking import NotAllowed, revoke

__all__ = [
    "BadSeal",
    "CannotRender",
    "Checked",
    "NotAllowed",
    "alike",
    "check",
    "find_by_code",
    "find_by_token",
    "issue",
    "issue_for_projects",
    "merged",
    "prepare_line",
    "render",
    "render_missed",
    "revoke",
    "set_body",
    "take_serials",
]
