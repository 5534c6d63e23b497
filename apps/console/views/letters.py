"""文书: a letter on the screen and on paper, taken back when it was wrong; and what a department's letters are sealed with."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.gates import permission
from apps.letters import actions
from apps.letters.bodies import body_of_department, body_of_point
from apps.letters.forms import IssuingBodyForm
from apps.letters.models import IssuingBody, Letter
from apps.letters.standing import standing_of


@require_safe
@never_cache
@permission("cases.view_papers")
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """打印视图: the letter in a frame, put on paper now where nobody opened it before; P prints it."""
    return _letter_page(request, _letter_of(request, pk))


@require_safe
@never_cache
@xframe_options_sameorigin
@permission("cases.view_papers")
def letter_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF itself."""
    found = _letter_of(request, pk)
    try:
        found = actions.render(found, at=timezone.now())
    except actions.CannotRender as reason:
        return render(request, "errors/409.html", {"refusal": str(reason)}, status=409)
    return FileResponse(
        found.pdf.open("rb"),
        content_type="application/pdf",
        as_attachment="download" in request.GET,
        filename=found.file_name,
        headers={"X-Content-Type-Options": "nosniff"},
    )


@require_POST
@permission("letters.revoke_letter")
def letter_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销文书: it stays on record; whoever checks it is told."""
    found = _letter_of(request, pk)
    try:
        actions.revoke(found, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return _letter_page(request, found, refusal=str(refusal), status=409)
    messages.success(request, "文书已撤销，扫码查验的人会看到已撤销。")
    return redirect("console:letter", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission("letters.change_seal")
def issuing_body(request: HttpRequest) -> HttpResponse:
    """签发机关设置 of the department, or of the township, that one acts for."""
    acting = request.user.acting
    of = (acting.department or acting.point) if acting else None
    if of is None:
        return render(request, "console/issuing_body.html", {"of": None}, status=409)
    row = IssuingBody.objects.filter(**{"department" if acting.department else "point": of}).first()
    in_force = body_of_department(of.pk) if acting.department else body_of_point(of.pk)
    start = {"short_name": in_force.short_name, "name": row.name if row else "",
             "review_body": row.review_body if row else "", "court": row.court if row else ""}  # fmt: skip
    sent = request.method == "POST"
    form = IssuingBodyForm(request.POST if sent else None, request.FILES if sent else None, initial=start)
    if sent and form.is_valid():
        try:
            actions.set_body(of, **form.entered())
        except actions.BadSeal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已保存。以后签发的文书用新的设置，已签发的不变。")
            return redirect("console:issuing-body")
    facts = {"of": of, "form": form, "in_force": in_force, "has_seal": bool(row and row.seal)}
    return render(request, "console/issuing_body.html", facts, status=422 if form.errors else 200)


def _letter_of(request: HttpRequest, pk: int) -> Letter:
    seen = Letter.objects.visible_to(request.user).select_related(
        "case__item", "project", "project_event", "revocation__by", "issued_by"
    )
    return get_object_or_404(seen, pk=pk)


def _letter_page(
    request: HttpRequest, found: Letter, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    unset = ""
    try:
        actions.render(found, at=timezone.now())
    except actions.CannotRender as reason:
        unset, status = str(reason), 409
    facts = {
        "letter": found,
        "standing": standing_of(found),
        "unset": unset,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "console/letter_detail.html", facts, status=status)
