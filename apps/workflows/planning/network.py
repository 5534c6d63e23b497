"""网络计划: earliest and latest dates of the branches of one stage, in working days. Pure: no database, no clock.

Day 0 of a branch is the day its last prerequisite was finished, or the stage's own day 0 where that is later or where
it waits for none (R20). Pauses of any kind stop a branch; while one is open, what hangs on it has no date.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from apps.calendars.workdays import CALENDAR_MISSING, DAY, Due, WorkCalendar
from apps.cases.terms import Pause, Term, reckon
from apps.cases.terms.counting import Workdays, nth
from apps.cases.terms.standstill import Gap, Standstill, standstill

from ..graph import followers_of, in_order


class NoCalendar(Exception):
    """CALENDAR_MISSING: a date needs a year whose notice is not out, or none that a calendar can have (R21)."""

    error = CALENDAR_MISSING

    def __init__(self, code: str | None = None):
        self.path = [code] if code else []
        super().__init__("推算用到了尚未公布放假安排的年份，请缩短期限，或等放假通知公布后再算。")


@dataclass(frozen=True, slots=True)
class Branch:
    """分项: `days` working days of its own clock behind its prerequisites; `finished_on` once it is done.

    `not_before` holds it back though nothing that it waits for does: its stage, or today, is not there yet.
    """

    code: str
    name: str
    days: int
    after: tuple[str, ...] = ()
    finished_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One branch of a plan. Dates are null behind an open pause; `slack` is in working days."""

    start_on: date | None
    due_on: date | None
    latest_start_on: date | None
    slack: int | None
    critical: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """计划: every branch, and what the stage comes to."""

    branches: dict[str, Planned]
    critical_path: list[str]
    planned_finish: date | None
    stage_due_on: date
    slack_workdays: int | None
    late: list[str]


@dataclass(slots=True)
class _Clock:
    """One branch while it is reckoned: its own counted days are working days outside its pauses."""

    calendar: WorkCalendar
    branch: Branch
    stops: Standstill
    start: date | None = None
    due: date | None = None

    @property
    def finish(self) -> date | None:
        return self.branch.finished_on or self.due

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What its own days leave out. A branch without days has none that a pause could stop."""
        return self.stops.gaps if self.branch.days else ()

    def begin(self, start: date) -> None:
        self.start = start
        reckoning = reckon(self.calendar, start, Term(self.branch.days, "workday"), pauses=self.branch.pauses)
        self.due = None if reckoning.due is None else self._known(reckoning.due)

    def leeway(self, goal: date) -> int:
        """Counted days between its finish and a goal; negative when the goal is passed."""
        return self._counted(self.finish, goal) - self._counted(goal, self.finish)

    def shifted(self, days: int) -> date:
        """Its start moved by counted days; the same day is kept where nothing moves.

        Without days of its own it is done on the working day on which it begins: a day off at its start is no day of it.
        """
        if days == 0:
            return self.start
        begun = self.start if self.branch.days else self._known(self.calendar.on_or_after(self.start))
        return self._after(begun, days) if days > 0 else self._before(begun, -days)

    def latest_start_for(self, goal: date) -> date | None:
        """From a goal alone, where its own start is not known. None while a pause of its own is open."""
        if self.stops.open_from is not None:
            return None
        return self._before(goal, self.branch.days)

    def _after(self, start: date, days: int) -> date:
        """The day on which so many counted days are over; what is known to be finished, no open pause stops."""
        try:
            return self._known(nth(Workdays(self.calendar), start, days, Standstill(self.gaps)))
        except OverflowError:
            raise NoCalendar(self.branch.code) from None

    def _before(self, day: date, days: int) -> date:
        """The day from which so many counted days end on `day` (or on the last counted day before it)."""
        if day == date.max:
            raise NoCalendar(self.branch.code)
        position = day + DAY  # exclusive: the last counted day up to `day` is the first to be found
        left = days + 1
        for opens, closes in reversed(self.gaps):
            if opens >= position - DAY:
                continue
            counted = self.calendar.count(closes, position - DAY)
            if counted >= left:
                break
            self._covered(closes, position - DAY)
            left, position = left - counted, opens + DAY
        try:
            return self._known(self.calendar.before(position, left))
        except OverflowError:
            raise NoCalendar(self.branch.code) from None

    def _counted(self, after: date, until: date) -> int:
        if until <= after:
            return 0
        self._covered(after, until)
        paused = sum(
            self.calendar.count(max(opens, after), min(closes, until)) for opens, closes in self.gaps
        )
        return self.calendar.count(after, until) - paused

    def _covered(self, after: date, until: date) -> None:
        if not self.calendar.covers_all(after, until):
            raise NoCalendar(self.branch.code)

    def _known(self, due: Due) -> date:
        if due.on is None:
            raise NoCalendar(self.branch.code)
        return due.on


@dataclass(slots=True)
class _Pass:
    """One way back from a goal: for every branch the latest start and what it can lose."""

    latest: dict[str, date | None] = field(default_factory=dict)
    slack: dict[str, int | None] = field(default_factory=dict)


def plan(
    calendar: WorkCalendar,
    start: date,
    stage_days: int,
    branches: Sequence[Branch],
    *,
    target_on: date | None = None,
    today: date | None = None,
) -> Plan:
    """并联审批计划: forwards from `start`, backwards (倒排) from `target_on`, or from the planned finish without one.

    Raises `BrokenGraph` for a circle, an unknown or a double code, `NoCalendar` where a year is not published.
    """
    order = in_order([(branch.code, branch.after) for branch in branches])
    followers = followers_of({branch.code: branch.after for branch in branches})
    clocks = _forwards(calendar, start, {branch.code: branch for branch in branches}, order)
    finishes = [clock.finish for clock in clocks.values()]
    planned_finish = None if None in finishes else max(finishes, default=start)
    own = _backwards(clocks, followers, order, planned_finish)
    asked = own if target_on is None else _backwards(clocks, followers, order, target_on)
    planned = {
        branch.code: Planned(
            start_on=clocks[branch.code].start,
            due_on=clocks[branch.code].due,
            latest_start_on=asked.latest[branch.code] if clocks[branch.code].start else None,
            slack=asked.slack[branch.code],
            critical=own.slack[branch.code] == 0,
        )
        for branch in branches
    }
    stage_due_on = _stage_due(calendar, start, stage_days)
    return Plan(
        branches=planned,
        critical_path=_critical_path(planned, followers, order, clocks),
        planned_finish=planned_finish,
        stage_due_on=stage_due_on,
        slack_workdays=_between(calendar, planned_finish, stage_due_on),
        late=[branch.code for branch in branches if _is_late(branch, planned[branch.code], today)],
    )


def _forwards(calendar, start: date, branches: dict[str, Branch], order: list[str]) -> dict[str, _Clock]:
    clocks: dict[str, _Clock] = {}
    for code in order:
        branch = branches[code]
        clocks[code] = clock = _Clock(calendar, branch, standstill(branch.pauses, statutory=False))
        ends = [clocks[need].finish for need in branch.after]
        if None not in ends:
            clock.begin(max([start, branch.not_before or start, *ends]))
    return {code: clocks[code] for code in branches}


def _backwards(clocks, followers: dict[str, list[str]], order: list[str], goal: date | None) -> _Pass:
    found = _Pass()
    for code in reversed(order):
        clock = clocks[code]
        limits = [goal, *(found.latest[follower] for follower in followers[code])]
        limit = None if None in limits else min(limits)
        found.latest[code] = found.slack[code] = None
        if limit is None:
            continue
        if clock.finish is None:
            found.latest[code] = clock.latest_start_for(limit)
        elif clock.start is None:  # finished, though what it waited for is not: nothing is left to be late
            found.latest[code] = limit
        else:
            found.slack[code] = clock.leeway(limit)
            found.latest[code] = clock.shifted(found.slack[code])
    return found


def _critical_path(
    planned: dict[str, Planned], followers: dict[str, list[str]], order: list[str], clocks
) -> list[str]:
    """The chain that the finish hangs on, each branch begun on the day the one before it ended; the first by order of entry.

    A branch whose pause covers the last days has no slack either, though it ends before them: no path ends with it.
    """
    finish = max((clock.finish for clock in clocks.values() if clock.finish), default=None)
    leads_on: dict[
        str, list[str]
    ] = {}  # critical branches from which a chain reaches the finish, and how it goes on
    for code in reversed(order):
        if not planned[code].critical:
            continue
        ended = clocks[code].finish
        nexts = [one for one in followers[code] if one in leads_on and clocks[one].start == ended]
        if nexts or ended == finish:
            leads_on[code] = nexts
    handed_on = {follower for nexts in leads_on.values() for follower in nexts}
    path: list[str] = []
    heads = [code for code in planned if code in leads_on and code not in handed_on]
    while heads:
        path.append(heads[0])
        heads = leads_on[heads[0]]
    return path


def _is_late(branch: Branch, planned: Planned, today: date | None) -> bool:
    if branch.finished_on is not None:
        return False
    begins_late = planned.latest_start_on is not None and planned.start_on > planned.latest_start_on
    return begins_late or (today is not None and planned.due_on is not None and planned.due_on < today)


def _stage_due(calendar: WorkCalendar, start: date, days: int) -> date:
    due = reckon(calendar, start, Term(days, "workday")).due
    if due.on is None:
        raise NoCalendar
    return due.on


def _between(calendar: WorkCalendar, finish: date | None, due_on: date) -> int | None:
    """Working days in (finish, due_on], negative when the finish is past it."""
    if finish is None:
        return None
    if not (calendar.covers_all(finish, due_on) and calendar.covers_all(due_on, finish)):
        raise NoCalendar
    return calendar.count(finish, due_on) - calendar.count(due_on, finish)
