"""登录与注册: one door for citizens and staff; it leads each to the right face."""

from datetime import timedelta

import segno
from axes.helpers import get_client_ip_address
from django.contrib import auth, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as confirm_second_factor
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.accounts import actions
from apps.accounts.gates import public, signed_in
from apps.accounts.identity import mask_number
from apps.accounts.middleware import SESSION_KEY
from apps.accounts.models import AuditEntry, User

from .. import kept
from ..forms.people import NewPasswordForm, RegistrationForm, SignInForm, TokenForm
from ..throttle import too_many
from .site import next_page

PENDING = "sign_in_pending"  # somebody whose password was right, and who still owes a step
PENDING_LIVES_FOR = timedelta(minutes=10)
PASSWORD_LIVES_FOR = timedelta(days=90)  # of staff (等保)
IDLE_TIME_OF_ADMINISTRATORS = 15 * 60  # seconds


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@public
def login(request: HttpRequest) -> HttpResponse:
    """登录. A form that was sent after the session had ended travels along in `kept`."""
    asked = request.method == "POST" and request.POST.get("step") != "keep"
    form = SignInForm(request, request.POST if asked else None)
    if asked and form.is_valid():
        request.session[PENDING] = {
            "user": form.user.pk,
            "at": timezone.now().timestamp(),
            "next": next_page(request, "portal:workplace" if form.user.is_staff else "portal:home"),
            "kept": request.POST.get("kept", ""),
        }
        return _next_step(request, form.user)
    if asked and form.errors.get("__all__"):
        _note(request, AuditEntry.Kind.SIGN_IN_FAILED, None, _username(form.cleaned_data["username"]))
    facts = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "kept": request.POST.get("kept", ""),
    }
    return render(request, "portal/login.html", facts, status=422 if asked else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def second_factor(request: HttpRequest) -> HttpResponse:
    """第二重验证 (等保三级): administrators and supervisors also show a one-time code; the first time they set it up."""
    user = _pending_user(request)
    device = user.totpdevice_set.order_by("-confirmed", "id").first() or TOTPDevice.objects.create(
        user=user, name="验证器", confirmed=False
    )
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_is_allowed()[0] and device.verify_token(form.cleaned_data["token"]):
            if not device.confirmed:
                device.confirmed = True
                device.save(update_fields=["confirmed"])
            request.session[PENDING] |= {"device": device.persistent_id}
            request.session.modified = True
            return _next_step(request, user)
        form.add_error("token", "验证码不对或已过期。请等下一个 6 位数字出来再填。")
        _note(request, AuditEntry.Kind.SIGN_IN_FAILED, None, user.username)
    facts = {"form": form, "device": device}
    if not device.confirmed:
        facts["picture"] = segno.make(device.config_url).svg_data_uri(scale=5)
    return render(request, "portal/second_factor.html", facts, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@public
def password_renewal(request: HttpRequest) -> HttpResponse:
    """定期改密 (等保): a staff password older than 90 days is changed before anything else is seen."""
    user = _pending_user(request)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user = actions.change_password(user, form.cleaned_data["password"], at=timezone.now())
        return _next_step(request, user)
    return render(request, "portal/password_renewal.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@public
def logout(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        _note(request, AuditEntry.Kind.SIGNED_OUT, request.user, request.user.username)
    auth.logout(request)
    messages.success(request, "已退出登录。")
    return redirect("portal:home")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@public
def register(request: HttpRequest) -> HttpResponse:
    """实名注册: one account per ID number."""
    form = RegistrationForm(request.POST or None)
    facts = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    if request.method == "POST":
        if too_many(request, "register", limit=30, seconds=600):
            form.add_error(None, "这个网络地址上注册得太频繁，请过 10 分钟再试。您填的内容都在这一页。")
            return render(request, "portal/register.html", facts, status=429)
        if form.is_valid():
            typed = form.cleaned_data
            wanted = {key: typed[key] for key in ("username", "password", "name", "number", "phone")}
            try:
                user = actions.register_person(**wanted, at=timezone.now())
            except actions.NotAllowed as refusal:
                form.add_error("username" if "用户名" in str(refusal) else "number", str(refusal))
            else:
                _sign_in(request, user)
                messages.success(request, "注册好了，已经为您登录。")
                return HttpResponseRedirect(next_page(request))
    return render(request, "portal/register.html", facts, status=422 if form.errors else 200)


@require_safe
@signed_in
def workplace(request: HttpRequest) -> HttpResponse:
    """The face where this person works, by what the current role may do."""
    may = request.user.has_perm
    if may("cases.review_case") or may("cases.intake_case") or may("cases.decide_case"):
        return redirect("console:case-list")
    if may("cases.collect_case"):
        return redirect("portal:agent-case-list")
    if may("supervision.view_dashboard"):
        return redirect("dashboard:overview")
    if may("cases.view_case"):
        return redirect("console:case-list")
    return redirect("portal:account" if request.user.is_staff else "portal:home")


@require_POST
@signed_in
def assignment(request: HttpRequest) -> HttpResponse:
    """切换任职: staff act under one assignment at a time."""
    held = request.user.assignments_on(timezone.localdate())
    chosen = next((a for a in held if str(a.pk) == request.POST.get("assignment")), None)
    if chosen is None:
        raise Http404("这项任职不存在或已经结束。")
    request.session[SESSION_KEY] = chosen.pk
    messages.success(request, f"现在以“{chosen}”办理。")
    return redirect("portal:workplace")


def _next_step(request: HttpRequest, user: User) -> HttpResponse:
    """What is still owed between a right password and the first page."""
    pending = request.session[PENDING]
    held = user.assignments_on(timezone.localdate())
    if any(a.needs_two_factors for a in held) and not user.is_sample and "device" not in pending:
        return redirect("portal:second-factor")
    changed_at = user.password_changed_at
    if (
        user.is_staff
        and not user.is_sample
        and (changed_at is None or changed_at + PASSWORD_LIVES_FOR < timezone.now())
    ):
        return redirect("portal:password-renewal")
    request.session.pop(PENDING)
    _sign_in(request, user)
    if "device" in pending:
        confirm_second_factor(request, user.totpdevice_set.get(confirmed=True))
    if any(a.needs_two_factors for a in held):
        request.session.set_expiry(IDLE_TIME_OF_ADMINISTRATORS)
    taken_up = kept.unpack(pending["kept"]) if pending["kept"] else None
    if taken_up:
        return render(request, "portal/kept.html", taken_up)
    return HttpResponseRedirect(pending["next"])


def _pending_user(request: HttpRequest) -> User:
    pending = request.session.get(PENDING)
    if not pending or timezone.now().timestamp() - pending["at"] > PENDING_LIVES_FOR.total_seconds():
        raise Http404("登录已超时，请重新登录。")
    return User.objects.get(pk=pending["user"])


def _sign_in(request: HttpRequest, user: User) -> None:
    auth.login(request, user, backend="apps.accounts.backends.RoleBackend")
    _note(request, AuditEntry.Kind.SIGNED_IN, user, user.username)


def _note(request: HttpRequest, kind: str, user: User | None, subject: str) -> None:
    actions.audit(
        kind,
        by=user,
        at=timezone.now(),
        subject=subject[:200],
        address=get_client_ip_address(request) or None,
    )


def _username(typed: str) -> str:
    """What was typed as a name, fit for the log: a personal number typed by mistake is masked."""
    return mask_number(typed) if sum(c.isdigit() for c in typed) >= 11 else typed
