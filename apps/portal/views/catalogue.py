"""找事项、看指南、找服务点: what anybody may read without signing in."""

from collections import Counter
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.gates import public
from apps.cases.models import Case
from apps.items.models import Item, ItemType, ItemVersion, Offering
from apps.points.models import Level, ServicePoint
from apps.workflows.guiding import on_offer, with_items
from apps.workflows.models import Project

from ..guides import Guide
from ..project_facts import with_chips
from ..standing import CHIPS
from .cases import loose_cases

PAGE = 20
WAITING, SHOWN = 2, 3  # cases that wait for oneself, and others, on the home page
COMMON = 5  # items that the home page names under the search box
BUNDLES = 6  # whole matters that the home page names
NAMED = 3  # items that a theme names on the home page
THEME_ICONS = {  # what stands beside the name of a theme; others get a plain list
    "出生": "baby-carriage",
    "上学": "school",
    "教育培训": "school",
    "就业创业": "briefcase",
    "劳动用工": "briefcase",
    "婚育": "heart",
    "住房": "home",
    "看病就医": "stethoscope",
    "医疗卫生": "stethoscope",
    "困难救助": "lifebuoy",
    "农业农村": "tractor",
    "退休养老": "armchair",
    "身后事": "feather",
    "交通运输": "bus",
    "投资建设": "building",
    "市政公用": "building-community",
    "开办企业": "building-store",
    "公共安全": "shield-lock",
    "文体旅游": "book-2",
}
THEMES_OF_PEOPLE, THEMES_OF_FIRMS = 6, 4  # themes on the home page
PERSON, ENTERPRISE = "1", "2"  # 服务对象
RECENT = 2_000  # cases among which the most frequent items are looked for
COMMON_LIVES_FOR = 600  # seconds


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    facts = {
        "groups": _groups(),
        "halls": ServicePoint.objects.open_on(today).filter(level__in=[Level.CITY, Level.COUNTY]).in_order(),
        "common": _common(),
        "bundles": on_offer(on=today)[:BUNDLES],
    }
    if request.user.is_authenticated:
        facts |= _mine(request.user)
    response = render(request, "portal/home.html", facts)
    if request.GET.get("mode") == "elder":  # kiosks and QR codes: the choice stays on the pages that follow
        response.set_cookie("mode", "elder", samesite="Lax", httponly=True, secure=request.is_secure())
    return response


@require_safe
@vary_on_headers("HX-Request")  # a page and its fragment share the address
@public
def item_list(request: HttpRequest) -> HttpResponse:
    """办事服务: one search box for names, plain speech, pinyin and initials; or by theme and type."""
    words = request.GET.get("q", "").strip()[:100]
    items = Item.objects.on_offer()
    for key in ("theme", "type"):
        if request.GET.get(key):
            items = items.filter(**{key: request.GET[key]})
    items = items.search(words) if words else items.order_by("sort_key", "id")
    page = Paginator(items.with_place_kind().select_related("current"), PAGE).get_page(
        request.GET.get("page")
    )
    today = timezone.localdate()
    facts = {
        "words": words,
        "page": page,
        "bundles": with_items(page.object_list, on=today, words=words) if words else [],
        "themes": _themes(),
        "types": _types(),
    }
    return render(request, "portal/_items.html" if request.htmx else "portal/item_list.html", facts)


@require_safe
@vary_on_headers("HX-Request")  # a page and its fragment share the address
@public
def item_detail(request: HttpRequest, code: str) -> HttpResponse:
    """办事指南, from the version in force; the list of materials shrinks to the situations that are ticked."""
    item = get_object_or_404(Item.objects.on_offer().select_related("current"), code=code)
    guide = _guide(item.current, request.GET.getlist("situation"))
    if request.htmx:
        return render(request, "portal/_guide_materials.html", {"guide": guide})
    offerings = list(
        Offering.objects.for_item(item)
        .select_related("scope", "department")
        .order_by("level", "scope__path", "id")
    )
    facts = {
        "item": item,
        "guide": guide,
        "offerings": offerings,
        "departments": list(dict.fromkeys(o.department for o in offerings if o.department_id)),
        "bundles": with_items([item], on=timezone.localdate()),
        "prerequisites": [p.needs for p in item.prerequisites.select_related("needs").order_by("id")],
    }
    return render(request, "portal/item_detail.html", facts)


@require_safe
@public
def blank_form(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """空白表格, bound to its version: an old address says that it was withdrawn (D-53)."""
    item = get_object_or_404(Item.objects.on_offer().select_related("current"), code=code)
    if item.current.number != number:
        get_object_or_404(ItemVersion, item=item, number=number)
        return render(
            request, "portal/blank_form_withdrawn.html", {"item": item, "number": number}, status=410
        )
    return render(request, "portal/blank_form.html", {"item": item, "version": item.current})


@require_safe
@public
def point_list(request: HttpRequest) -> HttpResponse:
    """市、县、乡、村, one level at a time by links: no map, no script."""
    today = timezone.localdate()
    points = ServicePoint.objects.open_on(today)
    above = None
    if request.GET.get("under"):
        above = get_object_or_404(points.select_related("parent__parent"), path=request.GET["under"])
        points = points.filter(parent=above)
    else:
        points = points.filter(level__in=[Level.CITY, Level.COUNTY])
    words = request.GET.get("q", "").strip()[:40]
    if words:
        points = ServicePoint.objects.open_on(today).filter(
            Q(name__contains=words) | Q(region__contains=words)
        )
    page = Paginator(points.in_order(), 60).get_page(request.GET.get("page"))
    return render(request, "portal/point_list.html", {"above": above, "page": page, "words": words})


@require_safe
@public
def point_detail(request: HttpRequest, path: str) -> HttpResponse:
    """服务点: where it is, when it is open, what can be done there (D-49)."""
    points = ServicePoint.objects.open_on(timezone.localdate())
    point = points.filter(path=path).select_related("parent").first()
    if point is None:
        raise Http404
    offered = (
        Offering.objects.at(point)
        .filter(item__in=Item.objects.on_offer())
        .select_related("item", "department")
        .order_by("item__sort_key", "id")
    )
    page = Paginator(offered, 60).get_page(request.GET.get("page"))
    facts = {"point": point, "page": page, "below": points.filter(parent=point).count()}
    return render(request, "portal/point_detail.html", facts)


def _mine(user) -> dict:
    """What waits for somebody, and what else is on its way. The cases of a project are told with the project."""
    projects = Project.objects.owned_by(user)
    mine = loose_cases(user, projects).started().for_my_cases()
    waiting = list(mine.waiting_for_applicant()[:WAITING])
    latest = (
        projects.filed()
        .with_open_notice()
        .for_list()
        .order_by(F("answer_by").asc(nulls_last=True), "-id")[:SHOWN]
    )
    asked = [{"project": one, "until": one.answer_by} for one in latest if one.answer_by]
    going = [one for one in latest if not one.answer_by]
    others = mine.exclude(pk__in=[case.pk for case in waiting])[: SHOWN - len(going)]
    return {
        "to_do": waiting,
        "to_do_projects": asked,
        "to_do_count": len(waiting) + len(asked),
        "my_projects": with_chips(going),
        "mine": [{"case": case, "chip": CHIPS[case.status]} for case in others],
    }


def _guide(version: ItemVersion, situations: list[str]) -> Guide:
    return Guide(version, list(version.materials.order_by("seq")), frozenset(situations))


def _groups() -> list[dict]:
    """Themes with the first few of their items, from one query: people's own first; what several levels offer is named once."""
    themes: dict[str, list[Item]] = {}
    for item in (
        Item.objects.on_offer()
        .select_related("current")
        .only("code", "name", "theme", "type", "level", "current__service_objects")
        .order_by("sort_key", "level", "id")
    ):
        themes.setdefault(item.theme or item.get_type_display(), []).append(item)
    groups = []
    for name, items in themes.items():
        own = {item.name: item for item in reversed(items) if item.level != Level.VILLAGE}
        named = list(reversed(own.values())) or items
        link = {"theme": items[0].theme} if items[0].theme else {"type": items[0].type}
        groups.append(
            {
                "name": name,
                "icon": THEME_ICONS.get(name, "clipboard-list"),
                "items": named[:NAMED],
                "query": urlencode(link),
                "count": len(items),
                "weight": len(own),
                "is_for_people": 2 * sum(_is_for_people(item) for item in items) >= len(items),
            }
        )
    groups.sort(key=lambda group: -group["weight"])
    of_people = [group for group in groups if group["is_for_people"]]
    of_firms = [group for group in groups if not group["is_for_people"]]
    return of_people[:THEMES_OF_PEOPLE] + of_firms[:THEMES_OF_FIRMS]


def _is_for_people(item: Item) -> bool:
    """Whether it is a matter of one's own life: brought by persons, and by no enterprise."""
    return PERSON in item.current.service_objects and ENTERPRISE not in item.current.service_objects


def _common() -> list[Item]:
    """大家常办: the items most often asked for among the latest cases; looked up now and then, never per visit."""
    pks = cache.get("common-items")
    if pks is None:
        latest = Case.objects.started().order_by("-id").values_list("item__name", "item")[:RECENT]
        once: dict[str, int] = {}  # city and county may each offer a matter of the same name
        for (name, pk), _ in Counter(latest).most_common():
            once.setdefault(name, pk)
        pks = list(once.values())[:COMMON]
        cache.set("common-items", pks, COMMON_LIVES_FOR)
    found = Item.objects.on_offer().in_bulk(pks) if pks else {}
    return [found[pk] for pk in pks if pk in found]


def _themes() -> list[tuple[str, int]]:
    return list(
        Item.objects.on_offer()
        .exclude(theme="")
        .values_list("theme")
        .annotate(count=Count("id"))
        .order_by("-count", "theme")
    )


def _types() -> list[tuple[str, str]]:
    offered = set(Item.objects.on_offer().values_list("type", flat=True).distinct())
    return [(value, label) for value, label in ItemType.choices if value in offered]
