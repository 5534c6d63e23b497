"""What every application over the portal needs, whether it becomes one case or a whole project."""

from django.http import HttpRequest

from apps.accounts.models import PrivacyNotice
from apps.cases.models import Case, Channel
from apps.workflows.models import Project

CHECKED = "checked_drafts"  # in the session: drafts whose check was seen
REMEMBERED = 20


def channel_of(request: HttpRequest) -> str:
    return Channel.MOBILE if "Mobile" in request.headers.get("User-Agent", "") else Channel.ONLINE


def privacy_notice_read(request: HttpRequest) -> str:
    """The version that was shown and confirmed; empty when it was not, or is not the one in force."""
    shown, notice = request.POST.get("privacy_notice", ""), PrivacyNotice.in_force()
    return shown if notice is not None and notice.version == shown else ""


def note_check(request: HttpRequest, draft: Case | Project) -> None:
    """From the first check on the form page shows beside each field what the check found."""
    checked = request.session.get(CHECKED, [])
    if str(draft.key) not in checked:
        request.session[CHECKED] = [*checked, str(draft.key)][-REMEMBERED:]


def was_checked(request: HttpRequest, draft: Case | Project) -> bool:
    return str(draft.key) in request.session.get(CHECKED, [])
