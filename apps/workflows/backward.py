"""三个倒排: from the target day backwards, when each task must begin at the latest, and which are late already (D-26).

Pure: no database, no clock. The reckoning is the planner's; here tasks that nobody has begun start today at the
earliest, tasks that were begun have their remaining days before them, and tasks that are done are out of the way.

The planner promises nothing over a year whose notice is not out. A project that opens next year is planned all the
same: by the forecast of that year, and the plan says that it is provisional (暂估).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from apps.calendars.workdays import WorkCalendar

from .planning import Branch, NoCalendar, Plan, plan


@dataclass(frozen=True, slots=True)
class Task:
    """任务: `days` working days behind all of its prerequisites."""

    code: str
    name: str
    days: int
    owner: str
    after: tuple[str, ...] = ()
    begun_on: date | None = None
    finished_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the plan. The latest start is of what is not begun yet, the latest finish of what is not done."""

    task: Task
    latest_start_on: date | None
    latest_finish_on: date | None
    slack: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Backward:
    """倒排计划: the tasks in the order in which they were entered."""

    lines: tuple[Line, ...]
    planned_finish: date | None
    is_provisional: bool

    @property
    def late(self) -> list[str]:
        return [line.task.code for line in self.lines if line.is_late]

    def by_time(self) -> list[Line]:
        """倒排时间: what must begin first stands first; what was begun or done stands last."""
        return sorted(self.lines, key=lambda line: line.latest_start_on or date.max)

    def by_owner(self) -> dict[str, list[Line]]:
        """倒排责任: each owner's tasks, in time."""
        owners: dict[str, list[Line]] = {line.task.owner: [] for line in self.lines}
        for line in self.by_time():
            owners[line.task.owner].append(line)
        return owners


def planned_backward(
    calendar: WorkCalendar, tasks: Sequence[Task], *, target_on: date, today: date
) -> Backward:
    """Raises BrokenGraph for a circle, NoCalendar where not even a forecast reaches."""
    try:
        return _planned(calendar, tasks, target_on, today, is_provisional=False)
    except NoCalendar:
        known = replace(calendar, published=calendar.published | calendar.forecast, forecast=frozenset())
        return _planned(known, tasks, target_on, today, is_provisional=True)


def _planned(
    calendar: WorkCalendar, tasks: Sequence[Task], target_on: date, today: date, *, is_provisional: bool
) -> Backward:
    branches = [_branch(calendar, task, today) for task in tasks]
    found = plan(calendar, today, 0, branches, target_on=target_on, today=today)
    limits = _limits(tasks, found, target_on)
    late = set(found.late)
    lines = tuple(
        Line(
            task=task,
            latest_start_on=None
            if task.begun_on or task.finished_on
            else found.branches[task.code].latest_start_on,
            latest_finish_on=None if task.finished_on else limits[task.code],
            slack=None if task.finished_on else found.branches[task.code].slack,
            is_late=task.code in late or (task.finished_on is None and limits[task.code] < today),
        )
        for task in tasks
    )
    return Backward(lines, found.planned_finish, is_provisional)


def _branch(calendar: WorkCalendar, task: Task, today: date) -> Branch:
    """As the planner takes it: of a task that was begun, what is left of its days from today on; of one that is done,
    neither days nor what it waited for: done out of turn, it sets that no limit any more.
    """
    if task.finished_on is not None:
        return Branch(task.code, task.name, 0, finished_on=task.finished_on)
    days = task.days
    if task.begun_on is not None and task.begun_on < today:
        if not calendar.covers_all(task.begun_on, today):
            raise NoCalendar(task.code)
        days = max(days - calendar.count(task.begun_on, today), 0)
    return Branch(task.code, task.name, days, task.after)


def _limits(tasks: Sequence[Task], found: Plan, target_on: date) -> dict[str, date]:
    """The day by which each task must be done: the target, or the latest start of the first that waits for it."""
    limits = {task.code: target_on for task in tasks}
    for task in tasks:
        latest = found.branches[task.code].latest_start_on
        if latest is None or task.finished_on is not None:
            continue
        for need in task.after:
            limits[need] = min(limits[need], latest)
    return limits
