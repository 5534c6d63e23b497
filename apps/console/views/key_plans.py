"""推进计划: 六个一, the tasks of 三个量化 reckoned back from the target day, and the names that the template gives them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.gates import permission
from apps.points.models import Level
from apps.workflows.actions import key_projects as actions
from apps.workflows.key_progress import tasks_of
from apps.workflows.key_template import template_fields
from apps.workflows.models import KeyProject, KeyTask, KeyTemplateField

from ..key_plan_forms import DayForm, FieldForm, OneForm, TargetForm
from ..key_project_forms import WhyForm
from ..key_project_panels import plan, shared, task_form
from ..trying import tried
from .key_projects import key_project_of


@require_safe
@never_cache
@permission("workflows.view_keyproject")
def key_project_plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, key_project_of(request, pk))


@require_POST
@permission("workflows.keep_key_project")
def key_project_one(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """落实六个一的一栏."""
    key_project = key_project_of(request, pk)
    form = OneForm(request.POST, part=f"-{code}")
    act = _act(request, actions.name_one, key_project, code)
    return _done(request, key_project, f"one-{code}", form, act, "已落实。", anchor="ones")


@require_POST
@permission("workflows.keep_key_project")
def key_project_target(request: HttpRequest, pk: int) -> HttpResponse:
    """定目标日."""
    key_project = key_project_of(request, pk)
    act = _act(request, actions.set_target, key_project)
    return _done(request, key_project, "target", TargetForm(request.POST), act, "目标日已定，计划已重排。")


@require_POST
@permission("workflows.keep_key_project")
def key_tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """安排任务."""
    key_project = key_project_of(request, pk)
    form = task_form(key_project, tasks_of(key_project), request.POST)
    return _done(request, key_project, "task", form, _setter(request, key_project), "任务已安排。")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission("workflows.keep_key_project")
def key_task(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """修改任务, on a page of its own."""
    key_project = key_project_of(request, pk)
    tasks = tasks_of(key_project)
    stored = next((one for one in tasks if one.code == code), None) or get_object_or_404(
        KeyTask, key_project=key_project, code=code
    )
    typed = request.POST.copy() if request.method == "POST" else None
    if typed is not None:
        typed["code"] = stored.code  # which never changes, whatever was sent
    form, status = task_form(key_project, tasks, typed, stored=stored), 200
    if typed is not None:
        act = _setter(request, key_project)
        status = tried(form, lambda: act(facts=form.facts()))
        if status == 200:
            messages.success(request, f"任务 {stored.code} 已修改。")
            return redirect("console:key-project-plan", pk)
    facts = shared(key_project, request.user) | {"task": stored, "form": form}
    return render(request, "console/key_task.html", facts, status=status)


@require_POST
@permission("workflows.keep_key_project")
def key_task_beginning(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """任务开始."""
    return _on_a_day(request, pk, code, actions.begin_task, "已记任务开始。")


@require_POST
@permission("workflows.keep_key_project")
def key_task_finishing(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """任务完成."""
    return _on_a_day(request, pk, code, actions.finish_task, "已记任务完成。")


@require_POST
@permission("workflows.keep_key_project")
def key_task_reopening(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """任务重开."""
    key_project = key_project_of(request, pk)
    task = get_object_or_404(KeyTask, key_project=key_project, code=code)
    form = WhyForm(request.POST, part="-reopening")
    return _done(
        request, key_project, "reopening", form, _act(request, actions.reopen_task, task), "任务已重开。"
    )


@require_POST
@permission("workflows.keep_key_project")
def key_task_removal(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """去掉任务."""
    key_project = key_project_of(request, pk)
    task = get_object_or_404(KeyTask, key_project=key_project, code=code)
    try:
        actions.drop_task(task, by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _page(request, key_project_of(request, pk), refusal=str(refusal), status=409)
    messages.success(request, f"任务 {code} 已去掉。")
    return redirect(f"{reverse('console:key-project-plan', args=[pk])}#tasks")


# ── 推进模板 ─────────────────────────────────────────────────────────────────────────────────────────
@require_safe
@never_cache
@permission("workflows.keep_key_project")
def key_template(request: HttpRequest) -> HttpResponse:
    return _template(request)


@require_POST
@permission("workflows.keep_key_project")
def key_template_field(request: HttpRequest, group: str, code: str) -> HttpResponse:
    """改栏目名称."""
    form = FieldForm(request.POST, part=f"-{group}-{code}")
    act = _act(request, actions.name_field, group, code)
    return _renamed(request, f"{group}-{code}", form, act, "栏目名称已改，所有重点项目同时生效。")


@require_POST
@permission("workflows.keep_key_project")
def key_template_ones(request: HttpRequest) -> HttpResponse:
    """增加一个“一”."""
    form = FieldForm(request.POST, part="-new")
    return _renamed(request, "new", form, _act(request, actions.add_one), "已增加一栏。")


@require_POST
@permission("workflows.keep_key_project")
def key_template_use(request: HttpRequest, code: str) -> HttpResponse:
    """停用、启用一个“一”."""
    is_used = request.POST.get("is_used") == "yes"
    try:
        actions.use_field(code, is_used, by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _template(request, refusal=str(refusal), status=409)
    messages.success(request, "已启用。" if is_used else "已停用，填过的内容还留着。")
    return redirect("console:key-template")


def _renamed(request: HttpRequest, name: str, form: FieldForm, act: Callable, said: str) -> HttpResponse:
    status = tried(form, lambda: act(**form.cleaned_data))
    if status != 200:
        return _template(request, status=status, sent=form, opened=name)
    messages.success(request, said)
    return redirect("console:key-template")


def _template(request: HttpRequest, *, sent=None, opened: str = "", refusal: str = "", status: int = 200):
    point = request.user.acting.point if request.user.acting else None
    groups = []
    for group, fields in template_fields(also_unused=True).items():
        rows = []
        for field in fields:
            name = f"{group}-{field.code}"
            initial = {"name": field.name, "hint": field.hint}
            form = sent if opened == name else FieldForm(part=f"-{name}", initial=initial)
            rows.append({"field": field, "form": form, "opened": opened == name})
        groups.append({"code": group, "label": KeyTemplateField.Group(group).label, "rows": rows})
    facts = {
        "groups": groups,
        "added": sent if opened == "new" else FieldForm(part="-new"),
        "opened": opened,
        "sent": sent,
        "refusal": refusal,
        "may_edit": point is not None and point.level == Level.CITY,
    }
    return render(request, "console/key_template.html", facts, status=status)


# ── what the acts share ──────────────────────────────────────────────────────────────────────────────
def _act(request: HttpRequest, action: Callable, *of) -> Callable:
    return lambda **facts: action(*of, **facts, by=request.user, at=timezone.now())


def _setter(request: HttpRequest, key_project: KeyProject) -> Callable:
    return lambda facts: actions.set_task(key_project, facts, by=request.user, at=timezone.now())


def _on_a_day(request: HttpRequest, pk: int, code: str, action: Callable, said: str) -> HttpResponse:
    key_project = key_project_of(request, pk)
    task = get_object_or_404(KeyTask, key_project=key_project, code=code)
    form = DayForm(request.POST, part=f"-{task.pk}")
    return _done(request, key_project, f"day-{code}", form, _act(request, action, task), said)


def _done(
    request: HttpRequest,
    key_project: KeyProject,
    name: str,
    form,
    act: Callable,
    said: str,
    *,
    anchor: str = "tasks",
) -> HttpResponse:
    """One of the forms on the page, sent: done, or the page again with what was typed and what is wrong with it."""

    def carry_out() -> None:
        if hasattr(form, "facts"):
            act(facts=form.facts())
        else:
            act(**form.cleaned_data)

    status = tried(form, carry_out)
    if status != 200:
        return _page(request, key_project_of(request, key_project.pk), status=status, **{name: form})
    messages.success(request, said)
    return redirect(f"{reverse('console:key-project-plan', args=[key_project.pk])}#{anchor}")


def _page(
    request: HttpRequest, key_project: KeyProject, *, refusal: str = "", status: int = 200, **sent
) -> HttpResponse:
    facts = plan(key_project, request.user, timezone.localdate(), sent)
    facts |= {"sent": next(iter(sent.values()), None), "opened": next(iter(sent), ""), "refusal": refusal}
    return render(request, "console/key_project_plan.html", facts, status=status)
