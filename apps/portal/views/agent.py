"""村级代办: collect papers under a mandate on a phone, follow them, and hand the result over."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import actions as people
from apps.accounts.gates import permission
from apps.accounts.models import Applicant, Mandate, PrivacyNotice
from apps.calendars import loaded
from apps.cases import actions
from apps.cases.models import Case, Channel, Status
from apps.cases.pages import page_of
from apps.cases.states import DECIDED, ENDED, RUNNING, UNANSWERED, WAITING
from apps.items.models import Item, Offering

from ..forms.agent import CollectionForm, DeliveryForm, GiveBackForm, PapersForm
from .apply import material_lines
from .cases import standing_of, with_chips

TABS = {
    "to_hand_up": ("待上交", frozenset({Status.COLLECTED})),
    "under_way": ("办理中", UNANSWERED | WAITING | RUNNING),
    "to_deliver": ("待送达", DECIDED),
    "done": ("已结束", ENDED),
}


@require_safe
@permission("cases.collect_case")
def case_list(request: HttpRequest) -> HttpResponse:
    """My collected cases, the ones that must go up first; and drafts that are not collected yet."""
    today = timezone.localdate()
    mine = Case.objects.collected_by(request.user)
    wanted = {tab: Count("pk", filter=Q(status__in=states)) for tab, (_, states) in TABS.items()}
    counts = mine.aggregate(
        **wanted, late=Count("pk", filter=Q(status=Status.COLLECTED, hand_up_due_on__lt=today))
    )
    tab = (
        request.GET.get("tab")
        if request.GET.get("tab") in TABS
        else next((t for t in TABS if counts[t]), "to_hand_up")
    )
    rows = mine.filter(status__in=TABS[tab][1]).for_my_cases()
    page = page_of(
        rows, by=("-id",), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    facts = {
        "tabs": [{"name": name, "label": label, "count": counts[name]} for name, (label, _) in TABS.items()],
        "tab": tab,
        "late": counts["late"],
        "rows": with_chips(page, loaded.current()),
        "page": page,
        "today": today,
        "drafts": Case.objects.drafts()
        .filter(filed_by=request.user, channel=Channel.VILLAGE)
        .for_my_cases()[:10],
    }
    return render(request, "portal/agent_case_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cases.collect_case")
def start(request: HttpRequest) -> HttpResponse:
    """代收第 1 步: the villager, the item, the signed mandate. Nothing is kept unless all of it can be."""
    point = request.user.acting.point
    offered = Offering.objects.at(point).filter(authority=Offering.Authority.COLLECT)
    items = Item.objects.on_offer().filter(pk__in=offered.values("item")).order_by("sort_key", "id")
    form = CollectionForm(request.POST or None, items=items, initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            case = _draft(request, form.cleaned_data, point)
        except (people.NotAllowed, actions.NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("portal:draft", case.key)
    return render(
        request, "portal/agent_start.html", {"form": form, "point": point}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission("cases.collect_case")
def collection(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """代收第 3 步: papers change hands, 代收凭证 lists them; pressing twice collects once."""
    mine = Case.objects.filter(filed_by=request.user, channel=Channel.VILLAGE).for_page()
    case = get_object_or_404(mine, key=key)
    if case.status != Status.DRAFT:
        return redirect("portal:agent-case-detail", case.number)
    rows = list(case.materials.select_related("material").order_by("seq"))
    notice = PrivacyNotice.in_force()
    form = PapersForm(request.POST or None, rows=rows)
    refusal, faults, status = "", {}, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                case = actions.collect(
                    case,
                    form.papers(),
                    by=request.user,
                    at=timezone.now(),
                    privacy_notice=notice.version if notice else "",
                )
            except actions.Incomplete as missing:
                faults = missing.faults
            except actions.NotAllowed as refused:
                refusal, status = str(refused), 409
            else:
                messages.success(request, "收好了，请打印或抄下代收凭证给村民。")
                return redirect("portal:agent-case-detail", case.number)
    facts = {"case": case, "form": form, "notice": notice, "refusal": refusal, "faults": faults}
    return render(request, "portal/agent_collection.html", facts, status=status)


@require_safe
@permission("cases.collect_case")
def case_detail(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _collected(request, number))


@require_http_methods(["POST"])
@permission("cases.deliver_case")
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """代办员送达: the agent hands the result over and writes down who signed."""
    case = _collected(request, number)
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        return _page(request, case, delivery=form, status=422)
    try:
        actions.deliver(
            case, actions.Way.AGENT, proof=form.cleaned_data["proof"], by=request.user, at=timezone.now()
        )
    except actions.NotAllowed as refusal:
        return _page(request, case, delivery=form, refusal=str(refusal), status=409)
    messages.success(request, "送达已登记。")
    return redirect("portal:agent-case-detail", number)


@require_http_methods(["POST"])
@permission("cases.collect_case")
def return_of_papers(request: HttpRequest, number: str) -> HttpResponse:
    """退还代收材料, before they went up."""
    case = _collected(request, number)
    form = GiveBackForm(request.POST)
    if not form.is_valid():
        return _page(request, case, give_back=form, status=422)
    try:
        actions.give_back(case, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _page(request, case, give_back=form, refusal=str(refusal), status=409)
    messages.success(request, "材料已登记退还。")
    return redirect("portal:agent-case-detail", number)


@transaction.atomic
def _draft(request: HttpRequest, facts: dict, point) -> Case:
    """The villager on record, the mandate where none stands yet, the draft: all of it or nothing."""
    user, now = request.user, timezone.now()
    today = timezone.localdate(now)
    villager = people.note_applicant(
        kind=Applicant.Kind.PERSON, name=facts["name"], number=facts["number"], phone=facts["phone"], at=now
    )
    if people.may_act_for(user, villager, facts["item"].code, on=today) is None:
        people.give_mandate(
            villager, agent=user, kind=Mandate.Kind.AGENT, on=today, until=facts["until"], at=now, by=user,
            item_codes=[facts["item"].code], note="书面委托书由代办员留存",
        )  # fmt: skip
    return actions.draft(
        facts["item"],
        applicant=villager,
        at_point=point,
        channel=Channel.VILLAGE,
        by=user,
        at=now,
        key=facts["key"],
    )


def _collected(request: HttpRequest, number: str) -> Case:
    return get_object_or_404(Case.objects.collected_by(request.user).for_page(), number=number)


def _page(request, case, *, delivery=None, give_back=None, refusal="", status=200) -> HttpResponse:
    facts = {
        "case": case,
        "lines": material_lines(case, {}),
        "delivery": delivery or (DeliveryForm() if case.status in DECIDED else None),
        "give_back": give_back or (GiveBackForm() if case.status == Status.COLLECTED else None),
        "refusal": refusal,
        "is_late": case.status == Status.COLLECTED and case.hand_up_due_on < timezone.localdate(),
        **standing_of(case, loaded.current()),
    }
    return render(request, "portal/agent_case_detail.html", facts, status=status)
