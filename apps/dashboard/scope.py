"""看哪里、看哪段: the place and the period of a dashboard page, as asked for in its address."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.cases.measures import OF_THE_DAY, Period
from apps.points.models import PATH_LENGTH, ServicePoint

FIRST_YEAR, LAST_YEAR = 2000, 2100  # a period outside is a typing error
PERIODS = (("today", "今天"), ("week", "本周"), ("month", "本月"), ("year", "本年"), ("custom", "自选"))


@dataclass(frozen=True)
class Scope:
    """Where and when: `top` is the place one is responsible for, `place` the one looked at, below it or it itself."""

    top: ServicePoint
    place: ServicePoint
    ancestors: tuple[ServicePoint, ...]
    children: tuple[ServicePoint, ...]
    name: str
    period: Period
    today: date
    complaint: str = ""
    """What is wrong with the period that was asked for; then it is this month's."""

    def link(self, measure: str, *, place: str | None = None, **more) -> str:
        """The list of the cases that a figure counts."""
        asked = {"measure": measure, "intake_under": place or self.place.path, **more}
        if measure not in OF_THE_DAY:
            asked |= {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}
        return f"{reverse('dashboard:case-list')}?{urlencode(asked)}"

    def query(self, **changes) -> str:
        """The address of the same page with the place or the period changed."""
        asked = {"place": self.place.path, "period": self.name}
        if self.name == "custom":
            asked |= {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return urlencode({**asked, **changes})


def scope_of(request: HttpRequest) -> Scope:
    """Raises Http404 outside the scope of the role. Costs one statement."""
    today = timezone.localdate()
    top = request.user.acting.point
    path = request.GET.get("place") or top.path
    if not path.isdigit() or not path.startswith(top.path):
        raise Http404("这个地方不在您的职责范围内。")
    prefixes = [path[:length] for length in PATH_LENGTH.values() if len(top.path) <= length <= len(path)]
    points = list(
        ServicePoint.objects.filter(path__in=prefixes, valid_to=None).order_by("path")
        | ServicePoint.objects.filter(parent__path__in=prefixes, valid_to=None).order_by("path")
    )
    ancestors = [point for point in points if point.path in prefixes]
    place = next((point for point in ancestors if point.path == path), None)
    if place is None:
        raise Http404("没有这个服务点。")
    name, period, complaint = _period(request, today)
    return Scope(top, place, tuple(ancestors), tuple(points), name, period, today, complaint)


def _period(request: HttpRequest, today: date) -> tuple[str, Period, str]:
    name = request.GET.get("period", "month")
    if name == "today":
        return name, Period(today, today), ""
    if name == "week":
        return name, Period(today - timedelta(days=today.weekday()), today), ""
    if name == "year":
        return name, Period(today.replace(month=1, day=1), today), ""
    this_month = Period(today.replace(day=1), today)
    if name != "custom":
        return "month", this_month, ""
    first, last = _day(request.GET.get("from")), _day(request.GET.get("to"))
    if first is None or last is None:
        return "month", this_month, "统计期的两个日期请按 2026-01-31 的样子填写。下面是本月的情况。"
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        return "month", this_month, f"统计期请在 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间选。下面是本月的情况。"
    if first > last:
        return "month", this_month, "统计期的首日不能晚于末日。下面是本月的情况。"
    return name, Period(first, last), ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
