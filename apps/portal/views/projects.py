"""整件事的进度: one page that says how far every matter is, what is wanted of the applicant, and what came of it."""

import re

from django.contrib import messages
from django.contrib.postgres.aggregates import ArrayAgg
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.gates import signed_in
from apps.calendars import loaded
from apps.cases import actions as cases
from apps.cases.pages import page_of
from apps.workflows import actions
from apps.workflows.explanation import told
from apps.workflows.models import (
    Consultation,
    Project,
    ProjectBranch,
    ProjectFile,
    ProjectMaterial,
    ProjectNotice,
    SupplementWish,
)
from apps.workflows.prerequisites import needs_of
from apps.workflows.states import FALLEN, ProjectState

from ..forms.application import WithdrawalForm
from ..project_facts import standing_of, with_chips
from ..project_tabs import TABS
from .cases import SHOWN_IN_BROWSER
from .project_drafts import paper_lines, take_papers

State = ProjectMaterial.State
HANDED_IN = (State.ON_PAPER, State.PROMISED)  # without a file
UNDER_WAY = (ProjectState.FILED, ProjectState.CONFIRMED, ProjectState.RUNNING)


@require_safe
@signed_in
def project_list(request: HttpRequest) -> HttpResponse:
    """我的整件事: all of a tab of 我的办件, page by page."""
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "running"
    mine = Project.objects.owned_by(request.user).with_open_notice()
    page = page_of(
        mine.filter(TABS[tab]).for_list(),
        by=("-id",), after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    return render(request, "portal/project_list.html", {"page": page, "rows": with_chips(page), "tab": tab})


@require_safe
@signed_in
def project_detail(request: HttpRequest, number: str) -> HttpResponse:
    return project_page(request, own_filed(request, number))


@require_safe
@signed_in
def project_dates(request: HttpRequest, number: str) -> HttpResponse:
    """这些日期怎么来的: by when each stage is promised, day by day."""
    project, today = own_filed(request, number), timezone.localdate()
    stages = told(project, loaded.current(), today)
    return render(
        request, "portal/project_dates.html", {"project": project, "stages": stages, "today": today}
    )


@require_POST
@signed_in
def project_answer(request: HttpRequest, number: str) -> HttpResponse:
    """提交补正: what all departments want, answered in one submission."""
    project = own_filed(request, number)
    answers = {
        int(name.removeprefix("answer-")): text.replace("\x00", "")
        for name, text in request.POST.items()
        if re.fullmatch(r"answer-[0-9]{1,17}", name)
    }
    faults = take_papers(request, project)
    if faults:
        return project_page(request, project, answers=answers, faults=faults, status=422)
    if "keep" in request.POST:
        messages.success(request, "已上传的材料存好了，全部补好后再一次提交。")
        return redirect("portal:project-detail", number)
    try:
        notice = ProjectNotice.objects.answered_with(project, answers)
        if notice is None:
            raise actions.NotAllowed("现在没有要补正的，不用再交。")
        actions.answer_notice(notice, answers, by=request.user, at=timezone.now())
    except actions.Incomplete as missing:
        return project_page(request, project, answers=answers, faults=missing.faults, status=422)
    except actions.NotAllowed as refusal:
        fresh = own_filed(request, number)
        return project_page(request, fresh, answers=answers, refusal=str(refusal), status=409)
    messages.success(request, "补正交上去了，各部门会尽快答复。")
    return redirect("portal:project-detail", number)


@require_POST
@signed_in
def project_papers(request: HttpRequest, number: str) -> HttpResponse:
    """交后面阶段的材料, or what a matter that is taken up anew asks for."""
    project = own_filed(request, number)
    faults = take_papers(request, project)
    if not faults and not request.FILES:
        faults = {"papers": "请选择要上传的文件。"}
    if faults:
        return project_page(request, project, faults=faults, status=422)
    messages.success(request, "材料收到了。")
    return redirect("portal:project-detail", number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def project_withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """撤回整件事: says what it means before it is done."""
    project = own_filed(request, number)
    return _withdrawal(
        request, project, None,
        lambda why: actions.withdraw_project(project, why=why, by=request.user, at=timezone.now()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def branch_withdrawal(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """撤回其中一件; what waits for it cannot be done then, and the page names it."""
    project = own_filed(request, number)
    branch = get_object_or_404(project.branches.select_related("project", "stage", "case"), code=code)
    return _withdrawal(
        request, project, branch,
        lambda why: actions.withdraw_branch(branch, why=why, by=request.user, at=timezone.now()),
    )  # fmt: skip


@require_safe
@signed_in
def project_file(request: HttpRequest, pk: int) -> HttpResponse:
    """看自己交的材料: only of a project that is one's own; never run in the browser."""
    mine = Project.objects.owned_by(request.user)
    stored = get_object_or_404(ProjectFile.objects.filter(material__project__in=mine), pk=pk)
    return FileResponse(
        stored.content.open("rb"),
        as_attachment=stored.content_type not in SHOWN_IN_BROWSER,
        filename=stored.name,
        content_type=stored.content_type,
        headers={"Cache-Control": "private, no-store"},
    )


def own_filed(request: HttpRequest, number: str) -> Project:
    mine = Project.objects.owned_by(request.user).filed().with_open_notice().with_visits()
    return get_object_or_404(mine.for_page(), number=number)


def project_page(
    request: HttpRequest, project: Project, *, answers=None, faults=None, refusal="", status=200
) -> HttpResponse:
    answers, faults = answers or {}, faults or {}
    wishes = list(SupplementWish.objects.open_of(project)) if project.has_open_notice else []
    lines = paper_lines(project, faults)
    asked = {wish.material_id for wish in wishes if wish.material_id}
    facts = {
        "project": project,
        "notices": _notices(_wishes(wishes, lines, answers, faults)),
        "lines": lines,
        "later": _by_stage(
            [line for line in lines if _may_come(project, line["row"], asked)], is_first=not wishes
        ),
        "given": [line for line in lines if line["file"] or line["row"].state in HANDED_IN],
        "spared": [line for line in lines if line["row"].source_id or line["row"].state == State.SHARED],
        "visits": _visits(project),
        "may_withdraw": project.state in UNDER_WAY,
        "fault_links": [(f"#{name}", text) for name, text in faults.items()],
        "refusal": refusal,
        **standing_of(project, wishes),
    }
    return render(request, "portal/project_detail.html", facts, status=status)


def _may_come(project: Project, row: ProjectMaterial, asked: set[int]) -> bool:
    """What departments look up themselves is nobody's to bring."""
    return row.pk not in asked and row.state != State.SHARED and actions.may_bring(project, row)


def _by_stage(lines: list[dict], *, is_first: bool) -> list[dict]:
    """接下来要交的材料, a drawer for each stage; open is the one whose turn it is, where nothing else is asked for before."""
    groups: dict[int, dict] = {}
    for line in lines:
        stage = line["row"].stage
        groups.setdefault(stage.number, {"stage": stage, "lines": []})["lines"].append(line)
    for group in groups.values():
        group["missing"] = sum(line["row"].is_missing for line in group["lines"])
        group["is_open"] = any(line["fault"] for line in group["lines"])
    found = [groups[number] for number in sorted(groups)]
    if found and is_first:
        found[0]["is_open"] = True
    return found


def _wishes(wishes: list[SupplementWish], lines: list[dict], answers: dict, faults: dict) -> list[dict]:
    """Each wish with its paper, its answer so far, and what is still wrong with it."""
    listed = []
    for wish in wishes:
        line = _line(lines, wish.material_id)
        listed.append(
            {
                "wish": wish,
                "line": line,
                "typed": answers.get(wish.pk, ""),
                "wrong": faults.get(f"wish-{wish.pk}", ""),
                "is_renewed": _is_renewed(wish, line),
            }
        )
    seen: set[int] = set()
    for entry in listed:  # a paper that two departments want anew has one place to upload it
        entry["has_upload"] = entry["line"] is not None and entry["wish"].material_id not in seen
        seen.add(entry["wish"].material_id)
    return listed


def _notices(entries: list[dict]) -> list[dict]:
    """Each open 补正告知书 with what it asks for: one answer and one last day for each."""
    found: dict[int, dict] = {}
    for entry in entries:
        notice = entry["wish"].notice
        group = found.setdefault(notice.pk, {"notice": notice, "wishes": [], "renewed": 0})
        group["wishes"].append(entry)
        group["renewed"] += entry["is_renewed"]
    return list(found.values())


def _line(lines: list[dict], material: int | None) -> dict | None:
    return next((line for line in lines if line["row"].pk == material), None)


def _is_renewed(wish: SupplementWish, line: dict | None) -> bool:
    return bool(line and line["file"] and line["file"].uploaded_at > wish.notice.sent_at)


def _visits(project: Project) -> list[Consultation]:
    """上门踏勘: when and where several departments come together, once."""
    if not project.has_visits:
        return []
    surveys = Consultation.objects.surveys_ahead().filter(project=project)
    return list(surveys.annotate(who=ArrayAgg("members__department__name", default=[])).order_by("begins_at"))


def _withdrawal(request: HttpRequest, project: Project, branch: ProjectBranch | None, act) -> HttpResponse:
    form, refusal = WithdrawalForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data["reason"])
        except (actions.NotAllowed, cases.NotAllowed) as refused:
            refusal = str(refused)
        else:
            messages.success(request, "已撤回。需要时可以重新申请。")
            return redirect("portal:project-detail", project.number)
    facts = {
        "project": project,
        "branch": branch,
        "hangs_on_it": _hangs_on(project, branch) if branch else [],
        "form": form,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "portal/project_withdrawal.html", facts, status=status)


def _hangs_on(project: Project, branch: ProjectBranch) -> list[ProjectBranch]:
    """What cannot be done any more without this one, at first or second hand."""
    needs, found = needs_of(project.version_id), {branch.branch_id}
    others = list(project.branches.exclude(state__in=["not_needed", *FALLEN]).order_by("id"))
    again = True
    while again:
        new = {
            one.branch_id
            for one in others
            if one.branch_id not in found and found & set(needs.get(one.branch_id, ()))
        }
        found, again = found | new, bool(new)
    return [one for one in others if one.branch_id in found and one.pk != branch.pk]
