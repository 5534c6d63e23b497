"""分发与答复: every department says within a working day whether it accepts; what several of them miss is told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.cases.terms import last_day

from ..models import ProjectBranch, ProjectMaterial, ProjectNotice, ProjectStage, SupplementWish
from ..states import STAGE_OVER, UNSTARTED, Answer, BranchState, StageState, Verb, values_of
from .editing import NotAllowed
from .joining import settle, start_stage
from .project_moves import (
    Incomplete,
    Work,
    answers_for,
    begin_stage,
    locked,
    must_lead,
    must_speak_for_applicant,
    needs_words,
)
from .reckoning import ACCEPTANCE_FIELDS, TERM_FIELDS, notice_ends, run_acceptance, run_answer

ANSWER_FIELDS = [
    "answer",
    "answer_by",
    "answered_at",
    "answered_by",
    "wants",
    "is_answer_late",
    "state",
    "reason",
]


@dataclass(frozen=True, slots=True)
class Wish:
    """补正意见: what is wrong with one paper of the project (or with the form), and how to put it right."""

    text: str
    material: int | None = None
    remedy: str = ""


@transaction.atomic
def dispatch(stage: ProjectStage, *, by: User | None, at: datetime) -> ProjectStage:
    """分发 (4.2 step 3): by the lead; every department of the stage has one working day (setting) to answer."""
    work, stage = begin_stage(stage, Verb.DISPATCHED)
    must_lead(by, work.project, stage)
    dispatch_within(work, stage, by=by, at=at)
    work.tell()
    return stage


def dispatch_within(work: Work, stage: ProjectStage, *, by: User | None, at: datetime) -> None:
    stage.state, stage.dispatched_at = StageState.DISPATCHED, at
    stage.save(update_fields=["state", "dispatched_at"])
    asked = [branch for branch in work.of_stage(stage) if branch.state == BranchState.WAITING]
    answer_by = run_answer(asked, work.clock, timezone.localdate(at), work.project.version.answer_days)
    ProjectBranch.objects.bulk_update(asked, TERM_FIELDS)
    work.note(
        Verb.DISPATCHED, by=by, at=at, stage=stage, before=StageState.RECEIVED, after=stage.state,
        facts={"answer_by": answer_by.isoformat(), "branches": [branch.code for branch in asked]},
    )  # fmt: skip


@transaction.atomic
def answer(
    branch: ProjectBranch,
    said: str,
    *,
    by: User,
    at: datetime,
    words: str = "",
    wishes: Sequence[Wish] = (),
) -> ProjectBranch:
    """部门答复: accept, name what has to be supplemented, or say that it is not the department's to decide.

    A late answer counts, and is late. What was told the applicant once is not asked for again (art. 32(4)).
    """
    work = locked(branch.project_id)
    branch = work.branch(branch.pk)
    _may_answer(work, branch, by)
    today, before = timezone.localdate(at), branch.state
    late = branch.answer_by is not None and today > branch.answer_by
    if said == Answer.ACCEPT:
        branch.wants = (words or "").strip()[:500]
    elif said == Answer.SUPPLEMENT:
        _wish(branch, wishes)
        branch.wants = f"需要补正{len(wishes)}处"
    elif said == Answer.OUT_OF_SCOPE:
        branch.wants = needs_words(words, "请写明为什么不属本部门职权，应由谁办理。")
        branch.state, branch.reason = BranchState.RETURNED, f"不属本部门职权：{branch.wants}"[:500]
    else:
        sentence = "请选择：同意受理、需要补正，或不属本部门职权。"
        raise Incomplete(sentence, {"said": sentence})
    branch.answer, branch.answered_at, branch.answered_by = said, at, by
    branch.is_answer_late = branch.is_answer_late or late
    branch.save(update_fields=ANSWER_FIELDS)
    work.note(
        Verb.ANSWERED, by=by, at=at, stage=branch.stage, branch=branch, reason=branch.wants,
        before=before if said == Answer.OUT_OF_SCOPE else "",
        after=branch.state if said == Answer.OUT_OF_SCOPE else "",
        facts={"answer": said, "is_late": late, "wishes": [wish.text for wish in wishes]},
    )  # fmt: skip
    settle(work, at=at)
    work.tell()
    return branch


@transaction.atomic
def send_notice(stage: ProjectStage, *, by: User, at: datetime) -> ProjectNotice:
    """一次告知 (art. 32(4)): what all departments of the stage want, merged into one 补正告知书.

    What is wanted of branches that were taken up again is told whatever else the applicant still works at.
    """
    work = locked(stage.project_id)
    stage = work.stage(stage.pk)
    must_lead(by, work.project, stage)
    wishes = list(
        SupplementWish.objects.filter(
            branch__stage=stage, branch__state__in=values_of(UNSTARTED), notice=None
        )
        .select_related("branch")
        .order_by("id")
    )
    if not wishes:
        raise NotAllowed("没有部门要求补正，不需要告知。")
    today = timezone.localdate(at)
    thinking = [
        branch.name for branch in work.of_stage(stage) if branch.awaits_answer and today <= branch.answer_by
    ]
    if thinking:
        raise NotAllowed(f"{'、'.join(thinking[:3])}还在答复期内，等都答复了再合并告知一次。")
    clock = work.clock
    told = [one for one in work.of_stage(stage) if one.pk in {wish.branch_id for wish in wishes}]
    notice = ProjectNotice.objects.create(
        stage=stage,
        sent_at=at,
        sent_by=by,
        answer_by=notice_ends(clock, at),
        is_anew=all(branch.attempt > 1 for branch in told),
    )
    SupplementWish.objects.filter(pk__in=[wish.pk for wish in wishes]).update(notice=notice)
    for branch in told:
        branch.notice = notice
        branch.save(update_fields=["notice"])
    if stage.accept_by is not None and stage.accepted_on is None and not notice.is_anew:
        stage.accept_by = None  # the authority has answered; five days begin anew with the papers
        stage.save(update_fields=["accept_by"])
    facts = {
        "notice": notice.pk, "faults": len(wishes), "answer_by": notice.answer_by.isoformat(),
        "departments": len({branch.department_id for branch in told}), "is_anew": notice.is_anew,
    }  # fmt: skip
    work.note(Verb.NOTICE_SENT, by=by, at=at, stage=stage, facts=facts)
    settle(work, at=at)
    work.tell()
    return notice


@transaction.atomic
def answer_notice(notice: ProjectNotice, answers: dict[int, str], *, by: User, at: datetime) -> ProjectStage:
    """补正: everything at once. The day on which it came in is day 0 of the branches that asked (R20), however late they look."""
    work = locked(notice.stage.project_id)
    notice = ProjectNotice.objects.select_for_update().get(pk=notice.pk)
    stage = work.stage(notice.stage_id)
    must_speak_for_applicant(by, work.project, stage)
    if notice.answered_at is not None:
        raise NotAllowed("这次补正已经提交，不用再交。")
    if not work.project.is_living or stage.state in STAGE_OVER:
        raise NotAllowed(f"项目{work.project.get_state_display()}，不用再补正。")
    today = timezone.localdate(at)
    waiting = [one for one in work.of_stage(stage) if one.notice_id == notice.pk and one.waits_for_papers]
    wishes = list(notice.wishes.filter(branch__in=waiting).select_related("material").order_by("id"))
    if notice.lapsed_at is not None or today > notice.answer_by:
        raise NotAllowed(f"补正的截止日{last_day(notice.answer_by)}已过，不能再提交。")
    if not set(answers) <= set(notice.wishes.values_list("pk", flat=True)):
        raise NotAllowed("答复的问题不都在这一份补正告知书里，请一份一份地答复。")
    _answered(wishes, answers, notice)
    SupplementWish.objects.bulk_update(wishes, ["answer"])
    notice.answered_at = at
    notice.save(update_fields=["answered_at"])
    clock = work.clock
    answer_by = run_answer(waiting, clock, today, work.project.version.answer_days)
    for branch in waiting:
        branch.answer, branch.answered_at, branch.answered_by = Answer.NONE, None, None
        branch.complete_on, branch.wants = today, ""
        branch.save(
            update_fields=["answer", "answered_at", "answered_by", "complete_on", "wants", *TERM_FIELDS]
        )
    if stage.accepted_on is None and not notice.is_anew:
        run_acceptance(stage, clock, today)
        stage.save(update_fields=ACCEPTANCE_FIELDS)
    work.note(
        Verb.SUPPLEMENTED,
        by=by,
        at=at,
        stage=stage,
        facts={"notice": notice.pk, "answer_by": answer_by.isoformat()},
    )
    settle(work, at=at)
    work.tell()
    return stage


@transaction.atomic
def accept_stage(stage: ProjectStage, *, by: User | None, at: datetime) -> ProjectStage:
    """阶段受理 (4.2 step 4): by the lead; the stage clock starts, and with it the branches that wait for nothing (R20)."""
    work, stage = begin_stage(stage, Verb.STAGE_ACCEPTED)
    must_lead(by, work.project, stage)
    start_stage(work, stage, Verb.STAGE_ACCEPTED, timezone.localdate(at), by=by, at=at)
    settle(work, at=at)
    work.tell()
    return stage


def _may_answer(work: Work, branch: ProjectBranch, by: User) -> None:
    if not answers_for(by, branch):
        raise NotAllowed(f"“{branch.name}”由{branch.department or '综合窗口'}答复。")
    if branch.stage.state not in (StageState.DISPATCHED, StageState.RUNNING) or branch.answer_by is None:
        raise NotAllowed(f"{branch.stage}现在是“{branch.stage.get_state_display()}”，还没有分发给您。")
    if branch.state != BranchState.WAITING and branch.state != BranchState.BLOCKED:
        raise NotAllowed(f"“{branch.name}”现在是“{branch.get_state_display()}”，不用再答复。")
    if branch.answer != Answer.NONE:
        who = branch.answered_by.name if branch.answered_by else "系统"
        raise NotAllowed(f"{who}已经答复“{branch.get_answer_display()}”。")


def _wish(branch: ProjectBranch, wishes: Sequence[Wish]) -> None:
    if branch.is_told:
        raise NotAllowed(
            "已经一次性告知过申请人，不能再要求补正（行政许可法第三十二条）；材料仍不合格的，请在审查中处理。"
        )
    if branch.attempt == 1 and ProjectNotice.objects.filter(stage=branch.stage, is_anew=False).exists():
        raise NotAllowed("这一阶段的补正已经一次告知申请人，逾期的补正意见不能再提。")
    if not wishes:
        sentence = "请写明需要补正什么。"
        raise Incomplete(sentence, {"wishes": sentence})
    papers = set(ProjectMaterial.objects.filter(uses__branch=branch).values_list("pk", flat=True))
    rows = []
    for number, wish in enumerate(wishes):
        if wish.material is not None and wish.material not in papers:
            raise NotAllowed("补正意见中的材料不是这个分项用到的，请重新选择。")
        text = (wish.text or "").strip()
        if not text:
            raise Incomplete("请写明需要补正什么。", {f"wish-{number}": "请写明问题。"})
        rows.append(
            SupplementWish(
                branch=branch,
                material_id=wish.material,
                text=text[:500],
                remedy=(wish.remedy or "").strip()[:300],
            )
        )
    SupplementWish.objects.bulk_create(rows)


def _answered(wishes: list[SupplementWish], answers: dict[int, str], notice: ProjectNotice) -> None:
    new = set(
        ProjectMaterial.objects.filter(
            files__uploaded_at__gt=notice.sent_at, files__is_current=True, wishes__notice=notice
        ).values_list("pk", flat=True)
    )
    open_ones = {}
    for wish in wishes:
        wish.answer = (answers.get(wish.pk) or "").replace("\x00", "").strip()[:5000]
        if not wish.answer and wish.material_id not in new:
            open_ones[f"wish-{wish.pk}"] = "请重新上传这份材料，或写明如何改正。"
    if open_ones:
        raise Incomplete(f"还有{len(open_ones)}处问题没有答复，全部答复后一次提交。", open_ones)
