"""催办: the lead or the hall reminds a department of what waits for it."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ..models import ProjectBranch
from ..states import BranchState, Verb
from .editing import NotAllowed
from .project_moves import leads, locked, must_lead, needs_words


@transaction.atomic
def chase(branch: ProjectBranch, *, words: str, by: User, at: datetime) -> ProjectBranch:
    """催办: on record with who and when; the department sees it on its board. Never twice within the same hour."""
    words = needs_words(words, "请写明催办什么。", 200)
    work = locked(branch.project_id)
    branch = work.branch(branch.pk)
    if not leads(by, work.project):
        must_lead(by, work.project, branch.stage)
    if branch.state != BranchState.OPEN and not branch.awaits_answer:
        raise NotAllowed(f"“{branch.name}”现在是“{branch.get_state_display()}”，不用催办。")
    last = branch.events.filter(verb=Verb.CHASED).order_by("-id").first()
    if last is not None and (at - last.at).total_seconds() < 3600:
        raise NotAllowed(f"{last.by.name}刚刚催办过，请过一小时再催。")
    work.note(Verb.CHASED, by=by, at=at, stage=branch.stage, branch=branch, reason=words)
    work.tell()
    return branch
