"""What the pages of whole projects show, fetched: a fixed number of statements, however many matters they have."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from apps.calendars import loaded
from apps.letters.models import Letter
from apps.workflows.models import Project, SupplementWish
from apps.workflows.prerequisites import needs_of
from apps.workflows.states import BranchState

from .project_standing import chip_of_project, headline_of, rows_of, timeline_of


def with_chips(projects: Iterable[Project]) -> list[dict]:
    """Rows of `Project.objects.with_open_notice()`."""
    return [
        {"project": one, "chip": chip_of_project(one, has_notice=one.has_open_notice)} for one in projects
    ]


def standing_of(project: Project, wishes: list[SupplementWish] | None = None) -> dict:
    """Headline, rows and timeline; the same for the applicant and for whoever asks by the number."""
    wishes = list(SupplementWish.objects.open_of(project)) if wishes is None else wishes
    branches = list(
        project.branches.select_related(
            "stage", "department", "point", "item_version", "case__version", "case__intake_point"
        ).order_by("stage__number", "id")
    )
    letters: dict[int | None, list[Letter]] = {None: []}  # by case; those of the project itself by none
    of_cases = Q(case__in=[one.case_id for one in branches if one.case_id])
    for letter in Letter.objects.filter(of_cases | Q(project=project)).for_list():
        letters.setdefault(letter.case_id, []).append(letter)
    of_the_whole = letters.pop(None)
    rows = rows_of(
        branches,
        needs=needs_of(project.version_id),
        letters=letters,
        calendar=loaded.current(),
        today=timezone.localdate(),
    )
    events = project.events.select_related("branch").order_by("id")
    return {
        "rows": rows,
        "letters": of_the_whole,
        "dropped": [one for one in branches if one.state == BranchState.NOT_NEEDED and project.is_investment],
        "chip": chip_of_project(project, has_notice=bool(wishes)),
        "headline": headline_of(project, rows, has_notice=bool(wishes)),
        "done": sum(row.is_done for row in rows),
        "timeline": timeline_of(project, events, rows, has_notice=bool(wishes)),
    }
