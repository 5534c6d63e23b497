"""红黄牌: the list, one card, its explanation or appeal, its revocation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import permission
from apps.cases.pages import page_of
from apps.supervision import actions
from apps.supervision.filters import CardFilter
from apps.supervision.models import Card

COUNTED = 10_000


@require_safe
@permission("supervision.view_card")
def card_list(request: HttpRequest) -> HttpResponse:
    narrowed = CardFilter(request.GET, Card.objects.visible_to(request.user))
    cards = narrowed.qs if narrowed.is_valid() else Card.objects.none()
    page = page_of(
        cards.for_list(),
        by=("-issued_on", "-id"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    total = cards.order_by()[: COUNTED + 1].count()
    context = {"page": page, "filter": narrowed, "total": total, "is_more": total > COUNTED}
    return render(request, "dashboard/card_list.html", context, status=200 if narrowed.is_valid() else 422)


@require_safe
@permission("supervision.view_card")
def card_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "dashboard/card_detail.html", {"card": _card(request, pk)})


@require_POST
@permission("supervision.answer_card")
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    text, is_appeal = request.POST.get("text", ""), request.POST.get("is_appeal") == "1"
    return _act(
        request,
        pk,
        lambda card: actions.explain(
            card, text=text, is_appeal=is_appeal, by=request.user, at=timezone.now()
        ),
        "已提交。",
    )


@require_POST
@permission("supervision.revoke_card")
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _act(
        request,
        pk,
        lambda card: actions.revoke(card, reason=reason, by=request.user, at=timezone.now()),
        "已撤销，记录保留。",
    )


def _card(request: HttpRequest, pk: int) -> Card:
    seen = Card.objects.visible_to(request.user).for_list().select_related("explained_by", "revoked_by")
    return get_object_or_404(seen, pk=pk)


def _act(request: HttpRequest, pk: int, act, words: str) -> HttpResponse:
    card = _card(request, pk)
    try:
        act(card)
    except actions.NotAllowed as refusal:
        facts = {"card": _card(request, pk), "refusal": refusal, "typed": request.POST}
        return render(request, "dashboard/card_detail.html", facts, status=409)
    messages.success(request, words)
    return redirect("dashboard:card-detail", pk=pk)
