"""计日: the N-th counted day after a date, and how many are counted between two, around the gaps."""

from datetime import date, timedelta
from typing import Protocol

from apps.calendars.workdays import CALENDAR_MISSING, Due, WorkCalendar

from .standstill import Standstill


class Days(Protocol):
    """One way to count."""

    def between(self, after: date, until: date) -> int:
        """How many in (after, until]."""

    def nth(self, start: date, number: int) -> Due:
        """The N-th after the start, from 1 on."""

    def known(self, after: date, until: date) -> bool:
        """Whether (after, until] was counted by an official arrangement."""


class Workdays:
    """工作日 (R2)."""

    __slots__ = ("calendar", "between", "nth", "known")

    def __init__(self, calendar: WorkCalendar):
        self.between, self.nth, self.known = calendar.count, calendar.add, calendar.covers_all


class CalendarDays:
    """自然日 (R11): every date counts, and no arrangement is needed to count it."""

    __slots__ = ()

    def between(self, after: date, until: date) -> int:
        return max((until - after).days, 0)

    def nth(self, start: date, number: int) -> Due:
        return Due(start + timedelta(days=number))

    def known(self, after: date, until: date) -> bool:
        return True


CALENDAR_DAYS = CalendarDays()


def nth(days: Days, start: date, number: int, stops: Standstill) -> Due:
    """The N-th counted day after the start, as if an open pause did not exist."""
    position, known = start, True
    for opens, closes in stops.gaps:
        if closes <= position:
            continue
        if opens > position:
            counted = days.between(position, opens)
            if counted >= number:
                break
            number -= counted
            known = known and days.known(position, opens)
        position = closes
    due = days.nth(position, number)
    return due if known or due.on is None else Due(None, due.on, CALENDAR_MISSING)


def counted(days: Days, after: date, until: date, stops: Standstill) -> int:
    """How many days of (after, until] count."""
    if stops.open_from is not None and stops.open_from < until:
        until = stops.open_from
    if until <= after:
        return 0
    paused = sum(
        days.between(max(opens, after), min(closes, until))
        for opens, closes in stops.gaps
        if opens < until and closes > after
    )
    return days.between(after, until) - paused
