"""网上申请: where and for whom → situation → form and papers → check → submitted. Drafts are kept at every step."""

import uuid

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.gates import signed_in
from apps.accounts.models import Applicant, Mandate, PrivacyNotice
from apps.cases import actions
from apps.cases.forms import ApplicationForm
from apps.cases.models import Case, CaseMaterial, Channel, Status
from apps.cases.uploads import BadFile
from apps.items.models import Item, Necessity
from apps.points.models import ServicePoint

from ..filing import channel_of, note_check, privacy_notice_read, was_checked
from ..forms.application import StartForm
from ..guides import Guide, situation_of
from ..places import places_for, takes_in
from .site import next_page

STEPS = ["情形选择", "填写和上传", "核对", "提交"]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def application(request: HttpRequest, code: str) -> HttpResponse:
    """开始办理: for whom, and at which point. The key makes a repeated press find the same draft."""
    item = get_object_or_404(Item.objects.on_offer().select_related("current"), code=code)
    today = timezone.localdate()
    points = ServicePoint.objects.open_on(today).built()
    asked = request.POST if request.method == "POST" else None
    applicants = _applicants(request.user, item)
    own = next((a.pk for a in applicants if a.user_id == request.user.pk), None)
    initial = {"key": uuid.uuid4(), "applicant": request.GET.get("applicant") or own}
    form = StartForm(asked, applicants=applicants, points=points, initial=initial)
    refusal = ""
    if asked is not None and form.is_valid():
        facts = form.cleaned_data
        try:
            case = _begun(request, item, facts, key=facts["key"])
            if (case.applicant_id, case.intake_point_id) != (facts["applicant"].pk, facts["point"].pk):
                # went back and chose anew on a page that kept its key: another matter
                case = _begun(request, item, facts, key=uuid.uuid4())
        except actions.NotAllowed as refused:
            refusal = str(refused)
        else:
            return redirect("portal:draft-situation", case.key)
    page = {"item": item, "form": form, "refusal": refusal, **_where(request, item, points)}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "portal/application.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def situation(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 1 步: the check list; papers of situations that do not apply are set aside."""
    case = get_object_or_404(Case.objects.owned_by(request.user).for_page(), key=key)
    if case.status != Status.DRAFT:
        return _on_to_the_case(request, case)
    rows = list(case.materials.select_related("material").order_by("seq"))
    situational = [row for row in rows if row.necessity == Necessity.SITUATIONAL]
    if request.method == "POST":
        chosen, now = request.POST.getlist("situation"), timezone.now()
        for row in situational:
            applies = situation_of(row.material) in chosen
            if (row.state == CaseMaterial.State.NOT_NEEDED) == applies:
                state = CaseMaterial.State.ABSENT if applies else CaseMaterial.State.NOT_NEEDED
                actions.mark_material(row, state, at=now)
        actions.save_draft(case, form={}, at=now)
        return redirect("portal:draft", case.key)
    is_new = case.saved_at == case.created_at  # nothing was said yet about any situation
    said = [row for row in situational if row.state != CaseMaterial.State.NOT_NEEDED and not is_new]
    chosen = frozenset(situation_of(row.material) for row in said)
    guide = Guide(case.version, [row.material for row in rows], chosen)
    return render(
        request,
        "portal/draft_situation.html",
        {"case": case, "guide": guide, "steps": STEPS, **_outdated(case)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 2 步: one form with the fields and the papers. Every press keeps what was typed, whatever else it does."""
    case = get_object_or_404(Case.objects.owned_by(request.user).for_page(), key=key)
    if case.status != Status.DRAFT:
        return _on_to_the_case(request, case)
    if request.method != "POST":
        faults = actions.is_complete(case, on=timezone.localdate()) if was_checked(request, case) else {}
        return _draft_page(request, case, faults=faults)
    typed = ApplicationForm.typed_in(case, request.POST)
    faults = ApplicationForm.too_long(case, typed)
    if not faults:
        try:
            phone = typed.get("contact_phone")
            case = actions.save_draft(case, form=typed, phone=phone, at=timezone.now())
        except actions.NotAllowed as refusal:
            return _draft_page(request, case, typed=typed, refusal=str(refusal), status=409)
    if request.htmx and "autosave" in request.POST:
        facts = {"case": case, "faults": faults}
        return render(request, "portal/_saved.html", facts, status=422 if faults else 200)
    faults |= take_files(request, case)
    if faults:
        return _draft_page(request, case, typed=typed, faults=faults, status=422)
    return _after_saving(request, case)


@require_POST
@signed_in
def draft_material(request: HttpRequest, key: uuid.UUID, seq: int) -> HttpResponse:
    """上传一份材料, by itself: a fragment for pages with script; the big form does the same without."""
    case = _draft(request, key)
    row = get_object_or_404(case.materials, seq=seq)
    faults = take_files(request, case)
    return render(
        request, "portal/_material.html", material_line(case, row.pk, faults), status=422 if faults else 200
    )


@require_safe
@signed_in
def check(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 3 步: everything once more, what is still missing, and the privacy notice in its version."""
    case = get_object_or_404(Case.objects.owned_by(request.user).for_page(), key=key)
    if case.status != Status.DRAFT:
        return _on_to_the_case(request, case)
    note_check(request, case)
    return _check_page(request, case)


@require_POST
@signed_in
def submission(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 4 步: pressing twice submits once, and both presses end at the same receipt."""
    case = get_object_or_404(Case.objects.owned_by(request.user).for_page(), key=key)
    if case.status == Status.DRAFT:
        try:
            case = actions.submit(
                case, by=request.user, at=timezone.now(), privacy_notice=privacy_notice_read(request),
                has_mobile=channel_of(request) == Channel.MOBILE,
            )  # fmt: skip
        except actions.Incomplete as missing:
            note_check(request, case)
            faults = actions.is_complete(case, on=timezone.localdate()) | missing.faults  # all at once
            return _check_page(request, case, faults=faults, asked=True, status=422)
        except actions.NotAllowed as refusal:
            case.refresh_from_db()
            if case.status == Status.DRAFT:
                return _check_page(request, case, refusal=str(refusal), status=409)
    return redirect("portal:case-receipt", case.number)


@require_POST
@signed_in
def draft_renewal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """按新指南: the draft moves to the version in force and keeps what was entered."""
    case = actions.renew_draft(_draft(request, key), at=timezone.now())
    messages.success(request, "已按最新的办事指南更新，您填的内容都在，请看看材料清单。")
    return redirect("portal:draft", case.key)


@require_POST
@signed_in
def draft_deletion(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    case = _draft(request, key)
    actions.discard_draft(case)
    messages.success(request, f"“{case.item}”的草稿已删除。")
    return redirect(next_page(request, "portal:case-list"))


def take_files(request: HttpRequest, case: Case) -> dict[str, str]:
    """Every chosen file goes to its material; what cannot be taken is told per material."""
    faults, now = {}, timezone.now()
    chosen = {name: file for name, file in request.FILES.items() if name.startswith("file-")}
    if not chosen:
        return faults
    rows = {f"file-{row.seq}": row for row in case.materials.all()}
    for name, file in chosen.items():
        if name not in rows:
            raise Http404
        try:
            actions.attach(rows[name], file, by=request.user, at=now)
        except (BadFile, actions.NotAllowed) as refusal:
            faults[f"material-{rows[name].seq}"] = str(refusal)
    return faults


def material_lines(case: Case, faults: dict[str, str]) -> list[dict]:
    """The check list of a case with its current files, for pages and fragments alike."""
    rows = case.materials.select_related("material").prefetch_related("files").order_by("seq")
    return [
        {
            "row": row,
            "file": next((file for file in row.files.all() if file.is_current), None),
            "fault": faults.get(f"material-{row.seq}", ""),
        }
        for row in rows
    ]


def material_line(case: Case, pk: int, faults: dict[str, str]) -> dict:
    line = next(line for line in material_lines(case, faults) if line["row"].pk == pk)
    return {"case": case, "line": line}


def _draft(request: HttpRequest, key: uuid.UUID) -> Case:
    return get_object_or_404(Case.objects.owned_by(request.user).drafts().for_page(), key=key)


def _on_to_the_case(request: HttpRequest, case: Case) -> HttpResponse:
    """Where the address of a draft leads once it was handed in."""
    messages.info(request, f"已提交，编号 {case.number}。")
    there = reverse("portal:case-detail", args=[case.number])
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _draft_page(request, case, *, typed=None, faults=None, refusal="", status=200) -> HttpResponse:
    faults = faults or {}
    lines = material_lines(case, faults)
    form = ApplicationForm(case, typed=typed, faults=faults)
    missing = actions.is_complete(case, on=timezone.localdate())
    page = {
        "case": case,
        "form": form,
        "lines": lines,
        "missing": missing,
        "required": sum(field.field.required for field in form),
        "optional": sum(not field.field.required for field in form),
        "missing_form": [name for name in missing if not name.startswith("material-")],
        "material_faults": [(key, text) for key, text in faults.items() if key.startswith("material-")],
        "refusal": refusal,
        "steps": STEPS,
        **_outdated(case),
    }
    return render(request, "portal/draft.html", page, status=status)


def _after_saving(request: HttpRequest, case: Case) -> HttpResponse:
    if request.POST.get("remove"):
        return _removed(request, case, request.POST["remove"])
    mark = request.POST.get("mark", "")
    if mark:
        seq, _, state = mark.partition(":")
        row = get_object_or_404(case.materials, seq=seq if seq.isdecimal() and len(seq) < 5 else 0)
        try:
            actions.mark_material(row, state, at=timezone.now())
        except (actions.NotAllowed, ValueError) as refusal:
            return _draft_page(request, case, refusal=str(refusal), status=409)
        return redirect(f"{reverse('portal:draft', args=[case.key])}#material-{row.seq}")
    if "upload" in request.POST:
        return redirect(f"{reverse('portal:draft', args=[case.key])}#materials")
    if "later" in request.POST:
        messages.success(request, "草稿存好了，随时可以接着办。")
        return redirect(f"{reverse('portal:case-list')}?tab=drafts")
    if case.channel == Channel.VILLAGE:
        return redirect("portal:agent-collection", case.key)
    return redirect("portal:draft-check", case.key)


def _removed(request: HttpRequest, case: Case, seq: str) -> HttpResponse:
    """移除: an uploaded file is taken away again; everything else on the page was saved."""
    row = get_object_or_404(case.materials, seq=seq if seq.isdecimal() and len(seq) < 5 else 0)
    try:
        actions.detach(row, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _draft_page(request, case, refusal=str(refusal), status=409)
    return redirect(f"{reverse('portal:draft', args=[case.key])}#material-{row.seq}")


def _check_page(request, case, *, faults=None, refusal="", asked=False, status=200) -> HttpResponse:
    faults = actions.is_complete(case, on=timezone.localdate()) if faults is None else faults
    labels = {described["name"]: described["label"] for described in case.version.form_fields}
    page = {
        "case": case,
        "faults": faults,
        "fault_links": [(_anchor(case, name), text) for name, text in faults.items()],
        "answers": [
            {"label": labels[name], "value": case.form.get(name, ""), "name": name, "fault": faults.get(name)}
            for name in labels
        ],
        "lines": material_lines(case, faults),
        "notice": PrivacyNotice.in_force(),
        "refusal": refusal,
        "asked": asked,
        "steps": STEPS,
        **_outdated(case),
    }
    return render(request, "portal/draft_check.html", page, status=status)


def _anchor(case: Case, name: str) -> str:
    if name == "privacy_notice":
        return "#privacy"
    place = name if name.startswith("material-") else f"f-{name}"
    return f"{reverse('portal:draft', args=[case.key])}#{place}"


def _outdated(case: Case) -> dict:
    """What a draft page says when the world moved on while the draft lay there."""
    item = case.item
    return {
        "is_shelved": item.state != Item.State.ACTIVE,
        "is_outdated": item.state == Item.State.ACTIVE and item.current_id != case.version_id,
    }


def _where(request: HttpRequest, item: Item, points) -> dict:
    """The place picker: by links down the tree, and the point that was picked."""
    under = get_object_or_404(points, path=request.GET["under"]) if request.GET.get("under") else None
    picked_pk = request.POST.get("point") or request.GET.get("point") or ""
    picked = points.filter(pk=picked_pk).first() if picked_pk.isdecimal() else None
    if picked and not takes_in(item, picked):
        picked = None
    places = [] if picked else places_for(item, under=under, on=timezone.localdate())
    return {"under": under, "picked": picked, "places": places}


def _applicants(user, item: Item):
    """Oneself, and those whose mandate covers this item today."""
    mandates = Mandate.objects.valid_on(timezone.localdate()).filter(
        Q(item_codes=[]) | Q(item_codes__contains=[item.code]), agent=user
    )
    own = Q(user=user) | Q(pk__in=mandates.values("principal"))
    return Applicant.objects.filter(own).order_by("kind", "id")


def _begun(request: HttpRequest, item: Item, facts: dict, *, key: uuid.UUID) -> Case:
    wanted = {"applicant": facts["applicant"], "at_point": facts["point"], "channel": channel_of(request)}
    return actions.draft(item, **wanted, by=request.user, at=timezone.now(), key=key)
