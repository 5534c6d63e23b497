"""期限 of projects, stored and reckoned from their facts: acceptance, answer, supplement, and the clock of a stage.

Each date stands beside the day from which it runs, so that a change of the calendar moves it as it moves those of a case.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from apps.cases.actions.clocks import HallClock
from apps.cases.models import CalendarAmendment
from apps.cases.terms import Pause, Term, day_words, lengthened

from ..models import ProjectBranch, ProjectNotice, ProjectStage, StagePause
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


def run_answer(branch: ProjectBranch, clock: HallClock, since: date, days: int) -> None:
    """答复期限 of a department: the working days of the bundle, from dispatch, supplement or another scheme."""
    branch.answer_since, branch.answer_by = since, clock.workdays_after(since, days)


def notice_ends(clock: HallClock, sent_at: datetime) -> date:
    """补正期限 of the applicant (setting of the hall)."""
    return clock.days_after(timezone.localdate(sent_at), clock.rules.supplement_days)


def put_right(work: Work, *, at: datetime, cause: str = "", source: str = "") -> int:
    """重算期限 of a locked project by the calendar of today; whoever acts because a date has passed asks first. Returns how
    many stages moved."""
    by_stage = {stage.pk: stage for stage in _with_what_runs([stage.pk for stage in work.stages])}
    moved = 0
    for stage in work.stages:
        read = by_stage[stage.pk]
        changes = _stage(stage, work.clock, list(read.pauses.all()))
        branches = [branch for branch in work.of_stage(stage) if branch.awaits_answer]
        others = _branches(branches, work.clock, work.project.version.answer_days)
        notices = _notices(read.notices.all(), work.clock)
        if not (changes or others or notices):
            continue
        moved += 1
        stage.save(update_fields=[*CLOCK_FIELDS, *ACCEPTANCE_FIELDS])
        for row in (*others, *notices):
            row.save(update_fields=["answer_by"])
        work.note(
            Verb.RECOMPUTED, by=None, at=at, stage=stage, reason=_said(changes, others, notices, cause, source),
            facts={"moved": _stored(changes), "branches": {row.code: _stored(pair) for row, pair in others.items()},
                   "notices": {str(row.pk): _stored(pair) for row, pair in notices.items()}},
        )  # fmt: skip
    return moved


def reckon_stages(*, at: datetime, amendment: CalendarAmendment | None = None) -> int:
    """期限核对, after every change of the calendar and every night. Returns how many stages moved.

    Read without locks, many at a time; only what differs is locked, and reckoned once more.
    """
    cause, source = (amendment.what, amendment.source) if amendment else ("", "")
    clocks: dict[str, HallClock] = {}
    differing = {}
    for stage in _with_what_runs().order_by("project", "number").iterator(chunk_size=500):
        path = stage.project.path
        clock = clocks.get(path) or clocks.setdefault(path, HallClock(path))
        if any(_differences(stage, clock)):
            differing[stage.project_id] = True
    return sum(_reckon(project, at=at, cause=cause, source=source) for project in differing)


@transaction.atomic
def _reckon(project: int, *, at: datetime, cause: str, source: str) -> int:
    work = locked(project)
    moved = put_right(work, at=at, cause=cause, source=source)
    work.tell()
    return moved


def _with_what_runs(pks: Iterable[int] | None = None) -> QuerySet[ProjectStage]:
    """Stages whose dates still move, or those that are named, with all that their dates are reckoned from."""
    stages = ProjectStage.objects.select_related("project__version")
    if pks is None:
        stages = stages.filter(state__in=values_of(BEFORE_WORK - {StageState.WAITING} | {StageState.RUNNING}))
    else:
        stages = stages.filter(pk__in=list(pks))
    waiting = ProjectBranch.objects.exclude(answer_by=None).filter(answer="")
    return stages.prefetch_related(
        Prefetch("pauses", StagePause.objects.order_by("from_on", "id")),
        Prefetch("notices", ProjectNotice.objects.open()),
        Prefetch("branches", waiting.order_by("id")),
    )


def _differences(stage: ProjectStage, clock: HallClock) -> Iterator[Mapping]:
    yield _stage(stage, clock, list(stage.pauses.all()))
    waiting = [branch for branch in stage.branches.all() if branch.awaits_answer]
    yield _branches(waiting, clock, stage.project.version.answer_days)
    yield _notices(stage.notices.all(), clock)


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
        run_answer(branch, clock, branch.answer_since, days)
        if branch.answer_by != before:
            found[branch] = {"answer_by": (before, branch.answer_by)}
    return found


def _notices(notices: Iterable[ProjectNotice], clock: HallClock) -> dict[ProjectNotice, Changes]:
    found: dict[ProjectNotice, Changes] = {}
    for notice in notices:
        before, notice.answer_by = notice.answer_by, notice_ends(clock, notice.sent_at)
        if notice.answer_by != before:
            found[notice] = {"answer_by": (before, notice.answer_by)}
    return found


def _said(changes: Changes, branches: Mapping, notices: Mapping, cause: str, source: str) -> str:
    words = [f"{WORDS[name]}{_change(*pair)}" for name, pair in changes.items() if name in WORDS]
    words += [f"“{branch.name}”答复期限{_change(*pair['answer_by'])}" for branch, pair in branches.items()]
    words += [f"补正期限{_change(*pair['answer_by'])}" for pair in notices.values()]
    found = f"因{cause or '工作日历变动'}，{'；'.join(words) or '日历已可推算'}。"
    return f"{found}依据：{source}。" if source else found


def _change(before: date | None, after: date | None) -> str:
    if before is None:
        return f"定为{day_words(after)}"
    return f"由{day_words(before)}改为{day_words(after)}" if after else f"原为{day_words(before)}，暂不能确定"


def _stored(changes: Mapping[str, tuple]) -> dict[str, list]:
    return {
        name: [value.isoformat() if isinstance(value, date) else value for value in pair]
        for name, pair in changes.items()
    }
