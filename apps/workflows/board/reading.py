"""看板的读取: everything that the board shows of one project, in five statements however many branches it has. Read-only."""

from collections.abc import Collection, Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from apps.accounts.models import User
from apps.cases.models import Case, ClockPause
from apps.cases.terms import Pause
from apps.points.models import PATH_LENGTH, Department
from apps.points.rules import closed_days_by_path

from ..actions.project_moves import leads
from ..models import (
    Consultation,
    ConsultationMember,
    MaterialUse,
    Project,
    ProjectBranch,
    ProjectEvent,
    ProjectMaterial,
    StagePause,
)
from ..one_form import merged
from ..prerequisites import needs_of
from ..states import BranchState, Verb
from .agency import agency_of
from .facts import Asked, BranchNow, Facts, Meeting, Sharing, StageNow

M = ProjectMaterial.State
NEVER_ASKED = (M.SHARED, M.NOT_NEEDED)
_BRANCH = (
    "code", "name", "state", "days", "answer", "answer_by", "notice", "reason", "attempt", "opened_on", "finished_on",
    "branch", "project", "department__name", "point__path", "point__region", "item_version__form_fields",
    "case__number", "case__due_on", "case__provisional_due_on", "case__paused_since", "case__pause_kind",
    "stage__number", "stage__name", "stage__state", "stage__days", "stage__extension_days", "stage__received_on",
    "stage__accept_by", "stage__accepted_on", "stage__due_on", "stage__statutory_due_on", "stage__calendar_missing",
    "stage__paused_since", "stage__finished_on", "stage__closed_on", "stage__project", "stage__lead__name",
    "notice__sent_at", "notice__answer_by", "notice__answered_at", "notice__lapsed_at",
)  # fmt: skip


def facts_of(project: Project, user: User) -> Facts:
    """What is stored of a project as `user` sees it: the numbers of cases only where the case may be opened."""
    rows = _branches(project, user)
    applying = [row for row in rows if row.state != BranchState.NOT_NEEDED]
    closures = closed_days_by_path()
    code_of = {row.branch_id: row.code for row in applying}
    needs = needs_of(project.version_id)
    return Facts(
        stages=_stages(rows, project, user),
        branches=tuple(
            _branch(
                row,
                needs=tuple(code_of[need] for need in needs.get(row.branch_id, ()) if need in code_of),
                closed=_closed_at(row.point.path, closures),
                department=_department(row, project),
            )
            for row in applying
        ),
        left_out=tuple((row.name, row.reason) for row in rows if row.state == BranchState.NOT_NEEDED),
        meetings=_meetings(project),
        sharing=_sharing(applying),
        agency=agency_of(project.key_project_id, user),
        is_living=project.is_living,
        closed=_closed_at(project.path, closures),
    )


def _branches(project: Project, user: User) -> list[ProjectBranch]:
    """With their stages, cases and notices, the pauses of both clocks, the last reminder, and whether the case may be opened."""
    chased = ProjectEvent.objects.filter(branch=OuterRef("pk"), verb=Verb.CHASED).order_by("-id")
    return list(
        ProjectBranch.objects.filter(project=project)
        .select_related("stage__lead", "department", "point", "case", "item_version", "notice")
        .only(*_BRANCH)
        .annotate(
            pauses=_pauses(ClockPause.objects.filter(case=OuterRef("case"))),
            stage_pauses=_pauses(StagePause.objects.filter(stage=OuterRef("stage"))),
            papers=ArraySubquery(
                MaterialUse.objects.filter(branch=OuterRef("pk"))
                .exclude(material__state__in=NEVER_ASKED)
                .order_by("id")
                .values(json=JSONObject(paper="material", state="material__state"))
            ),
            chased_at=Subquery(chased.values("at")[:1]),
            is_seen=Exists(Case.objects.visible_to(user).filter(pk=OuterRef("case"))),
        )
        .order_by("stage__number", "branch")  # as the bundle lists them
    )


def _pauses(rows) -> ArraySubquery:
    return ArraySubquery(
        rows.order_by("from_on", "id").values(json=JSONObject(from_on="from_on", to_on="to_on"))
    )


def _read(pauses: Iterable[dict], kind: str = "") -> tuple[Pause, ...]:
    return tuple(
        Pause(
            date.fromisoformat(one["from_on"]), one["to_on"] and date.fromisoformat(one["to_on"]), True, kind
        )
        for one in pauses
    )


def _stages(rows: list[ProjectBranch], project: Project, user: User) -> tuple[StageNow, ...]:
    """Every stage of a published bundle has branches, so they bring their stages along."""
    found: dict[int, list[ProjectBranch]] = {}
    for row in rows:
        found.setdefault(row.stage.number, []).append(row)
    return tuple(_stage(found[number], project, user) for number in sorted(found))


def _stage(rows: list[ProjectBranch], project: Project, user: User) -> StageNow:
    """From its branches: its own facts are the same on all of them, the notices are of those that wait for the applicant."""
    stage = rows[0].stage
    notices = {row.notice_id: row.notice for row in rows if row.waits_for_papers and row.notice.is_open}
    return StageNow(
        number=stage.number,
        name=stage.name,
        lead=_plain(stage.lead, project) if stage.lead else f"{project.point.region}综合窗口",
        state=stage.state,
        days=stage.days,
        extension_days=stage.extension_days,
        received_on=stage.received_on,
        accept_by=stage.accept_by,
        accepted_on=stage.accepted_on,
        due_on=stage.due_on,
        statutory_due_on=stage.statutory_due_on,
        calendar_missing=stage.calendar_missing,
        paused_since=stage.paused_since,
        ended_on=stage.finished_on or stage.closed_on,
        pauses=_read(rows[0].stage_pauses),
        asked=tuple(
            Asked(timezone.localdate(notice.sent_at), notice.answer_by)
            for notice in sorted(notices.values(), key=lambda notice: (notice.answer_by, notice.pk))
        ),
        is_led=leads(user, project) or leads(user, project, stage),
    )


def _branch(
    row: ProjectBranch, *, needs: tuple[str, ...], closed: frozenset[date], department: str
) -> BranchNow:
    case = row.case
    return BranchNow(
        code=row.code,
        name=row.name,
        department=department,
        stage=row.stage.number,
        state=row.state,
        days=row.days,
        needs=needs,
        answer=row.answer,
        answer_by=row.answer_by,
        is_told=row.is_told,
        reason=row.reason,
        attempt=row.attempt,
        case=case.number if case else "",
        is_seen=row.is_seen,
        opened_on=row.opened_on,
        due_on=case.due_on if case else None,
        provisional_due_on=case.provisional_due_on if case else None,
        paused_since=case.paused_since if case else None,
        pause_kind=case.pause_kind if case else "",
        finished_on=row.finished_on,
        pauses=_read(row.pauses),
        closed=closed,
        chased_at=row.chased_at,
    )


def _department(row: ProjectBranch, project: Project) -> str:
    """承办部门: with its region where it is not of the project's own place (D-29)."""
    if row.department is None:
        return f"{row.point.region}综合窗口"
    plain = row.department.name.removeprefix(row.point.region)
    return plain if row.point_id == project.point_id else f"{row.point.region}{plain}"


def _plain(department: Department, project: Project) -> str:
    """Without the region that is the project's own."""
    return department.name.removeprefix(project.point.region)


def _closed_at(path: str, closures: dict[str, frozenset[date]]) -> frozenset[date]:
    prefixes = [path[:length] for length in PATH_LENGTH.values() if length <= len(path)]
    return frozenset().union(*(closures.get(prefix, frozenset()) for prefix in prefixes))


def _meetings(project: Project) -> tuple[Meeting, ...]:
    members = (
        ConsultationMember.objects.filter(
            consultation__project=project, consultation__state=Consultation.State.OPEN
        )
        .select_related("consultation", "department")
        .order_by("consultation__answer_by", "consultation", "id")
    )
    found: dict[int, list[ConsultationMember]] = {}
    for member in members:
        found.setdefault(member.consultation_id, []).append(member)
    return tuple(_meeting(asked, project) for asked in found.values())


def _meeting(members: list[ConsultationMember], project: Project) -> Meeting:
    one = members[0].consultation
    return Meeting(
        pk=one.pk,
        kind=one.get_kind_display(),
        subject=one.subject,
        place=one.place,
        begins_at=one.begins_at,
        answer_by=one.answer_by,
        asked=tuple(_plain(member.department, project) for member in members),
        silent=tuple(_plain(member.department, project) for member in members if not member.has_answered),
    )


def _sharing(applying: Collection[ProjectBranch]) -> Sharing:
    """A paper is counted once however many use it. What no item asks for either, being shared data, counts on neither side."""
    asked = [use for row in applying for use in row.papers]
    brought = {use["paper"] for use in asked if use["state"] != M.PRODUCED}
    forms = [row.item_version.form_fields for row in applying]
    return Sharing(len(brought), len(asked), len(merged(forms)), sum(len(form) for form in forms))
