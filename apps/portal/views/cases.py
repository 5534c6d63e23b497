"""我的办件: what became of my applications; answering a notice, withdrawing, and looking one up by its number."""

import re
from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.gates import public, signed_in
from apps.calendars import loaded
from apps.calendars.workdays import WorkCalendar
from apps.cases import actions
from apps.cases.explanation import both
from apps.cases.forms import ApplicationForm
from apps.cases.lookup import GuessedTooOften, case_with
from apps.cases.models import Case, CaseFile, Status
from apps.cases.pages import page_of
from apps.cases.querysets import CaseQuerySet
from apps.cases.sharing import case_of_token, token_of
from apps.cases.states import ENDED, ON_DESK, WAITING
from apps.points.rules import closed_days_of
from apps.workflows.lookup import is_of_a_project, project_with
from apps.workflows.models import BranchAttempt, Project, ProjectBranch

from ..forms.application import ProgressForm, WithdrawalForm
from ..project_facts import standing_of as project_standing
from ..project_facts import with_chips as with_project_chips
from ..project_tabs import TABS as PROJECT_TABS
from ..standing import chip_of, timeline_of
from ..throttle import too_many
from .apply import material_line, material_lines, take_files

TABS = {
    "todo": ("要我处理", WAITING),
    "running": ("办理中", ON_DESK),
    "done": ("已结束", ENDED),
    "drafts": ("草稿", frozenset({Status.DRAFT})),
}
PROJECTS = 5  # whole projects on top of a tab; all of them have a list of their own
BESIDE = 8  # cases listed beside the one that is read
SHOWN_IN_BROWSER = ("application/pdf", "image/jpeg", "image/png")


@require_safe
@signed_in
def case_list(request: HttpRequest) -> HttpResponse:
    """Own cases and those of organisations one acts for, by what they wait for."""
    projects = Project.objects.owned_by(request.user)
    mine = loose_cases(request.user, projects)
    counts = mine.aggregate(
        **{tab: Count("pk", filter=Q(status__in=states)) for tab, (_, states) in TABS.items()}
    )
    projects = projects.with_open_notice()
    whole = projects.aggregate(**{tab: Count("pk", filter=held) for tab, held in PROJECT_TABS.items()})
    counts = {tab: counts[tab] + whole[tab] for tab in TABS}
    tab = request.GET.get("tab")
    if tab not in TABS:
        tab = next(
            (name for name in ("todo", "running") if counts[name]),
            "todo" if any(counts.values()) else "running",
        )
    cases = mine.filter(status__in=TABS[tab][1]).for_my_cases()
    page = page_of(
        cases, by=("-id",), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    is_first = page.previous is None
    shown = list(projects.filter(PROJECT_TABS[tab]).for_list()[:PROJECTS]) if is_first and whole[tab] else []
    facts = {
        "tabs": [{"name": name, "label": label, "count": counts[name]} for name, (label, _) in TABS.items()],
        "tab": tab,
        "projects": with_project_chips(shown),
        "projects_beyond": whole[tab] if is_first and whole[tab] > len(shown) else 0,
        "rows": with_chips(page, loaded.current()),
        "page": page,
        "has_any": any(counts.values()),
    }
    return render(request, "portal/case_list.html", facts)


@require_safe
@signed_in
def case_detail(request: HttpRequest, number: str) -> HttpResponse:
    return case_page(request, own_case(request, number))


@require_safe
@signed_in
def case_receipt(request: HttpRequest, number: str) -> HttpResponse:
    """收件回执: printable; what was handed in, and by when there is an answer."""
    case = own_case(request, number)
    return render(request, "portal/case_receipt.html", {"case": case, "lines": material_lines(case, {})})


@require_safe
@signed_in
def due_date(request: HttpRequest, number: str) -> HttpResponse:
    """这个日期怎么来的: day by day, with a link to share."""
    case = own_case(request, number)
    shared = request.build_absolute_uri(reverse("portal:shared-due-date", args=[token_of(case)]))
    return render(request, "portal/due_date.html", {"case": case, "link": shared, **days_of(case)})


@require_safe
@public
def shared_due_date(request: HttpRequest, token: str) -> HttpResponse:
    """The same by a link that somebody passed on: the item and its days, nothing about the person."""
    if too_many(request, "shared-due-date", limit=60, seconds=60):
        return render(request, "portal/due_date.html", {"is_throttled": True}, status=429)
    case = case_of_token(token)
    if case is None:
        raise Http404
    return render(request, "portal/due_date.html", {"case": case, "is_shared": True, **days_of(case)})


@require_POST
@signed_in
def case_answer(request: HttpRequest, number: str) -> HttpResponse:
    """提交补正: every fault answered, by a new paper or in words, in one submission."""
    case = own_case(request, number)
    answers = {
        int(name.removeprefix("answer-")): text.replace("\x00", "")
        for name, text in request.POST.items()
        if re.fullmatch(r"answer-[0-9]{1,17}", name)
    }
    typed = ApplicationForm.typed_in(case, request.POST)
    faults = ApplicationForm.too_long(case, typed)
    try:
        if typed and not faults:
            case = actions.save_draft(case, form=typed, phone=typed.get("contact_phone"), at=timezone.now())
        faults |= take_files(request, case)
        if faults:
            return case_page(request, case, answers=answers, faults=faults, typed=typed, status=422)
        if "keep" in request.POST:
            messages.success(request, "已上传的材料存好了，全部补好后再一次提交。")
            return redirect("portal:case-detail", case.number)
        answer = actions.resubmit if case.status == Status.PRE_RETURNED else actions.supplement
        case = answer(case, answers, by=request.user, at=timezone.now())
    except actions.Incomplete as missing:
        return case_page(request, case, answers=answers, faults=missing.faults, typed=typed, status=422)
    except actions.NotAllowed as refusal:
        return case_page(
            request, own_case(request, number), answers=answers, refusal=str(refusal), status=409
        )
    messages.success(request, "补正交上去了，窗口会尽快答复。")
    return redirect("portal:case-detail", case.number)


@require_POST
@signed_in
def tolerated_papers(request: HttpRequest, number: str) -> HttpResponse:
    """补交容缺材料: what was promised at acceptance, uploaded in time."""
    case = own_case(request, number)
    faults = take_files(request, case)
    chosen = {name.removeprefix("file-") for name in request.FILES if name.startswith("file-")}
    brought = [int(seq) for seq in chosen if seq.isdecimal() and f"material-{seq}" not in faults]
    try:
        if not brought:
            raise actions.Incomplete("请选择要补交的文件。", faults or {"papers": "请选择要补交的文件。"})
        actions.bring_tolerated(case, brought, by=request.user, at=timezone.now())
    except actions.Incomplete as missing:
        return case_page(request, case, faults=missing.faults, refusal=str(missing), status=422)
    except actions.NotAllowed as refusal:
        return case_page(request, own_case(request, number), refusal=str(refusal), status=409)
    messages.success(request, "补交的材料收到了。")
    return redirect("portal:case-detail", number)


@require_POST
@signed_in
def case_material(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """补正时上传一份材料: the fragment for pages with script."""
    case = own_case(request, number)
    row = get_object_or_404(case.materials, seq=seq)
    faults = take_files(request, case)
    return render(
        request,
        "portal/_answer_material.html",
        material_line(case, row.pk, faults),
        status=422 if faults else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """撤回申请: says what it means before it is done."""
    case = own_case(request, number)
    form = WithdrawalForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(case, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except actions.NotAllowed as refused:
            refusal = str(refused)
        else:
            messages.success(request, "申请已撤回。需要时可以重新申请。")
            return redirect("portal:case-detail", number)
    facts = {"case": case, "form": form, "refusal": refusal}
    return render(
        request, "portal/withdrawal.html", facts, status=409 if refusal else 422 if form.errors else 200
    )


@require_safe
@signed_in
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """下载自己的材料: only through a case that is one's own; never run in the browser."""
    mine = Case.objects.owned_by(request.user)
    stored = get_object_or_404(CaseFile.objects.filter(material__case__in=mine), pk=pk)
    return FileResponse(
        stored.content.open("rb"),
        as_attachment=stored.content_type not in SHOWN_IN_BROWSER,
        filename=stored.name,
        content_type=stored.content_type,
        headers={"Cache-Control": "private, no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public
def progress(request: HttpRequest) -> HttpResponse:
    """凭编号查进度 (D-54): state, next step and promised date; nobody's name, nobody's papers."""
    form = ProgressForm(request.POST or None)
    facts, status = {"form": form}, 200
    if request.method == "POST":
        if too_many(request, "progress", limit=10, seconds=60):
            form.add_error(None, "查得太频繁了，请过一分钟再查。")
            return render(request, "portal/progress.html", facts, status=429)
        status = 422
        if form.is_valid():
            try:
                found = _found(**form.cleaned_data)
            except GuessedTooOften as refusal:
                form.add_error(None, str(refusal))
                return render(request, "portal/progress.html", facts, status=429)
            if not found:
                form.add_error(None, "没有查到。请核对编号和证件后四位；刚提交的，请过一分钟再查。")
            else:
                status = 200
                facts |= found
    return render(request, "portal/progress.html", facts, status=status)


def _found(number: str, last4: str) -> dict:
    """A case, or a project with all its matters, as it stands; nothing where the two do not fit."""
    if is_of_a_project(number):
        project = project_with(number, last4)
        return {"project": project, **project_standing(project)} if project else {}
    case = case_with(number, last4)
    return {"case": case, **standing_of(case, loaded.current())} if case else {}


def loose_cases(user, projects) -> CaseQuerySet:
    """Own cases without those of one's own projects: they are shown there, and counted once."""
    branches = ProjectBranch.objects.filter(case=OuterRef("pk"), project__in=projects)
    attempts = BranchAttempt.objects.filter(case=OuterRef("pk"), branch__project__in=projects)
    within = Q(is_joint=True) & (Exists(branches) | Exists(attempts))
    return Case.objects.owned_by(user).exclude(within)


def _mine(request: HttpRequest) -> CaseQuerySet:
    """Own cases; whose they may be is asked once for a page."""
    if not hasattr(request, "own_cases"):
        request.own_cases = Case.objects.owned_by(request.user)
    return request.own_cases


def own_case(request: HttpRequest, number: str) -> Case:
    """A case of one's own, or of somebody one acts for; 404 for everybody else's."""
    return get_object_or_404(_mine(request).started().for_page(), number=number)


def case_page(
    request, case, *, answers=None, faults=None, typed=None, refusal="", status=200
) -> HttpResponse:
    faults = faults or {}
    calendar, lines = loaded.current(), material_lines(case, faults)
    facts = {
        "case": case,
        "siblings": with_chips(_beside(request, case), calendar),
        "refusal": refusal,
        "fault_links": [(_fault_anchor(name), text) for name, text in faults.items()],
        "lines": lines,
        "awaited": [line for line in lines if line["row"].is_awaited] if case.is_running else [],
        "may_withdraw": _may_withdraw(case),
        "part_of": _project_of(request, case),
        **_hearing(case, faults),
        **standing_of(case, calendar),
    }
    if case.status in (Status.PRE_RETURNED, Status.SUPPLEMENT):
        facts |= _correction(case, facts["lines"], answers or {}, faults, typed)
    return render(request, "portal/case_detail.html", facts, status=status)


def _beside(request: HttpRequest, case: Case):
    """The other cases of the same tab, or of the same project, for the list beside the case on a wide screen."""
    if case.is_joint:
        together = ProjectBranch.objects.filter(project__branches__case=case).values("case")
        return _mine(request).filter(pk__in=together).for_my_cases()[:BESIDE]
    states = next((states for _, states in TABS.values() if case.status in states), ENDED)
    return _mine(request).filter(status__in=states).for_my_cases()[:BESIDE]


def _project_of(request: HttpRequest, case: Case) -> Project | None:
    """The project that a case is a part of, where one may see all of it."""
    if not case.is_joint:
        return None
    held = Q(branches__case=case) | Q(branches__attempts__case=case)
    return Project.objects.owned_by(request.user).filter(held).distinct().first()


def _correction(
    case: Case, lines: list[dict], answers: dict[int, str], faults: dict[str, str], typed
) -> dict:
    """The card that says what to correct: each fault with its paper, its answer so far, and what is still wrong."""
    by_material = {line["row"].pk: line for line in lines}
    listed = []
    for fault in actions.open_faults(case).order_by("pk"):
        line = by_material.get(fault.material_id)
        renewed = bool(line and line["file"] and line["file"].uploaded_at > fault.notice.sent_at)
        listed.append(
            {
                "fault": fault,
                "line": line,
                "typed": answers.get(fault.pk, ""),
                "wrong": faults.get(f"fault-{fault.pk}", ""),
                "is_renewed": renewed,
            }
        )
    form = None
    if any(entry["line"] is None for entry in listed):
        form = ApplicationForm(case, typed=typed, faults=faults)
    done = sum(entry["is_renewed"] for entry in listed)
    return {"corrections": listed, "corrected": done, "form": form}


def _fault_anchor(name: str) -> str:
    return f"#{name}" if name.startswith(("fault-", "material-")) else f"#f-{name}"


def standing_of(case: Case, calendar: WorkCalendar) -> dict:
    return {
        "chip": chip_of(case, calendar, timezone.localdate()),
        "timeline": timeline_of(case, case.events.order_by("id"), calendar),
    }


def with_chips(cases: Iterable[Case], calendar: WorkCalendar) -> list[dict]:
    today = timezone.localdate()
    return [{"case": case, "chip": chip_of(case, calendar, today)} for case in cases]


def days_of(case: Case) -> dict:
    calendar, today = loaded.current(), timezone.localdate()
    return {"clocks": both(case, calendar, closed_days_of(case.path), today), "today": today}


def _hearing(case: Case, faults: dict[str, str]) -> dict:
    """听证: the right to one while it can be used, and one that was asked for."""
    if case.status not in (Status.IN_REVIEW, Status.HEARING):
        return {}
    hearing = actions.open_hearing_of(case)
    return {
        "hearing": hearing,
        "waiver_fault": faults.get("understood", ""),
        "may_ask_hearing": hearing is not None and hearing.may_still_be_asked(timezone.localdate()),
    }


def _may_withdraw(case: Case) -> bool:
    return case.is_unanswered or case.awaits_applicant or case.is_running
