"""套餐: seen by whoever works with them; put together, checked and published by the centre of the city."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.gates import permission
from apps.items.models import Item
from apps.points.models import Level
from apps.workflows import actions
from apps.workflows.models import Bundle, BundleVersion
from apps.workflows.reading import USABLE, Parts, parts_of

from ..bundle_forms import (
    BranchForm,
    BundleForm,
    EdgeForm,
    MaterialForm,
    PartForm,
    QuestionForm,
    RulesForm,
    StageForm,
    WithdrawalForm,
    written,
)
from ..bundle_panels import departments, panels, unknown_departments

SHOWN_EVENTS = 12
FORMS = {
    "stage": StageForm,
    "branch": BranchForm,
    "edge": EdgeForm,
    "question": QuestionForm,
    "material": MaterialForm,
    "rules": RulesForm,
    "withdrawal": WithdrawalForm,
}


@require_safe
@permission("workflows.view_bundle")
def bundle_list(request: HttpRequest) -> HttpResponse:
    bundles = Bundle.objects.for_list()
    return render(request, "console/bundle_list.html", {"bundles": bundles, "may_edit": _edits(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission("workflows.edit_bundle")
def bundle_entry(request: HttpRequest) -> HttpResponse:
    """新建套餐."""
    form, status = BundleForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                bundle = actions.enter_bundle(**form.cleaned_data, by=request.user, at=timezone.now())
            except actions.NotAllowed as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, "套餐已新建，请设定阶段，再增加分项。")
                return redirect("console:bundle-detail", bundle.code, 1)
    facts = {"form": form, "departments": departments()}
    return render(request, "console/bundle_entry.html", facts, status=status)


@require_safe
@never_cache
@permission("workflows.view_bundle")
def bundle_detail(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """A version: the table by stage, the drawing, the check; for whoever edits it also its forms."""
    return _page(request, _version(code, version))


@require_POST
@permission("workflows.edit_bundle")
def bundle_drafts(request: HttpRequest, code: str) -> HttpResponse:
    """起草新版本."""
    bundle = get_object_or_404(Bundle, code=code)
    try:
        draft = actions.draft_version(bundle, by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        newest = bundle.versions.order_by("-number").first()
        return _page(request, _version(code, newest.number), refusal=refusal, status=409)
    messages.success(request, f"已起草第{draft.number}版，内容和现行的一样，改好后发布。")
    return redirect("console:bundle-detail", code, draft.number)


@require_POST
@permission("workflows.edit_bundle")
def bundle_stages(request: HttpRequest, code: str, version: int) -> HttpResponse:
    return _filled(request, _version(code, version), "stage", actions.set_stage, "阶段已设定。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_stage_removal(request: HttpRequest, code: str, version: int, stage: int) -> HttpResponse:
    return _done(request, _version(code, version), actions.drop_stage, stage, said="阶段已去掉。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_branches(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """增加分项."""
    return _filled(request, _version(code, version), "branch", actions.add_branch, "分项已增加。")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission("workflows.edit_bundle")
def bundle_branch(request: HttpRequest, code: str, version: int, branch: str) -> HttpResponse:
    """修改分项, on a page of its own."""
    row = _version(code, version)
    stored = get_object_or_404(row.branches.select_related("item", "stage"), code=branch)
    parts = parts_of(row)
    now = {
        "code": stored.code,
        "item": stored.item.code,
        "title": stored.name,
        "stage": stored.stage.number,
        "department": stored.department,
        "level": stored.level,
        "days": stored.days,
        "is_optional": stored.is_optional,
        "condition": stored.condition,
    }
    typed = request.POST.copy() if request.method == "POST" else None
    if typed is not None:
        typed["code"] = stored.code  # which never changes, whatever was sent
    form, status = BranchForm(typed, initial=now, parts=parts), 200
    if typed is not None:
        status = _tried(
            form, lambda: actions.change_branch(row, form.facts(), by=request.user, at=timezone.now())
        )
        if status == 200:
            messages.success(request, f"分项 {stored.code} 已修改。")
            return redirect("console:bundle-detail", code, version)
    facts = {"version": row, "branch": stored, "form": form, **_suggestions()}
    return render(request, "console/bundle_branch.html", facts, status=status)


@require_POST
@permission("workflows.edit_bundle")
def bundle_branch_removal(request: HttpRequest, code: str, version: int, branch: str) -> HttpResponse:
    return _done(request, _version(code, version), actions.drop_branch, branch, said="分项已去掉。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_edges(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """连接."""
    return _filled(request, _version(code, version), "edge", actions.connect, "已连接。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_edge_removal(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """断开."""
    pair = {name: request.POST.get(name, "") for name in ("branch", "needs")}
    return _done(request, _version(code, version), actions.disconnect, said="已断开。", **pair)


@require_POST
@permission("workflows.edit_bundle")
def bundle_questions(request: HttpRequest, code: str, version: int) -> HttpResponse:
    return _filled(request, _version(code, version), "question", actions.ask, "情形问题已设定。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_question_removal(request: HttpRequest, code: str, version: int, question: int) -> HttpResponse:
    return _done(request, _version(code, version), actions.unask, question, said="情形问题已去掉。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_materials(request: HttpRequest, code: str, version: int) -> HttpResponse:
    return _filled(request, _version(code, version), "material", actions.share_material, "共享材料已设定。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_material_removal(request: HttpRequest, code: str, version: int) -> HttpResponse:
    name = request.POST.get("name", "")
    return _done(request, _version(code, version), actions.unshare_material, name, said="共享材料已去掉。")


@require_POST
@permission("workflows.edit_bundle")
def bundle_rules(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """答复和逾期规则."""
    row = _version(code, version)
    form = RulesForm(request.POST)
    now = timezone.now()
    status = _tried(form, lambda: actions.set_rules(row, **form.cleaned_data, by=request.user, at=now))
    if status != 200:
        return _page(request, _version(code, version), status=status, rules=form)
    messages.success(request, "答复和逾期规则已设定。")
    return redirect("console:bundle-detail", code, version)


@require_POST
@permission("workflows.publish_bundle")
def bundle_publication(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """发布."""
    now = timezone.now()
    row = _version(code, version)
    return _done(request, row, actions.publish, said=f"已发布：{row}。", at=now, on=timezone.localdate(now))


@require_POST
@permission("workflows.edit_bundle")
def bundle_withdrawal(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """作废草稿."""
    row = _version(code, version)
    form = WithdrawalForm(request.POST)
    status = _tried(
        form,
        lambda: actions.withdraw_draft(row, why=form.cleaned_data["why"], by=request.user, at=timezone.now()),
    )
    if status != 200:
        return _page(request, _version(code, version), status=status, withdrawal=form)
    messages.success(request, "草稿已作废，记录保留。")
    return redirect("console:bundle-list")


def _version(code: str, number: int) -> BundleVersion:
    return get_object_or_404(BundleVersion.objects.select_related("bundle"), bundle__code=code, number=number)


def _filled(request: HttpRequest, row: BundleVersion, name: str, act: Callable, said: str) -> HttpResponse:
    """One of the forms on the page, sent: done, or the page again with what was typed and what is wrong with it."""
    form = FORMS[name](request.POST, parts=parts_of(row))
    status = _tried(form, lambda: act(row, form.facts(), by=request.user, at=timezone.now()))
    if status != 200:
        return _page(request, _version(row.bundle.code, row.number), status=status, **{name: form})
    messages.success(request, said)
    return redirect(f"{reverse('console:bundle-detail', args=[row.bundle.code, row.number])}#{name}s")


def _tried(form: PartForm, act: Callable) -> int:
    """200 done, 422 not filled in, 409 refused; what is wrong stands in the form."""
    if not form.is_valid():
        return 422
    try:
        act()
    except actions.Broken as refusal:
        form.tell(refusal.faults)
    except actions.NotAllowed as refusal:
        form.add_error(None, str(refusal))
    else:
        return 200
    return 409


def _done(request: HttpRequest, row: BundleVersion, act: Callable, *args, said: str, **kwargs):
    """An act without a form."""
    try:
        act(row, *args, **{"by": request.user, "at": timezone.now()} | kwargs)
    except actions.NotAllowed as refusal:
        return _page(request, _version(row.bundle.code, row.number), refusal=refusal, status=409)
    messages.success(request, said)
    return redirect("console:bundle-detail", row.bundle.code, row.number)


def _page(
    request: HttpRequest,
    row: BundleVersion,
    *,
    refusal: Exception | None = None,
    status: int = 200,
    **sent: PartForm,
) -> HttpResponse:
    parts = parts_of(row)
    facts = {"version": row, "refused": str(refusal).splitlines() if refusal else []} | panels(parts)
    facts["events"] = row.events.select_related("by").order_by("-id")[:SHOWN_EVENTS]
    facts["may_draft"] = _edits(request)
    facts["may_edit"] = row.is_draft and _edits(request)
    if facts["may_edit"]:
        facts |= _suggestions()
        facts["forms"] = _forms(request, parts, sent)
        facts["sent"] = next(iter(sent.values()), None)
        facts["opened"] = next(iter(sent), request.GET.get("form", ""))
        facts["unknown"] = unknown_departments(facts["sheet"], facts["departments"])
    else:  # a form that was sent and is not there any more says on top why
        facts["refused"] += [text for form in sent.values() for told in form.errors.values() for text in told]
    return render(request, "console/bundle_detail.html", facts, status=status)


def _forms(request: HttpRequest, parts: Parts, sent: dict[str, PartForm]) -> dict[str, PartForm]:
    """Each form as it was sent, or empty; a stage or a question to be changed stands in its form."""
    sheet, asked = parts.sheet(), request.GET.get("number", "")
    stage = next((one for one in sheet.stages if str(one.number) == asked), None)
    question = next((one for one in sheet.questions if str(one.number) == asked), None)
    begun = {
        "stage": {"number": max((one.number for one in sheet.stages), default=0) + 1},
        "branch": {"stage": sheet.stages[-1].number if sheet.stages else None},
        "question": {"number": max((one.number for one in sheet.questions), default=0) + 1},
        "rules": {name: getattr(parts.version, name) for name in RulesForm.base_fields},
    }
    if request.GET.get("form") == "stage" and stage is not None:
        begun["stage"] = {"number": stage.number, "title": stage.name, "lead": stage.lead, "days": stage.days}
    if request.GET.get("form") == "question" and question is not None:
        begun["question"] = written(question)
    return {
        name: sent[name] if name in sent else form(initial=begun.get(name), parts=parts)
        for name, form in FORMS.items()
    }


def _suggestions() -> dict:
    usable = Item.objects.filter(state__in=USABLE, current__isnull=False)
    return {"departments": departments(), "items": usable.order_by("code").values_list("code", "name")}


def _edits(request: HttpRequest) -> bool:
    """Whether this person puts bundles together: by permission, and for the whole city."""
    point = request.user.acting.point if request.user.acting else None
    of_city = point is not None and point.level == Level.CITY
    return of_city and request.user.has_perm("workflows.edit_bundle")
