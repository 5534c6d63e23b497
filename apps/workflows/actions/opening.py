"""开办: what the case of a branch is made of: its item, its papers out of the one package, its day 0."""

from collections.abc import Sequence
from datetime import date

from django.db.models import prefetch_related_objects

from apps.cases.actions import Opening, Paper
from apps.cases.models import CaseFile, CaseMaterial
from apps.cases.terms import day_words

from ..models import MaterialUse, Project, ProjectBranch, ProjectFile, ProjectMaterial
from ..one_form import answers_of, form_of, keys_of
from ..prerequisites import needs_of
from ..states import BranchState
from .project_moves import Work

S, P = CaseMaterial.State, ProjectMaterial.State
STATES = {
    P.ABSENT: S.ABSENT, P.UPLOADED: S.UPLOADED, P.ON_PAPER: S.ON_PAPER, P.SHARED: S.SHARED, P.PROMISED: S.PROMISED,
    P.NOT_NEEDED: S.NOT_NEEDED, P.PRODUCED: S.SHARED,
}  # fmt: skip


def openings_of(work: Work, branches: Sequence[ProjectBranch]) -> dict[int, Opening]:
    """For each branch that begins, by its key. A fixed number of statements for any number of them."""
    prefetch_related_objects(branches, "item__hands_up_to", "item_version", "point", "department")
    papers, keys = _papers([branch.pk for branch in branches]), keys_of(work.project)
    whole = Project.objects.select_related("intake_point", "applicant", "filed_by", "mandate")
    project = whole.defer("applicant__number").get(pk=work.project.pk)
    answers, found = answers_of(project), {}
    for branch in branches:
        day, why = _day_0(work, branch)
        found[branch.pk] = Opening(
            item=branch.item,
            version=branch.item_version,
            point=branch.point,
            department=branch.department,
            intake_point=project.intake_point,
            applicant=project.applicant,
            applicant_name=project.applicant_name,
            applicant_mask=project.applicant_mask,
            mandate=project.mandate,
            filed_by=project.filed_by,
            channel=project.channel,
            received_on=branch.stage.received_on,
            accepted_on=day,
            days=branch.days,
            reason=why,
            contact_name=project.contact_name,
            contact_phone=project.contact_phone,
            summary=project.name,
            privacy_notice=project.privacy_notice,
            form=form_of(branch.item_version.form_fields, answers, keys),
            papers=tuple(papers.get(branch.pk, ())),
            facts={"project": project.number, "branch": branch.code},
            is_sample=project.is_sample,
        )
    return found


def _day_0(work: Work, branch: ProjectBranch) -> tuple[date, str]:
    """R20: the day on which its last prerequisite was decided; that of its stage, supplement or new scheme, where later."""
    by_branch = {one.branch_id: one for one in work.branches}
    needs = [by_branch[need] for need in needs_of(work.project.version_id).get(branch.branch_id, ())]
    days = [
        (branch.stage.accepted_on, f"自{branch.stage}受理之日{{}}起算"),
        *(
            (one.finished_on, f"自前置“{one.name}”{_how(one)}之日{{}}起算")
            for one in needs
            if one.finished_on
        ),
    ]
    if branch.complete_on is not None:
        what = "调整方案重办" if branch.attempt > 1 and not branch.is_told else "补正齐全"
        days.append((branch.complete_on, f"自{what}之日{{}}起算"))
    day, words = max(days, key=lambda pair: pair[0])
    return day, words.format(day_words(day))


def _how(need: ProjectBranch) -> str:
    return "确定不需要办" if need.state == BranchState.NOT_NEEDED else "办结"


def _papers(branches: list[int]) -> dict[int, list[Paper]]:
    uses = list(
        MaterialUse.objects.filter(branch__in=branches)
        .select_related("material", "line")
        .order_by("branch", "line__seq")
    )
    files: dict[int, list[CaseFile]] = {}
    stored = ProjectFile.objects.filter(material__in={use.material_id for use in uses}).order_by("number")
    for file in stored:
        files.setdefault(file.material_id, []).append(as_case_file(file))
    found: dict[int, list[Paper]] = {}
    for use in uses:
        paper = Paper(use.line, STATES[use.material.state], tuple(files.get(use.material_id, ())))
        found.setdefault(use.branch_id, []).append(paper)
    return found


def as_case_file(file: ProjectFile) -> CaseFile:
    """The same content for a case: not stored again."""
    return CaseFile(
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        pages=file.pages,
        content=file.content.name,
        uploaded_by_id=file.uploaded_by_id,
        uploaded_at=file.uploaded_at,
    )
