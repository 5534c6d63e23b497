"""到期处理: what falls due without anybody's act. Run as often and by as many workers as may be, a missed night is caught up."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.cases.terms import last_day

from ..models import ProjectBranch, ProjectNotice, ProjectStage
from ..states import UNSTARTED, Answer, BranchState, StageState, Verb, values_of
from .dispatching import dispatch_within
from .joining import settle, start_stage
from .project_moves import Work, locked
from .reckoning import put_right

B, S = BranchState, StageState
DEEMED = "到截止日没有答复，依《行政许可法》第三十二条视为同意受理"


def deem_stages(*, at: datetime) -> int:
    """逾期视为受理 (art. 32(4), R4): a package that nobody answered in five working days is accepted since its receipt."""
    today = timezone.localdate(at)
    late = ProjectStage.objects.filter(state__in=[S.RECEIVED, S.DISPATCHED], accept_by__lt=today)
    return sum(
        _deem_stage(*row, at=at) for row in late.order_by("accept_by", "id").values_list("project", "pk")
    )


def note_late_answers(*, at: datetime) -> int:
    """答复逾期: noted once; past the five days of art. 32(4) the department has accepted by law, and the branch can begin."""
    today = timezone.localdate(at)
    late = ProjectBranch.objects.filter(
        Q(answer=Answer.NONE) | Q(answer=Answer.SUPPLEMENT, notice=None),
        answer_by__lt=today,
        state__in=values_of(UNSTARTED),
    )
    running = late.filter(stage__state__in=[S.DISPATCHED, S.RUNNING])
    projects = running.order_by("project").values_list("project", flat=True).distinct()
    return sum(_note_late(project, today, at=at) for project in projects)


def lapse_notices(*, at: datetime) -> int:
    """补正逾期: what was asked for did not come; the branches that asked count as withdrawn (视为撤回)."""
    today = timezone.localdate(at)
    late = ProjectNotice.objects.filter(answered_at=None, lapsed_at=None, answer_by__lt=today)
    return sum(_lapse(*row, at=at) for row in late.order_by("id").values_list("stage__project", "pk"))


def _locked_and_right(project: int, *, at: datetime) -> Work:
    """A date that has passed was stored; by a calendar signed meanwhile it may not have passed yet."""
    work = locked(project)
    put_right(work, at=at)
    return work


@transaction.atomic
def _deem_stage(project: int, pk: int, *, at: datetime) -> int:
    work = _locked_and_right(project, at=at)
    stage, today = work.stage(pk), timezone.localdate(at)
    if stage.state not in (S.RECEIVED, S.DISPATCHED) or stage.accept_by is None or stage.accept_by >= today:
        work.tell()
        return 0
    ended = stage.accept_by
    if stage.state == S.RECEIVED:
        dispatch_within(work, stage, by=None, at=at)
    told = stage.notices.filter(is_anew=False)  # the package of the stage, not that of a branch taken up anew
    days = [timezone.localdate(one.answered_at or one.lapsed_at) for one in told]
    reason = f"到截止日{last_day(ended)}未作出受理决定，依《行政许可法》第三十二条自收件之日起视为受理。"
    start_stage(
        work, stage, Verb.STAGE_DEEMED, max([stage.received_on, *days]), by=None, at=at, reason=reason
    )
    for branch in work.of_stage(stage):
        if branch.state == B.WAITING and (branch.awaits_answer or branch.was_kept_back):
            _note_silent(work, branch, today, at=at)
            _deem(work, branch, at=at)
    settle(work, at=at)
    work.tell()
    return 1


@transaction.atomic
def _note_late(project: int, today: date, *, at: datetime) -> int:
    work = _locked_and_right(project, at=at)
    clock, seen = work.clock, 0
    for branch in work.branches:
        if not _is_silent(branch, today) and not branch.was_kept_back:
            continue
        if branch.stage.state not in (S.DISPATCHED, S.RUNNING):
            continue
        seen += _note_silent(work, branch, today, at=at)
        since = branch.complete_on or branch.stage.received_on
        if today > clock.workdays_after(since, clock.rules.notice_days):
            _deem(work, branch, at=at)
            seen += 1
    settle(work, at=at)
    work.tell()
    return seen


def _is_silent(branch: ProjectBranch, today: date) -> bool:
    return branch.awaits_answer and branch.answer_by < today


def _note_silent(work: Work, branch: ProjectBranch, today: date, *, at: datetime) -> int:
    """Once for each time that it was asked."""
    if not _is_silent(branch, today):
        return 0
    if branch.events.filter(verb=Verb.SILENT, at__date__gt=branch.answer_by).exists():
        return 0
    branch.is_answer_late = True
    branch.save(update_fields=["is_answer_late"])
    words = f"{branch.department or '综合窗口'}到截止日{last_day(branch.answer_by)}没有答复分发"
    work.note(
        Verb.SILENT, by=None, at=at, stage=branch.stage, branch=branch, reason=words,
        facts={"silent": [{"department": branch.department_id, "branch": branch.pk}]},
    )  # fmt: skip
    return 1


def _deem(work: Work, branch: ProjectBranch, *, at: datetime) -> None:
    """Silence on whether the papers are complete; the decision itself stays the department's to make.

    Late is a department that was asked and did not say: not one that nobody asked, nor one whose wish nobody passed on.
    """
    branch.answer, branch.answered_at, branch.wants = Answer.ACCEPT, at, DEEMED
    branch.save(update_fields=["answer", "answered_at", "wants"])
    branch.wishes.filter(notice=None).delete()  # not told within the five days: it is too late to ask
    work.note(
        Verb.ANSWERED, by=None, at=at, stage=branch.stage, branch=branch, reason=DEEMED,
        facts={"answer": Answer.ACCEPT, "is_late": branch.is_answer_late},
    )  # fmt: skip


@transaction.atomic
def _lapse(project: int, pk: int, *, at: datetime) -> int:
    work = _locked_and_right(project, at=at)
    notice = ProjectNotice.objects.select_for_update().get(pk=pk)
    if (
        notice.answered_at is not None
        or notice.lapsed_at is not None
        or notice.answer_by >= timezone.localdate(at)
    ):
        work.tell()
        return 0
    notice.lapsed_at = at
    notice.save(update_fields=["lapsed_at"])
    for branch in work.branches:
        if branch.notice_id == notice.pk and branch.waits_for_papers:
            before, branch.state = branch.state, B.WITHDRAWN
            branch.reason = f"截止日{last_day(notice.answer_by)}已过，未补正，视为撤回申请"
            branch.finished_on = timezone.localdate(at)
            branch.save(update_fields=["state", "reason", "finished_on"])
            work.note(
                Verb.BRANCH_WITHDRAWN, by=None, at=at, stage=branch.stage, branch=branch, before=before,
                after=branch.state, reason=branch.reason,
            )  # fmt: skip
    settle(work, at=at)
    work.tell()
    return 1
