"""并联项目: the board of one project, and the lists of those that wait for one, or that one leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.workflows.models import Project

from ..project_panels import facts_for


def project_of(request: HttpRequest, number: str) -> Project:
    """The project by its number, or 404 outside the scope of whoever asks."""
    return get_object_or_404(Project.objects.visible_to(request.user).filed().for_page(), number=number)


@require_safe
@never_cache
@permission("workflows.view_project")
def project_detail(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, project_of(request, number))


def show(request: HttpRequest, project: Project, *, status: int = 200, **sent) -> HttpResponse:
    """The board; `sent` is what an act that was refused gives back: `refusal`, `faults`, `panel`."""
    known = {name: sent[name] for name in ("opened", "form", "faults", "typed") if name in sent}
    facts = {
        "project": project,
        "branches": project.branches.select_related("department", "stage").order_by("id"),
        **facts_for(project, request.user, **known),
    }
    return render(request, "console/project_detail.html", facts | sent, status=status)
