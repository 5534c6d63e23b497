"""归档 (D-83): number and box; who has the file, and when it came back."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User

from ..models import ArchiveLoan, Case
from ..states import Status, Verb
from ..terms import last_day
from .moves import NotAllowed, begin, needs_words, record


@transaction.atomic
def archive(case: Case, *, archive_number: str, by: User, at: datetime, box: str = "") -> Case:
    """归档: the closed case gets its number, once in its department, and the box it lies in."""
    case = begin(case, Verb.ARCHIVED)
    case.archive_number = needs_words(archive_number, "请填写档号。")[:40]
    case.archive_box = box.strip()[:20]
    case.status = Status.ARCHIVED
    try:
        with transaction.atomic():
            case.save(update_fields=["status", "archive_number", "archive_box"])
    except IntegrityError as error:
        raise NotAllowed(f"档号“{case.archive_number}”已经用过，请换一个。") from error
    facts = {"archive_number": case.archive_number, "box": case.archive_box}
    record(case, Verb.ARCHIVED, by=by, at=at, before=Status.DELIVERED, facts=facts)
    return case


@transaction.atomic
def borrow(
    case: Case, *, borrower: str, unit: str, purpose: str, due_on: date, by: User, at: datetime
) -> ArchiveLoan:
    """借阅: one borrower at a time, with a purpose and a day of return."""
    case = begin(case, Verb.BORROWED)
    today = timezone.localdate(at)
    borrower = needs_words(borrower, "请填写借阅人。")[:60]
    purpose = needs_words(purpose, "请填写借阅用途。")[:200]
    if due_on < today:
        raise NotAllowed("应还日期不能早于今天。")
    lent = case.loans.filter(returned_on=None).first()
    if lent is not None:
        raise NotAllowed(f"档案已由{lent.borrower}借出，归还的截止日是{last_day(lent.due_on)}。")
    loan = ArchiveLoan.objects.create(
        case=case,
        borrower=borrower,
        unit=unit.strip()[:120],
        purpose=purpose,
        borrowed_on=today,
        due_on=due_on,
        lent_by=by,
    )
    facts = {"loan": loan.pk, "borrower": borrower, "due_on": due_on.isoformat()}
    record(case, Verb.BORROWED, by=by, at=at, reason=purpose, facts=facts)
    return loan


@transaction.atomic
def return_file(case: Case, *, condition: str, by: User, at: datetime) -> ArchiveLoan:
    """归还: with a word on whether it is whole."""
    case = begin(case, Verb.RETURNED)
    loan = case.loans.filter(returned_on=None).first()
    if loan is None:
        raise NotAllowed("档案没有借出，不用归还。")
    loan.returned_on = timezone.localdate(at)
    loan.condition = needs_words(condition, "请写明归还时档案是否完整。")[:200]
    loan.save(update_fields=["returned_on", "condition"])
    record(case, Verb.RETURNED, by=by, at=at, reason=loan.condition, facts={"loan": loan.pk})
    return loan
