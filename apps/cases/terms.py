"""时限: the dates of one case from its facts. Pure: no database, no clock.

A term begins the day after its event (R1), counts by its own unit (R2, R11, R13), stands still inside pauses
(from, to] that are merged (R5), and has no date while a pause is open or a needed year is not published (R21).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from apps.calendars.workdays import SHANGHAI, Due, WorkCalendar

ART_45_KINDS = ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审")
"""The eight special procedures that stop the statutory clock (行政许可法 art. 45). The list is closed."""

LONGEST_PAUSE = 3660  # days: an open-ended reckoning must not run for ever on a mistyped year


@dataclass(frozen=True, slots=True)
class Term:
    """期限 of `amount` units: workday, calendar_day, month or half_day."""

    amount: int
    unit: str = "workday"


@dataclass(frozen=True, slots=True)
class Pause:
    """暂停 (from, to]: the first day still counts, the last does not; without `to_on` it is still open."""

    from_on: date
    to_on: date | None
    stops_statutory: bool


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a term comes to: a due date, or none because it is paused, or only a provisional one."""

    due: Due | None
    is_paused: bool = False


def stops_statutory(kind: str) -> bool:
    return kind in ART_45_KINDS


def paused_days(pauses: Iterable[Pause], *, statutory: bool, until: date | None = None) -> frozenset[date]:
    """The dates on which this clock stands still; an open pause runs on to `until`, if given."""
    stopped = set()
    for pause in pauses:
        if statutory and not pause.stops_statutory:
            continue
        last = pause.to_on or until
        if last is None:
            continue
        length = min((last - pause.from_on).days, LONGEST_PAUSE)
        stopped.update(pause.from_on + timedelta(days=n) for n in range(1, length + 1))
    return frozenset(stopped)


def reckon(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    *,
    pauses: Collection[Pause] = (),
    statutory: bool = False,
    closed_days: frozenset[date] = frozenset(),
    started_at: datetime | None = None,
) -> Reckoning:
    """The last day of a term. `started_at` matters to half days only (R13); without it the day's morning is taken."""
    off = closed_days | paused_days(pauses, statutory=statutory)
    due = _plain(calendar, start, term, off, closed_days, started_at)
    still_open = [p.from_on for p in pauses if p.to_on is None and (p.stops_statutory or not statutory)]
    if still_open and due.likely_on > min(still_open):  # not full by the day the clock stopped
        return Reckoning(None, is_paused=True)
    return Reckoning(due)


def elapsed(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    today: date,
    *,
    pauses: Collection[Pause] = (),
    statutory: bool = False,
    closed_days: frozenset[date] = frozenset(),
) -> int:
    """已用: counted days in (start, today], going on after the due day."""
    stopped = paused_days(pauses, statutory=statutory, until=today)
    if term.unit in ("workday", "half_day"):
        return calendar.count(start, today, closed_days=closed_days | stopped)
    passed = max((today - start).days, 0)
    return passed - sum(start < day <= today for day in stopped)


def yellow_from(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    *,
    remaining: int = 1,
    percent: int = 90,
    pauses: Collection[Pause] = (),
    closed_days: frozenset[date] = frozenset(),
) -> date | None:
    """黄牌起始日 (docs/rules.md): the first date with `remaining` days or fewer left, or `percent` of the term used."""
    if term.unit == "half_day":
        return None
    amount = term.amount
    if term.unit == "month":
        whole = reckon(calendar, start, term, closed_days=closed_days).due
        if whole is None:
            return None
        amount = (whole.likely_on - start).days
    needed = min(max(amount - remaining, 0), -(-amount * percent // 100))
    if needed == 0:
        return start
    unit = "calendar_day" if term.unit == "month" else term.unit
    if unit == "calendar_day":  # a day is reached, not rolled: the card may fall on a Sunday
        return _nth_calendar_day(start, needed, pauses)
    reached = reckon(calendar, start, Term(needed, unit), pauses=pauses, closed_days=closed_days)
    return reached.due.on if reached.due else None


def remaining_words(calendar: WorkCalendar, due_on: date, today: date, *, closed_days=frozenset()) -> str:
    """剩 3 天 / 今天到期 / 已超期 / 超 2 个工作日: whole days, as chips and notices say it (R15)."""
    if today == due_on:
        return "今天到期"
    if today < due_on:
        return f"剩 {calendar.count(today, due_on, closed_days=closed_days)} 天"
    late = calendar.count(due_on, today, closed_days=closed_days)
    return f"超 {late} 个工作日" if late else "已超期"  # on the days off right behind it none has passed


def _plain(calendar, start, term, off, closed_days, started_at) -> Due:
    if term.unit == "workday":
        return calendar.add(start, term.amount, closed_days=off)
    if term.unit == "calendar_day":
        reached = start
        left = term.amount
        stopped = off - closed_days
        while left > 0:
            reached += timedelta(days=1)
            left -= reached not in stopped
        return calendar.on_or_after(reached, closed_days=off)
    if term.unit == "month":
        end = calendar.add_months(start, term.amount, closed_days=closed_days)
        inside = sum(start < day <= end.likely_on for day in off - closed_days)
        return calendar.add_calendar_days(end.likely_on, inside, closed_days=off) if inside else end
    if term.unit == "half_day":
        at = started_at or datetime.combine(start, time(9), tzinfo=SHANGHAI)
        due = calendar.add_half_days(at, term.amount, closed_days=off)
        return Due(due.at and due.at.date(), due.provisional_at and due.provisional_at.date(), due.error)
    raise ValueError(f"unknown unit {term.unit}")


def _nth_calendar_day(start: date, needed: int, pauses: Collection[Pause]) -> date | None:
    stopped = paused_days(pauses, statutory=False)
    open_from = min((p.from_on for p in pauses if p.to_on is None), default=None)
    day = start
    while needed > 0:
        day += timedelta(days=1)
        needed -= day not in stopped
    return None if open_from is not None and day > open_from else day
