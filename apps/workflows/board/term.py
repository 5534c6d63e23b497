"""承诺总时限: the stages' committed days one after another, and the axis of working days on which the board is drawn. Pure.

The total is the sum of the committed days of the stages that apply, with what was granted as an extension. It runs from
the acceptance of the first stage and stands still on every day on which no stage runs: while a stage is paused because
nothing in it can be worked on (R20), and between two stages, while the papers of the next one are awaited. So days saved in
one stage are still there in the next, and nobody is charged for days that are the applicant's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from apps.calendars.workdays import WorkCalendar
from apps.cases.terms import Pause, Term, reckon

from .facts import Facts, StageNow

DAY = timedelta(days=1)
LONG = 60  # working days: a longer axis has a line every ten days, not every five


@dataclass(frozen=True, slots=True)
class Total:
    """总时限 as it stands today. `paused` and `idle` are working days that no stage is charged with."""

    days: int
    start_on: date | None  # None: no stage is accepted yet
    due_on: date | None
    is_provisional: bool
    is_paused: bool
    used: int
    paused: int
    idle: int


@dataclass(frozen=True, slots=True)
class Axis:
    """工作日轴: day 0 is the acceptance of the first stage; `length` is the last day that is drawn."""

    calendar: WorkCalendar
    closed: frozenset[date]
    start_on: date
    length: int = 1

    def day(self, on: date) -> int:
        """第几日. Before day 0 it is day 0 too."""
        return self.calendar.count(self.start_on, on, closed_days=self.closed)

    def place(self, on: date) -> float:
        """Percent of the width, at the end of that day."""
        return round(100 * self.day(on) / self.length, 2)

    @property
    def ticks(self) -> list[tuple[int, float]]:
        step = 5 if self.length <= LONG else 10 * -(-self.length // 100)
        return [(day, round(100 * day / self.length, 2)) for day in range(step, self.length + 1, step)]


def axis_of(
    calendar: WorkCalendar, closed: frozenset[date], start_on: date, days: Iterable[date | None]
) -> Axis:
    """Long enough for all that is drawn, with a little room behind it."""
    plain = Axis(calendar, closed, start_on)
    last = max((plain.day(one) for one in days if one is not None), default=0)
    return Axis(calendar, closed, start_on, max(last + 1 + last // 20, 10))


def total_of(facts: Facts, calendar: WorkCalendar, today: date, *, begins: date | None = None) -> Total:
    """Counted day by day, as far as the project has come; `begins` is the day taken while no stage is accepted."""
    stages = [one for one in facts.stages if facts.of_stage(one.number)]
    days = sum(one.committed for one in stages)
    accepted = [one for one in stages if one.accepted_on is not None]
    if not accepted:
        due = (
            reckon(calendar, begins, Term(days, "workday"), closed_days=facts.closed).due if begins else None
        )
        return Total(days, None, due and due.likely_on, bool(due and due.on is None), False, 0, 0, 0)
    start = min(one.accepted_on for one in accepted)
    until = today
    if not facts.is_living or all(one.is_over for one in stages):
        until = max([start, *(one.ended_on for one in accepted if one.ended_on)])
    passed = [start + n * DAY for n in range(1, (until - start).days + 1)]
    stopped = [day for day in passed if not any(_runs_on(one, day) for one in accepted)]
    worked = [day for day in passed if calendar.is_workday(day, closed_days=facts.closed)]
    paused = {day for day in stopped if any(_is_paused_on(one, day) for one in accepted)}
    is_paused = any(one.is_paused for one in accepted) and not any(
        one.ended_on is None and not one.is_paused for one in accepted
    )
    due = None
    if not is_paused:
        stops = [Pause(day - DAY, day, True, "") for day in stopped]
        due = reckon(calendar, start, Term(days, "workday"), pauses=stops, closed_days=facts.closed).due
    still = set(stopped)
    return Total(
        days=days,
        start_on=start,
        due_on=due and due.likely_on,
        is_provisional=bool(due and due.on is None),
        is_paused=is_paused,
        used=_number(worked, lambda day: day not in still),
        paused=_number(worked, lambda day: day in paused),
        idle=_number(worked, lambda day: day in still and day not in paused),
    )


def _number(days: list[date], wanted: Callable[[date], bool]) -> int:
    return sum(wanted(day) for day in days)


def _runs_on(stage: StageNow, day: date) -> bool:
    if day <= stage.accepted_on or (stage.ended_on is not None and day > stage.ended_on):
        return False
    return not _is_paused_on(stage, day)


def _is_paused_on(stage: StageNow, day: date) -> bool:
    """Also on the days behind a pause that is still open."""
    return any(pause.holds_on(day) for pause in stage.pauses)
