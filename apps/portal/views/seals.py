"""日封存: the roots that a hall publishes, for anybody to keep and to check against."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.gates import public
from apps.supervision import actions
from apps.supervision.models import DaySeal

SHOWN = 60  # days on the page; the file has all of them


@require_safe
@public
def seals(request: HttpRequest) -> HttpResponse:
    newest = DaySeal.objects.order_by("-day").only("day", "count", "root", "seal")[:SHOWN]
    return render(request, "portal/seal_list.html", {"seals": newest})


@require_safe
@public
def roots(request: HttpRequest) -> HttpResponse:
    """One seal a line, as the offline verifier reads them."""
    lines = "".join(json.dumps(seal) + "\n" for seal in actions.published(DaySeal.objects.all()))
    headers = {"Content-Disposition": 'attachment; filename="roots.jsonl"'}
    return HttpResponse(lines, content_type="application/x-ndjson", headers=headers)
