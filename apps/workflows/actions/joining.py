"""汇合: what follows when a branch ends: successors open or are blocked, stages finish, stage clocks stop and go on.

All of it happens while the branches of the project are locked, so the last two branches of a stage finish it once, and
twenty prerequisites that end at one moment open their successor once.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from apps.accounts.models import User
from apps.cases import actions as cases
from apps.cases.models import CaseEvent
from apps.cases.states import Verb as CaseVerb
from apps.cases.terms import Pause, Term, elapsed

from ..models import Consultation, ProjectBranch, ProjectNotice, ProjectStage, StagePause
from ..prerequisites import needs_of
from ..states import (
    BEFORE_WORK,
    DONE_WITH,
    FALLEN,
    LIVING,
    STAGE_OVER,
    TO_SETTLE,
    UNDER_WAY,
    Answer,
    BranchState,
    ProjectState,
    StageState,
    Verb,
)
from .opening import openings_of
from .project_moves import Work, locked_all
from .reckoning import ACCEPTANCE_FIELDS, CLOCK_FIELDS, reckon_stage, run_acceptance

B, S = BranchState, StageState
ENDS = {
    CaseVerb.GRANTED: B.GRANTED,
    CaseVerb.REFUSED: B.REFUSED,
    CaseVerb.WITHDRAWN: B.WITHDRAWN,
    CaseVerb.LAPSED: B.WITHDRAWN,
    CaseVerb.TOLERANCE_LAPSED: B.WITHDRAWN,
    CaseVerb.TERMINATED: B.RETURNED,
}
STOPS = frozenset(
    {
        CaseVerb.PAUSED, CaseVerb.RESUMED, CaseVerb.ONE_RESUMED, CaseVerb.SURVEY_OPENED, CaseVerb.SURVEYED,
        CaseVerb.HEARING_ASKED, CaseVerb.HEARING_HELD,
    }
)  # fmt: skip
FOLLOWED = frozenset(ENDS) | STOPS
"""What happens to a case that its branch follows."""


def follow(events: Iterable[CaseEvent]) -> None:
    """What happened to the cases of branches, in the transaction in which it happened: the case is locked already."""
    by_case = {event.case_id: event for event in events}
    at = max(event.at for event in by_case.values())
    projects = ProjectBranch.objects.filter(case__in=list(by_case)).values("project")
    for work in locked_all(projects):
        for branch in work.branches:
            if branch.case_id in by_case:
                _follow(work, branch, by_case[branch.case_id])
        settle(work, at=at)
        work.tell()


def _follow(work: Work, branch: ProjectBranch, event: CaseEvent) -> None:
    case = event.case
    if event.verb in STOPS:
        work.change(branch, is_paused=case.paused_since is not None)
        return
    before, ended = branch.state, ENDS[event.verb]
    work.change(
        branch, state=ended, is_paused=False, finished_on=case.decided_on or timezone.localdate(event.at),
        was_refused=branch.was_refused or ended == B.REFUSED, reason=(event.reason or "")[:500],
    )  # fmt: skip
    work.note(
        Verb.BRANCH_ENDED, by=event.by, at=event.at, stage=branch.stage, branch=branch, before=before,
        after=branch.state, reason=branch.reason, facts={"case": case.number, "finished_on": branch.finished_on.isoformat()},
    )  # fmt: skip


def settle(work: Work, *, at: datetime) -> None:
    """汇合: brings a locked project to where its branches say it is. Asked twice, it does nothing more."""
    if work.project.state in LIVING:
        _block(work, at=at)
        _open(work, at=at)
        _finish(work, at=at)
    work.write()


def start_stage(
    work: Work,
    stage: ProjectStage,
    verb: Verb,
    accepted_on: date,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """The clock of a stage starts. What opens its branches is `settle`."""
    before, stage.state, stage.accepted_on = stage.state, S.RUNNING, accepted_on
    stage.is_deemed_accepted, stage.accept_by = verb == Verb.STAGE_DEEMED, None
    reckon_stage(stage, work.clock, [])
    stage.save(update_fields=["state", "accepted_on", "is_deemed_accepted", "accept_by", *CLOCK_FIELDS])
    facts = {
        "accepted_on": accepted_on.isoformat(),
        "days": stage.days,
        "due_on": stage.due_on and stage.due_on.isoformat(),
    }
    work.note(verb, by=by, at=at, stage=stage, before=before, after=stage.state, reason=reason, facts=facts)


def _is_ready(work: Work, branch: ProjectBranch) -> bool:
    """Whether a branch that waits may begin: its stage is accepted, what it waits for is done, its department said yes.

    A department that says nothing until the five days of art. 32(4) are over has accepted, by law (R4).
    """
    if branch.state != B.WAITING or branch.stage.state != S.RUNNING:
        return False
    return _has_what_it_needs(work, branch) and branch.answer == Answer.ACCEPT


def _block(work: Work, *, at: datetime) -> None:
    """受阻: what waits for a branch that fell waits in vain, at first or second hand; and no longer, once it is up again."""
    by_branch, needs = {one.branch_id: one for one in work.branches}, needs_of(work.project.version_id)
    blocked: dict[int, ProjectBranch] = {}
    again = True
    while again:
        again = False
        for branch in work.branches:
            if branch.state not in (B.WAITING, B.BLOCKED) or branch.pk in blocked:
                continue
            of = [by_branch[need] for need in needs.get(branch.branch_id, ())]
            cause = next((one for one in of if one.state in FALLEN or one.pk in blocked), None)
            if cause is not None:
                blocked[branch.pk], again = cause, True
    for branch in work.branches:
        if branch.pk in blocked and branch.state == B.WAITING:
            cause = blocked[branch.pk]
            work.change(branch, state=B.BLOCKED, reason=f"“{cause.name}”{cause.get_state_display()}")
            work.note(
                Verb.BRANCH_BLOCKED, by=None, at=at, stage=branch.stage, branch=branch, before=B.WAITING,
                after=B.BLOCKED, reason=branch.reason, facts={"by": cause.code},
            )  # fmt: skip
        elif branch.state == B.BLOCKED and branch.pk not in blocked:
            work.change(branch, state=B.WAITING, reason="")
            work.note(
                Verb.BRANCH_FREED, by=None, at=at, stage=branch.stage, branch=branch, before=B.BLOCKED, after=B.WAITING,
            )  # fmt: skip


def _open(work: Work, *, at: datetime) -> None:
    ready = [branch for branch in work.branches if _is_ready(work, branch)]
    if not ready:
        return
    openings = openings_of(work, ready)
    opened = cases.open_jointly([openings[branch.pk] for branch in ready], at=at, here=work.clock)
    for branch, case in zip(ready, opened, strict=True):
        work.change(branch, case=case, state=B.OPEN, opened_on=case.accepted_on)
        work.note(
            Verb.BRANCH_OPENED, by=None, at=at, stage=branch.stage, branch=branch, before=B.WAITING, after=B.OPEN,
            reason=openings[branch.pk].reason,
            facts={"case": case.number, "opened_on": case.accepted_on.isoformat(), "due_on": case.due_on and case.due_on.isoformat()},
        )  # fmt: skip


def _finish(work: Work, *, at: datetime) -> None:
    project, today = work.project, timezone.localdate(at)
    for stage in work.stages:
        branches = work.of_stage(stage)
        if any(one.is_told for one in branches):
            end_notices(stage, [one for one in branches if one.waits_for_papers], at=at)
        if stage.state == S.RUNNING and _is_through(branches):
            _finish_stage(work, stage, branches, at=at)
        elif stage.state in BEFORE_WORK:
            _without_work(work, stage, branches, at=at)
        if stage.state == S.RUNNING:
            _stop_or_go_on(work, stage, at=at)
        elif stage.state in STAGE_OVER:
            end_standstill(stage, on=today)
    applying = [
        stage for stage in work.stages if any(one.state != B.NOT_NEEDED for one in work.of_stage(stage))
    ]
    under_way = project.state in UNDER_WAY | {ProjectState.FILED}
    if under_way and applying and all(one.state in STAGE_OVER for one in applying):
        _finish_project(work, applying, at=at)


def end_standstill(stage: ProjectStage, *, on: date) -> None:
    """What is over does not stand still any more."""
    if stage.paused_since is not None:
        StagePause.objects.filter(stage=stage, to_on=None).update(to_on=on)
        stage.paused_since = None
        stage.save(update_fields=["paused_since"])


def _is_through(branches: list[ProjectBranch]) -> bool:
    """Everything has ended, and nothing is left that the lead has to decide about."""
    return all(branch.state in DONE_WITH or branch.state == B.WITHDRAWN for branch in branches)


def _finish_stage(work: Work, stage: ProjectStage, branches: list[ProjectBranch], *, at: datetime) -> None:
    granted = [branch for branch in branches if branch.state == B.GRANTED]
    days = [branch.finished_on for branch in branches if branch.finished_on is not None]
    stage.state = S.CLOSING if granted else S.WITHDRAWN
    stage.finished_on = max([stage.accepted_on, *days])
    stage.used_days = _used(work, stage)
    if not granted:
        stage.closed_on = stage.finished_on
    stage.save(update_fields=["state", "finished_on", "used_days", "closed_on"])
    facts = {"finished_on": stage.finished_on.isoformat(), "granted": [branch.code for branch in granted]}
    work.note(
        Verb.STAGE_FINISHED, by=None, at=at, stage=stage, before=S.RUNNING, after=stage.state, facts=facts
    )


def _used(work: Work, stage: ProjectStage) -> int:
    """用时: working days in (accepted, finished] without those in which the stage stood still (R22)."""
    pauses = stage.pauses.order_by("from_on", "id").values_list("from_on", "to_on")
    return elapsed(
        work.clock.calendar,
        stage.accepted_on,
        Term(stage.days, "workday"),
        stage.finished_on,
        pauses=[Pause(from_on, to_on, True, "") for from_on, to_on in pauses],
        closed_days=work.clock.closed_days,
    )


def _finish_project(work: Work, stages: list[ProjectStage], *, at: datetime) -> None:
    project, before = work.project, work.project.state
    if any(stage.state == S.CLOSING for stage in stages):
        project.state, verb = ProjectState.CLOSING, Verb.PROJECT_FINISHED
    else:
        project.state, project.closed_on = end_of(stages), timezone.localdate(at)
        verb = Verb.PROJECT_CLOSED
        end_rounds(work, at=at)
    project.save(update_fields=["state", "closed_on"])
    work.note(verb, by=None, at=at, before=before, after=project.state)


def end_of(stages: Iterable[ProjectStage]) -> ProjectState:
    """What a project comes to when all its stages are over, in whatever order they ended."""
    states = {stage.state for stage in stages}
    if S.REFUSED in states:
        return ProjectState.REFUSED
    return ProjectState.CLOSED if S.CLOSED in states else ProjectState.WITHDRAWN


def end_rounds(work: Work, *, at: datetime) -> None:
    """What was still asked of anybody ends with the project: the open notices, and the consultations."""
    for stage in work.stages:
        end_notices(stage, at=at)
    still = Consultation.objects.filter(project=work.project, state=Consultation.State.OPEN)
    for consultation in still.select_for_update().order_by("id"):
        consultation.state = Consultation.State.CALLED_OFF
        consultation.outcome = f"项目{work.project.get_state_display()}"
        consultation.save(update_fields=["state", "outcome"])
        work.note(Verb.CALLED_OFF, by=None, at=at, consultation=consultation, reason=consultation.outcome)


def end_notices(stage: ProjectStage, waiting: Iterable[ProjectBranch] = (), *, at: datetime) -> None:
    """A notice ends when no branch waits for its answer any more."""
    waited_for = {branch.notice_id for branch in waiting}
    ProjectNotice.objects.open().filter(stage=stage).exclude(pk__in=waited_for).update(lapsed_at=at)


def _without_work(work: Work, stage: ProjectStage, branches: list[ProjectBranch], *, at: datetime) -> None:
    """A stage that is not accepted yet: it ends when nothing of it can begin any more; and where nobody is to bring
    anything any more, the five days in which it has to be accepted begin anew (art. 32(4)).
    """
    applying = [branch for branch in branches if branch.state != B.NOT_NEEDED]
    nothing_left = all(branch.state == B.WITHDRAWN for branch in applying)
    if nothing_left and (applying or stage.state != S.WAITING):
        before, stage.state = stage.state, S.WITHDRAWN
        stage.closed_on, stage.accept_by = timezone.localdate(at), None
        stage.save(update_fields=["state", "closed_on", "accept_by"])
        work.note(Verb.STAGE_FINISHED, by=None, at=at, stage=stage, before=before, after=stage.state)
        return
    if stage.state == S.WAITING or stage.accept_by is not None:
        return
    if not ProjectNotice.objects.open().filter(stage=stage, is_anew=False).exists():
        run_acceptance(stage, work.clock, timezone.localdate(at))
        stage.save(update_fields=ACCEPTANCE_FIELDS)


def _stop_or_go_on(work: Work, stage: ProjectStage, *, at: datetime) -> None:
    """The stage clock stands still only while no branch of it runs (R20)."""
    runs = any(_runs(work, branch) for branch in work.of_stage(stage))
    if runs == (stage.paused_since is None):
        return
    today = timezone.localdate(at)
    if runs:
        StagePause.objects.filter(stage=stage, to_on=None).update(to_on=today)
        verb = Verb.STAGE_RESUMED
    else:
        StagePause.objects.create(stage=stage, from_on=today)
        verb = Verb.STAGE_PAUSED
    reckon_stage(stage, work.clock, list(stage.pauses.order_by("from_on", "id")))
    stage.save(update_fields=CLOCK_FIELDS)
    work.note(verb, by=None, at=at, stage=stage, facts={"due_on": stage.due_on and stage.due_on.isoformat()})


def _runs(work: Work, branch: ProjectBranch) -> bool:
    """At work, or waiting for nothing but the authority's own answer."""
    if branch.state == B.OPEN:
        return not branch.is_paused
    if branch.state != B.WAITING or not _has_what_it_needs(work, branch):
        return False
    return branch.answer != Answer.SUPPLEMENT or not branch.is_told


def _has_what_it_needs(work: Work, branch: ProjectBranch) -> bool:
    by_branch = {one.branch_id: one for one in work.branches}
    needs = needs_of(work.project.version_id).get(branch.branch_id, ())
    return all(by_branch[need].state in DONE_WITH for need in needs)


def has_to_be_settled(branches: Iterable[ProjectBranch]) -> list[ProjectBranch]:
    """待牵头部门决定: refused, returned, or blocked by such a one."""
    return [branch for branch in branches if branch.state in TO_SETTLE]
