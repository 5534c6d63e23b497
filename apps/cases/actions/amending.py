"""日历变更: entered by one, signed by another; the days are published with the signature, the dates follow in batches."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.calendars import actions as calendars
from apps.calendars import loaded
from apps.calendars.models import SpecialDay
from apps.calendars.notices import FORECAST, Notice
from apps.calendars.workdays import Special, WorkCalendar
from apps.points import actions as points
from apps.points.models import Level, ServicePoint

from ..models import CalendarAmendment, Case
from .moves import NotAllowed, needs_words
from .projection import Projection

Kind, State = CalendarAmendment.Kind, CalendarAmendment.State
LONGEST_CLOSURE = 366  # days: more is a typing error, not a closure


def enter_notice(
    year: int,
    days: Collection[Special],
    *,
    source: str,
    published_on: date,
    by: User,
    at: datetime,
    url: str = "",
) -> CalendarAmendment:
    """录入年度放假安排: of the whole hall, so only from the centre of the city. Nothing holds before it is signed."""
    _for_the_whole_hall(by)
    source = needs_words(source, "请写明通知标题和文号。")
    if published_on > timezone.localdate(at):
        raise NotAllowed("印发日期不能晚于今天。")
    _would_be_published(year, days, source=source, published_on=published_on, url=url, at=at)
    facts = {"year": year, "days": _stored(days), "published_on": published_on, "url": url.strip()}
    return _entered(Kind.NOTICE, source, by, at, **facts)


def enter_closure(
    point: ServicePoint,
    *,
    from_on: date,
    to_on: date,
    reason: str,
    source: str,
    affects_deadline: bool,
    by: User,
    at: datetime,
) -> CalendarAmendment:
    """录入停办: of a place that one is responsible for. It stops terms only where the centre declares so (R12)."""
    if by.acting is None or by.acting.point is None or not by.acting.point.covers(point.path):
        raise NotAllowed(f"{point}不在您的职责范围内。")
    if to_on < from_on:
        raise NotAllowed("停办末日不能早于首日。")
    if (to_on - from_on).days >= LONGEST_CLOSURE:
        raise NotAllowed("停办超过一年，请检查日期；长期停用的服务点请办理撤销。")
    return _entered(
        Kind.CLOSURE,
        needs_words(source, "请写明公告标题和文号。"),
        by,
        at,
        point=point,
        from_on=from_on,
        to_on=to_on,
        reason=needs_words(reason, "请写明停办原因。")[:200],
        affects_deadline=affects_deadline,
    )


def enter_correction(*, source: str, by: User, at: datetime) -> CalendarAmendment:
    """录入重算: every date anew by the calendar and the rules as they stand, for whatever reason they differ."""
    _for_the_whole_hall(by)
    return _entered(Kind.CORRECTION, needs_words(source, "请写明为什么要重算。"), by, at)


@transaction.atomic
def sign_amendment(amendment: CalendarAmendment, *, by: User, at: datetime) -> CalendarAmendment:
    """签发: by a second person. The days hold from here on; running cases follow in batches, `recompute_next`."""
    amendment = _locked(amendment)
    _still_entered(amendment)
    if amendment.entered_by_id == by.pk:
        raise NotAllowed("录入人和签发人须是两个人，请另一位负责人签发。")
    if amendment.point is None:
        _for_the_whole_hall(by)
    elif by.acting is None or not by.acting.point.covers(amendment.point.path):
        raise NotAllowed(f"{amendment.point}不在您的职责范围内。")
    _nothing_on_its_way()
    try:
        _put_in_force(amendment, at=at)
    except (calendars.NotAllowed, points.NotAllowed) as refusal:
        raise NotAllowed(str(refusal)) from refusal
    amendment.state, amendment.signed_by, amendment.signed_at = State.SIGNED, by, at
    amendment.total = Case.objects.open().count()
    amendment.save(update_fields=["state", "signed_by", "signed_at", "total"])
    return amendment


@transaction.atomic
def load_year(notice: Notice, *, at: datetime) -> tuple[calendars.Changes, CalendarAmendment | None]:
    """载入随附的安排: by the system, signed by nobody. Running cases follow it as they follow a signed amendment.

    Where nothing changes, or there is no case yet, there is no amendment.
    """
    try:
        changes = calendars.publish(
            notice.year,
            notice.days,
            source=notice.source,
            url=notice.url,
            published_on=notice.published_on,
            state=notice.state,
            at=at,
        )
    except calendars.NotAllowed as refusal:
        raise NotAllowed(str(refusal)) from refusal
    if not changes or not Case.objects.exists():
        return changes, None
    _nothing_on_its_way()
    facts: dict = {"state": State.SIGNED, "signed_at": at, "total": Case.objects.open().count()}
    if notice.state == FORECAST:
        words = f"随软件载入{notice.year}年放假安排预测：{notice.source}"
        return changes, _entered(Kind.CORRECTION, words, None, at, **facts)
    facts |= {"year": notice.year, "days": _stored(notice.days), "published_on": notice.published_on}
    return changes, _entered(Kind.NOTICE, notice.source, None, at, url=notice.url, **facts)


@transaction.atomic
def drop_amendment(amendment: CalendarAmendment, *, why: str, by: User, at: datetime) -> CalendarAmendment:
    """作废: as long as it is not signed; it stays on record."""
    amendment = _locked(amendment)
    _still_entered(amendment)
    amendment.why_dropped = needs_words(why, "请写明作废的理由。")[:200]
    amendment.state, amendment.dropped_by, amendment.dropped_at = State.DROPPED, by, at
    amendment.save(update_fields=["state", "dropped_by", "dropped_at", "why_dropped"])
    return amendment


def projection_after(amendment: CalendarAmendment) -> Projection:
    """By what dates would be reckoned if this amendment held; of one that holds, by what they are."""
    if not amendment.is_entered or amendment.kind == Kind.CORRECTION:
        return Projection()
    if amendment.kind == Kind.CLOSURE:
        return Projection(closing=(amendment.point.path, amendment.closed_days))
    return Projection(calendar=_calendar_after(amendment))


def changed_days(amendment: CalendarAmendment) -> tuple[list[Special], list[Special]]:
    """What a notice adds to its year as it is arranged now, and what it takes away; an altered day is in both."""
    now = {row.special for row in SpecialDay.objects.filter(year=amendment.year)}
    then = set(amendment.specials)
    return sorted(then - now), sorted(now - then)


def _calendar_after(amendment: CalendarAmendment) -> WorkCalendar:
    now = loaded.current()
    own = set(SpecialDay.objects.filter(year=amendment.year).values_list("date", flat=True))
    kept = frozenset(day for day in now.specials if day.date not in own)
    year = frozenset([amendment.year])
    return WorkCalendar(now.published | year, now.forecast - year, kept | frozenset(amendment.specials))


def _put_in_force(amendment: CalendarAmendment, *, at: datetime) -> None:
    if amendment.kind == Kind.NOTICE:
        calendars.publish(
            amendment.year,
            amendment.specials,
            source=amendment.source,
            published_on=amendment.published_on,
            url=amendment.url,
            at=at,
        )
    elif amendment.kind == Kind.CLOSURE:
        points.declare_closure(
            amendment.point,
            from_on=amendment.from_on,
            to_on=amendment.to_on,
            reason=amendment.reason,
            affects_deadline=amendment.affects_deadline,
        )


def _would_be_published(year: int, days: Collection[Special], **notice) -> None:
    """Publishes and takes it back: what the calendar refuses is said while it can still be mended."""
    try:
        with transaction.atomic():
            calendars.publish(year, days, **notice)
            transaction.set_rollback(True)
    except calendars.NotAllowed as refusal:
        raise NotAllowed(str(refusal)) from refusal


def _stored(days: Collection[Special]) -> list[list]:
    return [[day.date.isoformat(), day.is_workday, day.name] for day in sorted(days)]


def _nothing_on_its_way() -> None:
    waiting = CalendarAmendment.objects.unfinished().select_for_update().order_by("id").first()
    if waiting is not None:
        raise NotAllowed(f"“{waiting.what}”还在重算，完成后再办，每件才说得清因哪一份变更而变。")


def _entered(kind: str, source: str, by: User | None, at: datetime, **facts) -> CalendarAmendment:
    try:
        with transaction.atomic():
            return CalendarAmendment.objects.create(
                kind=kind, source=source[:120], entered_by=by, entered_at=at, **facts
            )
    except IntegrityError as error:
        if "one_amendment_of_a_year_at_a_time" not in str(error):
            raise
        raise NotAllowed(
            f"{facts['year']}年的安排已有一份等签发或正在重算，请先签发或作废那一份。"
        ) from error


def _locked(amendment: CalendarAmendment) -> CalendarAmendment:
    rows = CalendarAmendment.objects.select_for_update(of=["self"]).select_related("point")
    return rows.get(pk=amendment.pk)


def _still_entered(amendment: CalendarAmendment) -> None:
    if not amendment.is_entered:
        who = amendment.dropped_by or amendment.signed_by
        raise NotAllowed(
            f"这份变更{amendment.get_state_display()}{f'（{who.name}）' if who else ''}，不能再办。"
        )


def _for_the_whole_hall(by: User) -> None:
    point = by.acting.point if by.acting else None
    if point is None or point.level != Level.CITY:
        raise NotAllowed("放假安排关系到全市各处的期限，只能由市政务服务中心录入和签发。")
