"""一套材料: each paper brought once, checked and hashed, its versions kept; replaced once for all who use it."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.accounts.models import User
from apps.cases import actions as cases
from apps.cases.models import CaseMaterial
from apps.cases.uploads import Checked, check
from apps.items.models import Necessity

from ..models import MaterialUse, Project, ProjectFile, ProjectMaterial
from ..states import AT_WORK, DONE_WITH, BranchState, ProjectState, StageState, Verb
from .editing import NotAllowed
from .opening import as_case_file
from .project_moves import Work, locked, must_speak_for_applicant, needs_words, with_cases

State = ProjectMaterial.State
ALLOWED = {
    State.SHARED: Necessity.SHARED,
    State.PROMISED: Necessity.BY_PROMISE,
    State.NOT_NEEDED: Necessity.SITUATIONAL,
}
BROUGHT_ANEW = "申请人提交了新的一份"
SETTLED = DONE_WITH | {BranchState.WITHDRAWN}
"""What needs no other paper any more."""


@transaction.atomic
def attach_paper(material: ProjectMaterial, file: UploadedFile, *, by: User, at: datetime) -> ProjectFile:
    """上传材料: before its stage is accepted, or where a notice asks for it. A new upload is a new version, for branches that
    work with it already, too. Raises BadFile.
    """
    checked = check(file)
    work = with_cases(material.project)
    must_speak_for_applicant(by, work.project, work.stage(material.stage_id))
    _may_change(work, material)
    stored = _store(material, file, checked, by=by, at=at)
    if number := _hand_on(work, material, stored, why=BROUGHT_ANEW, by=by, at=at):
        _note_replaced(work, material, stored, number, why=BROUGHT_ANEW, by=by, at=at)
        work.tell()
    return stored


@transaction.atomic
def detach_paper(material: ProjectMaterial) -> ProjectMaterial:
    """移除上传的文件: of a draft; nobody has seen it yet. The content stays where it is, under the name of its hash."""
    work = locked(material.project_id)
    if work.project.state != ProjectState.DRAFT:
        raise NotAllowed("已经申报，交上来的文件不能删除；被要求补正时可以换一份。")
    material.files.all().delete()
    if material.state == State.UPLOADED:
        material.state = State.ABSENT
        material.save(update_fields=["state"])
    return material


@transaction.atomic
def mark_paper(material: ProjectMaterial, state: str, *, at: datetime) -> ProjectMaterial:
    """材料声明: on paper at the counter, shared, promised, or not needed; only where the guides allow it."""
    work = locked(material.project_id)
    _may_change(work, material)
    if state not in (State.ABSENT, State.ON_PAPER) and ALLOWED.get(state) != material.necessity:
        raise NotAllowed(f"“{material.name}”是{material.get_necessity_display()}材料，不能这样标记。")
    material.state = state
    material.save(update_fields=["state"])
    return material


@transaction.atomic
def replace_paper(
    material: ProjectMaterial, file: UploadedFile, *, why: str, by: User, at: datetime
) -> ProjectFile:
    """更换材料: once branches work with it. Whoever uses it and has not decided gets the new version, and is told."""
    why = needs_words(why, "请写明更换材料的理由。")
    checked = check(file)
    work = with_cases(material.project)
    must_speak_for_applicant(by, work.project, work.stage(material.stage_id))
    if work.project.state != ProjectState.RUNNING:
        raise NotAllowed(f"项目现在是“{work.project.get_state_display()}”，不能更换材料。")
    if material.source_id is not None:
        raise NotAllowed(f"“{material.name}”由前置分项产生，不用上传。")
    if is_settled(material):
        raise NotAllowed(f"用到“{material.name}”的分项都已办结，不能再更换：决定依据的就是原来的那一份。")
    stored = _store(material, file, checked, by=by, at=at)
    number = _hand_on(work, material, stored, why=why, by=by, at=at)
    _note_replaced(work, material, stored, number, why=why, by=by, at=at)
    work.tell()
    return stored


def may_bring(project: Project, material: ProjectMaterial) -> bool:
    """Whether the applicant can bring or change this paper now without being asked; it comes with its uses."""
    if material.source_id is not None or not project.is_living:
        return False
    if material.stage.state == StageState.WAITING:
        return True
    anew = any(use.branch.begins_anew for use in material.uses.all())
    return material.stage.state in AT_WORK and (material.is_missing or anew)


def is_settled(material: ProjectMaterial) -> bool:
    """Whether all that use this paper are decided or given up; it comes with its uses where many are asked."""
    return all(use.branch.state in SETTLED for use in material.uses.all())


def _may_change(work: Work, material: ProjectMaterial) -> None:
    stage = work.stage(material.stage_id)
    if material.source_id is not None:
        raise NotAllowed(f"“{material.name}”由前置分项产生，不用提交。")
    if not material.uses.exists():
        raise NotAllowed(f"按现在的情形，没有分项用到“{material.name}”，不用提交。")
    if not work.project.is_living:
        raise NotAllowed(f"项目{work.project.get_state_display()}，不能再改材料。")
    if stage.state == StageState.WAITING:
        return
    if material.state == State.ABSENT and stage.state in AT_WORK:  # what a branch left out was to produce
        return
    if material.wishes.filter(
        notice__answered_at=None, notice__lapsed_at=None, notice__isnull=False
    ).exists():
        return
    uses = material.uses.select_related("branch")
    if stage.state in AT_WORK and any(use.branch.begins_anew for use in uses):
        return
    raise NotAllowed(
        f"{stage}已经收件，“{material.name}”没有被要求补正，不能更换；确需更换的请联系受理窗口。"
    )


def _hand_on(
    work: Work, material: ProjectMaterial, stored: ProjectFile, *, why: str, by: User, at: datetime
) -> int:
    """The new version for every branch at work that uses the paper, with an event in each case. Returns how many."""
    uses = MaterialUse.objects.filter(material=material).values_list("branch", "line")
    open_ones = {one.pk: one.case_id for one in work.branches if one.state == BranchState.OPEN}
    lines = {(open_ones[branch], line) for branch, line in uses if branch in open_ones}
    if not lines:
        return 0
    papers = [
        paper
        for paper in CaseMaterial.objects.filter(case__in={case for case, _ in lines}).order_by("case", "seq")
        if (paper.case_id, paper.material_id) in lines
    ]
    cases.replace_paper(papers, as_case_file(stored), reason=why, by=by, at=at)
    return len(papers)


def _note_replaced(
    work: Work,
    material: ProjectMaterial,
    stored: ProjectFile,
    number: int,
    *,
    why: str,
    by: User,
    at: datetime,
) -> None:
    work.note(
        Verb.PAPER_REPLACED, by=by, at=at, stage=work.stage(material.stage_id), reason=why,
        facts={"material": material.name, "version": stored.number, "cases": number},
    )  # fmt: skip


def _store(
    material: ProjectMaterial, file: UploadedFile, checked: Checked, *, by: User | None, at: datetime
) -> ProjectFile:
    last = material.files.order_by("-number").values_list("number", flat=True).first() or 0
    material.files.filter(is_current=True).update(is_current=False)
    stored = ProjectFile(
        material=material,
        number=last + 1,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        pages=checked.pages,
        uploaded_by=by,
        uploaded_at=at,
    )
    stored.content.save(checked.name, file, save=False)
    stored.save()
    material.state = State.UPLOADED
    material.save(update_fields=["state"])
    return stored
