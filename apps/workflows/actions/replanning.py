"""调整: what the lead and the applicant can do when a branch fell. Nobody but its department decides a branch."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.cases import actions as cases
from apps.cases.states import RUNNING
from apps.cases.terms import last_day

from ..models import BranchAttempt, Project, ProjectBranch, ProjectStage
from ..prerequisites import needs_of
from ..states import AT_WORK, BEFORE_WORK, Answer, BranchState, ProjectState, StageState, Verb
from .editing import NotAllowed
from .joining import end_notices, end_rounds, end_standstill, has_to_be_settled, settle
from .laying_out import lay_matrix
from .project_moves import (
    Incomplete,
    Work,
    locked,
    may_move,
    must_lead,
    needs_words,
    speaks_for_applicant,
    with_cases,
)
from .reckoning import CLOCK_FIELDS, reckon_stage, run_answer

B = BranchState


@transaction.atomic
def reopen(branch: ProjectBranch, *, why: str, by: User, at: datetime) -> ProjectBranch:
    """调整方案重办 (4.2 step 7): by the lead, with another scheme. The refusal stands; the department decides anew, in a new case."""
    work = locked(branch.project_id)
    branch = work.branch(branch.pk)
    must_lead(by, work.project, branch.stage)
    why = needs_words(why, "请写明方案作了哪些调整。")
    _stage_is_at_work(work, branch)
    if branch.state not in (B.REFUSED, B.RETURNED, B.WITHDRAWN):
        raise NotAllowed(f"“{branch.name}”现在是“{branch.get_state_display()}”，不需要重办。")
    today, clock = timezone.localdate(at), work.clock
    BranchAttempt.objects.create(
        branch=branch, number=branch.attempt, case=branch.case, state=branch.state,
        opened_on=branch.opened_on, finished_on=branch.finished_on,
    )  # fmt: skip
    before, branch.state = branch.state, B.WAITING
    branch.attempt += 1
    branch.case = branch.opened_on = branch.finished_on = None
    branch.answer, branch.answered_at, branch.answered_by, branch.wants = Answer.NONE, None, None, ""
    branch.notice, branch.is_answer_late, branch.reason = None, False, ""
    branch.complete_on = today
    run_answer([branch], clock, today, work.project.version.answer_days)
    branch.save()
    branch.wishes.filter(notice=None).delete()  # of the scheme before
    work.note(
        Verb.BRANCH_REOPENED, by=by, at=at, stage=branch.stage, branch=branch, before=before, after=branch.state,
        reason=why, facts={"attempt": branch.attempt},
    )  # fmt: skip
    settle(work, at=at)
    work.tell()
    return branch


@transaction.atomic
def leave_out(branch: ProjectBranch, *, why: str, by: User, at: datetime) -> ProjectBranch:
    """去掉分项: not needed after all, with a reason. What was once refused stays refused: that is no way around it."""
    work = locked(branch.project_id)
    branch = work.branch(branch.pk)
    must_lead(by, work.project, branch.stage)
    why = needs_words(why, f"请写明不办“{branch.name}”的理由。")
    if branch.was_refused:
        raise NotAllowed("这个分项曾被不予许可，只能由原部门重新决定，不能改为“不需要办”。")
    if branch.state not in (B.WAITING, B.BLOCKED, B.WITHDRAWN, B.RETURNED):
        raise NotAllowed(f"“{branch.name}”现在是“{branch.get_state_display()}”，不能去掉。")
    if work.project.state not in (ProjectState.CONFIRMED, ProjectState.RUNNING):
        raise NotAllowed(f"项目现在是“{work.project.get_state_display()}”，不能调整分项。")
    if not any(one.state != B.NOT_NEEDED for one in work.branches if one.pk != branch.pk):
        raise NotAllowed("至少要留下一个分项；整个项目不办的，请撤回项目。")
    before, branch.state, branch.reason = branch.state, B.NOT_NEEDED, why
    branch.finished_on = timezone.localdate(at)  # whoever waited for it could not begin before this day (R20)
    branch.save(update_fields=["state", "reason", "finished_on"])
    lay_matrix(work)
    work.note(
        Verb.DROPPED,
        by=by,
        at=at,
        stage=branch.stage,
        branch=branch,
        before=before,
        after=branch.state,
        reason=why,
    )
    settle(work, at=at)
    work.tell()
    return branch


@transaction.atomic
def take_in(branch: ProjectBranch, *, why: str, by: User, at: datetime) -> ProjectBranch:
    """补列分项: a branch that turns out to be needed, as long as its stage has not been handed in."""
    work = locked(branch.project_id)
    branch = work.branch(branch.pk)
    must_lead(by, work.project, branch.stage)
    why = needs_words(why, f"请写明为什么要办“{branch.name}”。")
    if branch.state != B.NOT_NEEDED:
        raise NotAllowed(f"“{branch.name}”已在清单里。")
    if branch.stage.state != StageState.WAITING or work.project.state not in (
        ProjectState.FILED, ProjectState.CONFIRMED, ProjectState.RUNNING,
    ):  # fmt: skip
        raise NotAllowed(f"{branch.stage}已经收件，不能再增加分项。")
    begun = _begun_behind(work, branch)
    if begun:
        raise NotAllowed(f"“{begun[0].name}”要等它的结果，但已经开办，不能再补列。")
    branch.state, branch.reason, branch.finished_on = B.WAITING, "", None
    branch.save(update_fields=["state", "reason", "finished_on"])
    lay_matrix(work)
    work.note(
        Verb.TAKEN_IN,
        by=by,
        at=at,
        stage=branch.stage,
        branch=branch,
        before=B.NOT_NEEDED,
        after=branch.state,
        reason=why,
    )
    settle(work, at=at)
    work.tell()
    return branch


@transaction.atomic
def withdraw_branch(branch: ProjectBranch, *, why: str, by: User, at: datetime) -> ProjectBranch:
    """撤回分项 (4.2 step 9): at the applicant's wish; what waits for it is blocked."""
    why = needs_words(why, "请写明撤回的原因。")
    work = with_cases(branch.project)
    branch = work.branch(branch.pk)
    _may_withdraw(work.project, by)
    if work.project.state not in (ProjectState.FILED, ProjectState.CONFIRMED, ProjectState.RUNNING):
        raise NotAllowed(f"项目现在是“{work.project.get_state_display()}”，不能撤回分项。")
    if branch.state == B.OPEN:
        work.note(Verb.BRANCH_WITHDRAWN, by=by, at=at, stage=branch.stage, branch=branch, reason=why)
        work.tell()
        cases.withdraw(branch.case, reason=why, by=by, at=at)  # the branch follows its case
        branch.refresh_from_db()
        return branch
    if branch.state not in (B.WAITING, B.BLOCKED):
        raise NotAllowed(f"“{branch.name}”现在是“{branch.get_state_display()}”，不能撤回。")
    before, branch.state, branch.reason = branch.state, B.WITHDRAWN, why
    branch.finished_on = timezone.localdate(at)
    branch.save(update_fields=["state", "reason", "finished_on"])
    work.note(
        Verb.BRANCH_WITHDRAWN,
        by=by,
        at=at,
        stage=branch.stage,
        branch=branch,
        before=before,
        after=branch.state,
        reason=why,
    )
    settle(work, at=at)
    work.tell()
    return branch


@transaction.atomic
def withdraw_project(project: Project, *, why: str, by: User, at: datetime) -> Project:
    """撤回项目: all that is not decided yet is withdrawn; what was decided stays decided."""
    why = needs_words(why, "请写明撤回的原因。")
    work = with_cases(project)
    may_move(work.project, Verb.WITHDRAWN)
    _may_withdraw(work.project, by)
    today, before = timezone.localdate(at), work.project.state
    project = work.project
    project.state, project.closed_on = ProjectState.WITHDRAWN, today
    project.save(update_fields=["state", "closed_on"])
    for stage in work.stages:
        if stage.state in BEFORE_WORK | AT_WORK:
            _end(stage, StageState.WITHDRAWN, at=at)
    for branch in work.branches:
        if branch.state in (B.WAITING, B.BLOCKED):
            branch.state, branch.reason, branch.finished_on = B.WITHDRAWN, why, today
            branch.save(update_fields=["state", "reason", "finished_on"])
    work.note(Verb.WITHDRAWN, by=by, at=at, before=before, after=project.state, reason=why)
    end_rounds(work, at=at)
    work.tell()
    _end_cases(work, cases.withdraw, why, by=by, at=at)
    return project


@transaction.atomic
def end_stage(stage: ProjectStage, *, why: str, by: User, at: datetime) -> ProjectStage:
    """终止阶段 (4.2 step 7): by the lead, where a branch was refused or returned; the others get 终止办理."""
    why = needs_words(why, "请写明终止这一阶段的理由。")
    work = with_cases(stage.project)
    stage = work.stage(stage.pk)
    must_lead(by, work.project, stage)
    if stage.state not in (StageState.DISPATCHED, StageState.RUNNING):
        raise NotAllowed(f"{stage}现在是“{stage.get_state_display()}”，不能终止。")
    branches = work.of_stage(stage)
    if not has_to_be_settled(branches):
        raise NotAllowed("这一阶段没有不予许可或退回的分项，不能终止。")
    before = stage.state
    _end(stage, StageState.REFUSED, at=at)
    for branch in branches:
        if branch.state in (B.WAITING, B.BLOCKED):
            branch.state, branch.reason = B.RETURNED, f"阶段终止：{why}"[:500]
            branch.finished_on = timezone.localdate(at)
            branch.save(update_fields=["state", "reason", "finished_on"])
    end_notices(stage, at=at)
    work.note(Verb.STAGE_ENDED, by=by, at=at, stage=stage, before=before, after=stage.state, reason=why)
    work.tell()
    _end_cases(work, cases.terminate, f"并联审批阶段终止：{why}", by=by, at=at, only=stage)
    work = locked(stage.project_id)
    settle(work, at=at)  # blocks what waits for this stage
    _end_what_is_blocked(work, why, at=at)
    settle(work, at=at)
    work.tell()
    return work.stage(stage.pk)


@transaction.atomic
def extend_stage(stage: ProjectStage, *, days: int, reason: str, by: User, at: datetime) -> ProjectStage:
    """阶段延期 (行政许可法 42(2)): at most 15 working days, approved by the head of the government before the last day; once."""
    work = locked(stage.project_id)
    stage = work.stage(stage.pk)
    reason = needs_words(reason, "请写明延期的理由，将书面告知申请人。")
    if stage.state != StageState.RUNNING:
        raise NotAllowed(f"{stage}现在是“{stage.get_state_display()}”，不能延期。")
    if stage.extension_days:
        raise NotAllowed("这一阶段已经延期，只能延期一次。")
    today, most = timezone.localdate(at), work.project.version.extension_days
    if stage.due_on is not None and today > stage.due_on:
        raise NotAllowed(f"承诺办结的截止日{last_day(stage.due_on)}已过，不能再延期。")
    if not 1 <= days <= most:
        sentence = f"请填写延长的天数，1至{most}个工作日。"
        raise Incomplete(sentence, {"days": sentence})
    stage.extension_days, stage.extended_on = days, today
    reckon_stage(stage, work.clock, list(stage.pauses.order_by("from_on", "id")))
    stage.save(update_fields=["extension_days", "extended_on", *CLOCK_FIELDS])
    facts = {"days": days, "due_on": stage.due_on and stage.due_on.isoformat()}
    work.note(Verb.STAGE_EXTENDED, by=by, at=at, stage=stage, reason=reason, facts=facts)
    work.tell()
    return stage


def _begun_behind(work: Work, branch: ProjectBranch) -> list[ProjectBranch]:
    """Who waits for its result by the bundle, and began without it."""
    needs = needs_of(work.project.version_id)
    behind = [one for one in work.branches if branch.branch_id in needs.get(one.branch_id, ())]
    return [one for one in behind if one.state in (B.OPEN, B.GRANTED, B.REFUSED)]


def _stage_is_at_work(work: Work, branch: ProjectBranch) -> None:
    if branch.stage.state not in (StageState.DISPATCHED, StageState.RUNNING):
        raise NotAllowed(f"{branch.stage}现在是“{branch.stage.get_state_display()}”，不能重办分项。")


def _may_withdraw(project: Project, by: User) -> None:
    """The applicant, whoever acts for it, the lead, or the counter at the applicant's written wish."""
    if not speaks_for_applicant(by, project):
        raise NotAllowed("只有申请人、受理窗口或牵头部门可以撤回。")


def _end(stage: ProjectStage, state: str, *, at: datetime) -> None:
    stage.state, stage.closed_on, stage.accept_by = state, timezone.localdate(at), None
    stage.save(update_fields=["state", "closed_on", "accept_by"])
    end_standstill(stage, on=stage.closed_on)


def _end_cases(
    work: Work, end, why: str, *, by: User, at: datetime, only: ProjectStage | None = None
) -> None:
    """What runs in the branches is ended case by case; each branch follows its own."""
    for branch in work.branches:
        if (
            branch.state == B.OPEN
            and (only is None or branch.stage_id == only.pk)
            and branch.case.status in RUNNING
        ):
            end(branch.case, reason=why, by=by, at=at)


def _end_what_is_blocked(work: Work, why: str, *, at: datetime) -> None:
    """Later stages in which nothing can begin any more end with this one."""
    for stage in work.stages:
        branches = [branch for branch in work.of_stage(stage) if branch.state != B.NOT_NEEDED]
        hopeless = branches and all(
            branch.state in (B.BLOCKED, B.RETURNED, B.WITHDRAWN) for branch in branches
        )
        if stage.state == StageState.WAITING and hopeless:
            _end(stage, StageState.REFUSED, at=at)
