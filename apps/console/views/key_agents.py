"""代办服务: the agent of a key project, his visits, and the hand-overs from one to the next."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import permission
from apps.accounts.models import User
from apps.workflows.actions import key_projects as actions
from apps.workflows.models import KeyHandover, KeyProject

from ..key_project_forms import AgentForm, HandoverForm, VisitForm, WhyForm
from ..key_project_panels import mandated, service
from ..trying import tried
from .key_projects import key_project_of


@require_safe
@never_cache
@permission("workflows.view_keyproject")
def key_project_service(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, key_project_of(request, pk))


@require_POST
@permission("workflows.keep_key_project")
def key_agent(request: HttpRequest, pk: int) -> HttpResponse:
    """指派代办员."""
    key_project = key_project_of(request, pk)
    form = AgentForm(request.POST, people=mandated(key_project, timezone.localdate()))

    def name_agent(*, agent: str, **facts) -> None:
        actions.name_agent(key_project, User.objects.get(pk=agent), **facts)

    return _done(request, key_project, "agent", form, name_agent, "代办员已指派。")


@require_POST
@permission("workflows.keep_key_project")
def key_agent_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """终止代办."""
    key_project = key_project_of(request, pk)
    form = WhyForm(request.POST, part="-ending")

    def end_agent(**facts) -> None:
        actions.end_agent(key_project, **facts)

    return _done(request, key_project, "ending", form, end_agent, "代办已终止。")


@require_POST
@permission("workflows.serve_key_project")
def key_visits(request: HttpRequest, pk: int) -> HttpResponse:
    """上门服务."""
    key_project = key_project_of(request, pk)

    def record_visit(**facts) -> None:
        actions.record_visit(key_project, **facts)

    return _done(request, key_project, "visit", VisitForm(request.POST), record_visit, "上门服务已记下。")


@require_POST
@permission("workflows.serve_key_project")
def key_handovers(request: HttpRequest, pk: int) -> HttpResponse:
    """交出材料."""
    key_project = key_project_of(request, pk)
    people = mandated(key_project, timezone.localdate(), but=request.user, only_staff=True)
    form = HandoverForm(request.POST, people=people)

    def give(*, taker: str, papers: list, note: str, **facts) -> None:
        actions.give_papers(key_project, User.objects.get(pk=taker), papers, note=note, **facts)

    return _done(request, key_project, "handover", form, give, "已签名交出，等接收人签收。")


@require_POST
@permission("workflows.serve_key_project")
def key_handover_receipt(request: HttpRequest, pk: int, handover: int) -> HttpResponse:
    """接收材料."""
    return _signed(request, pk, handover, actions.take_papers, "已签收，您现在是这个项目的代办员。")


@require_POST
@permission("workflows.serve_key_project")
def key_handover_withdrawal(request: HttpRequest, pk: int, handover: int) -> HttpResponse:
    """撤回交接."""
    return _signed(request, pk, handover, actions.withdraw_papers, "交接已撤回。")


def _signed(request: HttpRequest, pk: int, handover: int, action: Callable, said: str) -> HttpResponse:
    key_project = key_project_of(request, pk)
    row = get_object_or_404(KeyHandover, pk=handover, key_project=key_project)
    try:
        action(row, by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _page(request, key_project_of(request, pk), refusal=str(refusal), status=409)
    messages.success(request, said)
    return redirect("console:key-project-service", pk)


def _done(
    request: HttpRequest, key_project: KeyProject, name: str, form, act: Callable, said: str
) -> HttpResponse:
    """One of the forms on the page, sent: done, or the page again with what was typed and what is wrong with it."""
    status = tried(form, lambda: act(**form.cleaned_data, by=request.user, at=timezone.now()))
    if status != 200:
        return _page(request, key_project_of(request, key_project.pk), status=status, **{name: form})
    messages.success(request, said)
    return redirect(f"{reverse('console:key-project-service', args=[key_project.pk])}#{name}")


def _page(
    request: HttpRequest, key_project: KeyProject, *, refusal: str = "", status: int = 200, **sent
) -> HttpResponse:
    facts = service(key_project, request.user, timezone.localdate(), sent)
    facts |= {"sent": next(iter(sent.values()), None), "opened": next(iter(sent), ""), "refusal": refusal}
    return render(request, "console/key_project_service.html", facts, status=status)
