"""The site itself: how it is displayed, how long one stays signed in, what it promises."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import public, signed_in
from apps.accounts.models import PrivacyNotice

CHOICES = {"theme": ("", "dark", "contrast"), "mode": ("", "elder")}
A_YEAR = 365 * 24 * 3600


def next_page(request: HttpRequest, fallback: str = "portal:home") -> str:
    """Where the form wants to go afterwards, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else resolve_url(fallback)


@require_POST
@public
def display(request: HttpRequest) -> HttpResponse:
    """显示设置: theme and 长辈版, kept in cookies so that the server draws the page that way."""
    response = HttpResponseRedirect(next_page(request))
    for name, choices in CHOICES.items():
        chosen = request.POST.get(name)
        if not chosen and name in request.POST:
            response.delete_cookie(name, samesite="Lax")
        elif chosen in choices:
            response.set_cookie(
                name, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
    return response


@require_POST
@signed_in
def session(request: HttpRequest) -> JsonResponse:
    """继续办: being asked is being active, so the end of the session moves ahead."""
    request.session.modified = True
    return JsonResponse({"seconds": request.session.get_expiry_age()})


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
@public
def privacy(request: HttpRequest) -> HttpResponse:
    """个人信息处理告知: the version in force; each case records the version that was shown (个人信息保护法 art. 17)."""
    notice = PrivacyNotice.in_force()
    return render(request, "portal/privacy.html", {"notice": notice})
