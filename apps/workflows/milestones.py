"""里程碑: a point in time no finer than a half day, and how long it is from one to the next. Pure: no database, no clock.

Calendar days are the difference of the two dates: the day of the first is not counted (民法典 201), so 签约 on 1 March
and 开工 on 15 May are 75 days apart, and two milestones of one day 0 days.

Working half days are those after the half of the first milestone, up to and including the half of the second: from a
morning to the afternoon of the same working day it is one half (0.5 working days), to the next working morning two
(1 working day), within one half none. That is how `WorkCalendar.add_half_days` counts a commitment in half days, so a
commitment of n halves is kept exactly when no more than n have gone by. A milestone may lie on a day off: neither of
that day's halves counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from apps.calendars.workdays import NO_CLOSURES, SHANGHAI, HallHours, WorkCalendar

_HOURS = HallHours()
_WITHIN = {False: time(9), True: time(14)}  # some instant of either half


@dataclass(frozen=True, slots=True, order=True)
class HalfDay:
    """半天: the halves of one day follow each other, morning first."""

    day: date
    is_afternoon: bool

    @classmethod
    def of(cls, at: datetime) -> "HalfDay":
        """The half in which an instant lies; 12:00 sharp is afternoon."""
        local = at.astimezone(SHANGHAI)
        return cls(local.date(), local.time() >= _HOURS.morning_ends)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """间隔. `halves` is None where the arrangement of a year between is not published."""

    days: int
    halves: int | None


@dataclass(frozen=True, slots=True)
class Budget:
    """时限: the last half in which it is kept; `is_provisional` where that hangs on a year not published."""

    until: HalfDay
    is_provisional: bool


def elapsed(
    calendar: WorkCalendar,
    start: HalfDay,
    end: HalfDay,
    *,
    closed_days: Collection[date] = NO_CLOSURES,
) -> Elapsed:
    """From one milestone to a later one."""
    if end < start:
        raise ValueError("the second milestone lies before the first")
    days = (end.day - start.day).days
    if not (calendar.covers(start.day) and calendar.covers_all(start.day, end.day)):
        return Elapsed(days, None)
    halves = 2 * calendar.count(start.day, end.day, closed_days=closed_days)
    if not start.is_afternoon and calendar.is_workday(start.day, closed_days=closed_days):
        halves += 1  # the afternoon of the first day
    if not end.is_afternoon and calendar.is_workday(end.day, closed_days=closed_days):
        halves -= 1  # the afternoon of the last day
    return Elapsed(days, halves)


def budget(
    calendar: WorkCalendar,
    start: HalfDay,
    halves: int,
    *,
    closed_days: Collection[date] = NO_CLOSURES,
) -> Budget:
    """Until when a commitment of so many working halves is kept."""
    begun = datetime.combine(start.day, _WITHIN[start.is_afternoon], tzinfo=SHANGHAI)
    due = calendar.add_half_days(begun, halves, closed_days=closed_days, hours=_HOURS)
    last = due.at or due.provisional_at
    return Budget(HalfDay(last.date(), last.time() > _HOURS.morning_ends), due.at is None)


def in_days(halves: int) -> str:
    """Half days as people say them: 1 is 0.5, 2 is 1, 105 is 52.5."""
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)
