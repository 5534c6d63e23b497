"""并联窗口收件: a project that is brought to the counter: one form, one package, filed in the applicant's name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts import actions as accounts
from apps.accounts.gates import permission
from apps.accounts.models import PrivacyNotice
from apps.cases.models import Channel
from apps.cases.uploads import BadFile
from apps.workflows import actions
from apps.workflows.models import BundleVersion, Project, ProjectMaterial
from apps.workflows.one_form import asked_of
from apps.workflows.places import hall_of
from apps.workflows.reading import parts_of
from apps.workflows.states import ProjectState

from ..project_intake_forms import OneForm, ProjectIntakeForm, QuestionsForm

DRAFTS = 10  # of one's own, shown to go on with
PAPER_STATES = ("on_paper", "promised", "shared", "not_needed", "absent")


@require_http_methods(["GET", "HEAD", "POST"])
@permission("workflows.file_project")
def project_intake(request: HttpRequest) -> HttpResponse:
    """Step 1: which bundle, for whom; the answers say which branches and papers it takes. A repeated press finds the same draft."""
    versions = BundleVersion.objects.in_force_on(timezone.localdate()).select_related("bundle")
    versions = list(versions.order_by("bundle__audience", "bundle__code", "id"))
    code = request.POST.get("bundle") or request.GET.get("bundle")
    version = next((one for one in versions if one.bundle.code == code), None)
    facts: dict = {"versions": versions, "version": version, "hall": hall_of(request.user.acting.point)}
    own = Project.objects.filter(filed_by=request.user, state=ProjectState.DRAFT)
    facts["drafts"] = own.select_related("bundle").order_by("-id")[:DRAFTS]
    if version is None:
        return render(request, "console/project_intake.html", facts)
    facts["form"] = form = ProjectIntakeForm(
        request.POST or None, bundle=version.bundle, questions=_questions(version), name="intake"
    )
    if request.method != "POST":
        return render(request, "console/project_intake.html", facts)
    if not form.is_valid():
        return render(request, "console/project_intake.html", facts, status=422)
    said, at = form.cleaned_data, timezone.now()
    try:
        applicant = accounts.note_applicant(
            kind=said["kind"], name=said["applicant_name"], number=said["number"], phone=said["phone"], at=at
        )
        project = actions.draft_project(
            version, name=said["name"], applicant=applicant, at_point=request.user.acting.point,
            channel=Channel.COUNTER, answers=form.answers, national_code=said.get("national_code", ""), by=request.user, at=at,
            key=form.draft_key,
        )  # fmt: skip
    except (accounts.NotAllowed, actions.NotAllowed) as refusal:
        faults = getattr(refusal, "faults", {})
        form.told(faults, str(refusal))
        return render(request, "console/project_intake.html", facts, status=422 if faults else 409)
    return redirect("console:project-draft", key=project.key)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("workflows.file_project")
def project_draft(request: HttpRequest, key) -> HttpResponse:
    """Step 2: the one form and the papers of the first stage; kept as typed, filed when complete."""
    project = get_object_or_404(Project.objects.visible_to(request.user).for_page(), key=key)
    if not project.is_draft:  # a second press after the filing
        return redirect("console:project-detail", number=project.number)
    if request.method != "POST":
        return _draft(request, project, _one_form(project))
    if "renew" in request.POST:
        return _renewed(request, project)
    form, at, faults = _one_form(project, request.POST), timezone.now(), {}
    form.is_valid()
    typed = {field.name: request.POST.get(field.name, "") for field in form}
    try:
        actions.save_project(
            project,
            form=typed,
            handing=typed.get("handing"),
            national_code=request.POST.get("national_code"),
            at=at,
        )
        faults = _take(request, project, at)
        if faults or "keep" in request.POST:
            return _draft(request, project, form, faults=faults, status=422 if faults else 200)
        notice = PrivacyNotice.in_force()
        project = actions.file_project(
            Project.objects.get(pk=project.pk),
            by=request.user,
            at=at,
            privacy_notice=notice.version if notice else "",
        )
    except actions.Incomplete as incomplete:
        return _draft(
            request, project, form, faults=faults | incomplete.faults, refusal=incomplete, status=422
        )
    except actions.NotAllowed as refusal:
        return _draft(request, project, form, faults=faults, refusal=refusal, status=409)
    messages.success(request, f"项目已申报，编号{project.number}。")
    return redirect("console:project-detail", number=project.number)


def _one_form(project: Project, sent: QueryDict | None = None) -> OneForm:
    return OneForm(sent, fields=asked_of(project), project=project, name="one")


def _renewed(request: HttpRequest, project: Project) -> HttpResponse:
    """The bundle has a new version: what was typed and uploaded goes over to it, with the answers to its questions."""
    form = _renewal(project, request.POST)
    if form is not None and not form.is_valid():
        return _draft(request, project, _one_form(project), renewal=form, status=422)
    try:
        actions.renew_project(project, at=timezone.now(), answers=form.answers if form else None)
    except actions.NotAllowed as refusal:
        return _draft(request, project, _one_form(project), refusal=refusal, status=409)
    messages.success(request, "已更新到新版本，请核对清单后再申报。")
    return redirect("console:project-draft", key=project.key)


def _renewal(project: Project, sent: QueryDict | None = None) -> QuestionsForm | None:
    """What moving to the version in force asks for; None where the draft is of that version."""
    current = BundleVersion.objects.in_force_on(timezone.localdate()).filter(bundle=project.bundle).first()
    if current is None or current.pk == project.version_id:
        return None
    before = {text: project.answers.get(str(number), "") for number, text, *_ in _questions(project.version)}
    asked = _questions(current)
    initial = {f"question-{number}": before.get(text, "") for number, text, *_ in asked}
    return QuestionsForm(sent, questions=asked, initial=initial, name="renewal")


def _take(request: HttpRequest, project: Project, at) -> dict[str, str]:
    """Files and marks of the papers as sent; a file that cannot be taken is told beside its paper, the others are kept."""
    faults = {}
    for material in project.materials.select_related("stage").exclude(uses=None).order_by("seq"):
        file, state = request.FILES.get(f"file-{material.seq}"), request.POST.get(f"state-{material.seq}")
        try:
            if file is not None:
                actions.attach_paper(material, file, by=request.user, at=at)
            elif state in PAPER_STATES and state != material.state and not material.files.exists():
                actions.mark_paper(material, state, at=at)
        except (BadFile, actions.NotAllowed) as refusal:
            faults[f"material-{material.seq}"] = str(refusal)
    return faults


def _draft(
    request: HttpRequest,
    project: Project,
    form: OneForm,
    *,
    renewal=None,
    faults=None,
    refusal=None,
    status=200,
) -> HttpResponse:
    faults = faults or {}
    if form.is_bound and faults:
        form.told({name: said for name, said in faults.items() if name in form.fields}, "")
    papers = list(
        project.materials.select_related("stage", "source")
        .exclude(uses=None)
        .prefetch_related("uses__branch", "files")
        .order_by("stage__number", "seq")
    )
    uses = sum(len(paper.uses.all()) for paper in papers)
    facts = {
        "project": project,
        "form": form,
        "papers": _now_and_later(papers, faults),
        "asked": sum(paper.is_asked for paper in papers),
        "uses": uses,
        "faults": faults,
        "refusal": refusal,
        "code_fault": faults.get("national_code", ""),
        "typed_code": request.POST.get("national_code", project.national_code),
        "notice": PrivacyNotice.in_force(),
        "renewal": renewal or _renewal(project),
    }
    return render(request, "console/project_draft.html", facts, status=status)


def _now_and_later(papers: list[ProjectMaterial], faults: dict[str, str]) -> list[dict]:
    """The papers of the first stage, and those of later ones, which can be brought along: each with what is wrong with it."""
    first = papers[0].stage_id if papers else None
    groups = [
        {"is_now": is_now, "rows": [
            (paper, faults.get(f"material-{paper.seq}", ""))
            for paper in papers if (paper.stage_id == first) == is_now
        ]}
        for is_now in (True, False)
    ]  # fmt: skip
    for group in groups:
        group["is_open"] = group["is_now"] or any(fault for _, fault in group["rows"])
    return [group for group in groups if group["rows"]]


def _questions(version: BundleVersion) -> list[tuple[int, str, str, list[str]]]:
    sheet = parts_of(version).sheet()
    return [(one.number, one.text, one.hint, [label for label, _ in one.answers]) for one in sheet.questions]
