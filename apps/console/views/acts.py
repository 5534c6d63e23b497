"""办理: every act is one call of an action. What was refused comes back with the page, and nothing typed is lost."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.gates import permission
from apps.cases import actions
from apps.cases.models import Case, Status

from ..forms import BadCopies, copies_in, faults_in
from .case import case_of, page_facts


def _done(
    request: HttpRequest, number: str, act: Callable[[Case], Case], *, panel: str, words: str
) -> HttpResponse:
    """Runs one act: back to the page when done, else the same page with the refusal (409) or the faults (422)."""
    case = case_of(request, number)
    try:
        case = act(case)
    except (actions.Incomplete, BadCopies) as incomplete:
        facts = page_facts(request, case, refusal=incomplete, panel=panel, faults=incomplete.faults)
        return render(request, "console/case_detail.html", facts, status=422)
    except actions.NotAllowed as refusal:
        facts = page_facts(request, case_of(request, number), refusal=refusal, panel=panel)
        return render(request, "console/case_detail.html", facts, status=409)
    messages.success(request, f"{words}：{case.item}（{case.number[-6:]}）。")
    return redirect("console:case-detail", number=case.number)


@require_POST
@permission("cases.receive_case")
def hand_up(request: HttpRequest, number: str) -> HttpResponse:
    return _done(
        request,
        number,
        lambda case: actions.hand_up(case, by=request.user, at=timezone.now()),
        panel="hand_up",
        words="已签收代收材料",
    )


@require_POST
@permission("cases.return_case")
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _done(
        request,
        number,
        lambda case: actions.give_back(case, reason=reason, by=request.user, at=timezone.now()),
        panel="give_back",
        words="已退还代收材料",
    )


@require_POST
@permission("cases.pre_review_case")
def pre_pass(request: HttpRequest, number: str) -> HttpResponse:
    note = request.POST.get("note", "")
    return _done(
        request,
        number,
        lambda case: actions.pass_pre_review(case, by=request.user, at=timezone.now(), note=note),
        panel="pre_pass",
        words="预审通过",
    )


@require_POST
@permission("cases.return_case")
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One notice with every fault: a pre-review return, or a supplement notice after receipt."""
    found, note = faults_in(request.POST), request.POST.get("note", "")

    def tell(case: Case) -> Case:
        if case.status == Status.PRE_SUBMITTED:
            return actions.return_for_correction(case, found, by=request.user, at=timezone.now(), note=note)
        return actions.ask_supplement(case, found, by=request.user, at=timezone.now(), note=note)

    panel = request.POST.get("panel", "")
    return _done(request, number, tell, panel=panel, words=f"已一次告知{len(found)}处问题")


@require_POST
@permission("cases.receive_case")
def hand_in(request: HttpRequest, number: str) -> HttpResponse:
    return _done(
        request,
        number,
        lambda case: actions.hand_in(case, copies_in(request.POST), by=request.user, at=timezone.now()),
        panel="hand_in",
        words="已收原件",
    )


@require_POST
@permission("cases.receive_case")
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant brings the answer to the counter: the clerk notes it for each fault."""
    answers = {
        int(name.removeprefix("answer-")): text
        for name, text in request.POST.items()
        if name.startswith("answer-") and name.removeprefix("answer-").isdigit()
    }
    return _done(
        request,
        number,
        lambda case: actions.supplement(case, answers, by=request.user, at=timezone.now()),
        panel="supplement_take",
        words="已收补正材料",
    )


@require_POST
@permission("cases.accept_case")
def accept(request: HttpRequest, number: str) -> HttpResponse:
    return _done(
        request,
        number,
        lambda case: actions.accept(case, by=request.user, at=timezone.now()),
        panel="accept",
        words="已受理",
    )


@require_POST
@permission("cases.accept_case")
def acceptances(request: HttpRequest) -> HttpResponse:
    """批量受理: each case by itself; what was refused is named, the others are done."""
    numbers = request.POST.getlist("number")[:100]
    cases = Case.objects.visible_to(request.user).filter(number__in=numbers).order_by("id")
    done, refused = 0, []
    for case in cases:
        try:
            actions.accept(case, by=request.user, at=timezone.now())
            done += 1
        except actions.NotAllowed as refusal:
            refused.append(str(refusal))
    if done:
        messages.success(request, f"已受理{done}件。")
    for sentence in refused[:5]:
        messages.error(request, sentence)
    if not numbers:
        messages.error(request, "请先选中要受理的办件。")
    return redirect("console:case-list")


@require_POST
@permission("cases.return_case")
def refuse_acceptance(request: HttpRequest, number: str) -> HttpResponse:
    reason, where_to_go = request.POST.get("reason", ""), request.POST.get("where_to_go", "")
    return _done(
        request,
        number,
        lambda case: actions.refuse_acceptance(
            case, reason=reason, where_to_go=where_to_go, by=request.user, at=timezone.now()
        ),
        panel=request.POST.get("panel", ""),
        words="已作出不予受理决定",
    )


@require_POST
@permission("cases.return_case")
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _done(
        request,
        number,
        lambda case: actions.send_back(case, reason=reason, by=request.user, at=timezone.now()),
        panel="send_back",
        words="已退件",
    )


@require_POST
@permission("cases.review_case")
def start_review(request: HttpRequest, number: str) -> HttpResponse:
    return _done(
        request,
        number,
        lambda case: actions.start_review(case, by=request.user, at=timezone.now()),
        panel="review_start",
        words="已开始审查",
    )


@require_POST
@permission("cases.review_case")
def finish_review(request: HttpRequest, number: str) -> HttpResponse:
    opinion = request.POST.get("opinion", "")
    return _done(
        request,
        number,
        lambda case: actions.finish_review(case, opinion=opinion, by=request.user, at=timezone.now()),
        panel="review_finish",
        words="审查完毕",
    )


@require_POST
@permission("cases.pause_case")
def pause(request: HttpRequest, number: str) -> HttpResponse:
    posted = request.POST
    days = posted.get("days_needed", "")
    return _done(
        request,
        number,
        lambda case: actions.pause(
            case,
            posted.get("kind", ""),
            days_needed=int(days) if days.isascii() and days.isdigit() else 0,
            reason=posted.get("reason", ""),
            by=request.user,
            at=timezone.now(),
        ),
        panel="pause",
        words="已进入特别程序",
    )


@require_POST
@permission("cases.pause_case")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    result = request.POST.get("result", "")
    return _done(
        request,
        number,
        lambda case: actions.resume(case, result=result, by=request.user, at=timezone.now()),
        panel="resume",
        words="特别程序已结束，恢复计时",
    )


@require_POST
@permission("cases.decide_case")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    posted = request.POST

    def decision(case: Case) -> Case:
        if posted.get("result") == "grant":
            return actions.grant(
                case,
                by=request.user,
                at=timezone.now(),
                opinion=posted.get("opinion", ""),
                result_number=posted.get("result_number", "")[:60],
            )
        if posted.get("result") == "refuse":
            return actions.refuse(
                case,
                reasons=posted.get("reasons", ""),
                remedies=posted.get("remedies", ""),
                by=request.user,
                at=timezone.now(),
            )
        raise actions.Incomplete("请选择结论。", {"result": "请选择准予许可或不予许可。"})

    return _done(request, number, decision, panel="decide", words="已作出决定")


@require_POST
@permission("cases.deliver_case")
def deliver(request: HttpRequest, number: str) -> HttpResponse:
    posted = request.POST
    return _done(
        request,
        number,
        lambda case: actions.deliver(
            case, posted.get("way", ""), proof=posted.get("proof", ""), by=request.user, at=timezone.now()
        ),
        panel="deliver",
        words="已送达",
    )


@require_POST
@permission("cases.archive_case")
def archive(request: HttpRequest, number: str) -> HttpResponse:
    archive_number = request.POST.get("archive_number", "")
    return _done(
        request,
        number,
        lambda case: actions.archive(case, archive_number=archive_number, by=request.user, at=timezone.now()),
        panel="archive",
        words="已归档",
    )


@require_POST
@permission("cases.withdraw_case")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _done(
        request,
        number,
        lambda case: actions.withdraw(case, reason=reason, by=request.user, at=timezone.now()),
        panel="withdraw",
        words="已登记撤回",
    )
