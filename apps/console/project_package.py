"""一套材料 of a project as its page shows it: each paper once, who uses it, its versions, and where it is taken in."""

from django.db.models import Prefetch

from apps.accounts.models import User
from apps.workflows import actions
from apps.workflows.models import Project, ProjectFile, ProjectMaterial
from apps.workflows.package import readable

from .project_forms import ActForm, PaperForm

NEVER_BROUGHT = (ProjectMaterial.State.SHARED, ProjectMaterial.State.NOT_NEEDED)
"""Nor would anybody bring them if the items were handled one by one."""


def matrix_of(project: Project, user: User, *, opened: str = "", form: ActForm | None = None) -> dict:
    """材料矩阵 (材料×分项): four statements, whatever the project is made of."""
    papers = (
        project.materials.select_related("stage", "source")
        .filter(uses__isnull=False)
        .prefetch_related("uses__branch", Prefetch("files", ProjectFile.objects.order_by("-number")))
        .order_by("stage__number", "seq")
        .distinct()
    )
    may_read = set(readable(project, user).values_list("pk", flat=True))
    rows = []
    for paper in papers:
        key = f"paper-{paper.pk}"
        is_open = opened == key
        is_brought = project.is_living and paper.source_id is None and not actions.is_settled(paper)
        asked = None
        if is_brought and actions.takes_in(user, project, paper.stage):
            asked = form if is_open and form else PaperForm(name=key)
        rows.append(
            {
                "paper": paper,
                "users": "、".join(use.branch.name for use in paper.uses.all()),
                "files": list(paper.files.all()),
                "may_read": paper.pk in may_read,
                "form": asked,
                "is_open": is_open,
            }
        )
    return {
        "rows": rows,
        "asked": sum(row["paper"].is_asked for row in rows),
        "uses": sum(len(row["paper"].uses.all()) for row in rows if row["paper"].state not in NEVER_BROUGHT),
        "takes_in": any(row["form"] for row in rows),
        "is_told_in_place": any(row["form"] and row["is_open"] for row in rows),
    }
