"""审查: claimed by a reviewer, perhaps paused for a special procedure, closed with an opinion."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User

from ..models import Case, ClockPause
from ..states import Status, Verb
from ..terms import ART_45_KINDS, stops_statutory
from .clocks import CLOCK_FIELDS, HallClock, pauses_of, set_clocks
from .moves import NotAllowed, begin, needs_words, record


@transaction.atomic
def start_review(case: Case, *, by: User, at: datetime) -> Case:
    """开始审查: the reviewer takes the case in hand."""
    case = begin(case, Verb.REVIEW_STARTED)
    case.status, case.reviewer = Status.IN_REVIEW, by
    case.save(update_fields=["status", "reviewer"])
    record(case, Verb.REVIEW_STARTED, by=by, at=at, before=Status.ACCEPTED)
    return case


@transaction.atomic
def finish_review(case: Case, *, opinion: str, by: User, at: datetime) -> Case:
    """审查完毕: the opinion on which the decision rests."""
    case = begin(case, Verb.REVIEW_FINISHED)
    case.review_opinion = needs_words(opinion, "请写明审查意见。")
    case.status, case.reviewer = Status.IN_APPROVAL, by
    case.save(update_fields=["status", "review_opinion", "reviewer"])
    record(case, Verb.REVIEW_FINISHED, by=by, at=at, before=Status.IN_REVIEW, reason=case.review_opinion)
    return case


def kinds_of_pause(case: Case) -> list[str]:
    """What may stop a clock of this case: the eight kinds of art. 45, and what its published guide names (R5)."""
    named = [procedure["kind"] for procedure in case.version.special_procedures]
    return [*ART_45_KINDS, *(kind for kind in dict.fromkeys(named) if kind not in ART_45_KINDS)]


@transaction.atomic
def pause(case: Case, kind: str, *, days_needed: int, reason: str, by: User, at: datetime) -> Case:
    """特别程序 (art. 45): stops both clocks; what only the guide names stops the promise alone (R5)."""
    case = begin(case, Verb.PAUSED)
    if kind not in kinds_of_pause(case):
        raise NotAllowed(f"“{kind}”不是法定特别程序，办事指南中也没有列明，不能暂停计时。")
    if not 1 <= days_needed <= 250:
        raise NotAllowed("请填写所需时间（1至250个工作日），并书面告知申请人。")
    reason = needs_words(reason, "请写明启动特别程序的理由。")
    try:
        with transaction.atomic():
            ClockPause.objects.create(
                case=case,
                kind=kind,
                from_on=timezone.localdate(at),
                stops_statutory=stops_statutory(kind),
                days_needed=days_needed,
                reason=reason,
                opened_by=by,
            )
    except IntegrityError as error:
        raise NotAllowed(f"“{kind}”正在进行，不能重复启动。") from error
    case.status, case.pause_kind = Status.SPECIAL, kind
    set_clocks(case, HallClock(case.path), pauses_of(case))
    case.save(update_fields=["status", *CLOCK_FIELDS])
    record(
        case,
        Verb.PAUSED,
        by=by,
        at=at,
        before=Status.IN_REVIEW,
        reason=reason,
        facts={"kind": kind, "days_needed": days_needed, "stops_statutory": case.stops_statutory},
    )
    return case


@transaction.atomic
def resume(case: Case, *, result: str, by: User, at: datetime) -> Case:
    """特别程序结束: the day of the end is not counted; both dates are computed anew from the facts."""
    case = begin(case, Verb.RESUMED)
    result = needs_words(result, "请写明特别程序的结果。")
    open_pause = case.pauses.get(to_on=None)
    open_pause.to_on, open_pause.result = timezone.localdate(at), result
    open_pause.save(update_fields=["to_on", "result"])
    case.status, case.pause_kind = Status.IN_REVIEW, ""
    set_clocks(case, HallClock(case.path), pauses_of(case))
    case.save(update_fields=["status", *CLOCK_FIELDS])
    facts = {"kind": open_pause.kind, "due_on": case.due_on and case.due_on.isoformat()}
    record(case, Verb.RESUMED, by=by, at=at, before=Status.SPECIAL, reason=result, facts=facts)
    return case
