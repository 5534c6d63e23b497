"""重点项目: the register, the green channel, milestones, and the joint projects that belong to one."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.gates import permission
from apps.cases.pages import page_of
from apps.workflows.actions import key_projects as actions
from apps.workflows.models import KeyMilestone, KeyProject, Project

from ..key_project_forms import ChannelForm, CorrectionForm, EnlistForm, LinkForm, MilestoneForm, WhyForm
from ..key_project_panels import halls_of, overview
from ..trying import tried

STATES = {"": "在册", "green": "绿色通道", "delisted": "已移出"}


@require_safe
@permission("workflows.view_keyproject")
def key_project_list(request: HttpRequest) -> HttpResponse:
    """Newest first: those on the list, those of the green channel, or those that were taken off."""
    state = request.GET.get("state", "")
    seen = KeyProject.objects.visible_to(request.user).for_list()
    rows = {"green": seen.green, "delisted": seen.delisted}.get(state, seen.listed)()
    page = page_of(
        rows, by=("-id",), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    facts = {"page": page, "states": STATES.items(), "chosen": state if state in STATES else ""}
    return render(request, "console/key_project_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("workflows.keep_key_project")
def key_project_entry(request: HttpRequest) -> HttpResponse:
    """列入重点."""
    now = timezone.now()
    halls = halls_of(request.user)
    form = EnlistForm(request.POST or None, halls=halls, initial={"listed_on": timezone.localdate(now)})
    status, made = 200, []
    if request.method == "POST":
        status = tried(form, lambda: made.append(actions.enlist(**form.facts(), by=request.user, at=now)))
        if made:
            messages.success(request, "已列入重点项目。接着可以开通绿色通道、指派代办员、排推进计划。")
            return redirect("console:key-project-detail", made[0].pk)
    return render(request, "console/key_project_entry.html", {"form": form}, status=status)


@require_safe
@never_cache
@permission("workflows.view_keyproject")
def key_project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, key_project_of(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission("workflows.keep_key_project")
def key_project_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """更正登记, on a page of its own."""
    key_project = key_project_of(request, pk)
    now = {
        "name": key_project.name,
        "rank": key_project.rank,
        "investor_name": key_project.investor_name,
    }
    form, status = CorrectionForm(request.POST or None, initial=now), 200
    if request.method == "POST":
        status = tried(form, lambda: _correct(key_project, form, request))
        if status == 200:
            messages.success(request, "登记已更正，原来的内容留在记录里。")
            return redirect("console:key-project-detail", pk)
    facts = {"key_project": key_project, "form": form}
    return render(request, "console/key_project_correction.html", facts, status=status)


@require_POST
@permission("workflows.keep_key_project")
def key_project_delisting(request: HttpRequest, pk: int) -> HttpResponse:
    """移出重点."""
    form = WhyForm(request.POST, part="-delisting")
    return _done(request, pk, "delisting", form, actions.delist, "已移出重点项目，绿色通道和代办同时结束。")


@require_POST
@permission("workflows.keep_key_project")
def green_channel(request: HttpRequest, pk: int) -> HttpResponse:
    """开通绿色通道."""
    return _done(request, pk, "channel", ChannelForm(request.POST), actions.open_channel, "绿色通道已开通。")


@require_POST
@permission("workflows.keep_key_project")
def green_channel_closing(request: HttpRequest, pk: int) -> HttpResponse:
    """关闭绿色通道."""
    form = WhyForm(request.POST, part="-closing")
    return _done(request, pk, "closing", form, actions.close_channel, "绿色通道已关闭。")


@require_POST
@permission("workflows.keep_key_project")
def milestones(request: HttpRequest, pk: int) -> HttpResponse:
    """记里程碑."""
    form = MilestoneForm(request.POST)
    return _done(request, pk, "milestone", form, actions.set_milestone, "里程碑已记下。")


@require_POST
@permission("workflows.keep_key_project")
def milestone_removal(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    """撤回里程碑."""
    row = get_object_or_404(KeyMilestone, pk=milestone, key_project=key_project_of(request, pk))

    def take_back(_: KeyProject, **facts) -> None:
        actions.take_back_milestone(row, **facts)

    return _done(request, pk, "removal", WhyForm(request.POST, part="-removal"), take_back, "里程碑已撤回。")


@require_POST
@permission("workflows.keep_key_project")
def key_project_links(request: HttpRequest, pk: int) -> HttpResponse:
    """关联并联项目."""
    return _done(request, pk, "link", LinkForm(request.POST), _linker(request), "并联项目已关联。")


@require_POST
@permission("workflows.keep_key_project")
def key_project_link_removal(request: HttpRequest, pk: int, number: str) -> HttpResponse:
    """取消关联."""
    project = get_object_or_404(Project.objects.visible_to(request.user), number=number)

    def unlink(key_project: KeyProject, **facts) -> None:
        actions.unlink(project, key_project, **facts)

    return _done(request, pk, "removal", WhyForm(request.POST, part="-removal"), unlink, "已取消关联。")


def key_project_of(request: HttpRequest, pk: int) -> KeyProject:
    """The key project, or 404 outside the scope of whoever asks."""
    seen = KeyProject.objects.visible_to(request.user).select_related("point", "investor")
    return get_object_or_404(seen.defer("investor__number"), pk=pk)


def _correct(key_project: KeyProject, form: CorrectionForm, request: HttpRequest) -> None:
    typed = dict(form.cleaned_data)
    investor = typed.pop("investor_number") or key_project.investor
    actions.correct(key_project, **typed, investor=investor, by=request.user, at=timezone.now())


def _linker(request: HttpRequest) -> Callable:
    def link(key_project: KeyProject, *, number: str, **facts) -> None:
        project = Project.objects.visible_to(request.user).filter(number=number.strip()).first()
        if project is None:
            raise actions.NotAllowed(f"您的职责范围内没有编号为“{number.strip()}”的并联项目。")
        actions.link(project, key_project, **facts)

    return link


def _done(
    request: HttpRequest, pk: int, name: str, form, act: Callable[..., object], said: str
) -> HttpResponse:
    """One of the forms on the page, sent: done, or the page again with what was typed and what is wrong with it."""
    key_project = key_project_of(request, pk)

    def carry_out() -> None:
        typed = form.facts() if hasattr(form, "facts") else form.cleaned_data
        act(key_project, **typed, by=request.user, at=timezone.now())

    status = tried(form, carry_out)
    if status != 200:
        return _page(request, key_project_of(request, pk), status=status, **{name: form})
    messages.success(request, said)
    return redirect(f"{reverse('console:key-project-detail', args=[pk])}#{name}")


def _page(request: HttpRequest, key_project: KeyProject, *, status: int = 200, **sent) -> HttpResponse:
    facts = overview(key_project, request.user, timezone.now(), sent)
    facts["sent"] = next(iter(sent.values()), None)
    facts["opened"] = next(iter(sent), "")
    return render(request, "console/key_project_detail.html", facts, status=status)
