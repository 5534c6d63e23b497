"""What must hold of a project at every moment, read from the rows and the bundle, by other ways than the code goes."""

from datetime import date, timedelta

from django.utils import timezone

from apps.calendars import loaded
from apps.cases.models import Case, CaseFile
from apps.cases.states import RUNNING
from apps.items.models import Material
from apps.letters.models import Letter
from apps.workflows.models import (
    BundleEdge,
    Consultation,
    Project,
    ProjectBranch,
    ProjectEvent,
    ProjectNotice,
    StagePause,
)
from apps.workflows.package import readable

DONE, FELL = {"granted", "not_needed"}, {"refused", "returned", "withdrawn"}
OVER = {"closing", "closed", "withdrawn", "refused"}
ENDED = {"closed", "withdrawn", "refused"}


class Held:
    """The rows of one project as they are now."""

    def __init__(self, project: Project):
        self.project = Project.objects.get(pk=project.pk)
        self.stages = list(self.project.stages.order_by("number"))
        self.branches = list(self.project.branches.select_related("case", "stage", "notice").order_by("id"))
        by_bundle = {one.branch_id: one for one in self.branches}
        self.needs: dict[int, list[ProjectBranch]] = {one.pk: [] for one in self.branches}
        for edge in BundleEdge.objects.filter(version=self.project.version, kind="prerequisite"):
            self.needs[by_bundle[edge.branch_id].pk].append(by_bundle[edge.needs_id])
        self.notices = list(ProjectNotice.objects.filter(stage__project=self.project))
        self.is_living = self.project.state not in ENDED

    def of(self, stage) -> list[ProjectBranch]:
        return [one for one in self.branches if one.stage_id == stage.pk]

    def is_free(self, branch: ProjectBranch) -> bool:
        return all(need.state in DONE for need in self.needs[branch.pk])

    def waits_for_applicant(self, branch: ProjectBranch) -> bool:
        return (
            branch.answer == "supplement"
            and branch.notice_id is not None
            and branch.state in ("waiting", "blocked")
        )


def check(project: Project) -> None:
    held = Held(project)
    for branch in held.branches:
        _branch(held, branch)
    for stage in held.stages:
        _stage(held, stage)
    _project(held)
    _notices(held)
    _papers(held)
    _history(held)


def _branch(held: Held, branch: ProjectBranch) -> None:
    stage, case = branch.stage, branch.case
    attempts = list(branch.attempts.order_by("number"))
    earlier = [one.case for one in attempts if one.case_id]
    every = Case.objects.filter(pk__in=[one.pk for one in [*earlier, *([case] if case else [])]])
    made = branch.events.filter(verb="branch_opened").count()
    assert every.count() == made, (branch.code, "a case for each opening")
    assert [one.number for one in attempts] == list(range(1, branch.attempt))
    assert not any(one.status in RUNNING for one in earlier), (branch.code, "one living case")
    assert (branch.state == "open") == (case is not None and case.status in RUNNING), (
        branch.code,
        branch.state,
    )
    if branch.state == "granted":
        decided = case.events.get(verb="granted")
        assert decided.by_id is not None, (branch.code, "granted by somebody")
        assert case.status in ("granted", "delivered", "archived")
    if branch.state == "refused":
        assert case.events.get(verb="refused").by_id is not None
    if branch.was_refused:
        assert branch.state != "not_needed"
    if branch.state in ("open", "granted", "refused"):
        assert held.is_free(branch), (branch.code, "open, and its prerequisites done")
        _day_0(held, branch)
    if branch.state == "waiting" and stage.state == "running" and held.is_living:
        assert not (held.is_free(branch) and branch.answer == "accept"), (branch.code, "ready and not open")
    if held.is_living and branch.state in ("waiting", "blocked"):
        fallen = any(need.state in FELL or need.state == "blocked" for need in held.needs[branch.pk])
        assert fallen == (branch.state == "blocked"), (branch.code, branch.state)


def _history(held: Held) -> None:
    """What the events tell of each branch is one chain, and ends in the state in which it is."""
    now: dict[int, str] = {}
    told = (
        ProjectEvent.objects.filter(project=held.project, branch__isnull=False)
        .exclude(after="")
        .order_by("id")
    )
    for branch, verb, before, after in told.values_list("branch", "verb", "before", "after"):
        assert now.get(branch, before) == before, (branch, verb, before, now)
        now[branch] = after
    for branch in held.branches:
        if branch.pk in now and branch.state not in ("withdrawn", "returned", "not_needed"):
            assert now[branch.pk] == branch.state, (branch.code, branch.state, now[branch.pk])


def _day_0(held: Held, branch: ProjectBranch) -> None:
    """R20, from the events: the latest of acceptance, last prerequisite, complete answer."""
    days = [branch.stage.accepted_on]
    for need in held.needs[branch.pk]:
        if need.state == "granted":
            days.append(need.case.decided_on)
        elif out := need.events.filter(verb="dropped").order_by("-id").first():
            days.append(timezone.localdate(out.at))
    anew = branch.events.filter(verb="branch_reopened").order_by("-id").first()
    if anew:
        days.append(timezone.localdate(anew.at))
    if branch.notice and branch.notice.answered_at:
        days.append(timezone.localdate(branch.notice.answered_at))
    assert branch.opened_on == max(days) == branch.case.accepted_on, (branch.code, branch.opened_on, days)


def _stage(held: Held, stage) -> None:
    branches = held.of(stage)
    applying = [one for one in branches if one.state != "not_needed"]
    open_pauses = StagePause.objects.filter(stage=stage, to_on=None).count()
    assert (stage.paused_since is not None) == (open_pauses == 1), (stage, "one open pause and its day")
    if stage.state == "running":
        assert any(one.state not in DONE | {"withdrawn"} for one in branches), (
            stage,
            "running, and all has ended",
        )
        runs = any(
            one.state == "open"
            and one.case.paused_since is None
            or one.state == "waiting"
            and held.is_free(one)
            and not held.waits_for_applicant(one)
            for one in branches
        )
        assert runs == (stage.paused_since is None), (stage, "stands still only while nothing runs")
        _dates(stage)
    elif stage.state == "closing":
        assert all(one.state in DONE | {"withdrawn"} for one in branches)
        assert any(one.state == "granted" for one in branches)
    elif stage.state in ("received", "dispatched"):
        asked = [
            one for one in held.notices if one.stage_id == stage.pk and not one.is_anew and _is_open(one)
        ]
        assert (stage.accept_by is None) == bool(asked), (stage, "five days, or a notice that waits")
        assert any(one.state != "withdrawn" for one in applying), (stage, "nothing of it is left")
    if stage.state in OVER:
        assert stage.paused_since is None, (stage, "over, and stands still")
        assert not any(one.state == "open" for one in branches), (stage, "over, and somebody works")
    if stage.state in ("waiting", "received", "dispatched"):
        assert not any(one.state in ("open", "granted", "refused") for one in branches), (
            stage,
            "not accepted",
        )


def _dates(stage) -> None:
    calendar = loaded.current()
    pauses = list(stage.pauses.order_by("from_on", "id"))
    if stage.paused_since is not None:
        return
    day, left = stage.accepted_on, stage.days + stage.extension_days
    while left:
        day += timedelta(days=1)
        stopped = any(one.from_on < day <= (one.to_on or date.max) for one in pauses)
        left -= calendar.is_workday(day) and not stopped
    assert stage.due_on == day, (stage, stage.due_on, day)


def _project(held: Held) -> None:
    project, states = held.project, [one.state for one in held.stages]
    applying = [one for one in held.stages if any(b.state != "not_needed" for b in held.of(one))]
    if project.state in ("filed", "confirmed", "running"):
        assert not all(one.state in OVER for one in applying), (
            project.state,
            states,
            "all over, and it goes on",
        )
    if project.state == "closing":
        assert any(state == "closing" for state in states)
        assert all(one.state in OVER for one in applying)
    if not held.is_living:
        over = (
            ENDED | {"closing"} if project.state == "withdrawn" else ENDED
        )  # what was decided is still handed over
        assert all(one.state in over for one in applying), (project.state, states)
        assert not any(one.state in ("open", "waiting") for one in held.branches), project.state
        assert not Consultation.objects.filter(project=project, state="open").exists()
        assert not any(map(_is_open, held.notices))
        assert project.closed_on is not None
    events = ProjectEvent.objects.filter(project=project)
    told = events.filter(
        verb__in=["notice_sent", "stage_accepted", "stage_deemed", "stage_extended", "handed_over"]
    )
    assert Letter.objects.filter(project=project).count() == told.count()
    assert (
        events.filter(verb="stage_finished").values("stage").distinct().count()
        == events.filter(verb="stage_finished").count()
    ), "a stage is finished once"


def _is_open(notice: ProjectNotice) -> bool:
    return notice.answered_at is None and notice.lapsed_at is None


def _notices(held: Held) -> None:
    for stage in held.stages:
        of_stage = [one for one in held.notices if one.stage_id == stage.pk]
        assert sum(not one.is_anew for one in of_stage) <= 1, (stage, "its package is told of once")
    waiting = {one.notice_id for one in held.branches if held.waits_for_applicant(one)}
    assert {one.pk for one in held.notices if _is_open(one)} == waiting, "open as long as somebody waits"


def _papers(held: Held) -> None:
    """Each line of the list of each branch that applies is one use of one paper; who works with a paper has its newest version."""
    uses = list(held.project.material_uses.select_related("material", "branch", "line"))
    applying = [one for one in held.branches if one.state != "not_needed"]
    lines = Material.objects.filter(version__in=[one.item_version_id for one in applying])
    wanted = {
        (one.pk, line.pk) for one in applying for line in lines if line.version_id == one.item_version_id
    }
    assert {(use.branch_id, use.line_id) for use in uses} == wanted, (
        "the matrix is that of the branches that apply"
    )
    for use in uses:
        newest = use.material.files.filter(is_current=True).first()
        if newest is None or use.branch.state != "open":
            continue
        has = CaseFile.objects.filter(
            material__case=use.branch.case_id, material__material=use.line, is_current=True
        ).first()
        assert has is not None and has.sha256 == newest.sha256, (
            use.branch.code,
            use.material.name,
            "the newest",
        )
        assert has.name == newest.name, (use.branch.code, use.material.name, has.name, newest.name)


def seen_by_head(project: Project, user) -> bool:
    """Papers: exactly those of one's own branches, or all for a lead."""
    department = user.acting.department_id
    leads = project.lead_id == department or project.stages.filter(lead=department).exists()
    own = project.materials.filter(uses__branch__department=department)
    wanted = project.materials.exclude(uses=None) if leads else own
    return set(readable(project, user).values_list("pk", flat=True)) == set(
        wanted.values_list("pk", flat=True)
    )
