"""通报: what the bulletin of a hall says of one week: progress of its key projects, and who was absent or silent.

Read-only. A week runs from Monday to Sunday. Of a week that is over everything is told as it stood on its Sunday, as
far as the dates on record say; of the running week as it stands today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Q

from apps.points.models import ServicePoint

from .key_progress import called, in_time
from .models import (
    Answer,
    BranchState,
    Consultation,
    ConsultationMember,
    KeyMilestone,
    KeyProject,
    Project,
    ProjectBranch,
)
from .states import UNSTARTED, values_of

Reply = ConsultationMember.Reply
_NOT_WORKED_AT = (BranchState.NOT_NEEDED, BranchState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Week:
    """一周, by its Monday."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Week":
        return cls(day - timedelta(days=day.weekday()))

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    @property
    def previous(self) -> "Week":
        return Week(self.first - timedelta(days=7))

    @property
    def following(self) -> "Week":
        return Week(self.first + timedelta(days=7))

    def __str__(self):
        year, number, _ = self.first.isocalendar()
        return f"{year}年第{number}周"

    def seen_on(self, today: date) -> date:
        """The day as of which it is told."""
        return min(self.last, today)


@dataclass(slots=True)
class Progress:
    """One key project in one week. `granted_now` and `new` are what the week itself brought."""

    key_project: KeyProject
    milestones: list[KeyMilestone] = field(default_factory=list)
    new: list[KeyMilestone] = field(default_factory=list)
    total: int = 0
    granted: int = 0
    granted_now: int = 0
    under_way: int = 0
    overdue: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Absence:
    """未按时答复或缺席: a department in a consultation."""

    department: str
    consultation: Consultation
    project: Project
    words: str


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """逾期答复分发: a department that did not say in time whether it takes a branch."""

    department: str
    branch: ProjectBranch
    project: Project
    words: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """通报 of a hall and all below it, as far as its reader may see."""

    hall: ServicePoint
    week: Week
    seen_on: date
    progress: list[Progress]
    absences: list[Absence]
    late_answers: list[LateAnswer]


def bulletin_of(hall: ServicePoint, week: Week, *, for_user, today: date) -> Bulletin:
    """A fixed number of statements, whatever the hall has."""
    seen_on = week.seen_on(today)
    projects = Project.objects.visible_to(for_user).filed().filter(path__startswith=hall.path)
    return Bulletin(
        hall=hall,
        week=week,
        seen_on=seen_on,
        progress=_progress(hall, week, seen_on, for_user),
        absences=_absences(projects, week, today),
        late_answers=_late_answers(projects, week, today),
    )


def _progress(hall: ServicePoint, week: Week, seen_on: date, user) -> list[Progress]:
    listed = (
        KeyProject.objects.visible_to(user)
        .filter(path__startswith=hall.path)
        .listed_in(week.first, week.last)
        .order_by("-is_green", "id")
    )
    rows = {one.pk: Progress(one) for one in listed}
    reached = KeyMilestone.objects.filter(key_project__in=rows, on__lte=seen_on)
    for milestone in in_time(reached):
        row = rows[milestone.key_project_id]
        row.milestones.append(milestone)
        if milestone.on >= week.first:
            row.new.append(milestone)
    branches = (
        ProjectBranch.objects.filter(project__key_project__in=rows)
        .exclude(state__in=_NOT_WORKED_AT)
        .values_list("project__key_project", "state", "opened_on", "finished_on", "case__due_on")
    )
    for key, state, opened_on, finished_on, due_on in branches:
        _count(rows[key], week, seen_on, state, opened_on, finished_on, due_on)
    return list(rows.values())


def _count(row: Progress, week: Week, seen_on: date, state, opened_on, finished_on, due_on) -> None:
    """One branch, as it stood on that day: what was decided later was still under way."""
    row.total += 1
    decided = finished_on is not None and finished_on <= seen_on
    if decided and state == BranchState.GRANTED:
        row.granted += 1
        row.granted_now += finished_on >= week.first
    elif decided and state == BranchState.REFUSED:
        row.refused += 1
    elif opened_on is not None and opened_on <= seen_on and (finished_on or state == BranchState.OPEN):
        row.under_way += 1
        row.overdue += due_on is not None and due_on < seen_on


def _absences(projects, week: Week, today: date) -> list[Absence]:
    """Silent: whose last day for an answer lay in the week. Absent: from what was held in it."""
    over = Q(consultation__answer_by__range=(week.first, week.last), consultation__answer_by__lt=today)
    too_late = (
        Q(was_silent=True) | Q(reply=Reply.NONE) | Q(answered_at__date__gt=F("consultation__answer_by"))
    )
    silent = over & too_late & ~Q(reply=Reply.ABSENT)
    absent = Q(reply=Reply.ABSENT, consultation__held_at__date__range=(week.first, week.last))
    members = (
        ConsultationMember.objects.filter(silent | absent, consultation__project__in=projects)
        .exclude(consultation__state=Consultation.State.CALLED_OFF)
        .select_related("department__point", "consultation__project__key_project")
        .order_by("consultation__answer_by", "consultation_id", "id")
    )
    return _key_projects_first(
        Absence(called(one.department), one.consultation, one.consultation.project, _absence_words(one))
        for one in members
    )


def _absence_words(member: ConsultationMember) -> str:
    if member.reply in (Reply.NONE, Reply.SILENT, Reply.SILENT_AGREES, Reply.ABSENT):
        return "逾期未答复" if member.reply == Reply.NONE else member.get_reply_display()
    return f"逾期后答复：{member.get_reply_display()}"


def _late_answers(projects, week: Week, today: date) -> list[LateAnswer]:
    over = Q(answer_by__range=(week.first, week.last), answer_by__lt=today)
    branches = (
        ProjectBranch.objects.filter(over, project__in=projects)
        .filter(Q(is_answer_late=True) | Q(answer=Answer.NONE, state__in=values_of(UNSTARTED)))
        .exclude(state=BranchState.NOT_NEEDED)
        .select_related("department__point", "project__key_project")
        .order_by("answer_by", "id")
    )
    return _key_projects_first(
        LateAnswer(called(one.department), one, one.project, _answer_words(one)) for one in branches
    )


def _answer_words(branch: ProjectBranch) -> str:
    if branch.answer == Answer.NONE:
        return "逾期未答复"
    if branch.answered_by_id is None:
        return "逾期未答复，视为同意受理"
    return f"逾期后答复：{branch.get_answer_display()}"


def _key_projects_first(rows: Iterable) -> list:
    return sorted(rows, key=lambda row: row.project.key_project_id is None)
