"""按套餐生成: the stages and branches of a project, and which papers they need, each asked for once."""

from dataclasses import dataclass, field
from datetime import date

from apps.items.models import Material, Necessity
from apps.points.models import ServicePoint

from ..checking import Sheet
from ..models import MaterialUse, Project, ProjectBranch, ProjectMaterial, ProjectStage
from ..places import departments_at, halls_by_level
from ..reading import Parts, key_of, parts_of
from ..states import BranchState
from .project_moves import Incomplete, Work

State = ProjectMaterial.State
LEFT_OUT = "按情形问卷不需要办理"
_WEIGHT = {
    Necessity.REQUIRED: 0, Necessity.BY_PROMISE: 1, Necessity.TOLERABLE: 2, Necessity.SITUATIONAL: 3, Necessity.SHARED: 4,
}  # fmt: skip


def brought_in(sheet: Sheet, answers: dict[str, str]) -> set[str]:
    """The codes of the branches that apply: those always needed, and those that an answer brings in.

    Raises Incomplete with one sentence for each question that is open or answered with what it does not offer.
    """
    codes, faults = brought_so_far(sheet, answers)
    if faults:
        raise Incomplete(f"还有{len(faults)}个情形问题没有回答。", faults)
    return codes


def brought_so_far(sheet: Sheet, answers: dict[str, str]) -> tuple[set[str], dict[str, str]]:
    """What applies by the answers that are there, and a sentence for each question that is open."""
    faults = {}
    codes = {branch.code for branch in sheet.branches if not branch.is_optional}
    for question in sheet.questions:
        offered = dict(question.answers)
        given = str(answers.get(str(question.number), "")).strip()
        if given not in offered:
            faults[f"question-{question.number}"] = f"请回答“{question.text}”。"
        else:
            codes.update(offered[given])
    return codes, faults


def lay_out(project: Project, *, on: date) -> Work:
    """套餐实例化 (D-31): every branch of the version becomes a row; those that do not apply say so."""
    parts = parts_of(project.version)
    work = sketched(project, parts, brought_in(parts.sheet(), project.answers))
    ProjectStage.objects.bulk_create(work.stages)
    ProjectBranch.objects.bulk_create(work.branches)
    lay_matrix(work, parts)
    return work


def sketched(project: Project, parts: Parts, wanted: set[str]) -> Work:
    """The rows that a project comes to, not stored: a guide shows them, a draft keeps them. A project without a place
    has no departments yet.
    """
    halls = _halls(project, {branch.level for branch in parts.branches})
    departments = departments_at(halls.values()) if halls else {}
    stages = _stages(project, parts, departments)
    branches = []
    for branch in parts.branches:
        hall = halls.get(branch.level)
        is_needed = branch.code in wanted
        branches.append(
            ProjectBranch(
                project=project,
                stage=stages[branch.stage_id],
                branch=branch,
                code=branch.code,
                name=branch.name,
                item=branch.item,
                item_version_id=branch.item.current_id,
                point=hall,
                department=departments.get((hall.pk, branch.department)) if hall else None,
                days=branch.days,
                state=BranchState.WAITING if is_needed else BranchState.NOT_NEEDED,
                reason="" if is_needed else LEFT_OUT,
            )
        )
    project.lead = departments.get((project.point_id, project.bundle.lead))
    return Work(project, list(stages.values()), branches)


def _halls(project: Project, levels: set[str]) -> dict[str, ServicePoint]:
    """By level; the city's is looked up only where a branch is handled there."""
    if project.point_id is None:
        return {}
    return {"": project.point} if levels <= {""} else halls_by_level(project.point)


def _stages(project: Project, parts: Parts, departments: dict) -> dict[int, ProjectStage]:
    return {
        stage.pk: ProjectStage(
            project=project,
            stage=stage,
            number=stage.number,
            name=stage.name,
            lead=departments.get((project.point_id, stage.lead)),
            days=stage.days,
            legal_days=parts.version.legal_days,
        )
        for stage in parts.stages
    }


@dataclass(slots=True)
class WantedPaper:
    """One paper as the branches that apply want it."""

    name: str
    stage: ProjectStage
    source: ProjectBranch | None
    lines: list[tuple[ProjectBranch, Material]] = field(default_factory=list)

    @property
    def necessity(self) -> str:
        return min((line.necessity for _, line in self.lines), key=_WEIGHT.__getitem__)


def lay_matrix(work: Work, parts: Parts | None = None) -> None:
    """材料矩阵: which paper which branch uses. Papers that are there already keep their files, whoever uses them now."""
    parts = parts or parts_of(work.project.version)
    wanted = papers_wanted(work, parts)
    known = {row.key: row for row in work.project.materials.all()} if work.project.pk else {}
    gone = [row for key, row in known.items() if key not in wanted]
    MaterialUse.objects.filter(project=work.project).delete()
    ProjectMaterial.objects.filter(pk__in=[row.pk for row in gone], files=None, wishes=None).delete()
    seq = max((row.seq for row in known.values()), default=0)
    made, changed = [], []
    for key, paper in wanted.items():
        row = known.get(key)
        if row is None:
            seq += 1
            row = known[key] = ProjectMaterial(
                project=work.project, seq=seq, key=key, name=paper.name, stage=paper.stage, state=State.ABSENT
            )
            made.append(row)
        else:
            changed.append(row)
        row.stage, row.necessity, row.source = paper.stage, paper.necessity, paper.source
        row.state = _state(row)
    ProjectMaterial.objects.bulk_create(made)
    ProjectMaterial.objects.bulk_update(changed, ["stage", "necessity", "source", "state"])
    MaterialUse.objects.bulk_create(
        MaterialUse(project=work.project, material=known[key], branch=branch, line=line)
        for key, paper in wanted.items()
        for branch, line in paper.lines
    )


def _state(row: ProjectMaterial) -> str:
    if row.source_id is not None:
        return State.PRODUCED
    if row.state == State.PRODUCED:
        return State.ABSENT
    if row.state == State.ABSENT and row.necessity == Necessity.SHARED:
        return State.SHARED
    return row.state


def papers_wanted(work: Work, parts: Parts) -> dict[str, WantedPaper]:
    """Each paper that the branches of a project use, by its key, in the order in which it is first needed."""
    applying = {
        branch.branch_id: branch for branch in work.branches if branch.state != BranchState.NOT_NEEDED
    }
    shared = {
        (user, material.key): material
        for material in parts.materials
        for user in material.used_by
        if user in applying
    }
    lines: dict[int, list[Material]] = {}
    versions = {branch.item_version_id for branch in applying.values()}
    for line in Material.objects.filter(version__in=versions).order_by("version", "seq"):
        lines.setdefault(line.version_id, []).append(line)
    wanted: dict[str, WantedPaper] = {}
    for branch in sorted(applying.values(), key=lambda one: (one.stage.number, one.pk or 0)):
        for line in lines.get(branch.item_version_id, []):
            material = shared.get((branch.branch_id, key_of(line.name)))
            key = f"s{material.pk}" if material else f"{branch.code}-{line.seq}"
            source = applying.get(material.source_id) if material and material.source_id else None
            paper = wanted.setdefault(key, WantedPaper(line.name, branch.stage, source))
            paper.lines.append((branch, line))
    return wanted
