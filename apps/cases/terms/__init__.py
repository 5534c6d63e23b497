"""时限: the dates of one case from its facts. Pure: no database, no clock.

A term begins the day after its event (R1), counts by its own unit (R2, R11, R13), stands still inside pauses
(from, to] that are merged (R5), may be extended (R6), and has no date while a pause is open or a needed year is
not published (R21). Every date is a function of the facts and the calendar; the stored ones are its projection.
"""

from .facts import ART_45_KINDS, HEARING, Extension, Pause, Reckoning, Term, stops_statutory
from .law import ASK_FOR_HEARING, HOLD_HEARING, TELL_OF_HEARING, Hearing, hearing, renewal_by
from .reckoning import backwards, lengthened, reckon
from .standing import (
    day_words,
    elapsed,
    is_paused_on,
    last_day,
    overdue_workdays,
    red_from,
    remaining,
    remaining_words,
    yellow_from,
)
from .strip import explain

__all__ = [
    "ART_45_KINDS",
    "ASK_FOR_HEARING",
    "HEARING",
    "HOLD_HEARING",
    "TELL_OF_HEARING",
    "Extension",
    "Hearing",
    "Pause",
    "Reckoning",
    "Term",
    "backwards",
    "day_words",
    "elapsed",
    "explain",
    "hearing",
    "is_paused_on",
    "last_day",
    "lengthened",
    "overdue_workdays",
    "reckon",
    "red_from",
    "remaining",
    "remaining_words",
    "renewal_by",
    "stops_statutory",
    "yellow_from",
]
