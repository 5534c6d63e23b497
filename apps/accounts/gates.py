"""Who may pass a view. Every view says it: `@public`, `@signed_in` or `@permission("cases.accept_case")`.

The mark is the attribute `gate`; a test walks all addresses and fails on a view without one. A class of
Django carries the same decorators; one of the API framework a plain `gate = "cases.view_case"`, and a single
act of a viewset says it in `@action(…, gate="cases.accept_case")`.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRedirect
from rest_framework.permissions import BasePermission

PUBLIC = "public"
SIGNED_IN = "signed in"


def public(view: Callable | type):
    """Anybody may pass. The view itself decides nothing by who asks."""
    view.gate = PUBLIC
    return view


def signed_in(view: Callable | type):
    """Anybody with an account may pass; what is seen is still cut by `visible_to`."""
    return _gated(view, SIGNED_IN)


def permission(name: str) -> Callable:
    """Only its holders may pass: others get 403 with an explanation, strangers the login page."""

    def gate(view: Callable | type):
        return _gated(view, name)

    return gate


def may_pass(user, gate: str) -> bool:
    if gate == PUBLIC:
        return True
    if not user.is_authenticated:
        return False
    return gate == SIGNED_IN or user.has_perm(gate)


def gate_of(view: Callable) -> str | None:
    """What a routed view says of itself, whatever it is made of."""
    said = getattr(view, "initkwargs", {}).get("gate") or getattr(view, "view_initkwargs", {}).get("gate")
    made_of = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return said or getattr(view, "gate", None) or getattr(made_of, "gate", None)


class PassesGate(BasePermission):
    """The default permission of the API: the view's `gate`; a view that says nothing lets nobody pass."""

    def has_permission(self, request, view) -> bool:
        gate = getattr(view, "gate", None)
        return gate is not None and may_pass(request.user, gate)


def _gated(view: Callable | type, gate: str):
    if isinstance(view, type):
        view.gate = gate
        if hasattr(view, "authentication_classes"):  # of the API framework: `PassesGate` looks
            return view
        return method_decorator(lambda dispatch: _checked(dispatch, gate), name="dispatch")(view)
    return _checked(view, gate)


def _checked(view: Callable, gate: str) -> Callable:
    @wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if may_pass(request.user, gate):
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            raise PermissionDenied("您当前的岗位没有这项权限。")
        return _to_login(request)

    checked.gate = gate
    return checked


def _to_login(request: HttpRequest) -> HttpResponse:
    if getattr(request, "htmx", False):  # a fragment cannot show the login page: the whole page goes there
        came_from = request.htmx.current_url_abs_path or resolve_url("/")
        return HttpResponseClientRedirect(redirect_to_login(came_from).url)
    return redirect_to_login(request.get_full_path())
