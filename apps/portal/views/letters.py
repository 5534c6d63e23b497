"""文书: one's own letters on the screen; and for anybody whether a letter is ours, unaltered, and still holds."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.gates import permission, public, signed_in
from apps.letters import actions
from apps.letters.forms import CheckForm, CompareForm
from apps.letters.models import Letter, LetterQuerySet

from ..throttle import count_wrong, is_blocked

WRONG_TRIES, WITHIN = 10, 600  # from one address, in seconds
NOT_FOUND = "没有查到这份文书。请对照页脚，核对文号和验证码；仍查不到的，可能不是本站签发，请打服务热线核实。"
TOO_MANY = "查错的次数太多了，请过十分钟再查。急用的，请打服务热线核实。"


@require_safe
@never_cache
@signed_in
def letter(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """我的文书: of own and mandated cases only."""
    return _file(request, Letter.objects.owned_by(request.user), number, pk)


@require_safe
@never_cache
@permission("cases.collect_case")
def agent_letter(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """代办员: letters of what one collected, to print and hand over."""
    return _file(request, Letter.objects.collected_by(request.user), number, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def verification(request: HttpRequest) -> HttpResponse:
    """查验文书: by number and check code. A wrong number and a wrong code get the same answer."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if _is_blocked(request):
            form = CheckForm(initial={"number": request.POST.get("number", "")[:60]})
            return render(
                request, "portal/verification.html", {"form": form, "blocked": TOO_MANY}, status=429
            )
        status = 422
        if form.is_valid():
            found = actions.find_by_code(**form.cleaned_data)
            if found is not None:
                return redirect("portal:verified", found.token)
            count_wrong(request, "verify", seconds=WITHIN)
            form.add_error(None, NOT_FOUND)
    return render(request, "portal/verification.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def verified(request: HttpRequest, token: str) -> HttpResponse:
    """扫码查验: what the paper says, whether it holds, and by upload whether a file is the very one that was issued."""
    found = actions.find_by_token(token)
    if found is None:
        blocked = _is_blocked(request)
        count_wrong(request, "verify", seconds=WITHIN)
        facts = {"form": CheckForm(), **({"blocked": TOO_MANY} if blocked else {"unknown": NOT_FOUND})}
        return render(request, "portal/verification.html", facts, status=429 if blocked else 404)
    sent = request.method == "POST"
    form = CompareForm(request.POST if sent else None, request.FILES if sent else None)
    facts, status = {"letter": actions.check(found), "form": form, "token": token}, 200
    if sent:
        status = 422
        if form.is_valid():
            status, facts["compared"] = 200, actions.alike(found, form.cleaned_data["file"].chunks())
    return render(request, "portal/verified.html", facts, status=status)


def _is_blocked(request: HttpRequest) -> bool:
    return is_blocked(request, "verify", limit=WRONG_TRIES)


def _file(request: HttpRequest, seen: LetterQuerySet, number: str, pk: int) -> HttpResponse:
    found = get_object_or_404(seen.numbered(number), pk=pk)
    try:
        found = actions.render(found, at=timezone.now())
    except actions.CannotRender:
        sentence = (
            "这份文书正在生成，请过一会儿再打开；文书已经签发，效力不受影响。一直打不开的，请打服务热线。"
        )
        return render(request, "errors/409.html", {"refusal": sentence}, status=409)
    return FileResponse(
        found.pdf.open("rb"),
        content_type="application/pdf",
        as_attachment="download" in request.GET,
        filename=found.file_name,
        headers={"X-Content-Type-Options": "nosniff"},
    )
