"""推算: the last day of a term, forwards from an event or backwards from a date that stands."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from apps.calendars.workdays import (
    CALENDAR_MISSING,
    DAY,
    NO_CLOSURES,
    SHANGHAI,
    Due,
    HallHours,
    WorkCalendar,
    months_after,
)

from .counting import CALENDAR_DAYS, Days, Workdays, nth
from .facts import Extension, Pause, Reckoning, Term
from .standstill import Standstill, standstill

BEYOND = Due(None, None, CALENDAR_MISSING)  # past the last date that a calendar can have
HOURS = HallHours()
OPENS = time(9)


def reckon(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    *,
    pauses: Collection[Pause] = (),
    statutory: bool = False,
    closed_days: Collection[date] = NO_CLOSURES,
    started_at: datetime | None = None,
    extension: Extension | None = None,
    hours: HallHours = HOURS,
) -> Reckoning:
    """The last day of a term. `started_at` matters to half days only (R13); without it the day's morning is taken.

    An extension counts on from the same day 0 and is valid when approved not later than the due day without it
    (R6). While the clock stands still that day has not come, so an approval is in time.
    """
    if term.unit == "workday" and term.amount > 0 and not (pauses or closed_days or extension):
        return _plain(calendar, start, term)
    stops = standstill(pauses, statutory=statutory)
    facts = (stops, closed_days, started_at, hours)
    plain = _reckoned(calendar, start, term, *facts)
    if extension is None:
        return plain
    last = None if plain.due is None else plain.due.likely_on
    if last is not None and extension.approved_on > last:
        return plain._replace(extension_valid=False)
    longer = Term(term.amount + extension.amount, term.unit)
    return _reckoned(calendar, start, longer, *facts)._replace(extension_valid=True)


def lengthened(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    added: Term,
    *,
    pauses: Collection[Pause] = (),
    statutory: bool = False,
    closed_days: Collection[date] = NO_CLOSURES,
    started_at: datetime | None = None,
) -> Reckoning:
    """The last day of a term to which more was granted (R6). In one unit the same count goes on to N + `added`.

    A granted extension is told in the unit of the promise. To a term of another unit (three months, thirty calendar
    days) it is not added as a number: its days are counted on from the day on which that term was due.
    """
    facts = {"pauses": pauses, "statutory": statutory, "closed_days": closed_days}
    if not added.amount or added.unit == term.unit:
        whole = Term(term.amount + added.amount, term.unit)
        return reckon(calendar, start, whole, started_at=started_at, **facts)
    plain = reckon(calendar, start, term, started_at=started_at, **facts)
    if plain.due is None or plain.due.likely_on is None:
        return plain
    ended = plain.due.likely_on
    closing = datetime.combine(ended, HOURS.afternoon_ends, tzinfo=SHANGHAI)
    more = reckon(calendar, ended, added, started_at=closing, **facts)
    if more.due is not None and plain.due.on is None:  # what follows a guess is one
        return more._replace(due=Due(None, more.due.likely_on, CALENDAR_MISSING))
    return more


def backwards(
    calendar: WorkCalendar, expiry: date, term: Term, *, closed_days: Collection[date] = NO_CLOSURES
) -> Due:
    """倒算: the N-th working day strictly before a date (行政许可法 48, 50); calendar days roll back (R9, R10)."""
    try:
        if term.unit == "workday" and term.amount > 0:
            return _nth_before(calendar, expiry, term.amount, closed_days)
        if term.unit in ("workday", "calendar_day"):
            return _rolled(calendar, expiry - timedelta(days=term.amount), closed_days, back=True)
    except OverflowError:
        return BEYOND
    raise ValueError(f"no reckoning backwards in {term.unit}")


def nth_counted(calendar: WorkCalendar, start: date, number: int, unit: str, stops: Standstill) -> Due:
    """The day that the N-th unit ends on, not rolled."""
    if unit == "month":
        number = length_in_days(start, Term(number, unit))
    if number == 0:
        return Due(start)
    return nth(days_of(calendar, unit), start, number, stops)


def days_of(calendar: WorkCalendar, unit: str) -> Days:
    return Workdays(calendar) if unit in ("workday", "half_day") else CALENDAR_DAYS


def length_in_days(start: date, term: Term) -> int:
    """A term in the days it is counted in; months are as long as they are."""
    return (months_after(start, term.amount) - start).days if term.unit == "month" else term.amount


def _plain(calendar: WorkCalendar, start: date, term: Term) -> Reckoning:
    """Most terms, and therefore the shortest way: nothing stands still and nothing rolls."""
    try:
        return Reckoning(calendar.add(start, term.amount), False, None, term)
    except OverflowError:
        return Reckoning(BEYOND, term=term)


def _reckoned(calendar, start, term, stops, closed_days, started_at, hours) -> Reckoning:
    try:
        if term.unit == "half_day":
            started_at = started_at or datetime.combine(start, OPENS, tzinfo=SHANGHAI)
            full, ends = _half_days(calendar, started_at, term.amount, stops, closed_days, hours)
            due, at = full, ends if full.on else None
        elif term.unit in ("workday", "calendar_day", "month"):
            full, due, at = *_whole_days(calendar, start, term, stops, closed_days), None
        else:
            raise ValueError(f"unknown unit {term.unit}")
    except OverflowError:
        full, due, at = BEYOND, BEYOND, None
    if stops.open_from is not None and (full.likely_on is None or full.likely_on > stops.open_from):
        return Reckoning(None, is_paused=True, term=term)  # not full by the day the clock stopped
    return Reckoning(due, at=at, term=term)


def _whole_days(calendar, start, term, stops, closed_days) -> tuple[Due, Due]:
    """The day the term is full, and the day it is due: a pause behind the first no longer moves the second."""
    if term.unit == "workday" and term.amount > 0:
        due = nth_counted(calendar, start, term.amount, "workday", stops.with_days_off(calendar, closed_days))
        return due, due
    full = nth_counted(calendar, start, term.amount, term.unit, stops)
    return full, _rolled(calendar, full.on, closed_days)


def _half_days(calendar, started_at, halves, stops, closed_days, hours) -> tuple[Due, datetime]:
    """The half after the running one is the first; from a day off it is the next working morning."""
    if started_at.tzinfo is None:
        raise ValueError("起算时刻缺少时区。")
    local = started_at.astimezone(SHANGHAI)
    day = local.date()
    stops = stops.with_days_off(calendar, closed_days)
    half = max(halves - 1, 0)  # counted from the morning of the first working day from here on
    if calendar.is_workday(day) and not stops.contains(day):
        half = halves + (local.time() >= hours.morning_ends)
    due = nth(Workdays(calendar), day - DAY, half // 2 + 1, stops)
    ends = hours.afternoon_ends if half % 2 else hours.morning_ends
    return due, datetime.combine(due.likely_on, ends, tzinfo=SHANGHAI)


def _rolled(calendar: WorkCalendar, day: date, closed_days: Collection[date], *, back: bool = False) -> Due:
    """顺延: the day itself when it is worked, else the next one (or the one before) that is (民法典 203)."""
    roll, step = (calendar.on_or_before, -DAY) if back else (calendar.on_or_after, DAY)
    due, known = roll(day), True
    while due.likely_on in closed_days:
        known = known and due.on is not None
        due = roll(due.likely_on + step)
    return due if known or due.on is None else Due(None, due.on, CALENDAR_MISSING)


def _nth_before(calendar: WorkCalendar, expiry: date, number: int, closed_days: Collection[date]) -> Due:
    position, known = expiry, True
    shut = [day for day in closed_days if day < expiry and calendar.is_workday(day)]
    for day in sorted(shut, reverse=True):
        counted = calendar.count(day, position - DAY)
        if counted >= number:
            break
        number -= counted
        known = known and calendar.covers_all(day, position - DAY)
        position = day
    due = calendar.before(position, number)
    return due if known or due.on is None else Due(None, due.on, CALENDAR_MISSING)
