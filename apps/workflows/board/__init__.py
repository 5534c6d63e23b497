"""并联看板: how a project stands, in one set of rows that the Gantt chart, the flow chart and the table all show."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar

from ..states import BranchState
from .facts import Facts
from .flow import Flow, draw_flow
from .forecast import Forecast, expect
from .gantt import Gantt, draw_gantt
from .reading import facts_of
from .standing import Row, row_of, stage_standing
from .term import Axis, Total, axis_of, total_of
from .watching import Watched, watched

__all__ = ["Board", "Facts", "Row", "board_of", "facts_of"]

B = BranchState


@dataclass(frozen=True, slots=True)
class Board:
    """看板. Everything that is shown is here once; the views only draw it."""

    facts: Facts
    rows: tuple[Row, ...]
    forecast: Forecast
    total: Total
    axis: Axis
    watched: tuple[Watched, ...]
    today: date

    @property
    def states(self) -> Counter:
        return Counter(row.now.state for row in self.rows)

    @property
    def departments(self) -> int:
        return len({row.now.department for row in self.rows})

    @property
    def in_a_row(self) -> int:
        """串联: the days if one branch were handled after the other."""
        return sum(row.now.days for row in self.rows)

    @property
    def slack(self) -> int | None:
        """Working days between the expected end of the project and the end of its total term; negative when it is passed."""
        finish, due_on = self.forecast.finish_on, self.total.due_on
        if finish is None or due_on is None:
            return None
        count = self.axis.calendar.count
        closed = self.axis.closed
        return count(finish, due_on, closed_days=closed) - count(due_on, finish, closed_days=closed)

    @property
    def agent_holds(self) -> bool:
        """Whether the mandate of the agent is in force on the day that is looked at."""
        agent = self.facts.agency and self.facts.agency.agent
        return agent is not None and agent.holds_on(self.today)

    @property
    def agent_days(self) -> int:
        """跟了几日."""
        return self.facts.agency.agent.days_until(self.today)

    @property
    def path(self) -> list[Row]:
        by_code = {row.code: row for row in self.rows}
        return [by_code[code] for code in self.forecast.critical_path]

    def gantt(self) -> Gantt:
        return draw_gantt(
            self.facts, self.rows, self.axis, self.today, self.total.due_on, self.forecast.critical_path
        )

    def flow(self) -> Flow:
        return draw_flow(self.facts, self.rows, self.forecast.critical_path)

    def stages(self) -> list[dict]:
        """For the table: each stage that applies, how it stands, and its rows."""
        return [
            {
                "stage": stage,
                "standing": stage_standing(stage, self.axis.calendar, self.today),
                "rows": [row for row in self.rows if row.now.stage == stage.number],
            }
            for stage in self.facts.stages
            if self.facts.of_stage(stage.number)
        ]


def board_of(facts: Facts, calendar: WorkCalendar, today: date) -> Board:
    """Pure: the facts of one project, and the day on which somebody looks at them."""
    forecast = expect(facts, calendar, today)
    begins = next((day for day in forecast.stages.values() if day is not None), None)
    total = total_of(facts, calendar, today, begins=begins)
    rows = tuple(row_of(facts, branch, forecast, calendar, today) for branch in facts.branches)
    drawn = [total.due_on, forecast.finish_on, today if facts.is_living else None]
    drawn += [day for row in rows for day in (row.due_on, row.expected.finish_on, row.expected.start_on)]
    drawn += [stage.due_on for stage in facts.stages]
    axis = axis_of(calendar, facts.closed, total.start_on or begins or today, drawn)
    return Board(facts, rows, forecast, total, axis, tuple(watched(facts, rows, calendar, today)), today)
