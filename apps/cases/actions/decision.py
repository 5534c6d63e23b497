"""决定: only with a valid letter of authorisation, never by the centre, and not by the one who accepted (setting)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.items.models import CaseKind
from apps.windows.actions import may_decide

from ..models import Case
from ..states import Status, Verb
from ..terms import last_day
from .acceptance import REMEDIES
from .clocks import HallClock, pauses_of, set_desk_due, used_workdays
from .moves import NotAllowed, begin, needs_words, record

DECISION_FIELDS = [
    "status",
    "decided_on",
    "decided_by",
    "used_days",
    "delivery_due_on",
    "desk_due_on",
    "decision_reasons",
    "decision_remedies",
    "result_number",
]


@transaction.atomic
def grant(case: Case, *, by: User, at: datetime, opinion: str = "", result_number: str = "") -> Case:
    """准予行政许可决定 (art. 38): the clocks stop; ten working days to deliver run (art. 44, R8)."""
    case = begin(case, Verb.GRANTED)
    clock = HallClock(case.path)
    _may_decide(case, clock, by=by, at=at)
    if case.is_tolerated:
        raise NotAllowed(
            f"容缺材料还没有补齐，补交的截止日是{last_day(case.tolerated_until)}，不能作出准予决定。"
        )
    if case.fees_due:
        raise NotAllowed("还有费用未缴清，不能作出准予决定。")
    case.status, case.result_number = Status.GRANTED, result_number.strip()
    _stop(case, clock, by=by, at=at)
    case.save(update_fields=DECISION_FIELDS)
    record(
        case,
        Verb.GRANTED,
        by=by,
        at=at,
        before=Status.IN_APPROVAL,
        reason=opinion.strip(),
        facts=_facts(case),
    )
    return case


@transaction.atomic
def refuse(case: Case, *, reasons: str, by: User, at: datetime, remedies: str = REMEDIES) -> Case:
    """不予行政许可决定 (art. 38): reasons and the right to review and suit are required, also by the database."""
    case = begin(case, Verb.REFUSED)
    clock = HallClock(case.path)
    _may_decide(case, clock, by=by, at=at)
    case.decision_reasons = needs_words(reasons, "不予许可必须说明理由（行政许可法第三十八条）。")
    case.decision_remedies = needs_words(remedies, "不予许可必须告知申请行政复议或者提起行政诉讼的权利。")
    case.status = Status.REFUSED
    _stop(case, clock, by=by, at=at)
    case.save(update_fields=DECISION_FIELDS)
    record(
        case,
        Verb.REFUSED,
        by=by,
        at=at,
        before=Status.IN_APPROVAL,
        reason=case.decision_reasons,
        facts=_facts(case),
    )
    return case


def _may_decide(case: Case, clock: HallClock, *, by: User, at: datetime) -> None:
    if by.acting is None or by.acting.is_of_the_centre:
        raise NotAllowed("政务服务中心只协调和监督，不能作出审批决定。")
    today = timezone.localdate(at)
    if not may_decide(by, item_id=case.item_id, department_id=case.department_id, path=case.path, on=today):
        raise NotAllowed("您没有办理这个事项的有效授权书，不能作出决定。")
    immediate = case.kind == CaseKind.IMMEDIATE
    four_eyes = clock.rules.four_eyes_immediate if immediate else clock.rules.four_eyes_committed
    if four_eyes and by.pk in (case.accepted_by_id, case.reviewer_id):
        did = "受理" if by.pk == case.accepted_by_id else "审查"
        raise NotAllowed(f"这件由您{did}，须由另一位有授权的同事作出决定。")


def _stop(case: Case, clock: HallClock, *, by: User, at: datetime) -> None:
    case.decided_on, case.decided_by = timezone.localdate(at), by
    case.used_days = used_workdays(case, clock, pauses_of(case))
    case.delivery_due_on = clock.workdays_after(case.decided_on, clock.rules.delivery_days)
    set_desk_due(case)


def _facts(case: Case) -> dict:
    return {
        "used_days": case.used_days,
        "due_on": case.due_on and case.due_on.isoformat(),
        "on_time": case.was_on_time,
        "delivery_due_on": case.delivery_due_on.isoformat(),
    }
