"""推演: what becomes of a project if a branch is done earlier, later or stands still, and what a target day asks (倒排). Pure.

Nothing is stored. The reckoning is the forecast's, so the table of today and the table of what if never contradict each
other where nothing is changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..states import BranchState
from . import Board
from .facts import BranchNow, Facts
from .forecast import ENDED, Change, Expected, Forecast, expect
from .standing import Row

B = BranchState


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is assumed. `takes_up`: what waits for the lead is taken up with another scheme today, and so nothing is blocked."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    takes_up: bool = False
    target_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One branch as it stands and as it would be; `moved` in working days, later is more."""

    row: Row
    now: Expected
    then: Expected
    moved: int | None

    @property
    def moved_words(self) -> str:
        if self.moved is None:
            return "已可推算" if self.finish_is_planned and self.then.finish_on is not None else ""
        return moved_words(self.moved)

    @property
    def slack_words(self) -> str:
        """What it can still lose before the project, or the target day, is missed; what it is short of."""
        now = self.row.now
        if self.then.slack is None or (now.finished_on is not None and not now.is_to_settle):
            return ""
        if self.then.slack < 0:
            return f"差 {-self.then.slack} 日"
        return f"可晚 {self.then.slack} 日" if self.then.slack else "不能晚"

    @property
    def start_is_planned(self) -> bool:
        return self.row.now.opened_on is None or self.then.start_on != self.row.now.opened_on

    @property
    def finish_is_planned(self) -> bool:
        return self.row.now.finished_on is None or self.then.finish_on != self.row.now.finished_on

    @property
    def is_over_term(self) -> bool:
        """Whether what is at work would end behind the day that its own case promises."""
        due_on = self.row.due_on if self.row.now.is_open else None
        return due_on is not None and self.then.finish_on is not None and self.then.finish_on > due_on


@dataclass(frozen=True, slots=True)
class Comparison:
    """现在和推演. Slack is in working days to the end of the total term, `to_target` to the target day."""

    lines: tuple[Line, ...]
    now: Forecast
    then: Forecast
    moved: int | None
    slack: int | None
    to_target: int | None
    path: tuple[str, ...]

    @property
    def late(self) -> list[str]:
        """By name, what cannot be done by the target day."""
        return [line.row.now.name for line in self.lines if line.then.is_late]

    @property
    def over_term(self) -> list[str]:
        return [line.row.now.name for line in self.lines if line.is_over_term]


def moved_words(days: int) -> str:
    """晚 3 日, 早 2 日."""
    return f"{'晚' if days > 0 else '早'} {abs(days)} 日" if days else "不变"


def may_change(facts: Facts, branch: BranchNow) -> bool:
    """Whether anything of it is still to come."""
    if not facts.is_living or facts.stage(branch.stage).is_over:
        return False
    return branch.state not in ENDED or branch.is_to_settle


def compare(board: Board, scenario: Scenario) -> Comparison:
    facts = _taken_up(board.facts) if scenario.takes_up else board.facts
    calendar = board.axis.calendar
    then = expect(facts, calendar, board.today, changes=scenario.changes, target_on=scenario.target_on)
    names = {row.code: row.now.name for row in board.rows}
    return Comparison(
        lines=tuple(_line(board, row, then.branches[row.code]) for row in board.rows),
        now=board.forecast,
        then=then,
        moved=_between(board, board.forecast.finish_on, then.finish_on),
        slack=_between(board, then.finish_on, board.total.due_on),
        to_target=_between(board, then.finish_on, scenario.target_on),
        path=tuple(names[code] for code in then.critical_path),
    )


def _line(board: Board, row: Row, then: Expected) -> Line:
    """What was refused had an end, but none that the new scheme could be measured by."""
    moved = None if row.now.is_to_settle else _between(board, row.expected.finish_on, then.finish_on)
    return Line(row, row.expected, then, moved)


def _between(board: Board, one: date | None, other: date | None) -> int | None:
    """Working days from one day to another; negative where the other is earlier."""
    if one is None or other is None:
        return None
    count, closed = board.axis.calendar.count, board.axis.closed
    return count(one, other, closed_days=closed) - count(other, one, closed_days=closed)


def _taken_up(facts: Facts) -> Facts:
    anew = {"state": B.WAITING, "opened_on": None, "finished_on": None, "due_on": None, "pauses": ()}
    branches = [
        replace(one, **anew) if one.is_to_settle and may_change(facts, one) else one for one in facts.branches
    ]
    return replace(facts, branches=tuple(branches))
