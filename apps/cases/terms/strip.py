"""这个日期怎么来的: every day of a term, whether it counts and why."""

from collections.abc import Collection
from datetime import date

from apps.calendars.workdays import NO_CLOSURES, DayNote, WorkCalendar

from .facts import Extension, Pause, Term
from .reckoning import length_in_days
from .standstill import standstill


def explain(
    calendar: WorkCalendar,
    start: date,
    term: Term,
    until: date,
    *,
    pauses: Collection[Pause] = (),
    statutory: bool = False,
    closed_days: Collection[date] = NO_CLOSURES,
    extension: Extension | None = None,
) -> list[DayNote]:
    """The dates of (start, until]. `term` is the one without the extension, which is taken as valid.

    A day off keeps its own reason inside a pause, since the pause takes nothing from it. Behind the last counted
    day the strip tells how the term rolled on to the day it is due.
    """
    stopping = [pause for pause in pauses if pause.stops(statutory=statutory)]
    stops = standstill(stopping, statutory=statutory)
    closed_days = frozenset(closed_days)
    full = longest = _length(start, term)
    if extension is not None:
        longest = _length(start, Term(term.amount + extension.amount, term.unit))
    notes, count = [], 0
    for number in range(start.toordinal() + 1, until.toordinal() + 1):
        day = date.fromordinal(number)
        works = calendar.is_workday(day, closed_days=closed_days)
        why = calendar.why(day, closed_days=closed_days)
        if longest is not None and count >= longest:
            notes.append(DayNote(day, False, f"{why}，{'顺延到期' if works else '顺延'}"))
            continue
        if not works and term.counts_workdays:
            notes.append(DayNote(day, False, why))
        elif stops.contains(day):
            notes.append(DayNote(day, False, _paused_by(stopping, day)))
        else:
            count += 1
            if not works:
                why = f"{why}，按自然日计入"
            notes.append(DayNote(day, True, f"{why}，延长期限" if full is not None and count > full else why))
    return notes


def _length(start: date, term: Term) -> int | None:
    """In counted days; None where that says nothing: half days, and months beyond the last calendar."""
    try:
        return None if term.unit == "half_day" else length_in_days(start, term)
    except OverflowError:
        return None


def _paused_by(pauses: Collection[Pause], day: date) -> str:
    kinds = dict.fromkeys(pause.kind for pause in pauses if pause.kind and pause.holds_on(day))
    return f"{'、'.join(kinds)}暂停"
