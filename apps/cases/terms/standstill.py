"""停表: the stretches in which a clock stands still, merged so that no day is taken out twice (R5)."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import DAY, WorkCalendar

from .facts import Pause

Gap = tuple[date, date]  # (from, to], like the pause it comes from


@dataclass(frozen=True, slots=True)
class Standstill:
    """Gaps in order, none touching the next; and the day from which the clock has not run on, if there is one."""

    gaps: tuple[Gap, ...] = ()
    open_from: date | None = None

    def contains(self, day: date) -> bool:
        if self.open_from is not None and day > self.open_from:
            return True
        before = bisect_left(self.gaps, (day,))
        return before > 0 and day <= self.gaps[before - 1][1]

    def with_days_off(self, calendar: WorkCalendar, days: Collection[date]) -> "Standstill":
        """The same, with closed days as gaps too; those that are days off anyway make none."""
        if not days:
            return self
        closed = [(day - DAY, day) for day in days if day > date.min and calendar.is_workday(day)]
        return Standstill(_merged([*self.gaps, *closed]), self.open_from)


RUNNING = Standstill()


def standstill(pauses: Iterable[Pause], *, statutory: bool) -> Standstill:
    """What these pauses do to one of the two clocks. One that ends on its first day stops nothing."""
    gaps, open_from = [], None
    for pause in pauses:
        if not pause.stops(statutory=statutory):
            continue
        if pause.to_on is not None:
            gaps.append((pause.from_on, pause.to_on))
        elif open_from is None or pause.from_on < open_from:
            open_from = pause.from_on
    return Standstill(_merged(gaps), open_from) if gaps or open_from else RUNNING


def _merged(gaps: list[Gap]) -> tuple[Gap, ...]:
    merged: list[Gap] = []
    for opens, closes in sorted(gaps):
        if closes <= opens:
            continue
        if merged and opens <= merged[-1][1]:
            if closes > merged[-1][1]:
                merged[-1] = (merged[-1][0], closes)
        else:
            merged.append((opens, closes))
    return tuple(merged)
