"""日历变更: what was entered, what it would move, its signature, how far it is; and the dates that do not agree."""

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from apps.accounts.gates import permission
from apps.calendars.arrangement import unnamed_festivals
from apps.cases import actions, moved, tasks
from apps.cases.models import CalendarAmendment, Case, CaseEvent, ClockDifference, Verb
from apps.cases.pages import SIZE, page_of
from apps.points.models import Department, Level, ServicePoint

from ..amendment_forms import ClosureForm, CorrectionForm, NoticeForm
from ..forms import whole_number

KEPT_FOR = 600  # seconds that a reckoned list serves its further pages
FIGURES = (
    ("later", "承诺日顺延"),
    ("earlier", "承诺日提前"),
    ("confirmed", "暂估转为确定"),
    ("statutory", "法定日变动"),
    ("newly_late", "变动后已超期"),
)
Kind = CalendarAmendment.Kind


@require_safe
@permission("cases.view_amendment")
def amendment_list(request: HttpRequest) -> HttpResponse:
    seen = CalendarAmendment.objects.visible_to(request.user).for_list()
    page = page_of(seen, by=("-id",), **_cursors(request))
    differing = ClockDifference.objects.visible_to(request.user).open()[:100].count()
    return render(request, "console/amendment_list.html", {"page": page, "differing": differing})


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cases.enter_amendment")
def amendment_notice(request: HttpRequest) -> HttpResponse:
    """录入年度放假安排."""
    form = NoticeForm(request.POST or None, request.FILES or None)
    return _entering(
        request,
        form,
        Kind.NOTICE,
        lambda by, at: actions.enter_notice(
            form.cleaned_data["year"],
            form.days,
            source=form.cleaned_data["source"],
            published_on=form.cleaned_data["published_on"],
            url=form.cleaned_data["url"],
            by=by,
            at=at,
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cases.enter_amendment")
def amendment_closure(request: HttpRequest) -> HttpResponse:
    """录入停办."""
    form = ClosureForm(request.POST or None, under=_under(request))
    halls = ServicePoint.objects.under(_under(request)).filter(
        valid_to=None, level__in=[Level.CITY, Level.COUNTY]
    )
    return _entering(
        request,
        form,
        Kind.CLOSURE,
        lambda by, at: actions.enter_closure(**form.cleaned_data, by=by, at=at),
        points=halls.in_order(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cases.enter_amendment")
def amendment_correction(request: HttpRequest) -> HttpResponse:
    """录入重算."""
    form = CorrectionForm(request.POST or None)
    return _entering(
        request,
        form,
        Kind.CORRECTION,
        lambda by, at: actions.enter_correction(source=form.cleaned_data["source"], by=by, at=at),
    )


@require_safe
@never_cache
@permission("cases.view_amendment")
def amendment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, _amendment(request, pk))


@require_safe
@never_cache
@permission("cases.view_amendment")
def amendment_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the recomputation is; when it is through, the whole page is fetched anew."""
    amendment = _amendment(request, pk)
    if not amendment.is_unfinished:
        return HttpResponseClientRefresh()
    return render(request, "console/_amendment_progress.html", {"amendment": amendment})


@require_POST
@permission("cases.sign_amendment")
def amendment_signature(request: HttpRequest, pk: int) -> HttpResponse:
    amendment = _amendment(request, pk)
    try:
        amendment = actions.sign_amendment(amendment, by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _detail(request, _amendment(request, pk), refusal=refusal, status=409)
    tasks.apply_amendments_soon()
    messages.success(request, f"已签发：{amendment.what}。在办件的期限正在重算。")
    return redirect("console:amendment-detail", pk)


@require_POST
@permission("cases.enter_amendment")
def amendment_dropping(request: HttpRequest, pk: int) -> HttpResponse:
    """作废."""
    amendment = _amendment(request, pk)
    try:
        actions.drop_amendment(amendment, why=request.POST.get("why", ""), by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _detail(request, _amendment(request, pk), refusal=refusal, status=409)
    messages.success(request, "已作废，记录保留。")
    return redirect("console:amendment-list")


@require_POST
@permission("cases.enter_amendment")
def amendment_rerun(request: HttpRequest, pk: int) -> HttpResponse:
    """再算一次: what could not be recomputed."""
    amendment = _amendment(request, pk)
    try:
        amendment = actions.rerun_faults(amendment, by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _detail(request, _amendment(request, pk), refusal=refusal, status=409)
    tasks.apply_amendments_soon()
    messages.success(request, f"已交办：{amendment.total}件正在再算。")
    return redirect("console:amendment-detail", pk)


@require_safe
@permission("cases.check_clocks")
def difference_list(request: HttpRequest) -> HttpResponse:
    """时限核对: what the nightly check found and still finds."""
    settled = request.GET.get("state") == "settled"
    seen = ClockDifference.objects.visible_to(request.user).filter(settled_at__isnull=not settled)
    rows = seen.select_related("case__item", "case__department", "case__point")
    page = page_of(rows, by=("-id",), **_cursors(request))
    return render(request, "console/difference_list.html", {"page": page, "settled": settled})


def _amendment(request: HttpRequest, pk: int) -> CalendarAmendment:
    seen = CalendarAmendment.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("point", "entered_by", "signed_by", "dropped_by", "rerun_by"), pk=pk
    )


def _entering(request: HttpRequest, form, kind: str, enter, **facts) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            amendment = enter(request.user, timezone.now())
        except actions.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已录入。看过影响清单，请另一位负责人签发。")
            return redirect("console:amendment-detail", amendment.pk)
    facts |= {"form": form, "kind": kind, "kinds": Kind}
    return render(request, "console/amendment_form.html", facts, status=422 if form.errors else 200)


def _detail(
    request: HttpRequest, amendment: CalendarAmendment, *, refusal=None, status: int = 200
) -> HttpResponse:
    facts = {"amendment": amendment, "refusal": refusal, "typed": request.POST, "key": _key(request)}
    if amendment.kind == Kind.NOTICE and amendment.is_entered:
        added, removed = actions.changed_days(amendment)
        facts |= {"added": added, "removed": removed, "unnamed": unnamed_festivals(amendment.specials)}
    if amendment.is_entered:
        facts |= _expected(request, amendment)
    else:
        facts |= _happened(request, amendment) | _faults(request, amendment)
    return render(request, "console/amendment_detail.html", facts, status=status)


def _expected(request: HttpRequest, amendment: CalendarAmendment) -> dict:
    """The list before the signature: reckoned once, and kept for a while for its further pages."""
    place = f"amendment-impact:{amendment.pk}:{amendment.entered_at.timestamp()}:{_under(request)}"
    impact = None if "anew" in request.GET else cache.get(place)
    if impact is None:
        impact = actions.impact_of(amendment, at=timezone.now(), under=_under(request))
        cache.set(place, impact, KEPT_FOR)
    page = impact.page(
        **{name: int(text) for name, text in _cursors(request).items() if whole_number(text)},
        size=SIZE,
        key=_key(request),
    )
    cases = _cases(request, [pk for pk, _ in page.rows])
    counted = impact.figures(timezone.localdate())
    return {
        "impact": impact,
        "figures": [{"label": "会变的办件", "value": len(impact), "unit": "件"}]
        + [{"label": label, "value": counted[name], "unit": "件"} for name, label in FIGURES],
        "departments": _departments(impact.by_department(), _under(request)),
        "page": page,
        "rows": [_row(cases[pk], changes) for pk, changes in page.rows if pk in cases],
        "unreckoned": _unreckoned(request, impact),
    }


def _unreckoned(request: HttpRequest, impact: actions.Impact) -> list[dict]:
    """The first of those that the list could not reckon, with the reason of each."""
    some = dict(list(impact.faulty.items())[:SIZE])
    return [{"case": case, "reason": some[pk]} for pk, case in _cases(request, list(some)).items()]


def _faults(request: HttpRequest, amendment: CalendarAmendment) -> dict:
    """没有算成的办件: the first of them; the number is of all that this person may see."""
    faults = amendment.faults.open().filter(case__path__startswith=_under(request))
    rows = faults.select_related("case__item", "case__department", "case__point").order_by("id")
    shown = list(rows[:SIZE])
    count = len(shown) if len(shown) < SIZE else faults.count()
    may = request.user.has_perm("cases.enter_amendment") and amendment.is_applied
    return {"faults": shown, "fault_count": count, "may_rerun": may}


def _happened(request: HttpRequest, amendment: CalendarAmendment) -> dict:
    """The list afterwards: the events that it left."""
    events = CaseEvent.objects.filter(
        verb=Verb.RECOMPUTED, facts__amendment=amendment.pk, case__path__startswith=_under(request)
    )
    kind, number = _key(request)[:1], _key(request)[1:]
    if kind == "d":
        events = events.filter(case__department=int(number))
    elif kind == "p":
        events = events.filter(case__department=None, case__point=int(number))
    page = page_of(events, by=("id",), **_cursors(request))
    cases = _cases(request, [event.case_id for event in page])
    return {
        "departments": _departments(amendment.tally, _under(request)),
        "page": page,
        "rows": [
            _row(cases[event.case_id], moved.read(event.facts)) for event in page if event.case_id in cases
        ],
    }


def _cases(request: HttpRequest, ids: list[int]) -> dict[int, Case]:
    seen = Case.objects.visible_to(request.user).select_related("item", "department", "point")
    return {case.pk: case for case in seen.filter(pk__in=ids)} if ids else {}


def _row(case: Case, changes: dict) -> dict:
    """The two dates that the law and the hall promise in columns of their own, the others in words."""
    others = [name for name in moved.WORDS if name not in moved.PROVISIONAL]
    return {
        "case": case,
        "due": moved.pair(changes, "due_on"),
        "statutory": moved.pair(changes, "statutory_due_on"),
        "others": moved.sentences(changes, others),
    }


def _departments(counts: dict[str, int], under: str) -> list[dict]:
    """The figures by department, the largest first; a place without departments stands for itself."""
    ids = {kind: [int(key[1:]) for key in counts if key[0] == kind] for kind in "dp"}
    names = {
        f"d{row.pk}": f"{row.point.region}{row.name}"
        for row in Department.objects.filter(pk__in=ids["d"], point__path__startswith=under).select_related(
            "point"
        )
    }
    names |= {f"p{row.pk}": row.name for row in ServicePoint.objects.filter(pk__in=ids["p"]).under(under)}
    found = [{"key": key, "name": names[key], "count": counts[key]} for key in counts if key in names]
    return sorted(found, key=lambda row: (-row["count"], row["name"]))


def _under(request: HttpRequest) -> str:
    return request.user.acting.point.path


def _key(request: HttpRequest) -> str:
    key = request.GET.get("department", "")
    return key if key[:1] in ("d", "p") and whole_number(key[1:]) else ""


def _cursors(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("after", "before")}
