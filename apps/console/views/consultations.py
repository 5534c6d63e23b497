"""会商: called by the lead, answered and signed by each department for itself."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.gates import permission
from apps.points.models import Department
from apps.workflows import actions
from apps.workflows.actions.consulting import ASKS_FOR
from apps.workflows.models import Consultation, ConsultationMember, Project
from apps.workflows.states import BranchState

from ..project_forms import ConveneForm, RecordForm, ReplyForm, TimeForm, why
from .projects import project_of

CallOffForm = why("取消的理由")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("workflows.lead_project")
def convene(request: HttpRequest, number: str) -> HttpResponse:
    """发起会商: of what kind, about what, with whom, when and where."""
    project = project_of(request, number)
    departments, stages = (
        _taking_part(project),
        list(project.stages.select_related("lead").order_by("number")),
    )
    led = [stage for stage in stages if actions.leads(request.user, project, stage)]
    form = ConveneForm(request.POST or None, departments=departments, name="convene")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                consultation = actions.convene(
                    project, said["kind"], subject=said["subject"], agenda=said["agenda"], place=said["place"],
                    departments=form.invited, begins_at=form.begins_at, answer_by=said["answer_by"],
                    stage=led[0] if led and not actions.leads(request.user, project) else None,
                    by=request.user, at=timezone.now(),
                )  # fmt: skip
            except actions.NotAllowed as refusal:
                faults = getattr(refusal, "faults", {})
                form.told(faults, str(refusal))
                status = 422 if faults else 409
            else:
                messages.success(request, f"已发起{consultation}，等各部门答复。")
                return redirect("console:consultation", number, consultation.pk)
    return render(
        request, "console/consultation_form.html", {"project": project, "form": form}, status=status
    )


@require_safe
@never_cache
@permission("workflows.view_project")
def consultation(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return _show(request, _consultation(request, number, pk))


def _act(name: str, needs: str, done: str, form_of: Callable) -> Callable:
    """A view out of one act on a consultation."""

    def view_of(doing: Callable) -> Callable[..., HttpResponse]:
        @require_POST
        @permission(needs)
        def view(request: HttpRequest, number: str, pk: int) -> HttpResponse:
            found = _consultation(request, number, pk)
            form = form_of(request, found)
            if form is not None and not form.is_valid():
                return _show(request, found, forms={name: form}, opened=name, status=422)
            try:
                doing(request, found, form)
            except actions.NotAllowed as refusal:
                faults = getattr(refusal, "faults", {})
                if form is not None:
                    form.told(faults, str(refusal))
                again = _consultation(request, number, pk)
                if isinstance(form, ReplyForm):
                    form.shows(again)
                status = 422 if faults else 409
                return _show(request, again, forms={name: form}, opened=name, refusal=refusal, status=status)
            messages.success(request, done)
            return redirect("console:consultation", number, pk)

        view.__name__, view.__doc__ = doing.__name__, doing.__doc__
        return view

    return view_of


def _reply_form(request: HttpRequest, found: Consultation) -> ReplyForm:
    return ReplyForm(request.POST, consultation=found, replies=ASKS_FOR[found.kind], name="reply")


def _record_form(request: HttpRequest, found: Consultation) -> RecordForm:
    return RecordForm(request.POST, members=_members(found), name="record")


@_act("reply", "workflows.answer_branch", "已答复。", _reply_form)
def reply(request, found, form):
    member = get_object_or_404(_members_of(found), department=request.user.acting.department_id)
    said = form.cleaned_data
    actions.reply(
        member, said["said"], round=said["round"], words=said["words"],
        other_time=form.other_time if found.is_gathering else None, by=request.user, at=timezone.now(),
    )  # fmt: skip


@_act(
    "time",
    "workflows.lead_project",
    "已改期，请各部门重新确认。",
    lambda request, found: TimeForm(request.POST, name="time"),
)
def change_time(request, found, form):
    said = form.cleaned_data
    actions.change_time(
        found,
        begins_at=form.begins_at,
        place=said["place"],
        why=said["words"],
        by=request.user,
        at=timezone.now(),
    )


@_act("record", "workflows.lead_project", "记录已保存，等到场的部门签署。", _record_form)
def hold(request, found, form):
    said = form.cleaned_data
    actions.hold(
        found, record=said["words"], outcome=said["outcome"], absent=[int(pk) for pk in said.get("absent", [])],
        by=request.user, at=timezone.now(),
    )  # fmt: skip


@_act(
    "calling-off",
    "workflows.lead_project",
    "已取消。",
    lambda request, found: CallOffForm(request.POST, name="calling-off"),
)
def call_off(request, found, form):
    actions.call_off(found, why=form.cleaned_data["words"], by=request.user, at=timezone.now())


@_act("signature", "workflows.answer_branch", "已签署。", lambda request, found: None)
def sign(request, found, form):
    member = get_object_or_404(_members_of(found), department=request.user.acting.department_id)
    actions.sign(member, by=request.user, at=timezone.now())


def _show(
    request: HttpRequest,
    found: Consultation,
    *,
    forms: dict | None = None,
    opened: str = "",
    refusal=None,
    status: int = 200,
) -> HttpResponse:
    user, members = request.user, _members(found)
    leads = actions.leads(user, found.project, found.stage)
    mine = next(
        (one for one in members if user.acting and one.department_id == user.acting.department_id), None
    )
    may_reply = (
        mine is not None
        and found.is_open
        and not mine.was_silent
        and user.has_perm("workflows.answer_branch")
    )
    shown = {
        "reply": ReplyForm(consultation=found, replies=ASKS_FOR[found.kind], name="reply")
        if may_reply
        else None,
        "time": TimeForm(name="time") if leads and found.is_open and found.is_gathering else None,
        "record": RecordForm(members=members, name="record") if leads and found.is_open else None,
        "calling-off": CallOffForm(name="calling-off") if leads and found.is_open else None,
    }
    for name, form in (forms or {}).items():
        if shown.get(name) is not None and form is not None:
            shown[name], refusal = form, None
    facts = {
        "project": found.project,
        "consultation": found,
        "members": members,
        "forms": [
            (name, TITLES[name], _address(found, name), form)
            for name, form in shown.items()
            if form is not None
        ],
        "opened": opened or _first_to_do(found, mine, members, shown),
        "refusal": refusal,
        "may_sign": mine is not None
        and found.state == "held"
        and mine.signed_at is None
        and mine.reply != "absent",
        "events": found.events.select_related("by").order_by("-id"),
    }
    return render(request, "console/consultation_detail.html", facts, status=status)


def _address(found: Consultation, act: str) -> str:
    return reverse(f"console:consultation-{act}", args=[found.project.number, found.pk])


def _first_to_do(
    found: Consultation, mine: ConsultationMember | None, members: list[ConsultationMember], forms: dict
) -> str:
    """The one form that stands open: one's own answer as long as there is none, the record once all have answered."""
    if forms["reply"] is not None and not mine.has_answered:
        return "reply"
    is_ready = all(one.has_answered for one in members)
    if found.is_gathering:
        is_ready = is_ready and found.begins_at <= timezone.now()
    return "record" if forms["record"] is not None and is_ready else ""


TITLES = {"reply": "答复", "time": "改期", "record": "写记录并结束", "calling-off": "取消"}


def _consultation(request: HttpRequest, number: str, pk: int) -> Consultation:
    project = project_of(request, number)
    found = get_object_or_404(project.consultations.select_related("stage", "called_by"), pk=pk)
    found.project = project
    return found


def _members_of(found: Consultation):
    return ConsultationMember.objects.filter(consultation=found).select_related("consultation", "department")


def _members(found: Consultation) -> list[ConsultationMember]:
    members = list(found.members.select_related("department", "answered_by", "signed_by").order_by("id"))
    for member in members:
        member.consultation = found
    return members


def _taking_part(project: Project) -> list[Department]:
    """Departments of branches that apply, and the leads of stages, each once."""
    branches = project.branches.exclude(state=BranchState.NOT_NEEDED)
    keys = {
        *branches.values_list("department", flat=True), *project.stages.values_list("lead", flat=True), project.lead_id,
    }  # fmt: skip
    return list(Department.objects.filter(pk__in=keys - {None}).order_by("code", "id"))
