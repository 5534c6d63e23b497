"""材料附件: a paper on the screen, only for whoever may see its case."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.cases.models import Case, CaseFile, SurveyPhoto
from apps.workflows.models import ProjectFile
from apps.workflows.package import readable

from .projects import project_of


@require_safe
@never_cache
@xframe_options_sameorigin
@permission("cases.view_papers")
def case_file(request: HttpRequest, pk: int) -> FileResponse:
    """Shown beside the form; what a browser cannot show comes as a download."""
    seen = Case.objects.visible_to(request.user).started()
    return shown(
        get_object_or_404(CaseFile, pk=pk, material__case__in=seen), download="download" in request.GET
    )


@require_safe
@never_cache
@xframe_options_sameorigin
@permission("cases.view_papers")
def project_file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """项目附件: a department opens only what its own branches use; the counter and the leads open all of it."""
    project = project_of(request, number)
    file = get_object_or_404(ProjectFile, pk=pk, material__in=readable(project, request.user))
    return shown(file, download="download" in request.GET)


def shown(stored: CaseFile | SurveyPhoto | ProjectFile, *, download: bool = False) -> FileResponse:
    """A stored file as it was taken in; nothing in it is ever run."""
    shown_inline = stored.content_type == "application/pdf" or stored.content_type.startswith("image/")
    response = FileResponse(
        stored.content.open("rb"),
        content_type=stored.content_type,
        as_attachment=not shown_inline or download,
        filename=stored.name,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
