"""进度: where a term stands on one day: used, left, late, and when it turns yellow and red (R15)."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from apps.calendars.workdays import NO_CLOSURES, WorkCalendar

from .counting import counted
from .facts import Pause, Term
from .reckoning import days_of, length_in_days, nth_counted
from .standstill import standstill


def elapsed(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    today: date,
    *,
    pauses: Collection[Pause] = (),
    statutory: bool = False,
    closed_days: Collection[date] = NO_CLOSURES,
) -> int:
    """已用: counted days in (start, today], going on after the due day."""
    stops = standstill(pauses, statutory=statutory)
    if term.counts_workdays:
        stops = stops.with_days_off(calendar, closed_days)
    return counted(days_of(calendar, term.unit), start, today, stops)


def remaining(start: date, term: Term, used: int) -> int:
    """剩余: what is left of a term in the days it is counted in; an overdue one has nothing left."""
    return max(0, length_in_days(start, term) - used)


def overdue_workdays(
    calendar: WorkCalendar, due_on: date, today: date, *, closed_days: Collection[date] = NO_CLOSURES
) -> int:
    """超期时长: working days in (due, today]. On the days off right behind the due day it is overdue by none."""
    late = calendar.count(due_on, today)
    return late - sum(due_on < day <= today and calendar.is_workday(day) for day in closed_days)


def yellow_from(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    *,
    remaining: int = 1,
    percent: int = 90,
    pauses: Collection[Pause] = (),
    closed_days: Collection[date] = NO_CLOSURES,
    statutory: bool = False,
) -> date | None:
    """黄牌起始日: the first date with `remaining` days or fewer left, or `percent` of the term used, rounded up.

    A day is reached, not rolled: in calendar days the card may fall on a Sunday. None for half days, behind an
    open pause, and in a year that is not published.
    """
    if term.unit == "half_day":
        return None
    unit = "calendar_day" if term.unit == "month" else term.unit
    stops = standstill(pauses, statutory=statutory)
    opened = stops.open_from
    try:
        amount = length_in_days(start, term)
        needed = min(max(amount - remaining, 0), -(-amount * percent // 100))
        if unit == "workday":
            stops = stops.with_days_off(calendar, closed_days)
        reached = nth_counted(calendar, start, needed, unit, stops).on
    except OverflowError:
        return None
    return None if reached is None or (opened is not None and reached > opened) else reached


def red_from(due_on: date) -> date:
    """红牌起始日: the day after; of the promised term red, of the statutory one red and escalated."""
    return due_on + timedelta(days=1)


def is_paused_on(pauses: Iterable[Pause], today: date | None, *, statutory: bool = False) -> bool:
    """Whether this clock stands still on a day; without a day, whether a pause is open."""
    stopping = (pause for pause in pauses if pause.stops(statutory=statutory))
    if today is None:
        return any(pause.to_on is None for pause in stopping)
    return any(pause.holds_on(today) for pause in stopping)


def day_words(day: date) -> str:
    """3月11日."""
    return f"{day.month}月{day.day}日"


def last_day(day: date) -> str:
    """3月11日（含当天）: the one way to write the end of a term; on that day it is still in time."""
    return f"{day_words(day)}（含当天）"


def remaining_words(calendar: WorkCalendar, due_on: date, today: date, *, closed_days=NO_CLOSURES) -> str:
    """剩 3 天 / 今天到期 / 已超期 / 超 2 个工作日: whole days, as chips and notices say it (R15)."""
    if today == due_on:
        return "今天到期"
    if today < due_on:
        return f"剩 {calendar.count(today, due_on, closed_days=closed_days)} 天"
    late = calendar.count(due_on, today, closed_days=closed_days)
    return f"超 {late} 个工作日" if late else "已超期"  # on the days off right behind it none has passed
