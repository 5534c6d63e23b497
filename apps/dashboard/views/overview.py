"""监督看板: what is late, where, and by whom; every figure opens the list of its cases."""

from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.calendars import loaded
from apps.cases.models import Case
from apps.cases.reports import by_day, by_key, by_place, compared
from apps.points.models import PATH_LENGTH, Level, ServicePoint
from apps.points.rules import rules_of
from apps.supervision.models import Card, Colour
from apps.workflows.models import Project

from ..scope import PERIODS, Scope, scope_of

HEADLINES = (
    "received", "accepted", "finished", "on_time", "late", "open", "overdue", "soon", "paused", "deemed", "online", "waiting",
)  # fmt: skip
DRILLED = ("finished", "on_time", "received", "overdue")
OF_A_UNIT = ("finished", "on_time", "early", "open", "overdue", "deemed")
LATE_SHOWN = 8
CARDS_SHOWN = 8


@require_safe
@permission("supervision.view_dashboard")
def overview(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    seen = Case.objects.visible_to(request.user).started()
    here = seen.filter(intake_path__startswith=scope.place.path)
    counted = compared(here, HEADLINES, scope.period, scope.today)
    of_here = Q(case__in=here) | Q(
        project__in=Project.objects.visible_to(request.user).filed().filter(path__startswith=scope.place.path)
    )
    standing = Card.objects.standing().filter(
        of_here, issued_on__gte=scope.period.first, issued_on__lte=scope.period.last
    )
    cards = list(
        standing.order_by()
        .values("department", "department__name", "department__point__region")
        .annotate(
            yellow=Count("pk", filter=Q(colour=Colour.YELLOW)), red=Count("pk", filter=Q(colour=Colour.RED))
        )
        .order_by("-red", "-yellow", "department__name")
    )
    for row in cards:
        whose = {"department": row["department"]} if row["department"] else {"no_department": "true"}
        row["label"] = (
            named(row["department__point__region"], row["department__name"])
            if row["department"]
            else "乡镇（街道）"
        )
        row["yellow_url"] = _card_link(scope, colour=Colour.YELLOW, **whose)
        row["red_url"] = _card_link(scope, colour=Colour.RED, **whose)
    late = here.overdue(on=scope.today) | here.due_within(on=scope.today, until=scope.today)
    target = rules_of(scope.place.path).target_on_time
    context = {
        **_common(scope),
        "figures": _headlines(scope, counted, cards, target),
        "target": target,
        "columns": _columns(
            scope, by_place(seen, _levels(scope), DRILLED, scope.period, scope.today), target
        ),
        "cards": cards[:CARDS_SHOWN],
        "card_rows": len(cards),
        "card_total": sum(row["yellow"] + row["red"] for row in cards),
        "trend": [
            {
                **day,
                "finished_url": scope.link(
                    "finished", decided_after=day["decided_on"], decided_before=day["decided_on"]
                ),
                "on_time_url": scope.link(
                    "on_time", decided_after=day["decided_on"], decided_before=day["decided_on"]
                ),
            }
            for day in by_day(here, scope.period, scope.today)
        ],
        "late": late.for_desk()[:LATE_SHOWN],
        "calendar": loaded.current(),
        "today": scope.today,
    }
    return render(request, "dashboard/overview.html", context, status=422 if scope.complaint else 200)


@require_safe
@permission("supervision.view_dashboard")
def departments(request: HttpRequest) -> HttpResponse:
    return _units(
        request, "部门", ["department", "department__name", "department__point__region"], "department"
    )


@require_safe
@permission("supervision.view_dashboard")
def windows(request: HttpRequest) -> HttpResponse:
    return _units(
        request, "窗口", ["window", "window__name", "window__number", "window__point__name"], "window"
    )


def _units(request: HttpRequest, noun: str, keys: list[str], parameter: str) -> HttpResponse:
    """A table of departments or windows: the same figures for each, every one a link to its cases."""
    scope = scope_of(request)
    seen = Case.objects.visible_to(request.user).started().filter(intake_path__startswith=scope.place.path)
    rows = by_key(
        seen.filter(**{f"{keys[0]}__isnull": False}), keys, OF_A_UNIT, scope.period, scope.today, limit=120
    )
    for row in rows:
        row["label"] = named(*(str(row[key]) for key in reversed(keys[1:]) if row[key]), between=" ")
        row["cells"] = [
            {"name": name, "value": row[name], "url": scope.link(name, **{parameter: row[keys[0]]})}
            for name in OF_A_UNIT
        ]
    context = {**_common(scope), "noun": noun, "rows": rows, "page": parameter}
    return render(request, "dashboard/units.html", context, status=422 if scope.complaint else 200)


def named(*words: str, between: str = "") -> str:
    """A unit with its place in front, unless its own name says the place already."""
    *places, name = words
    return between.join([*(place for place in places if not name.startswith(place)), name])


def periods_of(scope: Scope) -> list[dict]:
    return [
        {"name": name, "label": label, "query": scope.query(period=name), "is_chosen": name == scope.name}
        for name, label in PERIODS
        if name != "custom"
    ]


def _common(scope: Scope) -> dict:
    return {
        "scope": scope,
        "periods": periods_of(scope),
        "trail": [{"point": point, "query": scope.query(place=point.path)} for point in scope.ancestors],
    }


def _levels(scope: Scope) -> list[tuple[str, int]]:
    """(scope, length) of every column of the drill: the top itself, then the places below each place on the way."""
    top = [(scope.top.path, len(scope.top.path))]
    below = [
        (point.path, PATH_LENGTH[Level(str(int(point.level) + 1))])
        for point in scope.ancestors
        if point.level != Level.VILLAGE
    ]
    return top + below


def _columns(scope: Scope, counted: dict[str, dict], target) -> list[dict]:
    """The drill, 市 → 县 → 乡 → 村: a column for the top and one for the places below each place on the way."""
    chosen = {point.path for point in scope.ancestors}
    columns = [{"level": scope.top.get_level_display(), "of": "", "rows": [scope.top]}]
    for point in scope.ancestors:
        below = [child for child in scope.children if child.parent_id == point.pk]
        if below:
            columns.append({"level": below[0].get_level_display(), "of": point.region, "rows": below})
    for column in columns:
        places: list[ServicePoint] = column["rows"]
        column["rows"] = sorted(
            (_place_row(scope, place, counted.get(place.path), chosen, target) for place in places),
            key=lambda row: (not row["is_chosen"], -(row["received"] or 0), row["path"]),
        )
        column["quiet"] = sum(1 for row in column["rows"] if not row["received"] and not row["finished"])
        column["total"] = len(places)
    return columns


def _place_row(scope: Scope, place: ServicePoint, counted: dict | None, chosen: set[str], target) -> dict:
    counted = counted or dict.fromkeys(DRILLED, 0)
    rate = _share(counted["on_time"], counted["finished"])
    return {
        **counted,
        "path": place.path,
        "region": place.region,
        "rate": rate,
        "bar": max(float(rate) - 90, 0) * 10
        if rate is not None
        else 0,  # bars start at 90 %, and the page says so
        "is_low": rate is not None and rate < target,
        "is_chosen": place.path in chosen,
        "query": scope.query(place=place.path),
        "urls": {name: scope.link(name, place=place.path) for name in DRILLED},
    }


def _headlines(scope: Scope, counted: dict, cards: list[dict], target) -> list[dict]:
    """The strip on top. Every number is a link to its cases; a note is words, or words with such a number."""
    rate = _share(counted["on_time"], counted["finished"])
    before = _share(counted["on_time_before"], counted["finished_before"])
    speed = _share(counted["used_of_statutory"], counted["statutory_total"])
    yellow, red = sum(row["yellow"] for row in cards), sum(row["red"] for row in cards)

    def number(words: str, name: str) -> dict:
        return {"words": words, "value": f"{counted[name]:,}", "url": scope.link(name)}

    def figure(label: str, value, unit: str, url: str, *notes: dict) -> dict:
        return {"label": label, "value": value, "unit": unit, "url": url, "notes": notes}

    def words(text: str) -> dict:
        return {"words": text}

    return [
        figure(
            "按时办结率", rate, "%", scope.link("on_time"),
            number("按时", "on_time"), number("超期", "late"),
            words(f"{_change(rate, before)} · 目标 {target.normalize():f}%"),
        ),
        figure(
            "办结", f"{counted['finished']:,}", "件", scope.link("finished"),
            number("受理", "accepted"), number("收件", "received"), words(f"上期 {counted['finished_before']:,}"),
        ),
        figure(
            "在办", f"{counted['open']:,}", "件", scope.link("open"),
            number("暂停", "paused"), number("等申请人", "waiting"),
        ),
        figure("超期在办", f"{counted['overdue']:,}", "件", scope.link("overdue"), number("三日内到期", "soon")),
        figure(
            "用时占法定", speed, "%", scope.link("finished"), words("办结件已用工作日合计除以法定工作日合计")
        ),
        figure(
            "黄牌、红牌", f"{yellow} / {red}", "张", _card_link(scope), number("视为受理", "deemed")
        ),
    ]  # fmt: skip


def _card_link(scope: Scope, **more) -> str:
    asked = {
        "state": "standing",
        "place": scope.place.path,
        "first": scope.period.first.isoformat(),
        "last": scope.period.last.isoformat(),
    }
    return f"{reverse('dashboard:card-list')}?{urlencode({**asked, **more})}"


def _share(part: int | None, whole: int | None) -> Decimal | None:
    """A percentage, half up, two decimals; None where the whole is nothing."""
    if not whole or part is None:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _change(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return "上期无可比"
    difference = now - before
    return (
        "与上期持平"
        if not difference
        else f"比上期{'升' if difference > 0 else '降'} {abs(difference)} 个百分点"
    )
