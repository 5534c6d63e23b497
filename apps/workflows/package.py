"""谁看哪份材料: each department sees only the papers that its own branches use. Read-only."""

from django.db.models import QuerySet

from apps.accounts.models import User

from .models import Project


def readable(project: Project, user: User) -> QuerySet:
    """The papers of a project that somebody may open: all of them at the counter, for the leads and for the hall's supervisors."""
    papers = project.materials.exclude(uses=None)
    acting = user.acting
    if acting is None or acting.department_id is None or acting.department_id == project.lead_id:
        return papers
    if project.stages.filter(lead=acting.department_id).exists():
        return papers
    return papers.filter(uses__branch__department=acting.department_id).distinct()
