"""数字后面的件: the list of the cases that a figure counted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.calendars import loaded
from apps.cases.filters import CaseFilter
from apps.cases.measures import LABELS
from apps.cases.models import Case
from apps.cases.pages import page_of

COUNTED = 10_000  # beyond, the list says 以上: nobody reads so far, and an unbounded count is dear


@require_safe
@permission("supervision.view_dashboard")
def case_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    seen = Case.objects.visible_to(request.user).started()
    narrowed = CaseFilter(request.GET, seen, today=today)
    cases = narrowed.qs if narrowed.is_valid() else seen.none()
    total = cases.order_by()[: COUNTED + 1].count()
    page = page_of(
        cases.with_applicant().select_related("item", "point", "intake_point", "department"),
        by=("-id",),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "total": total,
        "is_more": total > COUNTED,
        "heading": LABELS.get(request.GET.get("measure", ""), "办件"),
        "period": narrowed.period if narrowed.is_valid() and request.GET.get("first") else None,
        "filter": narrowed,
        "calendar": loaded.current(),
        "today": today,
    }
    return render(request, "dashboard/case_list.html", context, status=200 if narrowed.is_valid() else 422)
