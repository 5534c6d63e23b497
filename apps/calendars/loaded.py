"""The hall's calendar as loaded in the database, kept ready in each process.

Every publication gives its year a new `edition` that never comes again, so a process sees with one small
statement whether what it holds is still right, whoever published, and even after a rollback.
"""

from .models import CalendarYear
from .workdays import Special, WorkCalendar

_held: tuple[tuple, WorkCalendar] | None = None  # editions it was made of, calendar; replaced as a whole


def current() -> WorkCalendar:
    """当前工作日历. Costs one statement; one more after a publication."""
    global _held
    held = _held
    editions = tuple(CalendarYear.objects.order_by("year").values_list("year", "edition"))
    if held is None or held[0] != editions:
        held = _held = _load()
    return held[1]


def _load() -> tuple[tuple, WorkCalendar]:
    """Years and days in one statement, so that both are of one moment."""
    rows = CalendarYear.objects.order_by("year").values_list(
        "year", "edition", "state", "days__date", "days__is_workday", "days__name"
    )
    states, editions, specials = {}, {}, set()
    for year, edition, state, day, is_workday, name in rows:
        states[year] = state
        editions[year] = edition
        if day:
            specials.add(Special(day, is_workday, name))
    calendar = WorkCalendar(
        published=frozenset(year for year, state in states.items() if state == CalendarYear.State.PUBLISHED),
        forecast=frozenset(year for year, state in states.items() if state == CalendarYear.State.FORECAST),
        specials=frozenset(specials),
    )
    return tuple(editions.items()), calendar
