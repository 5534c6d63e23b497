"""谁看哪份材料: each department sees only the papers that its own branches use. Read-only."""

from django.db.models import Exists, Q, QuerySet

from apps.accounts.models import Assignment, User

from .models import Project
from .querysets import COUNTERS


def readable(project: Project, user: User) -> QuerySet:
    """The papers of a project that somebody may open: all of them at the counter, for the leads and for the hall's supervisors.

    The combined window of another hall that stands in for a department of its own opens what that branch uses.
    """
    papers = project.materials.exclude(uses=None)
    acting = user.acting
    if acting is None or acting.department_id is None and _is_at_home(project, acting):
        return papers
    if acting.department_id is None:
        own = Q(uses__branch__department=None, uses__branch__point=acting.point_id)
        return papers.filter(own).distinct()
    if acting.department_id == project.lead_id:
        return papers
    leads = Exists(project.stages.filter(lead=acting.department_id))
    return papers.filter(leads | Q(uses__branch__department=acting.department_id)).distinct()


def _is_at_home(project: Project, acting: Assignment) -> bool:
    """At the counter that took it in or of the hall that handles it, or above the counters."""
    return acting.role not in COUNTERS or acting.point_id in (project.point_id, project.intake_point_id)
