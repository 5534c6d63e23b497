"""并联审批的数字 (D-33): projects, branches by department, and the days that working side by side has saved. Read-only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.cases.measures import Period

from .measures import PROJECTS, UNFINISHED, of_branches, of_projects, of_stages
from .models import Project, ProjectBranch, ProjectStage
from .states import BranchState


@dataclass(frozen=True, slots=True)
class Saved:
    """时限压缩 of one bundle: working days at law, promised, used, and as they would be one after another."""

    bundle: int
    name: str
    code: str
    stages: int
    legal: int
    promised: int
    serial: int
    used: int

    @property
    def saved(self) -> int:
        """Against doing the same branches one after another, each in its promised days."""
        return self.serial - self.used

    @property
    def spared(self) -> int:
        """时限压缩比 is this share of the days of the law: those that were not used."""
        return self.legal - self.used


def projects_counted(seen: QuerySet, period: Period, today: date) -> dict[str, int]:
    """Each measure of projects, in two statements: only the one that asks the stages is joined with them."""
    names = [name for name in PROJECTS if name != "stage_overdue"]
    counts = {name: Count("pk", filter=of_projects(name, period, today)) for name in names}
    overdue = seen.filter(of_projects("stage_overdue", period, today))
    return seen.order_by().aggregate(**counts) | {"stage_overdue": overdue.order_by().distinct().count()}


def branches_by_department(seen: QuerySet, period: Period, today: date) -> list[dict]:
    """Per department: ended, on time, open, overdue, unanswered, chased. The punctual first; two statements.

    Only branches that have not ended, or ended in the period, are read: of the years before, none.
    """
    names = ("ended", "on_time", "late", "open", "overdue", "unanswered")
    counts = {name: Count("pk", filter=of_branches(name, period, today)) for name in names}
    ended = Q(finished_on__gte=period.first, finished_on__lte=period.last)
    found = {
        row["department"]: row | {"chased": 0}
        for row in _of_departments(ProjectBranch.objects.filter(UNFINISHED | ended), seen).annotate(**counts)
    }
    chased = ProjectBranch.objects.filter(of_branches("chased", period, today))
    for row in _of_departments(chased, seen).annotate(chased=Count("pk", distinct=True)):
        known = found.setdefault(row["department"], dict.fromkeys(names, 0) | row)
        known["chased"] = row["chased"]
    some = [row for row in found.values() if any(row[name] for name in (*names, "chased"))]
    return sorted(some, key=lambda row: (-row["overdue"], -row["ended"], row["department__name"] or ""))


def _of_departments(branches: QuerySet, seen: QuerySet) -> QuerySet:
    grouped = branches.filter(project__in=seen).order_by()
    return grouped.values("department", "department__name", "department__point__region")


def days_saved(seen: QuerySet, period: Period) -> list[Saved]:
    """时限压缩 of the stages that finished in the period, by bundle; one statement."""
    serial = (
        ProjectBranch.objects.filter(stage=OuterRef("pk"), state=BranchState.GRANTED)
        .order_by()
        .values("stage")
        .annotate(days=Sum("days"))
        .values("days")
    )
    finished = ProjectStage.objects.filter(of_stages("finished", period), project__in=seen)
    rows = (
        finished.annotate(serial=Coalesce(Subquery(serial), 0))
        .order_by()
        .values("project__bundle", "project__bundle__name", "project__bundle__code")
        .annotate(
            number=Count("pk"),
            at_law=Sum(F("legal_days")),
            promise=Sum(F("days")),
            in_a_row=Sum("serial"),
            used=Sum(Coalesce("used_days", 0)),
        )
        .order_by("project__bundle__code")
    )
    return [
        Saved(
            row["project__bundle"],
            row["project__bundle__name"],
            row["project__bundle__code"],
            row["number"],
            row["at_law"],
            row["promise"],
            row["in_a_row"],
            row["used"],
        )
        for row in rows
    ]


def of_projects_under(user, path: str) -> QuerySet:
    """The projects that somebody may see of a place: the base of every figure and of every list behind one."""
    return Project.objects.visible_to(user).filed().filter(Q(path__startswith=path))
