"""办件页: the case, its papers beside a viewer, the clock, the history, and the acts one may do."""

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.actions import audit
from apps.accounts.gates import permission
from apps.accounts.models import AuditEntry
from apps.calendars import loaded
from apps.cases import actions, evidence
from apps.cases.clockface import drawn
from apps.cases.explanation import both
from apps.cases.models import Case, CaseFile, CaseMaterial, Fault
from apps.cases.states import Verb
from apps.points.rules import closed_days_of
from apps.supervision.actions import bundle_of
from apps.supervision.models import Card
from apps.workflows.models import Project, ProjectBranch

from .. import presence
from ..panels import panels_for, procedures_for
from ..phrases import FAULTS, OPINIONS, REFUSALS

CLOCK_VERBS = evidence.CLOCK_VERBS | {
    Verb.SUBMITTED, Verb.RECEIVED, Verb.HANDED_UP, Verb.HANDED_IN, Verb.RECOMPUTED, Verb.SUPPLEMENTED, Verb.RESUBMITTED,
}  # fmt: skip
RECEIPTS = (Verb.RECEIVED, Verb.HANDED_IN, Verb.HANDED_UP)
"""The moves in which papers come into the hands of a window."""


def case_of(request: HttpRequest, number: str) -> Case:
    """The case by its number, or 404 outside the scope of whoever asks."""
    return get_object_or_404(Case.objects.visible_to(request.user).started().for_page(), number=number)


@require_safe
@permission("cases.view_case")
def case_detail(request: HttpRequest, number: str) -> HttpResponse:
    case = case_of(request, number)
    presence.arrive(case, request.user)
    return render(request, "console/case_detail.html", page_facts(request, case))


@require_safe
@permission("cases.view_case")
def case_preview(request: HttpRequest, number: str) -> HttpResponse:
    """预览: the pane beside the work list."""
    case = case_of(request, number)
    facts = {
        "case": case,
        "materials": list(case.materials.order_by("seq")),
        "seen": case.events.order_by("-id").values_list("pk", flat=True).first() or "",
        **clock_facts(case),
    }
    facts["panels"] = {panel.name for panel in panels_for(case, request.user, facts["materials"])}
    return render(request, "console/_preview.html", facts)


@require_safe
@permission("cases.view_case")
def case_neighbour(request: HttpRequest, number: str) -> HttpResponse:
    """上一件、下一件 on the desk, in its order; the list when there is none."""
    case = case_of(request, number)
    desk = Case.objects.visible_to(request.user).on_desk_of(request.user)
    if request.GET.get("way") == "previous":
        beyond = desk.filter(desk_due_on__lte=case.desk_due_on).order_by("-desk_due_on", "-id")
        near = beyond.exclude(desk_due_on=case.desk_due_on, id__gte=case.pk).first()
    else:
        beyond = desk.filter(desk_due_on__gte=case.desk_due_on).order_by("desk_due_on", "id")
        near = beyond.exclude(desk_due_on=case.desk_due_on, id__lte=case.pk).first()
    if near is None:
        messages.info(request, "没有更多待办了。")
        return redirect("console:case-list")
    return redirect("console:case-detail", number=near.number)


@require_safe
@permission("cases.view_case")
def case_presence(request: HttpRequest, number: str) -> HttpResponse:
    """谁也打开着这件: asked every twenty seconds by the open page."""
    case = case_of(request, number)
    presence.arrive(case, request.user)
    return render(
        request, "console/_presence.html", {"case": case, "others": presence.others(case, request.user)}
    )


@require_safe
@permission("cases.view_case")
def case_slip(request: HttpRequest, number: str) -> HttpResponse:
    """收件凭证: what was handed over a counter and when, printable, for the applicant to keep."""
    case = case_of(request, number)
    receipt = case.events.filter(verb__in=RECEIPTS).select_related("by").order_by("-id").first()
    if receipt is None:
        facts = page_facts(request, case, refusal="窗口还没有收过这一件的材料，没有收件凭证可以打印。")
        return render(request, "console/case_detail.html", facts, status=409)
    taken = [material for material in case.materials.order_by("seq") if material.is_present]
    return render(request, "console/case_slip.html", {"case": case, "receipt": receipt, "taken": taken})


@require_safe
@permission("cases.view_case")
def due_date(request: HttpRequest, number: str) -> HttpResponse:
    """这个日期怎么来的: the days of both terms, each with its reason; printable."""
    case = case_of(request, number)
    calendar, today = loaded.current(), timezone.localdate()
    clocks = both(case, calendar, closed_days_of(case.path), today)
    facts = {"case": case, "clocks": clocks, "calendar": calendar, "today": today}
    return render(request, "console/due_date.html", facts)


@require_safe
@never_cache
@permission("cases.export_case")
def evidence_bundle(request: HttpRequest, number: str) -> HttpResponse:
    """证据包: the events of one case with their proofs, for the offline verifier; the export is on record."""
    case = case_of(request, number)
    audit(
        AuditEntry.Kind.EXPORTED, by=request.user, at=timezone.now(), subject=case.number,
        detail={"what": "evidence"}, address=request.META.get("REMOTE_ADDR"),
    )  # fmt: skip
    answer = JsonResponse(bundle_of(case), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{case.number}.json"'
    return answer


@require_POST
@never_cache
@permission("cases.reveal_id")
def id_number(request: HttpRequest, number: str) -> HttpResponse:
    """查看完整证件号码: shown once, on this answer only; the look is on record."""
    case = case_of(request, number)
    try:
        shown = actions.reveal_number(
            case,
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=timezone.now(),
            address=request.META.get("REMOTE_ADDR"),
        )
    except actions.NotAllowed as refusal:
        return render(
            request,
            "console/case_detail.html",
            page_facts(request, case, refusal=refusal, panel="reveal"),
            status=409,
        )
    return render(request, "console/case_detail.html", page_facts(request, case, full_number=shown))


def clock_facts(case: Case, pauses=None) -> dict:
    today, calendar = timezone.localdate(), loaded.current()
    pauses = evidence.read(case.events.filter(verb__in=CLOCK_VERBS)).pauses if pauses is None else pauses
    closed = closed_days_of(case.path) if case.accepted_on else frozenset()
    return {
        "calendar": calendar,
        "today": today,
        "pauses": pauses,
        "drawn": drawn(case, pauses, calendar, today, closed),
    }


def page_facts(
    request: HttpRequest, case: Case, *, refusal=None, panel: str = "", faults=None, **extra
) -> dict:
    """Everything the case page shows. After a refusal it is the same page, with what was typed still in its fields."""
    files = Prefetch("files", CaseFile.objects.order_by("-number"))
    materials = list(
        CaseMaterial.objects.filter(case=case)
        .select_related("material")
        .order_by("seq")
        .prefetch_related(files)
    )
    events = list(case.events.select_related("by", "assignment").order_by("-id"))
    told = evidence.read(events)
    left, right = _on_screen(request, materials)
    panels = panels_for(case, request.user, materials)
    return {
        "case": case,
        "materials": materials,
        "left": left,
        "right": right,
        "faults": _faults_of(case),
        "events": [
            event for event in events if request.GET.get("log") != "clock" or event.verb in CLOCK_VERBS
        ],
        "others": presence.others(case, request.user),
        "seen": events[0].pk if events else "",
        "told": told,
        "hearing": actions.open_hearing_of(case) if told.hearing else None,
        "has_procedures": bool(procedures_for(case, request.user)),
        "cards": Card.objects.filter(case=case).select_related("responsible").order_by("id"),
        "panels": panels,
        "branch": _branch_of(request, case),
        "has_main_panel": any(one.name != "withdraw" for one in panels),
        "open_panel": panel,
        "kept_words": words_typed(request) if refusal and panel not in {one.name for one in panels} else [],
        "refusal": refusal,
        "field_faults": faults or {},
        "typed": request.POST,
        "pause_kinds": actions.kinds_of_pause(case),
        "ways": actions.Way.choices,
        "remedies": actions.REMEDIES,
        "stock": {"faults": FAULTS, "opinions": OPINIONS, "refusals": REFUSALS},
        "form_rows": [
            (field["label"], case.form.get(field["name"], "")) for field in case.version.form_fields
        ],
        **clock_facts(case, told.pauses),
        **extra,
    }


def _branch_of(request: HttpRequest, case: Case) -> ProjectBranch | None:
    """The branch of a project that this case is, where one may see the project; of other cases nobody asks."""
    if not case.is_joint or not request.user.has_perm("workflows.view_project"):
        return None
    seen = Project.objects.visible_to(request.user)
    of_case = ProjectBranch.objects.filter(Q(case=case) | Q(attempts__case=case), project__in=seen)
    return of_case.select_related("project").first()


def words_typed(request: HttpRequest) -> list[str]:
    """What was typed into a form that the page has no place for any more: shown, so that it can be used elsewhere."""
    quiet = {"csrfmiddlewaretoken", "seen", "panel"}
    return [
        value
        for name, values in request.POST.lists()
        if name not in quiet
        for value in values
        if len(value.strip()) > 3
    ]


def _faults_of(case: Case) -> list[Fault]:
    if not case.notices_sent:
        return []
    faults = Fault.objects.filter(notice__case=case).select_related("notice", "material")
    return list(faults.order_by("notice", "id"))


def _on_screen(
    request: HttpRequest, materials: list[CaseMaterial]
) -> tuple[CaseMaterial | None, CaseMaterial | None]:
    """The two papers side by side: asked for by number, else the first two that have a file, the lower number left."""
    by_seq = {str(material.seq): material for material in materials}
    with_file = [material for material in materials if material.files.all()]
    right = by_seq.get(request.GET.get("right", "")) or next(reversed(with_file[:2]), None)
    left = by_seq.get(request.GET.get("left", "")) or next((m for m in with_file if m is not right), None)
    return left, right
