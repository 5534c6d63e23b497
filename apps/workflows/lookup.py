"""凭编号查进度 of a whole project, guarded like that of a case: numbers of both come out of one series."""

from apps.accounts.identity import normalised
from apps.cases.lookup import guarded

from .models import Project


def is_of_a_project(number: str) -> bool:
    """Whether the number, if it is anybody's, is a project's: then only the project is asked for."""
    return Project.objects.filed().filter(number=normalised(number)).exists()


def project_with(number: str, last4: str) -> Project | None:
    """The project where both fit. Raises GuessedTooOften."""
    return guarded(number, Project.objects.with_number_and_last4(number, last4).for_page().first)
