"""重点项目进展: what its page says of milestones, of the time of its green channel, and of the branches at two levels (D-29).

Read-only. The branches and their clocks are the engine's; here they are put side by side, the city's and the county's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar
from apps.points.models import Department, Level

from .backward import Backward, Task, planned_backward
from .graph import BrokenGraph
from .milestones import Budget, Elapsed, HalfDay, budget, elapsed, in_days
from .models import KeyMilestone, KeyProject, KeyTask, Project, ProjectBranch
from .planning import NoCalendar
from .states import DONE_WITH, BranchState


@dataclass(frozen=True, slots=True)
class Reached:
    """里程碑 in its place: how long after the signing, and after the one before it."""

    milestone: KeyMilestone
    since_signing: str
    since_last: str


@dataclass(frozen=True, slots=True)
class Channel:
    """绿色通道用时: until when, how much of it is used, and whether the permits came in time."""

    halves: int
    budget: Budget
    used: str
    left: str
    is_over: bool
    permitted: KeyMilestone | None


@dataclass(frozen=True, slots=True)
class Handled:
    """One branch, and who handles it."""

    branch: ProjectBranch
    by: str


@dataclass(frozen=True, slots=True)
class LevelBranches:
    """一级的分项, of all joint projects, with the figures of their states."""

    level: str
    rows: list[Handled]
    done: int
    under_way: int
    overdue: int


def in_time(milestones: Sequence[KeyMilestone]) -> list[KeyMilestone]:
    return sorted(milestones, key=lambda one: (one.when, one.pk))


def reached(
    calendar: WorkCalendar, milestones: Sequence[KeyMilestone], closed_days: frozenset[date]
) -> list[Reached]:
    rows, last = [], None
    ordered = in_time(milestones)
    signing = next((one for one in ordered if one.kind == KeyMilestone.Kind.SIGNED), None)
    for milestone in ordered:
        of_signing = last_words = ""
        if signing is not None and milestone.pk != signing.pk and milestone.when >= signing.when:
            of_signing = words_of(elapsed(calendar, signing.when, milestone.when, closed_days=closed_days))
        if last is not None:
            last_words = words_of(elapsed(calendar, last.when, milestone.when, closed_days=closed_days))
        rows.append(Reached(milestone, of_signing, last_words))
        last = milestone
    return rows


def words_of(found: Elapsed) -> str:
    """75 天（53 个工作日）; within one day 当天（0.5 个工作日）."""
    days = f"{found.days} 天" if found.days else "当天"
    return days if found.halves is None else f"{days}（{in_days(found.halves)} 个工作日）"


def channel_of(
    calendar: WorkCalendar,
    key_project: KeyProject,
    milestones: Sequence[KeyMilestone],
    closed_days: frozenset[date],
    now: HalfDay,
) -> Channel | None:
    """Measured to the half day in which the permits were complete, else to now."""
    begun = key_project.green_from
    if begun is None:
        return None
    kind = KeyMilestone.Kind.PERMITTED
    permitted = next((one for one in milestones if one.kind == kind and one.when >= begun), None)
    until = budget(calendar, begun, key_project.green_halves, closed_days=closed_days)
    end = permitted.when if permitted else max(now, begun)
    halves = elapsed(calendar, begun, end, closed_days=closed_days).halves
    left = None if halves is None else key_project.green_halves - halves
    return Channel(
        halves=key_project.green_halves,
        budget=until,
        used="" if halves is None else in_days(halves),
        left="" if left is None else in_days(abs(left)),
        is_over=end > until.until,
        permitted=permitted,
    )


def joint_projects(key_project: KeyProject, user) -> list[Project]:
    """Of those that belong to it the ones that this person may see."""
    return list(
        Project.objects.visible_to(user)
        .filter(key_project=key_project)
        .select_related("bundle", "point", "lead")
        .order_by("id")
    )


def by_level(projects: Sequence[Project], today: date) -> list[LevelBranches]:
    """City first, then county: each with its own branches, each of those with the clock of its own case."""
    rows = (
        ProjectBranch.objects.filter(project__in=projects)
        .exclude(state=BranchState.NOT_NEEDED)
        .select_related("project", "stage", "point", "department__point", "case")
        .defer("case__form", "project__form", "project__answers")
        .order_by("project_id", "stage__number", "id")
    )
    levels: dict[str, list[ProjectBranch]] = {}
    for row in rows:
        levels.setdefault(row.point.level, []).append(row)
    return [
        LevelBranches(
            level=Level(level).label,
            rows=[Handled(row, called(row.department)) for row in branches],
            done=sum(row.state in DONE_WITH for row in branches),
            under_way=sum(row.state == BranchState.OPEN for row in branches),
            overdue=sum(is_overdue(row, today) for row in branches),
        )
        for level, branches in sorted(levels.items())
    ]


def is_overdue(branch: ProjectBranch, on: date) -> bool:
    """Past the promise of its own case; a case that stands still has no date to be past."""
    due_on = branch.case.due_on if branch.case_id else None
    return branch.state == BranchState.OPEN and due_on is not None and due_on < on


def called(department: Department | None) -> str:
    """A department with its place, where its own name does not say it."""
    if department is None:
        return "综合窗口"
    region, name = department.point.region, department.name
    return name if name.startswith(region) else f"{region}{name}"


def tasks_of(key_project: KeyProject) -> list[KeyTask]:
    return list(
        key_project.tasks.select_related("department__point").prefetch_related("needs").order_by("id")
    )


def backward_of(
    calendar: WorkCalendar, tasks: Sequence[KeyTask], target_on: date | None, today: date
) -> tuple[Backward | None, str]:
    """The plan, or why there is none."""
    if target_on is None or not tasks:
        return None, ""
    facts = [
        Task(
            code=one.code,
            name=one.name,
            days=one.days,
            owner=one.owner,
            after=tuple(sorted(need.code for need in one.needs.all())),
            begun_on=one.begun_on,
            finished_on=one.finished_on,
        )
        for one in tasks
    ]
    try:
        return planned_backward(calendar, facts, target_on=target_on, today=today), ""
    except (BrokenGraph, NoCalendar) as refusal:
        return None, str(refusal)
