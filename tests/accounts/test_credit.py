"""失信记录: entered once, lifted once with its reason, and never with a number in plain."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.accounts import actions
from apps.accounts.actions import NotAllowed
from apps.accounts.identity import BadNumber
from apps.accounts.models import AuditEntry, CreditRecord
from tests.cast import at
from tests.races import at_once

pytestmark = pytest.mark.django_db

NUMBER = "519999199001010017"
FOUND = {
    "is_person": True,
    "name": "王小明",
    "number": NUMBER,
    "source": "雁江区人民法院（2026）川2002执12号",
    "reason": "有履行能力而拒不履行",
    "valid_from": date(2026, 1, 1),
    "valid_to": date(2026, 6, 30),
}


@pytest.fixture
def enter(centre_admin):
    def entered(**facts) -> CreditRecord:
        return actions.enter_credit_record(**{**FOUND, **facts}, by=centre_admin, at=at("2026-03-02"))

    return entered


def test_the_number_is_kept_as_its_keyed_hash_only(enter, citizen):
    record = enter()

    kept = str(CreditRecord.objects.filter(pk=record.pk).values().get())
    assert NUMBER not in kept and record.number_last4 == "0017"
    assert list(CreditRecord.objects.against(citizen.applicant)) == [record]
    assert str(record) == "王*明（雁江区人民法院（2026）川2002执12号）"


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_it_holds_from_its_first_day_to_its_last(enter, day, holds):
    record = enter()

    assert (record.is_in_force_on(day), CreditRecord.objects.in_force_on(day).exists()) == (holds, holds)


def test_lifting_ends_it_at_once_and_says_by_whom_and_why(enter, centre_admin):
    record = enter()

    lifted = actions.lift_credit_record(
        record, why="信用修复决定书第3号", by=centre_admin, at=at("2026-03-03")
    )

    assert (lifted.lifted_by, lifted.lifted_why) == (centre_admin, "信用修复决定书第3号")
    assert not CreditRecord.objects.in_force_on(date(2026, 3, 3)).exists()
    with pytest.raises(NotAllowed, match="这条失信记录已经解除"):
        actions.lift_credit_record(record, why="再来一次", by=centre_admin, at=at("2026-03-04"))


def test_nothing_is_lifted_without_a_reason(enter, centre_admin):
    with pytest.raises(NotAllowed, match="请写明解除的理由"):
        actions.lift_credit_record(enter(), why=" ", by=centre_admin, at=at("2026-03-03"))


def test_both_acts_are_on_record_without_name_or_number(enter, centre_admin):
    record = enter()
    actions.lift_credit_record(record, why="信用修复", by=centre_admin, at=at("2026-03-03"))

    written = AuditEntry.objects.filter(kind__startswith="credit").order_by("id")
    assert list(written.values_list("kind", "user", "subject", "detail")) == [
        ("credit_entered", centre_admin.pk, f"失信记录{record.pk}", {}),
        ("credit_lifted", centre_admin.pk, f"失信记录{record.pk}", {"why": "信用修复"}),
    ]


def test_the_database_lets_nobody_change_or_remove_a_record(enter):
    record = enter()

    for wrong in (
        lambda: CreditRecord.objects.filter(pk=record.pk).update(reason="改过"),
        lambda: CreditRecord.objects.filter(pk=record.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            wrong()


def test_the_database_wants_a_reason_with_a_lifting(enter, centre_admin):
    lifting = CreditRecord.objects.filter(pk=enter().pk)

    with pytest.raises(IntegrityError, match="a_lifted_record_says_by_whom_and_why"), transaction.atomic():
        lifting.update(lifted_at=at("2026-03-03"), lifted_by=centre_admin)


def test_a_finding_is_entered_once_and_again_after_it_was_lifted_as_wrong(enter, centre_admin):
    record = enter()
    with pytest.raises(NotAllowed, match="已经录入，不用再录"):
        enter()

    actions.lift_credit_record(record, why="事由录错", by=centre_admin, at=at("2026-03-03"))

    assert enter(reason="改正后的事由").pk != record.pk


def test_a_number_that_cannot_exist_and_an_end_before_the_beginning_are_refused(enter):
    with pytest.raises(BadNumber, match="校验位不对"):
        enter(number="519999199001010018")
    with pytest.raises(NotAllowed, match="截止日不能早于起始日"):
        enter(valid_to=date(2025, 12, 31))


@pytest.mark.django_db(transaction=True)
def test_two_who_lift_at_once_lift_once(enter, centre_admin):
    record = enter()

    results = at_once(
        2,
        lambda which: actions.lift_credit_record(
            record, why=f"修复{which}", by=centre_admin, at=at("2026-03-03")
        ),
    )

    assert sorted(type(result).__name__ for result in results) == ["CreditRecord", "NotAllowed"]
    assert AuditEntry.objects.filter(kind="credit_lifted").count() == 1
