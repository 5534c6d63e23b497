"""谁看哪份材料: each department sees only the papers that its own branches use. Read-only."""

from django.db.models import Exists, Q, QuerySet

from apps.accounts.models import User

from .models import Project


def readable(project: Project, user: User) -> QuerySet:
    """The papers of a project that somebody may open: all of them at the counter, for the leads and for the hall's supervisors."""
    papers = project.materials.exclude(uses=None)
    acting = user.acting
    if acting is None or acting.department_id is None or acting.department_id == project.lead_id:
        return papers
    leads = Exists(project.stages.filter(lead=acting.department_id))
    return papers.filter(leads | Q(uses__branch__department=acting.department_id)).distinct()
