"""批量办理: a selection is taken, done case by case behind the page, and each result is told."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import permission
from apps.accounts.models import Assignment, User
from apps.cases import actions, tasks
from apps.cases.models import Batch, BatchLine
from apps.letters.actions import merged
from apps.letters.tasks import prepare_print

from ..forms import number_in

S = BatchLine.State


@require_POST
@permission("cases.view_case")
def batches(request: HttpRequest) -> HttpResponse:
    """Starts a batch; who may do what is asked by its act."""
    kind = request.POST.get("kind", "")
    if kind not in Batch.Kind.values:
        messages.error(request, "请选择要批量办理的事。")
        return redirect("console:case-list")
    to = next(
        (person for person in colleagues(request.user) if person.pk == number_in(request.POST, "to")), None
    )
    try:
        with transaction.atomic():
            batch = actions.start_batch(
                kind, request.POST.getlist("number"), by=request.user, at=timezone.now(), to=to
            )
            work = prepare_print if kind == Batch.Kind.PRINT else tasks.run_batch
            transaction.on_commit(partial(work.delay, batch.pk))
    except actions.NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("console:case-list")
    left_out = len(set(request.POST.getlist("number"))) - batch.lines.count()
    if left_out:
        messages.warning(request, f"选中的办件有{left_out}件不在您的办理范围内，没有列入。")
    return redirect("console:batch", pk=batch.pk)


@require_safe
@permission("cases.view_case")
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what became of each case; its own starter sees it, nobody else."""
    found = get_object_or_404(Batch.objects.select_related("to"), pk=pk, by=request.user)
    counts = found.lines.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=S.DONE)),
        refused=Count("pk", filter=Q(state=S.REFUSED)),
    )
    facts = {
        "batch": found,
        "counts": counts,
        "through": counts["done"] + counts["refused"],
        "lines": found.lines.select_related("case__item").order_by("id"),
    }
    template = (
        "console/_batch.html" if request.htmx and not request.htmx.boosted else "console/batch_detail.html"
    )
    return render(request, template, facts)


@require_safe
@never_cache
@permission("cases.view_papers")
def batch_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """批量打印的文书: one file with every letter of the batch."""
    found = get_object_or_404(Batch, pk=pk, by=request.user, kind=Batch.Kind.PRINT, finished_at__isnull=False)
    if not found.lines.filter(state=S.DONE).exists():
        raise Http404
    headers = {"Content-Disposition": 'inline; filename="letters.pdf"'}
    return HttpResponse(merged(found), content_type="application/pdf", headers=headers)


def colleagues(user: User) -> list[User]:
    """Who may be given a case: those of the same desk."""
    held = user.acting
    if held is None:
        return []
    desk = {"department": held.department_id} if held.department_id else {"point": held.point_id}
    there = Assignment.objects.valid_on(timezone.localdate()).filter(**desk).values("user")
    return list(User.objects.filter(pk__in=there, is_active=True).order_by("name", "id"))
