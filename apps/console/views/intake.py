"""窗口收件: a walk-in at the counter, from the item to the slip."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts import actions as accounts
from apps.accounts.gates import permission
from apps.accounts.models import PrivacyNotice
from apps.cases import actions
from apps.cases.forms import ApplicationForm
from apps.cases.models import Case, Channel
from apps.items.models import Item, Offering
from apps.windows.actions import window_of

from ..forms import BadCopies, WalkInForm, copies_in

LISTED = 40  # items that stand in the list; the search finds the others


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cases.intake_case")
def intake(request: HttpRequest) -> HttpResponse:
    """Step 1: find the item, note the applicant. It makes a draft; nothing is received yet."""
    point = request.user.acting.point
    items = _offered(request)
    words = request.GET.get("q", "").strip()[:60]
    found = items.search(words) if words else items.order_by("sort_key", "id")
    chosen = (
        items.filter(code=request.GET.get("item") or request.POST.get("item"))
        .select_related("current")
        .first()
    )
    form = WalkInForm(request.POST or None, items=items, initial={"item": chosen.code if chosen else None})
    facts = {
        "point": point,
        "words": words,
        "found": found[:LISTED],
        "more": max(found.count() - LISTED, 0),
        "chosen": chosen,
        "form": form,
    }
    if request.method != "POST":
        return render(request, "console/intake.html", facts)
    if not form.is_valid():
        return render(request, "console/intake.html", facts, status=422)
    entered = form.cleaned_data
    at = timezone.now()
    try:
        applicant = accounts.note_applicant(
            kind=entered["kind"],
            name=entered["name"],
            number=entered["number"],
            phone=entered["phone"],
            at=at,
        )
        case = actions.draft(
            entered["item"],
            applicant=applicant,
            at_point=point,
            channel=Channel.COUNTER,
            by=request.user,
            at=at,
        )
    except (accounts.NotAllowed, actions.NotAllowed) as refusal:
        return render(request, "console/intake.html", {**facts, "refusal": refusal}, status=409)
    return redirect("console:intake-draft", key=case.key)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cases.intake_case")
def intake_draft(request: HttpRequest, key) -> HttpResponse:
    """Step 2: the same check list as the portal's, form and papers; then the papers are received, with a slip."""
    drafts = Case.objects.visible_to(request.user).drafts().filter(filed_by=request.user)
    case = drafts.for_page().filter(key=key).first()
    if case is None:  # a second click after the receipt: show what the first one made
        received = get_object_or_404(Case.objects.visible_to(request.user).started(), key=key)
        return redirect("console:case-detail", number=received.number)
    if request.method != "POST":
        return _draft_page(request, case)
    typed = ApplicationForm.typed_in(case, request.POST)
    at = timezone.now()
    try:
        too_long = ApplicationForm.too_long(case, typed)
        if too_long:
            raise actions.Incomplete("有内容超过可以保存的长度。", too_long)
        actions.save_draft(case, form=typed, at=at, phone=typed.get("contact_phone"))
        notice = PrivacyNotice.in_force()
        case = actions.receive(
            case,
            copies_in(request.POST),
            by=request.user,
            at=at,
            privacy_notice=notice.version if notice else "",
            window=window_of(request.user, case.intake_point_id, on=timezone.localdate(at)),
        )
    except (actions.Incomplete, BadCopies) as incomplete:
        case.refresh_from_db()
        return _draft_page(
            request, case, typed=typed, refusal=incomplete, faults=incomplete.faults, status=422
        )
    except actions.NotAllowed as refusal:
        return _draft_page(request, case, typed=typed, refusal=refusal, status=409)
    messages.success(request, f"已收件，编号{case.number}。可打印收件凭证交给申请人。")
    return redirect("console:case-detail", number=case.number)


def _draft_page(
    request: HttpRequest, case: Case, *, typed=None, refusal=None, faults=None, status: int = 200
):
    facts = {
        "case": case,
        "form": ApplicationForm(case, typed, faults),
        "materials": case.materials.select_related("material").order_by("seq"),
        "refusal": refusal,
        "faults": faults or {},
        "typed": request.POST,
        "notice": PrivacyNotice.in_force(),
    }
    return render(request, "console/intake_draft.html", facts, status=status)


def _offered(request: HttpRequest):
    """Items the counter may take in: those of its point, of its own department where it belongs to one."""
    held = request.user.acting
    rows = Offering.objects.at(held.point).exclude(authority=Offering.Authority.COLLECT)
    if held.department_id:
        rows = rows.filter(department=held.department_id)
    return Item.objects.on_offer().filter(pk__in=rows.values("item"))
