"""我的待办: the work list, the search and the export."""

import csv
from collections import Counter
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.actions import audit
from apps.accounts.gates import permission
from apps.accounts.models import AuditEntry
from apps.calendars import loaded
from apps.cases.clockface import group_of
from apps.cases.filters import CaseFilter, Stage
from apps.cases.models import Case, Channel
from apps.cases.naming import name_for
from apps.cases.pages import page_of

from .batches import colleagues

COUNTED = 999  # a tab says 999+ beyond: an exact count of a long list is dear and helps nobody
EXPORTED = 10_000
ACTING = ("cases.accept_case", "cases.pre_review_case", "cases.review_case", "cases.decide_case")
"""Whoever may do none of these reads the list; nothing on it waits for them."""


@require_safe
@permission("cases.view_case")
def case_list(request: HttpRequest) -> HttpResponse:
    today, calendar = timezone.localdate(), loaded.current()
    desk = Case.objects.visible_to(request.user).on_desk_of(request.user)
    counts = Counter(Stage.of(status) for status in desk.values_list("status", flat=True)[: COUNTED + 1])
    narrowed = CaseFilter(request.GET, desk.for_desk(), today=today)
    page = page_of(
        narrowed.qs,
        by=("desk_due_on", "id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    groups = [
        (name, list(cases))
        for name, cases in groupby(page.rows, key=lambda case: group_of(case, calendar, today))
    ]
    context = {
        "page": page,
        "groups": groups,
        "calendar": calendar,
        "today": today,
        "now": timezone.localtime(),
        "tabs": _tabs(counts, request.GET.get("stage", "")),
        "channels": Channel.choices,
        "filter": narrowed,
        "is_reader": not any(request.user.has_perm(name) for name in ACTING),
        "colleagues": colleagues(request.user) if request.user.has_perm("cases.dispatch_case") else [],
    }
    template = (
        "console/_desk_table.html" if request.htmx and not request.htmx.boosted else "console/case_list.html"
    )
    return render(request, template, context)


@require_safe
@permission("cases.view_case")
def case_search(request: HttpRequest) -> HttpResponse:
    """Number, short number, ID number or its last four, two characters of a name; a whole number opens the case at once."""
    words = request.GET.get("q", "").strip()[:60]
    seen = Case.objects.visible_to(request.user).started()
    page = None
    if words:
        found = seen.search(words).for_row()
        page = page_of(
            found, by=("-id",), after=request.GET.get("after", ""), before=request.GET.get("before", "")
        )
        if len(page) == 1 and page.rows[0].number == words:
            return redirect("console:case-detail", number=words)
        if any(ch.isalpha() or ch == "*" for ch in words) or len(words) in (4, *range(15, 61)):
            audit(
                AuditEntry.Kind.SEARCHED,
                by=request.user,
                at=timezone.now(),
                detail={"characters": len(words), "found": len(page)},
                address=request.META.get("REMOTE_ADDR"),
            )
    context = {"words": words, "page": page, "calendar": loaded.current(), "today": timezone.localdate()}
    return render(request, "console/case_search.html", context)


@require_safe
@permission("cases.export_case")
def case_export(request: HttpRequest) -> HttpResponse:
    """导出: the cases one may see, narrowed as the list is, ID numbers masked; every export is on record.

    A filter that cannot be read gives nothing out, never everything; and a list that is too long is not cut in silence.
    """
    narrowed = CaseFilter(request.GET, Case.objects.visible_to(request.user).started())
    if not narrowed.is_valid():
        wrong = "；".join(f"{field.label}：{field.errors[0]}" for field in narrowed.form if field.errors)
        return _nothing_exported(f"筛选条件不对，什么都没有导出。{wrong}")
    cases = narrowed.qs.with_applicant().select_related("item", "point", "department")
    rows = list(cases.order_by("-id")[: EXPORTED + 1])
    if len(rows) > EXPORTED:
        return _nothing_exported(f"超过 {EXPORTED:,} 件，什么都没有导出。请加上日期等筛选条件，分几次导出。")
    audit(
        AuditEntry.Kind.EXPORTED,
        by=request.user,
        at=timezone.now(),
        subject="办件",
        detail={"rows": len(rows), "filter": request.GET.urlencode()[:500]},
        address=request.META.get("REMOTE_ADDR"),
    )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cases-{timezone.localdate():%Y%m%d}.csv"'
    response.write("\ufeff")  # or the spreadsheet of most desks reads Chinese as noise
    writer = csv.writer(response)
    writer.writerow(
        [
            "办件编号",
            "事项",
            "申请人",
            "证件号码",
            "状态",
            "办理地",
            "部门",
            "收件日",
            "受理日",
            "承诺办结日",
            "法定办结日",
            "决定日",
        ]
    )
    for case in rows:
        writer.writerow(
            [
                _plain(case.number),
                _plain(case.item.name),
                _plain(name_for(case, request.user)),
                case.applicant_mask,
                case.get_status_display(),
                case.point.name,
                case.department.name if case.department else "",
                case.received_on,
                case.accepted_on,
                case.due_on,
                case.statutory_due_on,
                case.decided_on,
            ]
        )
    return response


def _nothing_exported(why: str) -> HttpResponse:
    return HttpResponse(why, status=422, content_type="text/plain; charset=utf-8")


def _tabs(counts: Counter, chosen: str) -> list[dict]:
    total = sum(counts.values())
    tabs = [{"name": "", "label": "全部待办", "count": total}]
    tabs += [{"name": name, "label": label, "count": counts.get(name, 0)} for name, label in Stage.CHOICES]
    for number, tab in enumerate(tabs, start=1):
        tab["is_chosen"] = tab["name"] == chosen
        tab["key"] = number
        tab["shown"] = f"{COUNTED}+" if tab["count"] > COUNTED else str(tab["count"])
    return tabs


def _plain(text: str) -> str:
    """A cell that a spreadsheet does not run as a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text
