"""法定程序时限: the chains of dates that the law itself sets, beside the term of an item."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import NO_CLOSURES, Due, WorkCalendar

from .facts import Term
from .reckoning import backwards, reckon

ASK_FOR_HEARING = Term(5)  # 行政许可法 47: from the day one was told of the right
HOLD_HEARING = Term(20)  # 47: from the day it was asked for
TELL_OF_HEARING = Term(7)  # 48: before the day it is held
RENEWAL = Term(30)  # 50: before the licence expires


@dataclass(frozen=True, slots=True)
class Hearing:
    """听证 (R9): by when it may be asked for, must be held, and its time and place must be told."""

    ask_by: Due
    hold_by: Due | None
    tell_by: Due | None


def hearing(
    calendar: WorkCalendar,
    told_on: date,
    *,
    asked_on: date | None = None,
    held_on: date | None = None,
    closed_days: Collection[date] = NO_CLOSURES,
) -> Hearing:
    """The dates as far as the facts reach; each needs the one before it."""
    return Hearing(
        ask_by=reckon(calendar, told_on, ASK_FOR_HEARING, closed_days=closed_days).due,
        hold_by=asked_on and reckon(calendar, asked_on, HOLD_HEARING, closed_days=closed_days).due,
        tell_by=held_on and backwards(calendar, held_on, TELL_OF_HEARING, closed_days=closed_days),
    )


def renewal_by(
    calendar: WorkCalendar, expires_on: date, *, closed_days: Collection[date] = NO_CLOSURES
) -> Due:
    """延续申请 (R10): the last day to apply, the 30th working day before the licence expires."""
    return backwards(calendar, expires_on, RENEWAL, closed_days=closed_days)
