"""听证 (arts 46-48): the right is told, asked for within five days, held within twenty, called seven days before."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User

from ..models import Case, ClockPause, Hearing
from ..states import Status, Verb
from ..terms import ASK_FOR_HEARING, HEARING, HOLD_HEARING, TELL_OF_HEARING, day_words, last_day
from .clocks import CLOCK_FIELDS, HallClock, pauses_of, set_clocks
from .moves import Incomplete, NotAllowed, begin, needs_words, record

KIND = HEARING
ASK_DAYS, HOLD_DAYS, CALL_DAYS = ASK_FOR_HEARING.amount, HOLD_HEARING.amount, TELL_OF_HEARING.amount


@transaction.atomic
def offer_hearing(case: Case, *, subject: str, by: User, at: datetime) -> Hearing:
    """听证告知 (art. 47): the applicant and third parties are told of their right; nothing stops yet."""
    case = begin(case, Verb.HEARING_OFFERED)
    subject = needs_words(subject, "请写明听证事项和涉及的利害关系。")
    today = timezone.localdate(at)
    if told := case.hearings.filter(closed_at=None).first():
        over = "，没有人申请，视为放弃，不用再告知" if told.ask_by_on < today else ""
        raise NotAllowed(f"已经告知过听证权利，申请截止日{last_day(told.ask_by_on)}{over}。")
    ask_by = HallClock(case.path).workdays_after(today, ASK_DAYS)
    hearing = Hearing.objects.create(case=case, subject=subject, offered_on=today, ask_by_on=ask_by)
    facts = {"hearing": hearing.pk, "ask_by_on": ask_by.isoformat()}
    record(case, Verb.HEARING_OFFERED, by=by, at=at, reason=subject, facts=facts)
    return hearing


@transaction.atomic
def ask_hearing(hearing: Hearing, *, asked_by_name: str, by: User, at: datetime) -> Case:
    """申请听证: within five working days of being told; both clocks stand still until it is over (art. 45)."""
    case = begin(hearing.case, Verb.HEARING_ASKED)
    hearing = Hearing.objects.get(pk=hearing.pk)
    today = timezone.localdate(at)
    _right_is_open(hearing, today)
    hearing.asked_by_name = needs_words(asked_by_name, "请填写申请听证的人。")[:120]
    clock = HallClock(case.path)
    hearing.asked_on, hearing.hold_by_on = today, clock.workdays_after(today, HOLD_DAYS)
    hearing.pause = ClockPause.objects.create(
        case=case,
        kind=KIND,
        from_on=today,
        stops_statutory=True,
        days_needed=HOLD_DAYS,
        reason=hearing.subject,
        opened_by=by,
    )
    hearing.save(update_fields=["asked_on", "asked_by_name", "hold_by_on", "pause"])
    case.status, case.pause_kind = Status.HEARING, KIND
    set_clocks(case, clock, pauses_of(case))
    case.save(update_fields=["status", *CLOCK_FIELDS])
    facts = {"hearing": hearing.pk, "kind": KIND, "hold_by_on": hearing.hold_by_on.isoformat()}
    record(case, Verb.HEARING_ASKED, by=by, at=at, before=Status.IN_REVIEW, facts=facts)
    return case


@transaction.atomic
def waive_hearing(hearing: Hearing, *, reason: str, by: User, at: datetime) -> Case:
    """放弃听证: said in writing before the five days are over; the review may go on at once."""
    case = begin(hearing.case, Verb.HEARING_WAIVED)
    hearing = Hearing.objects.get(pk=hearing.pk)
    _right_is_open(hearing, timezone.localdate(at))
    reason = needs_words(reason, "请写明申请人以什么方式表示放弃。")
    hearing.closed_at = at
    hearing.save(update_fields=["closed_at"])
    record(case, Verb.HEARING_WAIVED, by=by, at=at, reason=reason, facts={"hearing": hearing.pk})
    return case


def ask_hearing_online(case: Case, *, by: User, at: datetime) -> Case:
    """网上申请听证: the applicant, or who holds a mandate, asks in the applicant's name."""
    return ask_hearing(_told_of(case), asked_by_name=case.applicant_name, by=by, at=at)


def waive_hearing_online(case: Case, *, is_understood: bool, by: User, at: datetime) -> Case:
    """网上放弃听证: only by whoever says that it is known to be final."""
    hearing = _told_of(case)
    if not is_understood:
        sentence = "请先勾选：我知道放弃后不能再申请听证。"
        raise Incomplete(sentence, {"understood": sentence})
    return waive_hearing(hearing, reason=f"{by.name}登录后在网上表示放弃听证。", by=by, at=at)


@transaction.atomic
def call_hearing(
    hearing: Hearing,
    *,
    held_on: date,
    place: str,
    presider: User,
    by: User,
    at: datetime,
    begins_at: time | None = None,
) -> Case:
    """听证通知 (art. 48): time, place and presider, at least seven working days before; presider is not the officer."""
    case = begin(hearing.case, Verb.HEARING_CALLED)
    hearing = Hearing.objects.get(pk=hearing.pk)
    today, clock = timezone.localdate(at), HallClock(case.path)
    place = needs_words(place, "请填写听证地点。")[:200]
    if not clock.calendar.is_workday(held_on, closed_days=clock.closed_days):
        raise NotAllowed(f"{day_words(held_on)}不是工作日，请另选一天。")
    if today > _last_notice(clock, held_on):
        first = clock.workdays_after(today, CALL_DAYS)
        while today > _last_notice(clock, first):  # told on a day off, which is none of the seven
            first = clock.workdays_after(first, 1)
        raise NotAllowed(
            f"须在举行听证的七个工作日前通知：今天通知，最早定在{day_words(first)}（行政许可法第四十八条）。"
        )
    if held_on > hearing.hold_by_on:
        raise NotAllowed(f"组织听证的截止日是{last_day(hearing.hold_by_on)}（行政许可法第四十七条）。")
    if presider.pk in (case.reviewer_id, case.accepted_by_id, case.filed_by_id):
        raise NotAllowed("听证主持人须是审查这件申请以外的人员（行政许可法第四十八条）。")
    hearing.called_on, hearing.held_on, hearing.begins_at = today, held_on, begins_at
    hearing.place, hearing.presider = place, presider
    hearing.save(update_fields=["called_on", "held_on", "begins_at", "place", "presider"])
    facts = {"hearing": hearing.pk, "held_on": held_on.isoformat(), "place": place, "presider": presider.name}
    if begins_at is not None:
        facts["begins_at"] = f"{begins_at:%H:%M}"
    record(case, Verb.HEARING_CALLED, by=by, at=at, facts=facts)
    return case


@transaction.atomic
def hold_hearing(hearing: Hearing, *, minutes: str, signed_by: str, by: User, at: datetime) -> Case:
    """听证笔录: signed by those who took part; the decision rests on it, and the clocks go on."""
    case = begin(hearing.case, Verb.HEARING_HELD)
    hearing = Hearing.objects.select_related("pause").get(pk=hearing.pk)
    today = timezone.localdate(at)
    if hearing.held_on is None:
        raise NotAllowed("还没有通知听证的时间地点。")
    if today < hearing.held_on:
        raise NotAllowed(f"听证定在{day_words(hearing.held_on)}举行，还没有到。")
    hearing.record = needs_words(minutes, "请填写听证笔录。")
    hearing.record_signed_by = needs_words(signed_by, "请填写在笔录上签名的人。")[:200]
    hearing.closed_at = at
    hearing.save(update_fields=["record", "record_signed_by", "closed_at"])
    hearing.pause.to_on, hearing.pause.result = today, hearing.record[:200]
    hearing.pause.save(update_fields=["to_on", "result"])
    case.status, case.pause_kind = Status.IN_REVIEW, ""
    set_clocks(case, HallClock(case.path), pauses_of(case))
    case.save(update_fields=["status", *CLOCK_FIELDS])
    facts = {"hearing": hearing.pk, "kind": KIND, "due_on": case.due_on and case.due_on.isoformat()}
    record(
        case, Verb.HEARING_HELD, by=by, at=at, before=Status.HEARING, reason=hearing.record[:500], facts=facts
    )
    return case


def _last_notice(clock: HallClock, held_on: date) -> date:
    """The last day on which a hearing of that day may be called."""
    return clock.calendar.before(held_on, CALL_DAYS, closed_days=clock.closed_days).likely_on


def _right_is_open(hearing: Hearing, today: date) -> None:
    """The right is used, or given up, once and in time; each refusal says what came before."""
    if hearing.asked_on is not None:
        raise NotAllowed(f"{day_words(hearing.asked_on)}已经申请听证，不用再办。")
    if hearing.closed_at is not None:
        raise NotAllowed("已经放弃听证，不能再申请。")
    if not hearing.may_still_be_asked(today):
        raise NotAllowed(f"申请听证的截止日{last_day(hearing.ask_by_on)}已过，逾期未提出的视为放弃。")


def _told_of(case: Case) -> Hearing:
    """The newest hearing that the applicant was told of, open or over: what follows says in which state it is."""
    hearing = case.hearings.order_by("-id").first()
    if hearing is None:
        raise NotAllowed("部门没有告知过这件可以申请听证。")
    hearing.case = case
    return hearing


def open_hearing_of(case: Case) -> Hearing | None:
    return case.hearings.filter(closed_at=None).select_related("presider").first()


def right_is_still_open(case: Case, today: date) -> Hearing | None:
    """A hearing that may still be asked for: nobody may finish the review before (art. 47)."""
    return next((h for h in case.hearings.filter(closed_at=None) if h.may_still_be_asked(today)), None)
