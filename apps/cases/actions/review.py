"""审查: claimed by a reviewer, perhaps paused for a special procedure, closed with an opinion."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Assignment, User

from ..models import Case, ClockPause
from ..states import Status, Verb
from ..terms import ART_45_KINDS, day_words, last_day, stops_statutory
from .clocks import CLOCK_FIELDS, HallClock, pauses_of, set_clocks
from .hearing import KIND as HEARING
from .hearing import right_is_still_open
from .moves import Incomplete, NotAllowed, begin, needs_words, record


@transaction.atomic
def start_review(case: Case, *, by: User, at: datetime) -> Case:
    """开始审查: the reviewer takes the case in hand."""
    case = begin(case, Verb.REVIEW_STARTED)
    case.status, case.reviewer = Status.IN_REVIEW, by
    case.save(update_fields=["status", "reviewer"])
    record(case, Verb.REVIEW_STARTED, by=by, at=at, before=Status.ACCEPTED)
    return case


@transaction.atomic
def dispatch(case: Case, *, to: User, by: User, at: datetime) -> Case:
    """分派: the head gives the case to a reviewer of the same desk."""
    case = begin(case, Verb.REVIEW_STARTED)
    if not works_here(to, case, on=timezone.localdate(at)):
        raise NotAllowed(f"{to.name}不在这件的办理部门，不能分派。")
    case.status, case.reviewer = Status.IN_REVIEW, to
    case.save(update_fields=["status", "reviewer"])
    facts = {"to": to.pk, "to_name": to.name}
    record(
        case,
        Verb.REVIEW_STARTED,
        by=by,
        at=at,
        before=Status.ACCEPTED,
        reason=f"分派给{to.name}",
        facts=facts,
    )
    return case


def works_here(user: User, case: Case, *, on) -> bool:
    """Whether somebody belongs to the desk where the case is handled."""
    held = Assignment.objects.valid_on(on).filter(user=user)
    if case.department_id:
        return held.filter(department=case.department_id).exists()
    return held.filter(point=case.point_id).exists()


@transaction.atomic
def finish_review(case: Case, *, opinion: str, by: User, at: datetime) -> Case:
    """审查完毕: the opinion on which the decision rests."""
    case = begin(case, Verb.REVIEW_FINISHED)
    hearing = right_is_still_open(case, timezone.localdate(at))
    if hearing is not None:
        raise NotAllowed(
            f"申请听证的截止日是{last_day(hearing.ask_by_on)}，到期以后才能结束审查；申请人放弃的，请先登记。"
        )
    case.review_opinion = needs_words(opinion, "请写明审查意见。")
    case.status, case.reviewer = Status.IN_APPROVAL, by
    case.save(update_fields=["status", "review_opinion", "reviewer"])
    record(case, Verb.REVIEW_FINISHED, by=by, at=at, before=Status.IN_REVIEW, reason=case.review_opinion)
    return case


def kinds_of_pause(case: Case) -> list[str]:
    """What may stop a clock of this case: the kinds of art. 45, and what its published guide names (R5).

    A hearing is not among them: it is told, asked for and called by its own rules (听证).
    """
    named = [procedure["kind"] for procedure in case.version.special_procedures]
    kinds = [*ART_45_KINDS, *(kind for kind in dict.fromkeys(named) if kind not in ART_45_KINDS)]
    return [kind for kind in kinds if kind != HEARING]


def check_pause(case: Case, kind: str, days_needed: int, reason: str) -> str:
    """What a special procedure needs before anybody approves it; returns the reason as it will be told."""
    if kind == HEARING:
        raise NotAllowed("听证须先告知权利，由申请人或利害关系人提出，请用“听证”办理。")
    if kind not in kinds_of_pause(case):
        raise NotAllowed(f"“{kind}”不是法定特别程序，办事指南中也没有列明，不能暂停计时。")
    if not 1 <= days_needed <= 250:
        sentence = "请填写所需时间（1至250个工作日），并书面告知申请人。"
        raise Incomplete(sentence, {"days_needed": sentence})
    return needs_words(reason, "请写明启动特别程序的理由。")


@transaction.atomic
def pause(
    case: Case,
    kind: str,
    *,
    days_needed: int,
    reason: str,
    by: User,
    at: datetime,
    asked_by: User | None = None,
) -> Case:
    """特别程序 (art. 45): approved by the head (`by`), told with the time needed; stops both clocks.

    What only the guide names stops the promise alone (R5). Several of different kinds may be open at once.
    """
    case = begin(case, Verb.PAUSED)
    before = case.status
    reason = check_pause(case, kind, days_needed, reason)
    try:
        with transaction.atomic():
            ClockPause.objects.create(
                case=case,
                kind=kind,
                from_on=timezone.localdate(at),
                stops_statutory=stops_statutory(kind),
                days_needed=days_needed,
                reason=reason,
                opened_by=asked_by or by,
                approved_by=by,
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
        before=before,
        reason=reason,
        facts={"kind": kind, "days_needed": days_needed, "stops_statutory": stops_statutory(kind)},
    )
    return case


@transaction.atomic
def resume(case: Case, *, result: str, by: User, at: datetime, kind: str = "") -> Case:
    """特别程序结束: the day of the end is not counted; both dates are computed anew from the facts.

    `kind` says which, where several are open; the case goes on when the last one has ended.
    """
    case = begin(case, Verb.RESUMED)
    result = needs_words(result, "请写明特别程序的结果。")
    still_open = list(case.pauses.filter(to_on=None).order_by("from_on", "id"))
    ended = [pause for pause in still_open if kind in ("", pause.kind)]
    if len(ended) != 1:
        names = "、".join(pause.kind for pause in still_open)
        raise NotAllowed(f"正在进行的有{names}，请选择结束哪一项。")
    ended, today = ended[0], timezone.localdate(at)
    if today < ended.from_on:
        raise NotAllowed(f"“{ended.kind}”从{day_words(ended.from_on)}开始，结束日不能早于这一天。")
    ended.to_on, ended.result = today, result
    ended.save(update_fields=["to_on", "result"])
    left = [pause for pause in still_open if pause.pk != ended.pk]
    verb = Verb.ONE_RESUMED if left else Verb.RESUMED
    case.status, case.pause_kind = (Status.SPECIAL, left[0].kind) if left else (Status.IN_REVIEW, "")
    set_clocks(case, HallClock(case.path), pauses_of(case))
    case.save(update_fields=["status", *CLOCK_FIELDS])
    facts = {"kind": ended.kind, "due_on": case.due_on and case.due_on.isoformat()}
    record(case, verb, by=by, at=at, before=Status.SPECIAL, reason=result, facts=facts)
    return case
