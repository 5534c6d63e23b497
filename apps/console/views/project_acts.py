"""办理项目: every act is one call of an action; what was refused comes back with the page, and nothing typed is lost."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.gates import permission
from apps.cases import actions as cases
from apps.cases.uploads import BadFile
from apps.workflows import actions
from apps.workflows.models import Project, ProjectMaterial, ProjectNotice

from ..project_forms import PaperForm
from ..project_panels import ROUTES, Act, seen_by
from .projects import project_of, show, show_papers

REFUSALS = (actions.NotAllowed, cases.NotAllowed)
Doing = Callable[..., object]


def act(kind: str, name: str, needs: str, done: str) -> Callable[[Doing], Callable[..., HttpResponse]]:
    """A view out of one act: its form is checked, the action called, and whoever is refused finds the form as it was."""
    what: Act = next(one for one in ROUTES[kind] if one.name == name)

    def view_of(doing: Doing) -> Callable[..., HttpResponse]:
        @require_POST
        @permission(needs)
        def view(request: HttpRequest, number: str, **where) -> HttpResponse:
            project = project_of(request, number)
            seen = seen_by(project, request.user)
            subject, key = _subject(kind, seen, where, name)
            form = what.form(request.POST, name=key, **what.facts(seen, subject))
            if not form.is_valid():
                return show(request, project, status=422, opened=key, form=form)
            try:
                doing(subject, form, request.user, timezone.now())
            except REFUSALS as refusal:
                faults = getattr(refusal, "faults", None)
                form.told(faults or {}, str(refusal))
                sent = {"opened": key, "form": form, "refusal": refusal}
                return show(request, project_of(request, number), status=422 if faults else 409, **sent)
            messages.success(request, f"{done}：{subject}。")
            return redirect("console:project-detail", number=number)

        view.__name__, view.__doc__ = doing.__name__, doing.__doc__
        return view

    return view_of


def _subject(kind: str, seen, where: dict, name: str):
    if kind == "project":
        return seen.project, f"project-{name}"
    if kind == "stage":
        found = [stage for stage in seen.stages if stage.number == where["stage"]]
        key = f"stage-{where['stage']}-{name}"
    else:
        found = [branch for branch in seen.branches if branch.code == where["branch"]]
        key = f"branch-{where['branch']}-{name}"
    if not found:
        raise Http404
    return found[0], key


# ── the project ──────────────────────────────────────────────────────────────────────────────────────
@act("project", "confirmation", "workflows.lead_project", "已确认事项清单")
def confirmation(project, form, by, at):
    actions.confirm(project, left_out=form.reasons, taken_in=form.taken_in, by=by, at=at)


@act("project", "withdrawal", "workflows.file_project", "项目已撤回")
def project_withdrawal(project, form, by, at):
    actions.withdraw_project(project, why=form.cleaned_data["words"], by=by, at=at)


# ── a stage ──────────────────────────────────────────────────────────────────────────────────────────
@act("stage", "receipt", "workflows.file_project", "已收件")
def receipt(stage, form, by, at):
    actions.receive(stage, by=by, at=at)


@act("stage", "dispatch", "workflows.lead_project", "已分发")
def dispatch(stage, form, by, at):
    actions.dispatch(stage, by=by, at=at)


@act("stage", "notice", "workflows.lead_project", "补正告知书已发出")
def notice(stage, form, by, at):
    actions.send_notice(stage, by=by, at=at)


@act("stage", "acceptance", "workflows.lead_project", "已受理")
def acceptance(stage, form, by, at):
    actions.accept_stage(stage, by=by, at=at)


@act("stage", "handover", "workflows.lead_project", "已出件")
def handover(stage, form, by, at):
    actions.hand_over(stage, way=form.cleaned_data["way"], proof=form.cleaned_data["proof"], by=by, at=at)


@act("stage", "extension", "workflows.extend_stage", "已批准延期")
def extension(stage, form, by, at):
    actions.extend_stage(
        stage, days=form.cleaned_data["days"], reason=form.cleaned_data["words"], by=by, at=at
    )


@act("stage", "termination", "workflows.lead_project", "阶段已终止")
def termination(stage, form, by, at):
    actions.end_stage(stage, why=form.cleaned_data["words"], by=by, at=at)


# ── a branch ─────────────────────────────────────────────────────────────────────────────────────────
@act("branch", "answer", "workflows.answer_branch", "已答复")
def answer(branch, form, by, at):
    wishes = [actions.Wish(text, material, remedy) for text, material, remedy in form.wishes]
    said = form.cleaned_data
    actions.answer(branch, said["said"], words=said["words"], wishes=wishes, by=by, at=at)


@act("branch", "reopening", "workflows.lead_project", "已按调整后的方案重办")
def reopening(branch, form, by, at):
    actions.reopen(branch, why=form.cleaned_data["words"], by=by, at=at)


@act("branch", "removal", "workflows.lead_project", "已去掉分项")
def removal(branch, form, by, at):
    actions.leave_out(branch, why=form.cleaned_data["words"], by=by, at=at)


@act("branch", "entry", "workflows.lead_project", "已补列分项")
def entry(branch, form, by, at):
    actions.take_in(branch, why=form.cleaned_data["words"], by=by, at=at)


@act("branch", "withdrawal", "workflows.file_project", "分项已撤回")
def branch_withdrawal(branch, form, by, at):
    actions.withdraw_branch(branch, why=form.cleaned_data["words"], by=by, at=at)


@require_POST
@permission("workflows.lead_project")
def chasing(request: HttpRequest, number: str, branch: str) -> HttpResponse:
    """催办: one press on the board."""
    project = project_of(request, number)
    found = get_object_or_404(project.branches.all(), code=branch)
    try:
        actions.chase(
            found,
            words=request.POST.get("words", "").strip() or "请尽快办理",
            by=request.user,
            at=timezone.now(),
        )
    except actions.NotAllowed as refusal:
        status = 422 if isinstance(refusal, actions.Incomplete) else 409
        return show(request, project, status=status, refusal=refusal)
    messages.success(request, f"已催办：{found}。")
    return redirect("console:project-detail", number=number)


# ── papers at the counter ────────────────────────────────────────────────────────────────────────────
@require_POST
@permission("workflows.file_project")
def paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """上传材料: while its stage waits, or where a notice asks for it; once branches work with it, it is replaced for all."""
    project = project_of(request, number)
    material = get_object_or_404(ProjectMaterial.objects.select_related("stage"), project=project, pk=pk)
    form = PaperForm(request.POST, request.FILES, name=f"paper-{pk}")
    if not form.is_valid():
        return show_papers(request, project, status=422, opened=f"paper-{pk}", form=form)
    file, why, at = form.cleaned_data["file"], form.cleaned_data["words"], timezone.now()
    try:
        if why.strip():
            actions.replace_paper(material, file, why=why, by=request.user, at=at)
        else:
            actions.attach_paper(material, file, by=request.user, at=at)
    except (*REFUSALS, BadFile) as refusal:
        faults = getattr(refusal, "faults", None)
        form.told({"words": str(refusal)} if faults else {"file": str(refusal)}, str(refusal))
        status = 422 if faults or isinstance(refusal, BadFile) else 409
        fresh, sent = project_of(request, number), {"opened": f"paper-{pk}", "form": form, "refusal": refusal}
        return show_papers(request, fresh, status=status, **sent)
    messages.success(request, f"已收下：{material}。")
    return redirect("console:project-papers", number=number)


@require_POST
@permission("workflows.file_project")
def supplement(request: HttpRequest, number: str, stage: int) -> HttpResponse:
    """补正: brought to the counter; new files have been uploaded to their papers before, other faults are answered in words."""
    project = project_of(request, number)
    notice = _open_notice(request, project, stage)
    answers = {wish.pk: request.POST.get(f"wish-{wish.pk}", "") for wish in notice.wishes.all()}
    try:
        actions.answer_notice(notice, answers, by=request.user, at=timezone.now())
    except actions.Incomplete as incomplete:
        return show(
            request, project, status=422, refusal=incomplete, faults=incomplete.faults, typed=request.POST
        )
    except actions.NotAllowed as refusal:
        return show(request, project, status=409, refusal=refusal, typed=request.POST)
    messages.success(request, "补正已提交，各部门一个工作日内再次答复。")
    return redirect("console:project-detail", number=number)


def _open_notice(request: HttpRequest, project: Project, number: int) -> ProjectNotice:
    """The one whose form was sent, though it may be answered by now; a stage has another where a branch was taken up again."""
    sent, of_stage = request.POST.get("notice", ""), {"stage__project": project, "stage__number": number}
    if re.fullmatch(r"[0-9]{1,17}", sent):
        notice = ProjectNotice.objects.filter(pk=sent, **of_stage).first()
    else:
        notice = ProjectNotice.objects.open().filter(**of_stage).order_by("answer_by", "id").first()
    if notice is None:
        raise Http404
    return notice
