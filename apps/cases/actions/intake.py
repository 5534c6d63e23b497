"""收件: papers handed over a counter, to a village agent, or after a passed pre-review."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.actions import may_act_for
from apps.accounts.models import User
from apps.items.models import Offering

from ..models import Case, CaseMaterial
from ..routing import route
from ..states import Status, Verb
from ..terms import last_day
from .clocks import HallClock, open_notice_period, set_desk_due
from .filing import _iso, _number, _still_open, is_complete
from .moves import Incomplete, NotAllowed, begin, needs_words, record

Papers = dict[int, tuple[int, int]]
"""What was handed over: material seq → (originals, copies)."""


@transaction.atomic
def receive(
    case: Case, papers: Papers, *, by: User, at: datetime, privacy_notice: str, window: int | None = None
) -> Case:
    """窗口收件: the counter takes the papers and owes an answer within five working days; 收件凭证 is issued."""
    case = begin(case, Verb.RECEIVED)
    today = timezone.localdate(at)
    _still_open(case)
    faults = {
        name: words for name, words in is_complete(case, on=today).items() if not name.startswith("material-")
    }
    if faults:
        raise Incomplete(f"申请表还有{len(faults)}处没有填好。", faults)
    _take(case, papers)
    if not case.materials.exclude(state=CaseMaterial.State.ABSENT).exists():
        raise Incomplete("没有登记任何材料。", {"papers": "请至少登记一份收到的材料。"})
    case.status, case.number = Status.RECEIVED, _number(case, today)
    case.submitted_at, case.received_on = at, today
    case.privacy_notice, case.window_id, case.visits = privacy_notice, window, 1
    _start_notice_period(case, today)
    case.save(
        update_fields=[
            "status", "number", "submitted_at", "received_on", "privacy_notice", "window", "visits",
            "notice_due_on", "pre_review_due_on", "desk_due_on",
        ]
    )  # fmt: skip
    record(case, Verb.RECEIVED, by=by, at=at, before=Status.DRAFT, facts=_receipt(case, papers))
    return case


@transaction.atomic
def hand_in(case: Case, papers: Papers, *, by: User, at: datetime, window: int | None = None) -> Case:
    """交验原件: after a passed pre-review the originals come to the counter; a new five days begin (R4)."""
    case = begin(case, Verb.HANDED_IN)
    today = timezone.localdate(at)
    if case.wait_until is not None and today > case.wait_until:
        raise NotAllowed(f"交验原件的截止日{last_day(case.wait_until)}已过，请申请人重新提交。")
    _take(case, papers)
    _originals_are_here(case)
    case.status, case.received_on, case.answered_on, case.wait_until = Status.RECEIVED, today, None, None
    case.window_id = window or case.window_id
    case.visits += 1
    _start_notice_period(case, today)
    case.save(
        update_fields=[
            "status", "received_on", "answered_on", "wait_until", "window", "visits",
            "notice_due_on", "pre_review_due_on", "desk_due_on",
        ]
    )  # fmt: skip
    record(case, Verb.HANDED_IN, by=by, at=at, before=Status.PRE_PASSED, facts=_receipt(case, papers))
    return case


@transaction.atomic
def collect(case: Case, papers: Papers, *, by: User, at: datetime, privacy_notice: str) -> Case:
    """代收: a village agent with a mandate takes the papers; no receipt by the authority, but three days to hand up."""
    case = begin(case, Verb.COLLECTED)
    today = timezone.localdate(at)
    _still_open(case)
    way = route(case.item, case.intake_point)
    if way is None or way.intake.authority != Offering.Authority.COLLECT:
        raise NotAllowed(f"“{case.item}”不在{case.intake_point}的代收范围内。")
    mandate = may_act_for(by, case.applicant, case.item.code, on=today)
    if mandate is None:
        raise NotAllowed(f"没有{case.applicant}的有效委托书，不能代收。请先登记委托。")
    faults = {
        name: words for name, words in is_complete(case, on=today).items() if not name.startswith("material-")
    }
    if faults:
        raise Incomplete(f"申请表还有{len(faults)}处没有填好。", faults)
    _take(case, papers)
    clock = HallClock(case.intake_path)
    case.status, case.number, case.mandate = Status.COLLECTED, _number(case, today), mandate
    case.submitted_at, case.collected_on, case.collected_by = at, today, by
    case.privacy_notice = privacy_notice
    case.hand_up_due_on = clock.workdays_after(today, clock.rules.hand_up_days)
    set_desk_due(case)
    case.save(
        update_fields=[
            "status", "number", "mandate", "submitted_at", "collected_on", "collected_by", "privacy_notice",
            "hand_up_due_on", "desk_due_on",
        ]
    )  # fmt: skip
    record(case, Verb.COLLECTED, by=by, at=at, before=Status.DRAFT, facts=_receipt(case, papers))
    return case


@transaction.atomic
def hand_up(case: Case, *, by: User, at: datetime) -> Case:
    """签收代收材料: the township clerk signs for the papers; this is the receipt by the authority, day 0 of the law."""
    case = begin(case, Verb.HANDED_UP)
    if case.collected_by_id == by.pk:
        raise NotAllowed("交件人和收件人须是两个人：请由乡镇窗口人员签收。")
    today = timezone.localdate(at)
    case.status, case.received_on, case.hand_up_due_on = Status.RECEIVED, today, None
    _start_notice_period(case, today)
    case.save(
        update_fields=[
            "status",
            "received_on",
            "hand_up_due_on",
            "notice_due_on",
            "pre_review_due_on",
            "desk_due_on",
        ]
    )
    record(
        case,
        Verb.HANDED_UP,
        by=by,
        at=at,
        before=Status.COLLECTED,
        facts={"given_by": case.collected_by_id, "papers": case.materials.filter(state="on_paper").count()},
    )
    return case


@transaction.atomic
def give_back(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """退还代收材料: the agent gives the papers back, with the reason."""
    case = begin(case, Verb.GIVEN_BACK)
    reason = needs_words(reason, "请写明退还的原因。")
    case.status, case.closed_on, case.hand_up_due_on = Status.SENT_BACK, timezone.localdate(at), None
    set_desk_due(case)
    case.save(update_fields=["status", "closed_on", "hand_up_due_on", "desk_due_on"])
    record(case, Verb.GIVEN_BACK, by=by, at=at, before=Status.COLLECTED, reason=reason)
    return case


def _take(case: Case, papers: Papers) -> None:
    """Notes originals and copies on the check list; a paper that is not on the list is refused (art. 31)."""
    rows = {material.seq: material for material in case.materials.all()}
    unknown = [seq for seq in papers if seq not in rows]
    if unknown:
        raise NotAllowed(f"材料清单中没有第{unknown[0]}项，不能收取清单以外的材料。")
    changed = []
    for seq, (originals, copies) in papers.items():
        if originals < 0 or copies < 0 or originals + copies > 999:
            raise NotAllowed(f"“{rows[seq]}”的份数不对，请填0到999。")
        if originals + copies == 0:
            continue
        row = rows[seq]
        row.originals, row.copies = originals, copies
        if row.state != CaseMaterial.State.UPLOADED:
            row.state = CaseMaterial.State.ON_PAPER
        changed.append(row)
    CaseMaterial.objects.bulk_update(changed, ["originals", "copies", "state"])


def _originals_are_here(case: Case) -> None:
    """What was passed online is compared with its originals: each that the guide wants must be on the counter.

    A paper that may follow and was not uploaded is left to the acceptance (容缺); a promise stands in for its paper.
    """
    spared = (CaseMaterial.State.NOT_NEEDED, CaseMaterial.State.SHARED, CaseMaterial.State.PROMISED)
    wanted = case.materials.filter(material__originals__gt=0, originals=0).exclude(state__in=spared)
    missing = [row for row in wanted.order_by("seq") if row.is_present or row.is_missing]
    if missing:
        raise Incomplete(
            f"还缺{len(missing)}份材料的原件。",
            {f"originals-{row.seq}": f"请收“{row.name}”的原件并填写份数。" for row in missing},
        )


def _start_notice_period(case: Case, today) -> None:
    case.pre_review_due_on = None
    open_notice_period(case, HallClock(case.path), today)
    set_desk_due(case)


def _receipt(case: Case, papers: Papers) -> dict:
    return {
        "number": case.number,
        "notice_due_on": _iso(case.notice_due_on),
        "papers": [
            {"seq": seq, "originals": o, "copies": c} for seq, (o, c) in sorted(papers.items()) if o + c
        ],
    }
