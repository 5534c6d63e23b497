"""上报与移交: a case whose power lies higher goes up and its result comes back (art. 43); a case changes hands."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.items.models import CaseKind
from apps.points.models import Department

from ..models import Case, CaseShare
from ..states import Status, Verb
from .acceptance import FORWARD_DAYS
from .clocks import HallClock
from .moves import NotAllowed, begin, needs_words, record
from .review import works_here


@transaction.atomic
def forward(case: Case, *, to: Department, opinion: str, by: User, at: datetime) -> Case:
    """上报: the first review goes up with the papers; the department above may see the case and as long a clock of its own."""
    case = begin(case, Verb.FORWARDED)
    if case.kind != CaseKind.FORWARDED:
        raise NotAllowed(f"“{case.item}”由本级决定，不用上报。")
    if to.pk == case.department_id:
        raise NotAllowed("请选择上级部门。")
    opinion = needs_words(opinion, "请写明初步审查意见。")
    today, clock = timezone.localdate(at), HallClock(case.path)
    case.status, case.review_opinion, case.reviewer = Status.FORWARDED, opinion, by
    case.forwarded_on, case.forwarded_to = today, to
    case.upper_due_on = clock.workdays_after(today, FORWARD_DAYS)
    case.save(
        update_fields=["status", "review_opinion", "reviewer", "forwarded_on", "forwarded_to", "upper_due_on"]
    )
    CaseShare.objects.create(case=case, department=to, why="上报件", at=at)
    facts = {
        "to": to.name,
        "due_on": case.forward_due_on and case.forward_due_on.isoformat(),
        "due_provisional": not clock.is_published(case.accepted_on, FORWARD_DAYS),
        "late": bool(case.forward_due_on and today > case.forward_due_on),
        "upper_due_on": case.upper_due_on.isoformat(),
        "upper_provisional": not clock.is_published(today, FORWARD_DAYS),
    }
    record(case, Verb.FORWARDED, by=by, at=at, before=Status.IN_REVIEW, reason=opinion, facts=facts)
    return case


@transaction.atomic
def note_result(case: Case, *, result: str, by: User, at: datetime) -> Case:
    """上级结果返回: what the higher body decided, on which the answer to the applicant rests."""
    case = begin(case, Verb.RESULT_BACK)
    result = needs_words(result, "请写明上级的审查决定。")
    case.status = Status.IN_APPROVAL
    case.review_opinion = f"{case.review_opinion}\n上级意见：{result}"
    case.save(update_fields=["status", "review_opinion"])
    late = bool(case.upper_due_on and timezone.localdate(at) > case.upper_due_on)
    record(case, Verb.RESULT_BACK, by=by, at=at, before=Status.FORWARDED, reason=result, facts={"late": late})
    return case


@transaction.atomic
def hand_over(case: Case, *, to: User, note: str, by: User, at: datetime) -> Case:
    """移交: another clerk of the same desk takes it on, with a note of where it stands (首问负责, AB岗)."""
    case = begin(case, Verb.HANDED_OVER)
    note = needs_words(note, "请写明办到哪一步、还有什么要做。")
    if to.pk in (by.pk, case.reviewer_id):
        raise NotAllowed("请移交给另一位同事。")
    if not works_here(to, case, on=timezone.localdate(at)):
        raise NotAllowed(f"{to.name}不在这件的办理部门，不能接手。")
    before = case.reviewer_id
    case.reviewer = to
    case.save(update_fields=["reviewer"])
    record(
        case,
        Verb.HANDED_OVER,
        by=by,
        at=at,
        reason=note,
        facts={"to": to.pk, "to_name": to.name, "from": before},
    )
    return case
