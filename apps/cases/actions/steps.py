"""审批单: what the head must approve before it holds: a special procedure (art. 45), an extension (art. 42)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.items.models import CaseKind

from ..models import Case, StepRequest
from ..states import Verb
from ..terms import day_words, last_day
from .clocks import CLOCK_FIELDS, HallClock, pauses_of, set_clocks
from .moves import Incomplete, NotAllowed, begin, needs_words, record
from .review import check_pause, pause

Kind, State = StepRequest.Kind, StepRequest.State

EXTENSION = 10
"""The most by which one authority may extend (art. 42(1)), where the guide says nothing else."""
JOINT_EXTENSION = 15
"""The most for what is decided jointly (art. 42(2)); the head of the government approves."""


@transaction.atomic
def ask_pause(case: Case, kind: str, *, days_needed: int, reason: str, by: User, at: datetime) -> StepRequest:
    """申请启动特别程序: the reviewer asks, the head approves; the clock runs until then."""
    case = begin(case, Verb.PAUSE_ASKED)
    reason = check_pause(case, kind, days_needed, reason)
    return _ask(case, Kind.PAUSE, Verb.PAUSE_ASKED, kind, days_needed, reason, by=by, at=at)


@transaction.atomic
def ask_extension(case: Case, *, amount: int, reason: str, by: User, at: datetime) -> StepRequest:
    """申请延期 (art. 42): asked and approved not later than the promised day (R6)."""
    case = begin(case, Verb.EXTENSION_ASKED)
    reason = _check_extension(case, amount, reason, at=at)
    return _ask(case, Kind.EXTENSION, Verb.EXTENSION_ASKED, "", amount, reason, by=by, at=at)


def seek_pause(case: Case, kind: str, *, days_needed: int, reason: str, by: User, at: datetime) -> Case:
    """启动或报批特别程序: whoever may approve opens it at once, anybody else asks."""
    if by.has_perm("cases.approve_step"):
        return pause(case, kind, days_needed=days_needed, reason=reason, by=by, at=at)
    return ask_pause(case, kind, days_needed=days_needed, reason=reason, by=by, at=at).case


def seek_extension(case: Case, *, amount: int, reason: str, by: User, at: datetime) -> Case:
    """延期或报批延期: whoever may approve extends at once, anybody else asks."""
    if by.has_perm("cases.approve_step"):
        return extend(case, amount=amount, reason=reason, by=by, at=at)
    return ask_extension(case, amount=amount, reason=reason, by=by, at=at).case


@transaction.atomic
def approve(request: StepRequest, *, by: User, at: datetime, answer: str = "") -> Case:
    """批准: carries the step out in the same moment; whoever asked cannot approve."""
    case, request = _answered(request, State.APPROVED, by=by, at=at, answer=answer)
    if request.kind == Kind.EXTENSION:
        return extend(case, amount=request.amount, reason=request.reason, by=by, at=at)
    return pause(
        case,
        request.procedure,
        days_needed=request.amount,
        reason=request.reason,
        by=by,
        at=at,
        asked_by=request.asked_by,
    )


@transaction.atomic
def deny(request: StepRequest, *, answer: str, by: User, at: datetime) -> Case:
    """不批准: with a reason; the clock goes on as it did."""
    answer = needs_words(answer, "请写明不批准的理由。")
    case, request = _answered(request, State.DENIED, by=by, at=at, answer=answer)
    record(
        case,
        Verb.STEP_DENIED,
        by=by,
        at=at,
        reason=answer,
        facts={"step": request.kind, "request": request.pk},
    )
    return case


@transaction.atomic
def extend(case: Case, *, amount: int, reason: str, by: User, at: datetime) -> Case:
    """批准延期 (art. 42, R6): the same count goes on to N + `amount` on both clocks; once, with notice and reason."""
    case = begin(case, Verb.EXTENDED)
    reason = _check_extension(case, amount, reason, at=at)
    before = case.shown_due_on
    case.extension_amount, case.extended_on = amount, timezone.localdate(at)
    set_clocks(case, HallClock(case.path), pauses_of(case))
    case.save(update_fields=["extension_amount", "extended_on", *CLOCK_FIELDS])
    _drop_open(case, Kind.EXTENSION)
    facts = {
        "amount": amount,
        "unit": case.committed_unit,
        "before": before and before.isoformat(),
        "due_on": case.shown_due_on and case.shown_due_on.isoformat(),
        "statutory_due_on": case.statutory_due_on and case.statutory_due_on.isoformat(),
        "provisional": case.calendar_missing,
    }
    record(case, Verb.EXTENDED, by=by, at=at, reason=reason, facts=facts)
    return case


def most_to_extend(case: Case) -> int:
    if case.version.extension_amount is not None:
        return case.version.extension_amount
    return JOINT_EXTENSION if case.kind == CaseKind.JOINT else EXTENSION


def why_not_extend(case: Case, *, on: date) -> str:
    """Why no extension can be asked or approved on that day; empty when it can."""
    if case.extension_amount:
        return f"这件已于{day_words(case.extended_on)}延期{case.extension_amount}{case.get_committed_unit_display()}，只能延期一次。"
    due_on = case.shown_due_on
    if due_on is not None and on > due_on:
        return (
            f"承诺办结的截止日{last_day(due_on)}已过，不能再延期；"
            "延期须在截止日当天或更早批准（行政许可法第四十二条）。"
        )
    return ""


def _check_extension(case: Case, amount: int, reason: str, *, at: datetime) -> str:
    why_not = why_not_extend(case, on=timezone.localdate(at))
    if why_not:
        raise NotAllowed(why_not)
    most = most_to_extend(case)
    if not 1 <= amount <= most:
        sentence = f"请填写延长的天数，1至{most}天。"
        raise Incomplete(sentence, {"amount": sentence})
    return needs_words(reason, "请写明延期的理由，将书面告知申请人。")


def _ask(case, kind, verb, procedure, amount, reason, *, by, at) -> StepRequest:
    if case.requests.filter(kind=kind, procedure=procedure, state=State.OPEN).exists():
        raise NotAllowed("同样的申请已经提出，正等负责人批准。")
    request = StepRequest.objects.create(
        case=case, kind=kind, procedure=procedure, amount=amount, reason=reason, asked_by=by, asked_at=at
    )
    facts = {"request": request.pk, "kind": procedure, "amount": amount}
    record(case, verb, by=by, at=at, reason=reason, facts=facts)
    return request


def _answered(request: StepRequest, state: str, *, by: User, at: datetime, answer: str):
    case = begin(request.case, Verb.STEP_DENIED)  # the case is locked before its request
    request = StepRequest.objects.select_for_update().select_related("asked_by").get(pk=request.pk)
    if not request.is_open:
        who = f"由{request.answered_by.name}" if request.answered_by else ""
        raise NotAllowed(f"这份申请已{who}处理：{request.get_state_display()}。")
    if request.asked_by_id == by.pk:
        raise NotAllowed("申请人和批准人须是两个人，请另一位负责人批准。")
    request.state, request.answered_by, request.answered_at = state, by, at
    request.answer = answer.strip()
    request.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    return case, request


def _drop_open(case: Case, kind: str) -> None:
    case.requests.filter(kind=kind, state=State.OPEN).update(state=State.DROPPED)
