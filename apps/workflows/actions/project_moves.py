"""The first and the last beat of every act on a project: lock in one order, check the move, write the events.

Lock order: cases by id, then the branches of the project by id, then its stages and the project itself. Whoever holds
the branches is alone with the project; nobody waits for a case while holding them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.cases.actions.clocks import HallClock
from apps.cases.models import Case

from ..models import Consultation, Project, ProjectBranch, ProjectEvent, ProjectStage
from ..signals import project_moved
from ..states import LIVING, PROJECT_MOVES, STAGE_MOVES, BranchState, ProjectState, Verb
from .editing import NotAllowed


class Incomplete(NotAllowed):
    """Something is missing or wrong in what was handed in. `faults` maps a field to a sentence."""

    def __init__(self, message: str, faults: dict[str, str]):
        super().__init__(message)
        self.faults = faults


@dataclass(slots=True)
class Work:
    """办理中的项目: its rows, locked, and the events that the act leaves."""

    project: Project
    stages: list[ProjectStage]
    branches: list[ProjectBranch]
    events: list[ProjectEvent] = field(default_factory=list)
    changed: dict[int, set[str]] = field(default_factory=dict)
    _clock: HallClock | None = None

    @property
    def clock(self) -> HallClock:
        """Calendar, closures and rules of the place, asked for once in an act, and only where a date moves."""
        if self._clock is None:
            self._clock = HallClock(self.project.path)
        return self._clock

    def stage(self, pk: int) -> ProjectStage:
        return next(stage for stage in self.stages if stage.pk == pk)

    def branch(self, pk: int) -> ProjectBranch:
        return next(branch for branch in self.branches if branch.pk == pk)

    def of_stage(self, stage: ProjectStage) -> list[ProjectBranch]:
        return [branch for branch in self.branches if branch.stage_id == stage.pk]

    def change(self, branch: ProjectBranch, **values: object) -> None:
        """Of one of the locked branches; written with all the others by `write`."""
        for name, value in values.items():
            setattr(branch, name, value)
        self.changed.setdefault(branch.pk, set()).update(values)

    def write(self) -> None:
        """The branches that changed, one statement for those in which the same changed: a row or many."""
        changed, self.changed = self.changed, {}
        alike: dict[tuple[str, ...], list[ProjectBranch]] = {}
        for branch in self.branches:
            if branch.pk in changed:
                alike.setdefault(tuple(sorted(changed[branch.pk])), []).append(branch)
        for names, branches in alike.items():
            if len(branches) == 1:
                branches[0].save(update_fields=names)
            else:
                ProjectBranch.objects.bulk_update(branches, names)

    def note(
        self,
        verb: Verb,
        *,
        by: User | None,
        at: datetime,
        stage: ProjectStage | None = None,
        branch: ProjectBranch | None = None,
        consultation: Consultation | None = None,
        before: str = "",
        after: str = "",
        reason: str = "",
        facts: dict | None = None,
    ) -> None:
        self.events.append(
            ProjectEvent(
                project=self.project,
                stage=stage,
                branch=branch,
                consultation=consultation,
                verb=verb,
                by=by,
                assignment=by.acting if by else None,
                at=at,
                before=before,
                after=after,
                reason=reason,
                facts=facts or {},
            )
        )

    def tell(self) -> None:
        """The events of the act, in one statement and one signal."""
        events, self.events = ProjectEvent.objects.bulk_create(self.events), []
        if events:
            project_moved.send(sender=Project, events=events)


def locked(project: int | Project) -> Work:
    """Branches first, then stages and project: two statements."""
    pk = project.pk if isinstance(project, Project) else project
    return locked_all([pk])[0]


def locked_all(projects: Iterable[int] | QuerySet) -> list[Work]:
    """Several at once, in the order of their keys: two statements as well."""
    branches = ProjectBranch.objects.select_for_update(of=["self"]).filter(project__in=projects)
    by_project: dict[int, list[ProjectBranch]] = {}
    for branch in branches.order_by("project", "id"):
        by_project.setdefault(branch.project_id, []).append(branch)
    stages = ProjectStage.objects.select_for_update(of=["self", "project"]).filter(project__in=by_project)
    found: dict[int, Work] = {}
    for stage in stages.select_related("project__version", "project__bundle").order_by("project", "number"):
        work = found.setdefault(stage.project_id, Work(stage.project, [], by_project[stage.project_id]))
        stage.project = work.project
        work.stages.append(stage)
    for work in found.values():
        stage_of = {stage.pk: stage for stage in work.stages}
        for branch in work.branches:
            branch.project, branch.stage = work.project, stage_of[branch.stage_id]
    return list(found.values())


def with_cases(project: Project) -> Work:
    """For an act on the project that touches its cases: those come first in the order of locks.

    Where a case opened while we waited for the others, all locks are given back and it is begun again.
    """
    while True:
        savepoint = transaction.savepoint()
        ids = ProjectBranch.objects.filter(project=project, state=BranchState.OPEN).values("case")
        cases = Case.objects.select_for_update(of=["self"]).filter(pk__in=ids).order_by("id")
        held = set(cases.values_list("pk", flat=True))
        work = locked(project)
        if all(branch.case_id in held for branch in work.branches if branch.state == BranchState.OPEN):
            transaction.savepoint_commit(savepoint)
            return work
        transaction.savepoint_rollback(savepoint)


def with_decided(stage: ProjectStage) -> tuple[Work, list[Case]]:
    """For handing over: the cases of a stage that are decided or ended, locked before the project. None of them opens any more."""
    ids = ProjectBranch.objects.filter(stage=stage, case__isnull=False).values("case")
    cases = list(Case.objects.select_for_update(of=["self"]).filter(pk__in=ids).order_by("id"))
    return locked(stage.project_id), cases


def begin_stage(stage: ProjectStage, verb: Verb) -> tuple[Work, ProjectStage]:
    """The stage with its project, locked; refused where it is not at the step."""
    work = locked(stage.project_id)
    stage = work.stage(stage.pk)
    if stage.state not in STAGE_MOVES[verb].before or work.project.state not in LIVING:
        raise NotAllowed(
            f"{stage}现在是“{stage.get_state_display()}”，不能{verb.label}。{latest(work.project, stage)}"
        )
    return work, stage


def begin_project(project: Project, verb: Verb) -> Work:
    work = locked(project)
    may_move(work.project, verb)
    return work


def may_move(project: Project, verb: Verb) -> None:
    if project.state not in PROJECT_MOVES[verb].before:
        raise NotAllowed(f"项目现在是“{project.get_state_display()}”，不能{verb.label}。{latest(project)}")


def latest(project: Project, stage: ProjectStage | None = None) -> str:
    """Who did what last, for somebody who comes too late; of a stage what befell that stage, or the whole project."""
    if project.state == ProjectState.DRAFT:
        return ""
    events = project.events.exclude(after="")
    if stage is not None:
        events = events.filter(Q(stage=stage) | Q(stage=None), branch=None)
    last = events.select_related("by").order_by("-id").first()
    if last is None:
        return ""
    who = last.by.name if last.by else "系统"
    return f"（{who}已于{last.at.astimezone():%m月%d日 %H:%M}{Verb(last.verb).label}）"


def leads(user: User | None, project: Project, stage: ProjectStage | None = None) -> bool:
    """Whether somebody acts for the lead department of a stage, or of the project (D-32). `None` is the system."""
    if user is None:
        return True
    lead = stage.lead_id if stage is not None else project.lead_id
    acting = user.acting
    if acting is None or acting.is_of_the_centre or not user.has_perm("workflows.lead_project"):
        return False
    if lead is None:  # no department of that name here: the combined window of the hall stands in
        return acting.department_id is None and acting.point_id == project.point_id
    return acting.department_id == lead


def takes_in(user: User, project: Project, stage: ProjectStage | None = None) -> bool:
    """Whether somebody takes papers and wishes of the applicant in: the combined window of the hall, or who leads."""
    acting = user.acting
    if acting is None or not user.has_perm("workflows.file_project"):
        return False
    at_the_window = acting.department_id is None and acting.point_id in (
        project.point_id,
        project.intake_point_id,
    )
    return at_the_window or leads(user, project) or (stage is not None and leads(user, project, stage))


def speaks_for_applicant(user: User | None, project: Project, stage: ProjectStage | None = None) -> bool:
    """The applicant, whoever acts for it, or who takes its papers and wishes in. `None` is the system."""
    if user is None or takes_in(user, project, stage):
        return True
    return Project.objects.owned_by(user).filter(pk=project.pk).exists()


def must_speak_for_applicant(user: User | None, project: Project, stage: ProjectStage | None = None) -> None:
    if not speaks_for_applicant(user, project, stage):
        raise NotAllowed("材料和补正由申请人提交，或由综合窗口、牵头部门代收。")


def must_lead(user: User | None, project: Project, stage: ProjectStage | None = None) -> None:
    if not leads(user, project, stage):
        lead = (stage.lead if stage is not None else project.lead) or f"{project.point}综合窗口"
        raise NotAllowed(f"这一步由牵头部门{lead}办理。")


def answers_for(user: User, branch: ProjectBranch) -> bool:
    """Whether somebody speaks for the department of a branch."""
    acting = user.acting
    if acting is None or acting.is_of_the_centre:
        return False
    if branch.department_id is None:
        return acting.department_id is None and acting.point_id == branch.point_id
    return acting.department_id == branch.department_id


def needs_words(text: str, sentence: str, longest: int = 500) -> str:
    """A text that has to be there: stripped; what is missing or too long is a fault of the form."""
    text = (text or "").replace("\x00", "").strip()
    if not text:
        raise Incomplete(sentence, {"words": sentence})
    if len(text) > longest:
        sentence = f"最多{longest}字，现在有{len(text)}字，请删减。"
        raise Incomplete(sentence, {"words": sentence})
    return text
