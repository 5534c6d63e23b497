"""期限 of projects, stored and reckoned from their facts: acceptance, answer, supplement, and the clock of a stage.

Each date stands beside the day from which it runs, so that a change of the calendar moves it as it moves those of a case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from apps.cases.actions.clocks import HallClock
from apps.cases.models import CalendarAmendment
from apps.cases.terms import Pause, Term, day_words, lengthened

from ..models import BundleVersion, ProjectBranch, ProjectNotice, ProjectStage, StagePause
from ..states import BEFORE_WORK, StageState, Verb, values_of
from .project_moves import Work, locked

CLOCK_FIELDS = ["due_on", "statutory_due_on", "calendar_missing", "paused_since"]
ACCEPTANCE_FIELDS = ["accept_since", "accept_by"]
TERM_FIELDS = ["answer_since", "answer_by"]
WORDS = {"accept_by": "受理期限", "due_on": "承诺办结日", "statutory_due_on": "法定办结日"}
Changes = dict[str, tuple[Any, Any]]


def reckon_stage(stage: ProjectStage, clock: HallClock, pauses: list[StagePause]) -> None:
    """阶段时限: the committed days of the bundle and the ceiling of art. 42(2); both stand still while no branch runs (R20)."""
    stops = [Pause(pause.from_on, pause.to_on, True, "") for pause in pauses]
    stage.paused_since = next((pause.from_on for pause in pauses if pause.to_on is None), None)
    found = [
        lengthened(
            clock.calendar, stage.accepted_on, Term(days, "workday"), Term(stage.extension_days, "workday"),
            pauses=stops, statutory=False, closed_days=clock.closed_days,
        ).due
        for days in (stage.days, stage.legal_days)
    ]  # fmt: skip
    stage.due_on, stage.statutory_due_on = (due and due.on for due in found)
    stage.calendar_missing = any(due is not None and due.on is None for due in found)


def run_acceptance(stage: ProjectStage, clock: HallClock, since: date) -> None:
    """受理期限 (art. 32(4)): five working days, from the receipt or from the last paper that was asked for."""
    stage.accept_since, stage.accept_by = since, clock.workdays_after(since, clock.rules.notice_days)


def run_answer(branches: Iterable[ProjectBranch], clock: HallClock, since: date, days: int) -> date:
    """答复期限 of the departments: the working days of the bundle, from dispatch, supplement or another scheme. Returns its end."""
    answer_by = clock.workdays_after(since, days)
    for branch in branches:
        branch.answer_since, branch.answer_by = since, answer_by
    return answer_by


def notice_ends(clock: HallClock, sent_at: datetime) -> date:
    """补正期限 of the applicant (setting of the hall)."""
    return clock.days_after(timezone.localdate(sent_at), clock.rules.supplement_days)


def put_right(work: Work, *, at: datetime, cause: str = "", source: str = "") -> int:
    """重算期限 of a locked project by the calendar of today; whoever acts because a date has passed asks first. Returns how
    many stages moved."""
    read = {one.pk: one for one in _runs_and_stands(ProjectStage.objects.filter(project=work.project))}
    moved = 0
    for stage in work.stages:
        found = _reckoned(stage, work.of_stage(stage), work.clock, work.project.version, facts=read[stage.pk])
        if not found:
            continue
        moved += 1
        stage.save(update_fields=[*CLOCK_FIELDS, *ACCEPTANCE_FIELDS])
        for row in (*found.branches, *found.notices):
            row.save(update_fields=["answer_by"])
        work.note(
            Verb.RECOMPUTED,
            by=None,
            at=at,
            stage=stage,
            reason=found.words(cause, source),
            facts=found.stored(),
        )
    return moved


def reckon_stages(*, at: datetime, amendment: CalendarAmendment | None = None) -> int:
    """期限核对, after every change of the calendar and every night. Returns how many stages moved.

    Read without locks, many at a time; only what differs is locked, and reckoned once more.
    """
    cause, source = (amendment.what, amendment.source) if amendment else ("", "")
    clocks: dict[str, HallClock] = {}
    differing = {}
    moving = ProjectStage.objects.filter(
        state__in=values_of(BEFORE_WORK - {StageState.WAITING} | {StageState.RUNNING})
    )
    asked = ProjectBranch.objects.exclude(answer_by=None).filter(answer="").order_by("id")
    stages = (
        _runs_and_stands(moving)
        .select_related("project__version")
        .prefetch_related(Prefetch("branches", asked))
    )
    for stage in stages.order_by("project", "number").iterator(chunk_size=500):
        project = stage.project
        clock = clocks.get(project.path) or clocks.setdefault(project.path, HallClock(project.path))
        if _reckoned(stage, stage.branches.all(), clock, project.version, facts=stage):
            differing[project.pk] = True
    return sum(_reckon(project, at=at, cause=cause, source=source) for project in differing)


@transaction.atomic
def _reckon(project: int, *, at: datetime, cause: str, source: str) -> int:
    work = locked(project)
    moved = put_right(work, at=at, cause=cause, source=source)
    work.tell()
    return moved


def _runs_and_stands(stages: QuerySet[ProjectStage]) -> QuerySet[ProjectStage]:
    """Stages with their standstills and the notices that are still to be answered."""
    return stages.prefetch_related(
        Prefetch("pauses", StagePause.objects.order_by("from_on", "id")),
        Prefetch("notices", ProjectNotice.objects.open()),
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """What the calendar moves in one stage: its own dates, those by which departments answer, and those of the notices."""

    stage: Changes
    branches: dict[ProjectBranch, Changes]
    notices: dict[ProjectNotice, Changes]

    def __bool__(self) -> bool:
        return bool(self.stage or self.branches or self.notices)

    def words(self, cause: str, source: str) -> str:
        words = [f"{WORDS[name]}{_change(*pair)}" for name, pair in self.stage.items() if name in WORDS]
        words += [f"“{row.name}”答复期限{_change(*pair['answer_by'])}" for row, pair in self.branches.items()]
        words += [f"补正期限{_change(*pair['answer_by'])}" for pair in self.notices.values()]
        found = f"因{cause or '工作日历变动'}，{'；'.join(words) or '日历已可推算'}。"
        return f"{found}依据：{source}。" if source else found

    def stored(self) -> dict[str, dict]:
        return {
            "moved": _stored(self.stage),
            "branches": {row.code: _stored(pair) for row, pair in self.branches.items()},
            "notices": {str(row.pk): _stored(pair) for row, pair in self.notices.items()},
        }


def _reckoned(
    stage: ProjectStage,
    branches: Iterable[ProjectBranch],
    clock: HallClock,
    version: BundleVersion,
    *,
    facts: ProjectStage,
) -> Moved:
    """Sets every date of a stage that still runs as the calendar has it, and says which are others now. `facts` is the same
    stage as it was read with its standstills and notices."""
    return Moved(
        _stage(stage, clock, list(facts.pauses.all())),
        _branches([branch for branch in branches if branch.awaits_answer], clock, version.answer_days),
        _notices(facts.notices.all(), clock),
    )


def _stage(stage: ProjectStage, clock: HallClock, pauses: list[StagePause]) -> Changes:
    before = {name: getattr(stage, name) for name in (*WORDS, "calendar_missing")}
    if stage.state == StageState.RUNNING:
        reckon_stage(stage, clock, pauses)
    elif stage.accept_by is not None:
        run_acceptance(stage, clock, stage.accept_since)
    return {name: (was, getattr(stage, name)) for name, was in before.items() if was != getattr(stage, name)}


def _branches(branches: Iterable[ProjectBranch], clock: HallClock, days: int) -> dict[ProjectBranch, Changes]:
    found: dict[ProjectBranch, Changes] = {}
    for branch in branches:
        before = branch.answer_by
        run_answer([branch], clock, branch.answer_since, days)
        if branch.answer_by != before:
            found[branch] = {"answer_by": (before, branch.answer_by)}
    return found


def _notices(notices: Iterable[ProjectNotice], clock: HallClock) -> dict[ProjectNotice, Changes]:
    """The applicant keeps the day that was told: a calendar gives more time, and never less."""
    found: dict[ProjectNotice, Changes] = {}
    for notice in notices:
        before, ends = notice.answer_by, notice_ends(clock, notice.sent_at)
        if ends > before:
            notice.answer_by = ends
            found[notice] = {"answer_by": (before, ends)}
    return found


def _change(before: date | None, after: date | None) -> str:
    if before is None:
        return f"定为{day_words(after)}"
    return f"由{day_words(before)}改为{day_words(after)}" if after else f"原为{day_words(before)}，暂不能确定"


def _stored(changes: Mapping[str, tuple]) -> dict[str, list]:
    return {
        name: [value.isoformat() if isinstance(value, date) else value for value in pair]
        for name, pair in changes.items()
    }
