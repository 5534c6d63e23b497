"""通报: one hall, one week; on the page and on paper the same tables."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.letters.typesetting import CannotSet, set_report
from apps.points.models import ServicePoint
from apps.points.rules import rules_of
from apps.workflows.bulletin import Bulletin, Week, bulletin_of

from ..bulletin_tables import TITLE, paper_of, sections_of, span_of, summary_of
from ..key_project_panels import halls_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, mended where it cannot be read; `faults` says what was mended."""

    hall: ServicePoint | None
    halls: list[ServicePoint]
    week: Week
    today: date
    faults: list[str]

    @property
    def status(self) -> int:
        return 422 if self.faults else 200


@require_safe
@never_cache
@permission("workflows.view_bulletin")
def bulletin(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    facts = {"title": TITLE, "asked": asked}
    if asked.hall is None:
        return render(request, "console/bulletin.html", facts, status=409)
    found = _bulletin(request, asked)
    facts |= {
        "bulletin": found,
        "summary": summary_of(found),
        "span": span_of(found),
        "sections": sections_of(found),
        "has_following": asked.week.following.first <= asked.today,
    }
    return render(request, "console/bulletin.html", facts, status=asked.status)


@require_safe
@never_cache
@permission("workflows.view_bulletin")
def bulletin_file(request: HttpRequest) -> HttpResponse:
    """The PDF. It is not kept: the facts are, and set again they give the same paper."""
    asked = _asked(request)
    if asked.hall is None or asked.faults:
        return bulletin(request)
    found = _bulletin(request, asked)
    is_sample = rules_of(asked.hall.path).is_historic_sample
    try:
        pdf = set_report(paper_of(found, is_sample=is_sample), "bulletin")
    except CannotSet as reason:
        return render(request, "errors/409.html", {"refusal": str(reason)}, status=409)
    name = f"bulletin-{asked.hall.path}-{asked.week.first.isoformat()}.pdf"
    kind = "attachment" if "download" in request.GET else "inline"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'{kind}; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


def _bulletin(request: HttpRequest, asked: Asked) -> Bulletin:
    return bulletin_of(asked.hall, asked.week, for_user=request.user, today=asked.today)


def _asked(request: HttpRequest) -> Asked:
    today, faults = timezone.localdate(), []
    halls = halls_of(request.user)
    path = request.GET.get("hall", "")
    hall = next((one for one in halls if one.path == path), None)
    if path and hall is None:
        faults.append("您的职责范围内没有这个中心，下面是您自己的。")
    week = Week.of(today)
    if request.GET.get("on", ""):
        try:
            week = Week.of(date.fromisoformat(request.GET["on"]))
        except (ValueError, OverflowError):
            faults.append("日期请写成2026-11-20的样子，下面是本周的。")
    if week.first > today:
        faults.append(f"{week}还没有到，下面是本周的。")
        week = Week.of(today)
    if week.first.year < 2000:
        faults.append("这么早的通报这里没有，下面是本周的。")
        week = Week.of(today)
    return Asked(hall or (halls[0] if halls else None), halls, week, today, faults)
