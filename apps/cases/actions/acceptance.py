"""受理: by a clerk, by passing the pre-review, or by law when nobody answered; or not at all."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.items.models import CaseKind, ItemVersion, Unit
from apps.windows.actions import window_of

from ..models import Case, CaseMaterial
from ..states import Status, Verb
from ..terms import last_day
from .clocks import CLOCK_FIELDS, HallClock, set_clocks, set_desk_due, wait_for_applicant
from .moves import NotAllowed, begin, needs_words, record, record_all

FORWARD_DAYS = 20  # working days, art. 43 (R18)
BATCH = 1_000  # cases locked at once by a sweep: a clerk never waits for more than a moment
ACCEPTANCE_FIELDS = [
    "status",
    "accepted_on",
    "accepted_by",
    "is_deemed_accepted",
    "committed_amount",
    "committed_unit",
    "statutory_amount",
    "statutory_unit",
    "kind",
    "window",
    "notice_due_on",
    "pre_review_due_on",
    "wait_until",
    "forward_due_on",
    "has_promise",
    *CLOCK_FIELDS,
]

REMEDIES = "如不服本决定，可自收到之日起六十日内依法申请行政复议，或者自收到之日起六个月内依法向人民法院提起行政诉讼。"
"""行政复议法 art. 20, 行政诉讼法 art. 46: the words a refusal must carry."""


@transaction.atomic
def accept(case: Case, *, by: User, at: datetime) -> Case:
    """受理 (art. 32(5)): both clocks start. After an answered notice the day is that of the answer (R4)."""
    case = begin(case, Verb.ACCEPTED)
    _nothing_is_missing(case)
    accepted_on = case.answered_on or timezone.localdate(at)
    start_running(case, accepted_on, by=by, clock=HallClock(case.path), at=at)
    case.save(update_fields=ACCEPTANCE_FIELDS)
    _shared_papers_were_checked(case, at)
    record(case, Verb.ACCEPTED, by=by, at=at, before=Status.RECEIVED, facts=promise_facts(case))
    return case


@transaction.atomic
def pass_pre_review(case: Case, *, by: User, at: datetime, note: str = "") -> Case:
    """预审通过: where no originals are needed this is the acceptance; else the applicant hands in within the period."""
    case = begin(case, Verb.PRE_PASSED)
    today, clock = timezone.localdate(at), HallClock(case.path)
    at_the_counter = case.version.needs_originals or case.version.advisory_pre_review
    _nothing_is_missing(case, for_acceptance=not at_the_counter)
    if at_the_counter:
        case.status, case.notice_due_on, case.pre_review_due_on = Status.PRE_PASSED, None, None
        wait_for_applicant(case, clock, today, clock.rules.pass_valid_days)
        set_desk_due(case)
        case.save(update_fields=["status", "notice_due_on", "pre_review_due_on", "wait_until", "desk_due_on"])
        facts = {"valid_until": case.wait_until.isoformat()}
        record(case, Verb.PRE_PASSED, by=by, at=at, before=Status.PRE_SUBMITTED, reason=note, facts=facts)
        return case
    start_running(case, case.answered_on or today, by=by, clock=clock, at=at)
    case.save(update_fields=ACCEPTANCE_FIELDS)
    _shared_papers_were_checked(case, at)
    record(
        case,
        Verb.PASSED_INTO_ACCEPTANCE,
        by=by,
        at=at,
        before=Status.PRE_SUBMITTED,
        reason=note,
        facts=promise_facts(case),
    )
    return case


@transaction.atomic
def refuse_acceptance(case: Case, *, reason: str, where_to_go: str, by: User, at: datetime) -> Case:
    """不予受理 (art. 32(1)(2)): no licence needed, or not this authority; with reasons, where to go and remedies."""
    verb = Verb.OUT_OF_SCOPE if case.status == Status.PRE_SUBMITTED else Verb.NOT_ACCEPTED
    case = begin(case, verb)
    before = case.status
    case.decision_reasons = needs_words(reason, "请写明不予受理的理由。")
    where_to_go = needs_words(where_to_go, "请写明申请人应向哪里申请；不需要许可的写“不需要办理”。")
    case.decision_remedies = REMEDIES
    _end(case, Status.NOT_ACCEPTED, on=timezone.localdate(at))
    case.save(
        update_fields=[
            "status", "closed_on", "notice_due_on", "pre_review_due_on", "desk_due_on",
            "decision_reasons", "decision_remedies",
        ]
    )  # fmt: skip
    record(case, verb, by=by, at=at, before=before, reason=reason, facts={"where_to_go": where_to_go})
    return case


@transaction.atomic
def send_back(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """退件: at the applicant's own wish, before acceptance; the papers go back with a 退件通知书."""
    case = begin(case, Verb.SENT_BACK)
    reason = needs_words(reason, "请写明退件的原因。")
    _end(case, Status.SENT_BACK, on=timezone.localdate(at))
    case.save(update_fields=["status", "closed_on", "notice_due_on", "pre_review_due_on", "desk_due_on"])
    record(case, Verb.SENT_BACK, by=by, at=at, before=Status.RECEIVED, reason=reason)
    return case


@transaction.atomic
def deem_accepted(*, at: datetime) -> int:
    """逾期视为受理 (art. 32(4), R4): one batch; unanswered past the fifth working day means accepted since receipt.

    Runs as often and by as many workers as may be: a row is taken once, and a missed night is caught up. Returns how
    many were accepted; call again until none is left.
    """
    today = timezone.localdate(at)
    late = Case.objects.notice_period_over(on=today).select_for_update(of=["self"], skip_locked=True)
    cases = list(late.for_act().order_by("notice_due_on", "id")[:BATCH])
    clock_at = clock_by_place()
    entries = []
    for case in cases:
        before, period_end = case.status, case.notice_due_on
        start_running(case, case.clock_from_on, by=None, clock=clock_at(case.path))
        case.is_deemed_accepted = True
        facts = {**promise_facts(case), "notice_period_ended_on": period_end.isoformat()}
        reason = f"到截止日{last_day(period_end)}未作出受理、不予受理或补正告知，依《行政许可法》第三十二条自收件之日起视为受理。"
        entries.append(
            {
                "case": case, "verb": Verb.DEEMED_ACCEPTED, "by": None, "at": at, "before": before,
                "reason": reason, "facts": facts,
            }
        )  # fmt: skip
    Case.objects.bulk_update(cases, ACCEPTANCE_FIELDS, batch_size=200)
    record_all(entries)
    return len(cases)


def start_running(
    case: Case,
    accepted_on: date,
    *,
    by: User | None,
    clock: HallClock,
    at: datetime | None = None,
    promised: int | None = None,
) -> None:
    """Both clocks start. Half days count from the hour of `at`, where it is of that very day (R13).

    `promised` are working days that a bundle promises in the place of the guide's own term.
    """
    version = _terms_of(case)
    case.status, case.accepted_on, case.accepted_by, case.kind = (
        Status.ACCEPTED,
        accepted_on,
        by,
        version.kind,
    )
    case.committed_amount, case.committed_unit = version.committed_amount, version.committed_unit
    case.statutory_amount, case.statutory_unit = version.statutory_amount, version.statutory_unit
    if promised is not None:
        case.committed_amount, case.committed_unit = promised, Unit.WORKDAY
    case.notice_due_on = case.pre_review_due_on = case.wait_until = None
    if (
        case.window_id is None and by is not None
    ):  # online cases belong to the window whose clerk accepts them
        case.window_id = window_of(by, case.point_id, on=accepted_on)
    if case.kind == CaseKind.FORWARDED:  # art. 43: twenty working days to review and send it up
        case.forward_due_on = clock.workdays_after(accepted_on, FORWARD_DAYS)
    began = at if at is not None and timezone.localdate(at) == accepted_on else None
    set_clocks(case, clock, pauses=[], started_at=began)


def _terms_of(case: Case) -> ItemVersion:
    """Whose terms run: of the item itself; for what a village collected, of the item it was collected for."""
    handled_as = case.item.hands_up_to
    return handled_as.current if handled_as is not None and handled_as.current is not None else case.version


def _shared_papers_were_checked(case: Case, at: datetime) -> None:
    """共享免提交: who accepts has looked up what the authorities hold; before that nobody has seen it."""
    shared = case.materials.filter(state=CaseMaterial.State.SHARED, checked_at=None)
    shared.update(checked_at=at)


def _nothing_is_missing(case: Case, *, for_acceptance: bool = True) -> None:
    """Required papers are there; for an acceptance also those that may come later or be promised, or else it is said how."""
    papers = list(case.materials.order_by("seq"))
    case.has_promise = any(paper.state == CaseMaterial.State.PROMISED for paper in papers)
    missing = [paper.name for paper in papers if paper.is_missing]
    if missing:
        names = "、".join(missing[:3])
        raise NotAllowed(f"还缺{len(missing)}份必要材料（{names}），请一次告知申请人补正。")
    if not for_acceptance:
        return
    promisable = next((paper for paper in papers if paper.may_be_promised), None)
    if promisable is not None:
        raise NotAllowed(f"还缺“{promisable}”：请申请人提交，或者签署告知承诺代替。")
    tolerable = next((paper for paper in papers if paper.may_be_tolerated), None)
    if tolerable is not None:
        raise NotAllowed(f"还缺“{tolerable}”：这是可容缺材料，请收齐后受理，或者凭书面承诺容缺受理。")


def _end(case: Case, status: str, *, on: date) -> None:
    case.status, case.closed_on = status, on
    case.notice_due_on = case.pre_review_due_on = case.wait_until = None
    set_desk_due(case)


def promise_facts(case: Case) -> dict:
    return {
        "accepted_on": case.accepted_on.isoformat(),
        "version": case.version.number,
        "committed": [case.committed_amount, case.committed_unit],
        "statutory": [case.statutory_amount, case.statutory_unit],
        "due_on": case.due_on and case.due_on.isoformat(),
        "statutory_due_on": case.statutory_due_on and case.statutory_due_on.isoformat(),
        "provisional": case.calendar_missing,
    }


def clock_by_place(*known_ones: HallClock) -> Callable[[str], HallClock]:
    """A clock for each path, asked for once."""
    known = {clock.path: clock for clock in known_ones}

    def clock_at(path: str) -> HallClock:
        if path not in known:
            known[path] = HallClock(path)
        return known[path]

    return clock_at
