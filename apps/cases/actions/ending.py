"""送达与终结: delivery with its proof, archive, withdrawal, lapse."""

from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from apps.accounts.actions import audit, may_act_for
from apps.accounts.models import AuditEntry, User
from apps.points.models import Department

from ..models import Case, CaseShare, ClockPause
from ..states import OPEN, Status, Verb
from .acceptance import BATCH
from .clocks import CLOCK_FIELDS, set_desk_due
from .moves import NotAllowed, begin, locked, needs_words, record, record_all


class Way(TextChoices):
    """送达方式 and what proves each."""

    COUNTER = "counter", "窗口领取"
    MAIL = "mail", "邮寄"
    AGENT = "agent", "代办员送达"
    ELECTRONIC = "electronic", "电子送达"


@transaction.atomic
def deliver(case: Case, way: str, *, proof: str, by: User, at: datetime) -> Case:
    """送达 (art. 44): the proof is the signature, the mail number, or the electronic receipt."""
    case = begin(case, Verb.DELIVERED)
    before = case.status
    if way not in Way.values:
        raise NotAllowed("请选择送达方式。")
    today = timezone.localdate(at)
    if way == Way.AGENT and not may_act_for(by, case.applicant, case.item.code, on=today):
        raise NotAllowed("代办员送达须持有申请人的有效委托书。")
    case.delivery_proof = needs_words(proof, "请填写送达凭证：签收人，或邮件号。")[:120]
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
def archive(case: Case, *, archive_number: str, by: User, at: datetime) -> Case:
    """归档: the closed case gets its archive number (D-83)."""
    case = begin(case, Verb.ARCHIVED)
    case.archive_number = needs_words(archive_number, "请填写档号。")[:40]
    case.status = Status.ARCHIVED
    case.save(update_fields=["status", "archive_number"])
    record(
        case,
        Verb.ARCHIVED,
        by=by,
        at=at,
        before=Status.DELIVERED,
        facts={"archive_number": case.archive_number},
    )
    return case


@transaction.atomic
def withdraw(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """撤回申请: by the applicant, or a clerk at the applicant's written wish, before the decision."""
    case = begin(case, Verb.WITHDRAWN)
    before, today = case.status, timezone.localdate(at)
    reason = needs_words(reason, "请写明撤回的原因。")
    ClockPause.objects.filter(case=case, to_on=None).update(to_on=today)
    case.status, case.closed_on = Status.WITHDRAWN, today
    _silence(case)
    case.save(
        update_fields=[
            "status",
            "closed_on",
            "notice_due_on",
            "pre_review_due_on",
            "wait_until",
            *CLOCK_FIELDS,
        ]
    )
    record(case, Verb.WITHDRAWN, by=by, at=at, before=before, reason=reason)
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
        _silence(case)
        entries.append(
            {
                "case": case, "verb": Verb.LAPSED, "by": None, "at": at, "before": before,
                "reason": f"期限{until:%m月%d日}内未补正或未交验原件，视为撤回申请。", "facts": {"until": until.isoformat()},
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


def _silence(case: Case) -> None:
    """No date is due any more, and no clock stands still; what the term was stays on record."""
    case.notice_due_on = case.pre_review_due_on = case.wait_until = None
    case.paused_since, case.pause_kind, case.stops_statutory = None, "", False
    set_desk_due(case)
