"""失信记录: the register of those to whom 容缺受理 and 告知承诺 are closed. Whoever keeps it sees it, nobody else."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import actions
from apps.accounts.gates import permission
from apps.accounts.models import CreditRecord
from apps.cases.pages import page_of

from ..credit_forms import CreditForm, LiftingForm


@require_safe
@never_cache
@permission("accounts.keep_credit")
def credit_list(request: HttpRequest) -> HttpResponse:
    """Newest first: those in force, or all with those that have ended."""
    today, shows_all = timezone.localdate(), request.GET.get("state") == "all"
    records = CreditRecord.objects.for_list()
    if not shows_all:
        records = records.in_force_on(today)
    page = page_of(
        records, by=("-id",), after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    rows = [{"record": record, "is_in_force": record.is_in_force_on(today)} for record in page]
    facts = {"page": page, "rows": rows, "shows_all": shows_all, "today": today}
    return render(request, "console/credit_list.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("number", "name")
@permission("accounts.keep_credit")
def credit_entry(request: HttpRequest) -> HttpResponse:
    """录入失信记录."""
    form, status = CreditForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.enter_credit_record(**form.entered(), by=request.user, at=timezone.now())
            except actions.NotAllowed as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, "失信记录已录入，容缺受理和告知承诺随即停用。")
                return redirect("console:credit-list")
    return render(request, "console/credit_entry.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@permission("accounts.keep_credit")
def credit_lifting(request: HttpRequest, pk: int) -> HttpResponse:
    """解除失信记录: the record as it was entered, and why it no longer holds."""
    record = get_object_or_404(CreditRecord.objects.for_list(), pk=pk)
    form, status = LiftingForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.lift_credit_record(
                    record, why=form.cleaned_data["why"], by=request.user, at=timezone.now()
                )
            except actions.NotAllowed as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, "失信记录已解除，可以重新适用容缺受理和告知承诺。")
                return redirect("console:credit-list")
    return render(request, "console/credit_lifting.html", {"record": record, "form": form}, status=status)
