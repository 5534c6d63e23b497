"""一件事申请: answers → one form and one set of papers → check → filed. Every press keeps what was typed."""

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.gates import signed_in
from apps.accounts.models import PrivacyNotice
from apps.cases.uploads import BadFile
from apps.workflows import actions
from apps.workflows.forms import ProjectForm
from apps.workflows.guiding import guide_of
from apps.workflows.models import BundleVersion, MaterialUse, Project, ProjectMaterial, ProjectStage
from apps.workflows.one_form import asked_of
from apps.workflows.states import BranchState

from ..filing import note_check, privacy_notice_read, was_checked
from ..forms.bundle import QuestionsForm
from .bundles import STEPS, shown_guide

MARKS = (ProjectMaterial.State.PROMISED, ProjectMaterial.State.ABSENT)  # what an applicant says of a paper


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 2 步: one form for all departments, and every paper once."""
    project = own_project(request, key)
    if not project.is_draft:
        return _on_to_the_project(request, project)
    if request.method != "POST":
        return _draft_page(
            request, project, faults=_missing(project) if was_checked(request, project) else {}
        )
    typed = ProjectForm.typed_in(project, request.POST)
    faults = ProjectForm.unkeepable(project, typed)
    try:
        project = actions.save_project(project, **ProjectForm.to_keep(typed, faults), at=timezone.now())
    except actions.NotAllowed as refusal:
        return _draft_page(request, project, typed=typed, refusal=str(refusal), status=409)
    if request.htmx and "autosave" in request.POST:
        facts = {"saved_at": timezone.now(), "faults": faults}
        return render(request, "portal/_project_saved.html", facts, status=422 if faults else 200)
    faults |= take_papers(request, project)
    if faults:
        return _draft_page(request, project, typed=typed, faults=faults, status=422)
    return _after_saving(request, project)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def situation(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 1 步: the answers again; papers that are there stay with what they belong to."""
    project = own_project(request, key)
    if not project.is_draft:
        return _on_to_the_project(request, project)
    guide = shown_guide(project)
    form = QuestionsForm(request.POST if request.method == "POST" else None, guide=guide)
    refusal = ""
    if form.is_bound and form.is_valid():
        try:
            actions.change_answers(project, form.answers, at=timezone.now())
        except actions.NotAllowed as refused:
            refusal = str(refused)
        else:
            return redirect("portal:project-draft", project.key)
    facts = {"project": project, "form": form, "guide": guide, "refusal": refusal, "steps": STEPS}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "portal/project_situation.html", facts | _outdated(project), status=status)


@require_POST
@signed_in
def draft_material(request: HttpRequest, key: uuid.UUID, seq: int) -> HttpResponse:
    """上传一份材料, by itself: a fragment for pages with script; the big form does the same without."""
    project = own_project(request, key)
    faults = take_papers(request, project)
    line = next((line for line in paper_lines(project, faults) if line["row"].seq == seq), None)
    if line is None:
        raise Http404
    facts = {"project": project, "line": line}
    return render(request, "portal/_project_material.html", facts, status=422 if faults else 200)


@require_safe
@signed_in
def check(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 3 步: everything once more, all that is missing at once, and the privacy notice in its version."""
    project = own_project(request, key)
    if not project.is_draft:
        return _on_to_the_project(request, project)
    note_check(request, project)
    return _check_page(request, project)


@require_POST
@signed_in
def submission(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """第 4 步: pressing twice files once, and both presses end at the same page."""
    project = own_project(request, key)
    if project.is_draft:
        try:
            project = actions.file_project(
                project, by=request.user, at=timezone.now(), privacy_notice=privacy_notice_read(request)
            )
        except actions.Incomplete as missing:
            note_check(request, project)
            faults = _missing(project) | missing.faults  # all at once
            return _check_page(request, project, faults=faults, asked=True, status=422)
        except actions.NotAllowed as refusal:
            project = own_project(request, key)
            if project.is_draft:
                return _check_page(request, project, refusal=str(refusal), status=409)
        else:
            messages.success(request, f"提交好了，编号 {project.number}。请记下编号。")
    return redirect("portal:project-detail", project.number)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def draft_renewal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """套餐更新了: the draft moves to the version in force; where its questions changed, they are asked here."""
    project = own_project(request, key)
    if not project.is_draft:
        return _on_to_the_project(request, project)
    version = _version_in_force(project)
    form, refusal = None, ""
    if version is not None:
        guide = guide_of(version, _answers_kept(project, version), at_point=project.intake_point)
        sent = request.POST if request.method == "POST" and "answered" in request.POST else None
        form = QuestionsForm(sent, guide=guide)
    if request.method == "POST" and (form is None or not form.is_bound or form.is_valid()):
        try:
            answers = form.answers if form is not None and form.is_bound else None
            project = actions.renew_project(project, answers=answers, at=timezone.now())
        except actions.Incomplete:
            refusal = ""  # the page asks what is open
        except actions.NotAllowed as refused:
            refusal = str(refused)
        else:
            messages.success(request, "已按最新的办事指南更新，您填的内容和交的材料都在，请看看清单。")
            return redirect("portal:project-draft", project.key)
    facts = {"project": project, "form": form, "refusal": refusal, "is_suspended": version is None}
    status = 409 if refusal else 422 if request.method == "POST" else 200
    return render(request, "portal/project_renewal.html", facts, status=status)


@require_POST
@signed_in
def draft_deletion(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    project = own_project(request, key)
    if not project.is_draft:
        return _on_to_the_project(request, project)
    actions.discard_project(project)
    messages.success(request, f"“{project}”的草稿已删除。")
    return redirect("portal:case-list")


def own_project(request: HttpRequest, key: uuid.UUID) -> Project:
    """A project of one's own, or of somebody one may act for in everything; 404 for everybody else's."""
    return get_object_or_404(Project.objects.owned_by(request.user).for_page(), key=key)


def take_papers(request: HttpRequest, project: Project) -> dict[str, str]:
    """Every chosen file goes to its paper; what cannot be taken is told beside the paper."""
    faults, now = {}, timezone.now()
    chosen = {name: file for name, file in request.FILES.items() if name.startswith("file-")}
    if not chosen:
        return faults
    rows = {f"file-{row.seq}": row for row in project.materials.select_related("stage")}
    for name, file in chosen.items():
        if name not in rows:
            raise Http404
        try:
            actions.attach_paper(rows[name], file, by=request.user, at=now)
        except (BadFile, actions.NotAllowed) as refusal:
            faults[f"material-{rows[name].seq}"] = str(refusal)
    return faults


def paper_lines(project: Project, faults: dict[str, str]) -> list[dict]:
    """The papers of a project that a branch uses, each with its current file and who uses it."""
    rows = (
        project.materials.exclude(uses=None)
        .select_related("stage", "source")
        .prefetch_related("files", Prefetch("uses", MaterialUse.objects.select_related("branch", "line")))
        .order_by("stage__number", "seq")
    )
    return [
        {
            "row": row,
            "file": next((file for file in row.files.all() if file.is_current), None),
            "standard": next((use.line.standard for use in row.uses.all() if use.line.standard), ""),
            "used_by": [use.branch.name for use in row.uses.all()],
            "fault": faults.get(f"material-{row.seq}", ""),
        }
        for row in rows
    ]


def first_stage(project: Project) -> ProjectStage:
    """The stage whose papers go in with the filing."""
    applying = project.branches.exclude(state=BranchState.NOT_NEEDED)
    return project.stages.filter(pk__in=applying.values("stage")).order_by("number").first()


def _missing(project: Project) -> dict[str, str]:
    return actions.missing_from(project, first_stage(project), on=timezone.localdate())


def _on_to_the_project(request: HttpRequest, project: Project) -> HttpResponse:
    """Where the address of a draft leads once it was filed."""
    messages.info(request, f"已提交，编号 {project.number}。")
    there = reverse("portal:project-detail", args=[project.number])
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)


def _draft_page(request, project, *, typed=None, faults=None, refusal="", status=200) -> HttpResponse:
    faults, first = faults or {}, first_stage(project)
    lines = [line for line in paper_lines(project, faults) if line["row"].source_id is None]
    form = ProjectForm(project, typed=typed, faults=faults)
    missing = _missing(project)
    page = {
        "project": project,
        "form": form,
        "lines": [line for line in lines if line["row"].stage_id == first.pk],
        "later": [line for line in lines if line["row"].stage_id != first.pk],
        "missing": [(_place(name), text) for name, text in missing.items()],
        "required": sum(field.field.required for field in form),
        "optional": sum(not field.field.required for field in form),
        "material_faults": [(key, text) for key, text in faults.items() if key.startswith("material-")],
        "refusal": refusal,
        "steps": STEPS,
        "saved_at": None,
        **_outdated(project),
    }
    return render(request, "portal/project_draft.html", page, status=status)


def _after_saving(request: HttpRequest, project: Project) -> HttpResponse:
    here = reverse("portal:project-draft", args=[project.key])
    asked = request.POST.get("mark", "") or request.POST.get("remove", "")
    if asked:
        seq, _, state = asked.partition(":")
        row = get_object_or_404(project.materials, seq=seq if seq.isdecimal() and len(seq) < 5 else 0)
        try:
            if "remove" in request.POST:
                actions.detach_paper(row)
            elif state in MARKS:
                actions.mark_paper(row, state, at=timezone.now())
            else:
                raise Http404
        except actions.NotAllowed as refusal:
            return _draft_page(request, project, refusal=str(refusal), status=409)
        return redirect(f"{here}#material-{row.seq}")
    if "upload" in request.POST:
        return redirect(f"{here}#materials")
    if "later" in request.POST:
        messages.success(request, "草稿存好了，随时可以接着办。")
        return redirect(f"{reverse('portal:case-list')}?tab=drafts")
    return redirect("portal:project-check", project.key)


def _check_page(request, project, *, faults=None, refusal="", asked=False, status=200) -> HttpResponse:
    faults = _missing(project) if faults is None else faults
    draft_url = reverse("portal:project-draft", args=[project.key])
    page = {
        "project": project,
        "guide": shown_guide(project),
        "faults": faults,
        "fault_links": [(_anchor(draft_url, name), text) for name, text in faults.items()],
        "answers": [
            {
                "label": field["label"],
                "value": project.form.get(field["name"], ""),
                "name": field["name"],
                "fault": faults.get(field["name"]),
            }
            for field in asked_of(project)
        ],
        "lines": paper_lines(project, faults),
        "first": first_stage(project),
        "notice": PrivacyNotice.in_force(),
        "draft_url": draft_url,
        "refusal": refusal,
        "asked": asked,
        "steps": STEPS,
        **_outdated(project),
    }
    return render(request, "portal/project_check.html", page, status=status)


def _place(name: str) -> str:
    return name if name.startswith("material-") else f"f-{name}"


def _anchor(draft_url: str, name: str) -> str:
    return "#privacy" if name == "privacy_notice" else f"{draft_url}#{_place(name)}"


def _version_in_force(project: Project) -> BundleVersion | None:
    versions = BundleVersion.objects.in_force_on(timezone.localdate()).select_related("bundle")
    return versions.filter(bundle=project.bundle_id).first()


def _outdated(project: Project) -> dict:
    """What a draft page says when the bundle moved on while the draft lay there."""
    version = _version_in_force(project)
    return {"is_suspended": version is None, "is_outdated": version and version.pk != project.version_id}


def _answers_kept(project: Project, version: BundleVersion) -> dict[str, str]:
    """The answers to questions of the same words: the numbers may have changed."""
    texts = {one.text: project.answers.get(str(one.number), "") for one in project.version.questions.all()}
    return {str(one.number): texts.get(one.text, "") for one in version.questions.all()}
