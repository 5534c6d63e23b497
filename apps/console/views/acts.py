"""办理: every act is one call of an action. What was refused comes back with the page, and nothing typed is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.gates import permission
from apps.cases import actions
from apps.cases.models import Case, Status
from apps.cases.uploads import BadFile

from ..forms import BadCopies, copies_in, faults_in, number_in, seqs_in, whole_number
from .case import case_of, page_facts

LONGEST_RESULT_NUMBER = Case._meta.get_field("result_number").max_length
Doing = Callable[..., Case]
"""An act as it is sent: the case, what was posted (and its files, if any), by whom, when."""


@dataclass(frozen=True)
class Page:
    """The page from which an act is sent, and to which it comes back when it was refused."""

    template: str
    facts: Callable[..., dict]
    address: str


CASE_PAGE = Page("console/case_detail.html", page_facts, "console:case-detail")


def act(
    needs: str, *, panel: str, done: str, page: Page = CASE_PAGE, with_files: bool = False
) -> Callable[[Doing], Callable[..., HttpResponse]]:
    """A view out of one act: who may, which panel of the page it belongs to, and what is said when it is done.

    Back to the page when done, else the same page with the refusal (409) or with what is missing (422). A panel that
    several steps share names itself in the form.
    """

    def view_of(doing: Doing) -> Callable[..., HttpResponse]:
        @require_POST
        @permission(needs)
        @wraps(doing)
        def view(request: HttpRequest, number: str) -> HttpResponse:
            opened = request.POST.get("panel") or panel
            seen = request.POST.get("seen", "")
            case = actions.seen(case_of(request, number), int(seen) if whole_number(seen) else None)
            try:
                posted = _without_nul(request.POST)
                sent = (posted, request.FILES) if with_files else (posted,)
                doing(case, *sent, request.user, timezone.now())
            except (actions.Incomplete, BadCopies) as incomplete:
                facts = page.facts(request, case, refusal=incomplete, panel=opened, faults=incomplete.faults)
                return render(request, page.template, facts, status=422)
            except (actions.NotAllowed, BadFile) as refusal:
                facts = page.facts(request, case_of(request, number), refusal=refusal, panel=opened)
                return render(request, page.template, facts, status=409)
            messages.success(request, f"{done}：{case.item}（{case.number[-6:]}）。")
            return redirect(page.address, number=case.number)

        return view

    return view_of


def _without_nul(posted: QueryDict) -> QueryDict:
    """What was typed; NUL characters cannot be kept by any database."""
    if not any("\x00" in text for _, texts in posted.lists() for text in texts):
        return posted
    kept = posted.copy()
    for name, texts in posted.lists():
        kept.setlist(name, [text.replace("\x00", "") for text in texts])
    return kept


# ── before acceptance ────────────────────────────────────────────────────────────────────────────────
@act("cases.receive_case", panel="hand_up", done="已签收代收材料")
def hand_up(case, posted, by, at):
    return actions.hand_up(case, by=by, at=at)


@act("cases.return_case", panel="give_back", done="已退还代收材料")
def give_back(case, posted, by, at):
    return actions.give_back(case, reason=posted.get("reason", ""), by=by, at=at)


@act("cases.pre_review_case", panel="pre_pass", done="预审通过")
def pre_pass(case, posted, by, at):
    return actions.pass_pre_review(case, note=posted.get("note", ""), by=by, at=at)


@act("cases.return_case", panel="supplement_ask", done="已一次告知申请人")
def notice(case, posted, by, at):
    """One notice with every fault: a pre-review return, or a supplement notice after receipt."""
    tell = actions.return_for_correction if case.status == Status.PRE_SUBMITTED else actions.ask_supplement
    note, why_new = posted.get("note", ""), posted.get("why_new", "")
    return tell(case, faults_in(posted), note=note, why_new=why_new, by=by, at=at)


@act("cases.receive_case", panel="hand_in", done="已收原件")
def hand_in(case, posted, by, at):
    return actions.hand_in(case, copies_in(posted), by=by, at=at)


@act("cases.receive_case", panel="supplement_take", done="已收补正材料")
def supplement(case, posted, by, at):
    """The applicant brings the answer to the counter: the clerk notes it for each fault."""
    keys = {name: name.removeprefix("answer-") for name in posted if name.startswith("answer-")}
    answers = {int(key): posted[name] for name, key in keys.items() if key.isascii() and key.isdigit()}
    return actions.supplement(case, answers, by=by, at=at)


@act("cases.accept_case", panel="accept", done="已受理")
def accept(case, posted, by, at):
    return actions.accept(case, by=by, at=at)


@act("cases.accept_case", panel="accept_tolerated", done="已容缺受理")
def accept_tolerated(case, posted, by, at):
    return actions.accept_tolerated(case, promised_by=posted.get("promised_by", ""), by=by, at=at)


@act("cases.receive_case", panel="tolerated_bring", done="已登记补交材料")
def bring_tolerated(case, posted, by, at):
    return actions.bring_tolerated(case, seqs_in(posted), by=by, at=at)


@act("cases.accept_case", panel="promise", done="已登记告知承诺")
def promise(case, posted, by, at):
    return actions.take_promise(case, seqs_in(posted), by=by, at=at)


@act("cases.return_case", panel="refuse_acceptance", done="已作出不予受理决定")
def refuse_acceptance(case, posted, by, at):
    where_to_go = posted.get("where_to_go", "")
    return actions.refuse_acceptance(
        case, reason=posted.get("reason", ""), where_to_go=where_to_go, by=by, at=at
    )


@act("cases.return_case", panel="send_back", done="已退件")
def send_back(case, posted, by, at):
    return actions.send_back(case, reason=posted.get("reason", ""), by=by, at=at)


# ── review and decision ──────────────────────────────────────────────────────────────────────────────
@act("cases.review_case", panel="review_start", done="已开始审查")
def start_review(case, posted, by, at):
    return actions.start_review(case, by=by, at=at)


@act("cases.review_case", panel="review_finish", done="审查完毕")
def finish_review(case, posted, by, at):
    return actions.finish_review(case, opinion=posted.get("opinion", ""), by=by, at=at)


@act("cases.pause_case", panel="pause", done="已登记特别程序")
def pause(case, posted, by, at):
    return actions.seek_pause(
        case,
        posted.get("kind", ""),
        days_needed=number_in(posted, "days_needed"),
        reason=posted.get("reason", ""),
        by=by,
        at=at,
    )


@act("cases.pause_case", panel="resume", done="已登记特别程序的结果")
def resume(case, posted, by, at):
    return actions.resume(case, kind=posted.get("kind", ""), result=posted.get("result", ""), by=by, at=at)


@act("cases.decide_case", panel="decide", done="已作出决定")
def decide(case, posted, by, at):
    if posted.get("result") == "grant":
        number = posted.get("result_number", "").strip()
        if len(number) > LONGEST_RESULT_NUMBER:
            sentence = f"结果文号最多 {LONGEST_RESULT_NUMBER} 字，现在有 {len(number):,} 字，请核对。"
            raise actions.Incomplete("结果文号太长。", {"result_number": sentence})
        return actions.grant(case, opinion=posted.get("opinion", ""), result_number=number, by=by, at=at)
    if posted.get("result") == "refuse":
        remedies = posted.get("remedies", "")
        return actions.refuse(case, reasons=posted.get("reasons", ""), remedies=remedies, by=by, at=at)
    raise actions.Incomplete("请选择结论。", {"result": "请选择准予许可或不予许可。"})


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────
@act("cases.deliver_case", panel="deliver", done="已送达")
def deliver(case, posted, by, at):
    return actions.deliver(case, posted.get("way", ""), proof=posted.get("proof", ""), by=by, at=at)


@act("cases.archive_case", panel="archive", done="已归档")
def archive(case, posted, by, at):
    number, box = posted.get("archive_number", ""), posted.get("archive_box", "")
    return actions.archive(case, archive_number=number, box=box, by=by, at=at)


@act("cases.withdraw_case", panel="withdraw", done="已登记撤回")
def withdraw(case, posted, by, at):
    return actions.withdraw(case, reason=posted.get("reason", ""), by=by, at=at)
