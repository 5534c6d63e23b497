"""并联审批的数字: projects, days saved, punctuality of departments, what had to be chased; each opens its list."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.cases.pages import page_of
from apps.workflows import reports
from apps.workflows.measures import LABELS, OF_THE_DAY, of_branches, of_projects, of_stages
from apps.workflows.models import ProjectBranch, ProjectStage

from ..scope import Scope, scope_of
from .lists import COUNTED
from .overview import named, periods_of

SHOWN = ("filed", "running", "closed", "given_up", "stage_overdue")
OF_A_DEPARTMENT = ("ended", "on_time", "late", "open", "overdue", "unanswered", "chased")
HEADS = ["办结", "按时办结", "超期办结", "在办", "超期在办", "逾期未答复", "被催办"]


@require_safe
@permission("supervision.view_dashboard")
def project_figures(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    seen = reports.of_projects_under(request.user, scope.place.path)
    counted = reports.projects_counted(seen, scope.period, scope.today)
    departments = reports.branches_by_department(seen, scope.period, scope.today)
    for row in departments:
        name = row["department__name"]
        row["label"] = named(row["department__point__region"], name) if name else "综合窗口"
        row["cells"] = [
            {
                "name": name,
                "value": row[name],
                "url": _link(scope, "branches", name, department=row["department"] or "none"),
            }
            for name in OF_A_DEPARTMENT
        ]
    saved = reports.days_saved(seen, scope.period)
    facts = {
        "scope": scope,
        "periods": periods_of(scope),
        "figures": [
            {
                "label": LABELS["projects"][name],
                "value": counted[name],
                "unit": "个",
                "url": _link(scope, "projects", name),
            }
            for name in SHOWN
        ],
        "departments": departments,
        "heads": HEADS,
        "saved": [{"row": row, "url": _link(scope, "stages", "finished", bundle=row.code)} for row in saved],
        "total_saved": sum(row.saved for row in saved),
    }
    return render(request, "dashboard/projects.html", facts)


@require_safe
@permission("supervision.view_dashboard")
def project_rows(request: HttpRequest, kind: str) -> HttpResponse:
    """数字后面的项目、分项、阶段: the same condition as the figure, the same base."""
    scope, name = scope_of(request), request.GET.get("measure", "")
    if name not in LABELS.get(kind, {}):
        raise Http404("没有这个数字。")
    rows = _rows(kind, name, scope, request)
    total = rows.order_by()[: COUNTED + 1].count()
    page = page_of(
        rows, by=("-id",), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    facts = {
        "kind": kind,
        "page": page,
        "total": total,
        "is_more": total > COUNTED,
        "heading": LABELS[kind][name],
        "scope": scope,
        "period": None if name in OF_THE_DAY else scope.period,
        "today": timezone.localdate(),
    }
    return render(request, "dashboard/project_rows.html", facts)


def _rows(kind: str, name: str, scope: Scope, request: HttpRequest):
    seen = reports.of_projects_under(request.user, scope.place.path)
    if kind == "projects":
        counted = seen.filter(of_projects(name, scope.period, scope.today)).distinct()
        return counted.select_related("bundle", "point", "lead")
    if kind == "stages":
        rows = ProjectStage.objects.filter(of_stages(name, scope.period), project__in=seen)
        if code := request.GET.get("bundle"):
            rows = rows.filter(project__bundle__code=code)
        return rows.select_related("project", "lead")
    rows = ProjectBranch.objects.filter(
        of_branches(name, scope.period, scope.today), project__in=seen
    ).distinct()
    department = request.GET.get("department", "")
    if department == "none":
        rows = rows.filter(department=None)
    elif department.isdigit() and len(department) < 19:
        rows = rows.filter(department=department)
    return rows.select_related("project", "department", "case")


def _link(scope: Scope, kind: str, name: str, **more) -> str:
    asked = {"measure": name, "place": scope.place.path, "period": "custom", **more}
    asked |= {"from": scope.period.first.isoformat(), "to": scope.period.last.isoformat()}
    return f"{reverse('dashboard:project-rows', args=[kind])}?{urlencode(asked)}"
