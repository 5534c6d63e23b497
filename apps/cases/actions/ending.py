"""送达与终结: delivery with its proof, archive, withdrawal, lapse."""

import re
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from apps.accounts.actions import audit, may_act_for
from apps.accounts.models import AuditEntry, User
from apps.points.models import Department

from ..models import Case, CaseShare, ClockPause
from ..states import OPEN, Status, Verb
from ..terms import last_day
from .acceptance import BATCH
from .clocks import CLOCK_FIELDS, close_clocks, set_desk_due
from .moves import Incomplete, NotAllowed, begin, locked, needs_words, record, record_all

ENDING_FIELDS = ["status", "closed_on", "notice_due_on", "pre_review_due_on", "wait_until", *CLOCK_FIELDS]
MAIL_NUMBER = re.compile(r"[A-Za-z0-9]{8,20}")


class Way(TextChoices):
    """送达方式 and what proves each."""

    COUNTER = "counter", "窗口领取"
    MAIL = "mail", "邮寄"
    AGENT = "agent", "代办员送达"
    ELECTRONIC = "electronic", "电子送达"
    REFUSED = "refused", "拒收留置"


@transaction.atomic
def deliver(case: Case, way: str, *, proof: str, by: User, at: datetime) -> Case:
    """送达 (art. 44): the proof is the signature, the mail number, or the electronic receipt."""
    case = begin(case, Verb.DELIVERED)
    before = case.status
    if way not in Way.values:
        raise Incomplete("请选择送达方式。", {"way": "请选择送达方式。"})
    today = timezone.localdate(at)
    if way == Way.AGENT and not may_act_for(by, case.applicant, case.item.code, on=today):
        raise NotAllowed("代办员送达须持有申请人的有效委托书。")
    case.delivery_proof = needs_words(proof, "请填写送达凭证：签收人，或邮件号。")[:120]
    if way == Way.MAIL and not MAIL_NUMBER.search(case.delivery_proof):
        raise NotAllowed("请填写邮件号：8至20位数字和字母。")
    if way == Way.REFUSED and len(case.delivery_proof) < 6:
        raise NotAllowed("拒收的，请写明拒收事由、日期和见证人。")
    case.status, case.delivery_way, case.delivered_on, case.delivered_by = Status.DELIVERED, way, today, by
    case.closed_on = today
    set_desk_due(case)
    case.save(
        update_fields=[
            "status", "delivery_way", "delivery_proof", "delivered_on", "delivered_by", "closed_on", "desk_due_on"
        ]
    )  # fmt: skip
    record(
        case, Verb.DELIVERED, by=by, at=at, before=before, facts={"way": way, "proof": case.delivery_proof}
    )
    return case


@transaction.atomic
def withdraw(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """撤回申请: by the applicant, or a clerk at the applicant's written wish, before the decision."""
    case = begin(case, Verb.WITHDRAWN)
    before, today = case.status, timezone.localdate(at)
    reason = needs_words(reason, "请写明撤回的原因。")
    ClockPause.objects.filter(case=case, to_on=None).update(to_on=today)
    case.requests.filter(state="open").update(state="dropped")
    case.status, case.closed_on = Status.WITHDRAWN, today
    close_clocks(case)
    case.save(update_fields=ENDING_FIELDS)
    record(case, Verb.WITHDRAWN, by=by, at=at, before=before, reason=reason)
    return case


@transaction.atomic
def terminate(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """终止办理: by the head, when there is nothing left to decide: the applicant is gone, the law has changed."""
    case = begin(case, Verb.TERMINATED)
    before, today = case.status, timezone.localdate(at)
    reason = needs_words(reason, "请写明终止办理的原因和依据。")
    ClockPause.objects.filter(case=case, to_on=None).update(to_on=today)
    case.requests.filter(state="open").update(state="dropped")
    case.status, case.closed_on = Status.TERMINATED, today
    close_clocks(case)
    case.save(update_fields=ENDING_FIELDS)
    record(case, Verb.TERMINATED, by=by, at=at, before=before, reason=reason)
    return case


@transaction.atomic
def lapse(*, at: datetime) -> int:
    """逾期视为撤回: one batch of cases whose applicants let the period pass; returns how many."""
    today = timezone.localdate(at)
    waiting = Case.objects.waited_too_long(on=today).select_for_update(of=["self"], skip_locked=True)
    cases = list(waiting.order_by("wait_until", "id")[:BATCH])
    entries = []
    for case in cases:
        before, until = case.status, case.wait_until
        case.status, case.closed_on = Status.LAPSED, today
        close_clocks(case)
        entries.append(
            {
                "case": case, "verb": Verb.LAPSED, "by": None, "at": at, "before": before,
                "reason": f"截止日{last_day(until)}已过，未补正或未交验原件，视为撤回申请。", "facts": {"until": until.isoformat()},
            }
        )  # fmt: skip
    fields = ["status", "closed_on", "notice_due_on", "pre_review_due_on", "wait_until", "desk_due_on"]
    Case.objects.bulk_update(cases, fields, batch_size=200)
    record_all(entries)
    return len(cases)


@transaction.atomic
def reveal_number(case: Case, *, reason: str, by: User, at: datetime, address: str | None = None) -> str:
    """查看完整证件号码: an explicit act with a reason, on an open case only; logged with the case and in the audit."""
    case = locked(case)
    if case.status not in OPEN:
        raise NotAllowed("办件已终结，不能再查看完整证件号码。")
    reason = needs_words(reason, "请写明查看完整证件号码的原因。")
    record(case, Verb.REVEALED, by=by, at=at, reason=reason)
    audit(
        AuditEntry.Kind.REVEALED,
        by=by,
        at=at,
        subject=case.number or "",
        detail={"reason": reason},
        address=address,
    )
    return case.applicant.number


@transaction.atomic
def share(
    case: Case,
    *,
    why: str,
    at: datetime,
    by: User | None,
    department: Department | None = None,
    user: User | None = None,
    until=None,
) -> CaseShare:
    """授权查看: an upper floor opens one case to a department or a person."""
    why = needs_words(why, "请写明授权查看的事由。")
    if (department is None) == (user is None):
        raise NotAllowed("请指定一个部门或一个人。")
    shared = CaseShare.objects.create(
        case=case, department=department, user=user, why=why, until=until, at=at
    )
    record(case, Verb.SHARED, by=by, at=at, reason=why, facts={"with": str(department or user)})
    return shared
