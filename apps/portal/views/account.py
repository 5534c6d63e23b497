"""我的账号: who I am here, my password, the organisations I act for, and who may act for me."""

from django.contrib import auth, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import actions
from apps.accounts.gates import signed_in
from apps.accounts.models import Applicant, Mandate

from ..forms.people import MandateForm, OrganisationForm, PasswordChangeForm


@require_safe
@signed_in
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/account.html", _account(request))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """修改密码: the other devices are signed out, this one stays."""
    form = PasswordChangeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user = actions.change_password(request.user, form.cleaned_data["password"], at=timezone.now())
        auth.update_session_auth_hash(request, user)
        messages.success(request, "密码改好了，别的设备要重新登录。")
        return redirect("portal:account")
    return render(request, "portal/password.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@signed_in
def shortcuts(request: HttpRequest) -> HttpResponse:
    """单键快捷键: on or off for this person (WCAG 2.1.4)."""
    actions.choose_single_keys(request.user, request.POST.get("single_keys") == "on")
    messages.success(request, "快捷键设置已保存。")
    return redirect("portal:account")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def organisation(request: HttpRequest) -> HttpResponse:
    """登记企业: whoever registers it becomes its administrator."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            registered = actions.register_enterprise(
                **form.cleaned_data, by=request.user, at=now, on=timezone.localdate(now)
            )
        except actions.NotAllowed as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"{registered}登记好了，您是企业管理员。")
            return redirect("portal:account")
    return render(request, "portal/organisation.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mandate(request: HttpRequest) -> HttpResponse:
    """委托: for oneself, or for an organisation that one administers."""
    form = MandateForm(request.POST or None, principals=_principals(request.user))
    if request.method == "POST" and form.is_valid():
        facts, now = form.cleaned_data, timezone.now()
        try:
            actions.give_mandate(
                facts["principal"], agent=facts["agent"], kind=facts["kind"], on=timezone.localdate(now),
                until=facts["until"], at=now, by=request.user, item_codes=facts["items"],
            )  # fmt: skip
        except actions.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已委托{facts['agent']}，随时可以撤销。")
            return redirect("portal:account")
    return render(request, "portal/mandate.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@signed_in
def mandate_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销委托: works at once."""
    mine = Mandate.objects.filter(Q(principal__in=_principals(request.user)) | Q(agent=request.user))
    held = get_object_or_404(mine, pk=pk)
    now = timezone.now()
    try:
        actions.revoke_mandate(held, by=request.user, at=now, on=timezone.localdate(now))
    except actions.NotAllowed as refusal:
        return render(
            request, "portal/account.html", _account(request) | {"refusal": str(refusal)}, status=409
        )
    messages.success(request, "委托已撤销，立即生效。")
    return redirect("portal:account")


def _principals(user):
    """Whom this person may give mandates for: the own applicant, and organisations one administers today."""
    administered = Mandate.objects.valid_on(timezone.localdate()).filter(agent=user, is_company_admin=True)
    return Applicant.objects.filter(Q(user=user) | Q(pk__in=administered.values("principal"))).order_by(
        "kind", "id"
    )


def _account(request: HttpRequest) -> dict:
    today = timezone.localdate()
    living = Mandate.objects.valid_on(today).select_related("principal", "agent").order_by("id")
    principals = list(_principals(request.user))
    return {
        "applicant": next((a for a in principals if a.user_id == request.user.pk), None),
        "can_mandate": bool(principals),
        "given": [m for m in living.filter(principal__in=principals) if m.agent_id != request.user.pk],
        "held": living.filter(agent=request.user),
    }
