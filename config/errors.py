"""What people read when something cannot be done: one page per status, in Chinese, saying what to do next.

`keep` is the page for a form that came too late (the session or its token ran out): what was typed is kept in the
page itself, signed, and handed on after the next sign-in. Chosen files cannot be kept; the page says so.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER, REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from apps.api.problems import MEDIA_TYPE, problem
from apps.portal import kept

from .context import site_names

BLANK = frozenset({405, 413, 429, 503})  # answers that arrive without words of their own
NEVER_KEPT = ("password", "csrfmiddlewaretoken")


def page(request: HttpRequest, status: int, **facts) -> HttpResponse:
    """An error page without a database, a session or a signed-in user: it must work when those do not."""
    if request.path.startswith("/api/"):
        return JsonResponse(problem(status), status=status, content_type=MEDIA_TYPE)
    facts = {
        "site": site_names(),
        "theme": request.COOKIES.get("theme", ""),
        "mode": request.COOKIES.get("mode", ""),
        **facts,
    }
    return HttpResponse(render_to_string(f"errors/{status}.html", facts), status=status)


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return page(request, 413, reason="填写的文字太多了，一次最多约 60 万字，没有保存。")
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return page(request, 413, reason="一次提交的内容或文件太多了，请分几次提交。")
    return page(request, 400)


def forbidden(request, exception=None):
    return page(request, 403, reason=str(exception or ""))


def not_found(request, exception=None):
    return page(request, 404)


def broken(request):
    return page(request, 500)


def csrf_failure(request, reason=""):
    """A form of our own whose token is out of date is offered again; one from elsewhere is refused."""
    elsewhere = reason.startswith((REASON_BAD_ORIGIN.split("%")[0], REASON_BAD_REFERER.split("%")[0]))
    if elsewhere or reason == REASON_NO_CSRF_COOKIE or not _is_ours(request):
        return HttpResponse(render_to_string("errors/csrf.html", {"site": site_names()}), status=403)
    return keep(request, needs_login=False, status=403)


def speak(get_response):
    """Gives words to bare answers, and catches the form that came after its session had ended."""

    def middleware(request):
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
            return page(request, 400)  # no database can be asked for a NUL, and nobody can have typed one
        response = get_response(request)
        if request.path.startswith("/api/") or getattr(request, "htmx", False):
            return response
        if _sends_to_login(request, response):
            return keep(request, needs_login=True, status=401)
        if response.status_code in BLANK and not response.streaming and not response.content:
            spoken = page(request, response.status_code)
            for name in ("Allow", "Retry-After"):
                if name in response.headers:
                    spoken.headers[name] = response.headers[name]
            return spoken
        return response

    return middleware


def keep(request: HttpRequest, *, needs_login: bool, status: int) -> HttpResponse:
    fields = list(_fields(request.POST))
    facts = {
        "site": site_names(),
        "theme": request.COOKIES.get("theme", ""),
        "status": status,
        "needs_login": needs_login,
        "login_url": settings.LOGIN_URL,
        "path": request.get_full_path(),
        "fields": fields,
        "kept": kept.pack(request.get_full_path(), fields),
        "lost_files": [file.name for files in request.FILES.lists() for file in files[1]],
    }
    return render(request, "errors/expired.html", facts, status=status)


def _fields(posted) -> Iterable[tuple[str, str]]:
    for name, values in posted.lists():
        if not any(word in name for word in NEVER_KEPT):
            yield from ((name, value) for value in values)


def _sends_to_login(request, response) -> bool:
    """Whether a gate turned a form away; one that leads to the login page by itself is not late."""
    if request.method != "POST" or response.status_code != 302 or not request.POST:
        return False
    return response.headers.get("Location", "") == redirect_to_login(request.get_full_path()).url


def _is_ours(request) -> bool:
    """Whether the browser says that the form stood on a page of this site."""
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return url_has_allowed_host_and_scheme(
        source, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
