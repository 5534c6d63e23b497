"""听证: an applicant who was told of the right asks for a hearing, or gives it up, from the page of the case (art. 47)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.gates import signed_in
from apps.cases import actions

from .cases import case_page, own_case


@require_POST
@signed_in
def hearing_request(request: HttpRequest, number: str) -> HttpResponse:
    """申请听证: in the applicant's name, within five working days of being told."""
    case = own_case(request, number)
    try:
        actions.ask_hearing_online(case, by=request.user, at=timezone.now())
    except actions.NotAllowed as refusal:
        return case_page(request, own_case(request, number), refusal=str(refusal), status=409)
    messages.success(request, "听证申请收到了，办理期限从今天起暂停计算。时间和地点会书面通知您。")
    return redirect("portal:case-detail", number)


@require_POST
@signed_in
def hearing_waiver(request: HttpRequest, number: str) -> HttpResponse:
    """放弃听证: expressly, since it cannot be taken back."""
    case = own_case(request, number)
    try:
        actions.waive_hearing_online(
            case, is_understood="understood" in request.POST, by=request.user, at=timezone.now()
        )
    except actions.Incomplete as missing:
        return case_page(request, case, faults=missing.faults, refusal=str(missing), status=422)
    except actions.NotAllowed as refusal:
        return case_page(request, own_case(request, number), refusal=str(refusal), status=409)
    messages.success(request, "您放弃听证的意见收到了，部门继续审查。")
    return redirect("portal:case-detail", number)
