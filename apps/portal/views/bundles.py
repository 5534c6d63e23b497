"""一件事: which matters are handled together, what one of them comes to for one's own answers, and beginning it."""

import uuid

from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from apps.accounts.gates import public, signed_in
from apps.accounts.models import Applicant, Mandate
from apps.points.models import Level, ServicePoint
from apps.workflows import actions
from apps.workflows.guiding import BundleGuide, guide_of, on_offer
from apps.workflows.models import Bundle, BundleVersion, Project

from ..filing import channel_of
from ..forms.bundle import BundleStartForm, answers_in

STEPS = ["情形和地点", "填写和上传", "核对", "提交"]
NAMED = 4  # matters that the list names of each bundle
AUDIENCES = {  # in the words of those who look for theirs
    Bundle.Audience.CITIZEN: ("个人和家庭", "heart"),
    Bundle.Audience.COMPANY: ("开店办企业", "building-store"),
    Bundle.Audience.INVESTMENT: ("投资项目", "building"),
}


@require_safe
@public
def bundle_list(request: HttpRequest) -> HttpResponse:
    """一件事: what is on offer today, by whom it is for."""
    groups: dict[str, list[dict]] = {audience: [] for audience in AUDIENCES}
    versions = on_offer(on=timezone.localdate())
    prefetch_related_objects(versions, "branches")
    for version in versions:
        branches = list(version.branches.all())
        groups[version.bundle.audience].append(
            {
                "bundle": version.bundle,
                "named": [branch.name for branch in branches[:NAMED]],
                "count": len(branches),
                "departments": len({branch.department for branch in branches}),
            }
        )
    facts = {
        "groups": [
            {"name": AUDIENCES[audience][0], "icon": AUDIENCES[audience][1], "bundles": bundles}
            for audience, bundles in groups.items()
            if bundles
        ]
    }
    return render(request, "portal/bundle_list.html", facts)


@require_safe
@vary_on_headers("HX-Request")  # a page and its fragment share the address
@public
def bundle_detail(request: HttpRequest, code: str) -> HttpResponse:
    """一件事指南: the questionnaire, and what the answers come to: matters, papers, fields and days."""
    version = _in_force(code)
    offered = list(halls())
    picked = next((hall for hall in offered if str(hall.pk) == request.GET.get("point")), None)
    answers = answers_in(request.GET)
    guide = guide_of(version, answers, at_point=picked)
    facts = {"bundle": version.bundle, "guide": guide, "asked": bool(answers), "picked": picked}
    if request.htmx:
        return render(request, "portal/_bundle_plan.html", facts)
    return render(request, "portal/bundle_detail.html", facts | {"halls": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bundle_application(request: HttpRequest, code: str) -> HttpResponse:
    """开始办: for whom and where; the answers came along through the sign-in. A repeated press finds the same draft."""
    version = _in_force(code)
    asked = request.POST if request.method == "POST" else None
    guide = guide_of(version, answers_in(request.POST or request.GET))
    applicants = applicants_of(request.user)
    form = BundleStartForm(
        asked, guide=guide, applicants=applicants, points=halls(),
        is_investment=version.bundle.audience == Bundle.Audience.INVESTMENT,
        initial=_initial(request, applicants),
    )  # fmt: skip
    refusal = ""
    if asked is not None and form.is_valid():
        try:
            project = _begun(request, version, form, key=form.cleaned_data["key"])
            if _is_another(project, form):  # went back and chose anew on a page that kept its key
                project = _begun(request, version, form, key=uuid.uuid4())
        except actions.NotAllowed as refused:
            refusal = str(refused)
        else:
            return redirect("portal:project-draft", project.key)
    facts = {
        "bundle": version.bundle,
        "form": form,
        "guide": guide,
        "has_applicant": bool(applicants),
        "refusal": refusal,
        "steps": STEPS,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "portal/bundle_application.html", facts, status=status)


def halls():
    """Where a project can be taken in: the city's hall and those of its counties."""
    points = ServicePoint.objects.open_on(timezone.localdate()).built()
    return points.filter(level__in=[Level.CITY, Level.COUNTY]).in_order()


def applicants_of(user):
    """Oneself, and those for whom one may bring everything: a whole project is more than any one item."""
    mandates = Mandate.objects.valid_on(timezone.localdate()).filter(
        agent=user, item_codes=[], kind=Mandate.Kind.REPRESENTATIVE
    )
    own = Q(user=user) | Q(pk__in=mandates.values("principal"))
    return Applicant.objects.filter(own).defer("number").order_by("kind", "id")


def _in_force(code: str) -> BundleVersion:
    versions = BundleVersion.objects.in_force_on(timezone.localdate()).select_related("bundle")
    return get_object_or_404(versions, bundle__code=code)


def _initial(request: HttpRequest, applicants) -> dict:
    own = next((one.pk for one in applicants if one.user_id == request.user.pk), None)
    return {
        "key": uuid.uuid4(),
        "applicant": request.GET.get("applicant") or own,
        "point": request.GET.get("point", ""),
    }


def _begun(request: HttpRequest, version: BundleVersion, form: BundleStartForm, *, key: uuid.UUID) -> Project:
    facts = form.cleaned_data
    return actions.draft_project(
        version,
        name=facts.get("name") or version.bundle.name,
        applicant=facts["applicant"],
        at_point=facts["point"],
        channel=channel_of(request),
        answers=form.answers,
        national_code=facts.get("national_code") or "",
        by=request.user,
        at=timezone.now(),
        key=key,
    )


def _is_another(project: Project, form: BundleStartForm) -> bool:
    facts = form.cleaned_data
    return (project.applicant_id, project.intake_point_id) != (facts["applicant"].pk, facts["point"].pk)


def shown_guide(project: Project) -> BundleGuide:
    return guide_of(project.version, project.answers, at_point=project.intake_point)
