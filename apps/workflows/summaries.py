"""项目一行: the stage that a project is in, how far it has come, what falls due next. One statement for a page of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar
from apps.cases.clockface import SOON, Chip
from apps.cases.terms import remaining_words

from .models import Project, ProjectBranch
from .states import (
    STAGE_OVER,
    TO_SETTLE,
    UNSTARTED,
    Answer,
    BranchState,
    ProjectState,
    StageState,
)

B, S = BranchState, StageState
DATED = frozenset({S.DISPATCHED, S.RUNNING})
_FACTS = (
    "project", "name", "state", "answer", "answer_by", "case__due_on", "case__paused_since",
    "stage__number", "stage__name", "stage__state", "stage__accept_by", "stage__due_on",
    "notice__answer_by", "notice__answered_at", "notice__lapsed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """`next_due` is the chip of what falls due first, `about` says what that is; `warning` what stands still or is late."""

    stage: str
    done: int
    total: int
    next_due: Chip | None
    about: str
    warning: str


def summaries_of(projects: Sequence[Project], calendar: WorkCalendar, today: date) -> dict[int, Summary]:
    """By key of the project."""
    rows: dict[int, list[dict]] = {project.pk: [] for project in projects}
    found = ProjectBranch.objects.filter(project__in=rows).exclude(state=B.NOT_NEEDED)
    for row in found.order_by("project", "stage__number", "id").values(*_FACTS):
        rows[row["project"]].append(row)
    return {project.pk: _summary(project, rows[project.pk], calendar, today) for project in projects}


def _summary(project: Project, rows: list[dict], calendar: WorkCalendar, today: date) -> Summary:
    due = min(_dates(project, rows), default=None)
    return Summary(
        stage=_stage_now(project, rows),
        done=sum(row["state"] == B.GRANTED for row in rows),
        total=len(rows),
        next_due=_chip(due[0], calendar, today) if due else None,
        about=due[1] if due else "",
        warning=_warning(project, rows, today),
    )


def _stage_now(project: Project, rows: list[dict]) -> str:
    """The first stage that is not over; several may run at once."""
    going = [row for row in rows if row["stage__state"] not in STAGE_OVER]
    at_work = [row for row in going if row["stage__state"] != S.WAITING] or going
    if not at_work or not project.is_living:
        return project.get_state_display()
    first = at_work[0]
    return f"第{first['stage__number']}阶段 {first['stage__name']}（{S(first['stage__state']).label}）"


def _dates(project: Project, rows: list[dict]):
    if not project.is_living:
        return
    for row in rows:
        if row["state"] == B.OPEN and row["case__due_on"]:
            yield row["case__due_on"], row["name"]
        if _is_asked(row):
            yield row["answer_by"], f"{row['name']} 答复"
        if _is_told(row):
            yield row["notice__answer_by"], f"第{row['stage__number']}阶段申请人补正"
        if row["stage__state"] in (S.RECEIVED, S.DISPATCHED) and row["stage__accept_by"]:
            yield row["stage__accept_by"], f"第{row['stage__number']}阶段受理"
        if row["stage__state"] == S.RUNNING and row["stage__due_on"]:
            yield row["stage__due_on"], f"第{row['stage__number']}阶段办结"


def _is_asked(row: dict) -> bool:
    unanswered = row["answer"] == Answer.NONE and row["answer_by"] is not None
    return unanswered and row["state"] in UNSTARTED and row["stage__state"] in DATED


def _is_told(row: dict) -> bool:
    """Whether the applicant is asked for something, and has neither answered nor let it lapse."""
    waits = row["state"] in UNSTARTED and row["stage__state"] not in STAGE_OVER
    is_open = row["notice__answered_at"] is None and row["notice__lapsed_at"] is None
    return waits and row["notice__answer_by"] is not None and is_open


def _chip(due_on: date, calendar: WorkCalendar, today: date) -> Chip:
    words = remaining_words(calendar, due_on, today)
    if today > due_on:
        return Chip("bad", words)
    return Chip("warn" if calendar.count(today, due_on) <= SOON else "ok", words)


def _warning(project: Project, rows: list[dict], today: date) -> str:
    """Late and undecided branches in one short line."""
    if not project.is_living:
        return ""
    late = sum(
        row["state"] == B.OPEN and bool(row["case__due_on"]) and row["case__due_on"] < today for row in rows
    )
    settle = sum(row["state"] in TO_SETTLE and row["stage__state"] not in STAGE_OVER for row in rows)
    silent = sum(_is_asked(row) and row["answer_by"] < today for row in rows)
    paused = sum(row["state"] == B.OPEN and row["case__paused_since"] is not None for row in rows)
    parts = [(late, "项超期"), (settle, "项待牵头决定"), (silent, "项答复超期"), (paused, "项暂停")]
    told = [f"{number} {what}" for number, what in parts if number]
    told += ["等申请人补正"] if any(_is_told(row) for row in rows) else []
    words = "，".join(told)
    if project.state == ProjectState.CLOSING:
        return words or "已办结，待出件"
    return words
