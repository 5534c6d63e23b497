"""失信记录 at the console: seen by whoever keeps the register, and by nobody else."""

from datetime import date

import pytest
from django.urls import reverse

from apps.accounts import actions
from apps.accounts.models import CreditRecord
from tests.cast import at

pytestmark = pytest.mark.django_db

NUMBER = "519999199001010017"
TYPED = {
    "kind": "person",
    "name": "王小明",
    "number": "519999 19900101 0017",
    "source": "雁江区人民法院（2026）川2002执12号",
    "reason": "有履行能力而拒不履行",
    "valid_from": "2026-01-01",
    "valid_to": "2026-06-30",
}


@pytest.fixture
def keeper(client, centre_admin, clock):
    clock(at("2026-03-02"))
    client.force_login(centre_admin)
    return client


@pytest.fixture
def record(centre_admin):
    return enter(centre_admin, 1)


def enter(by, serial: int) -> CreditRecord:
    return actions.enter_credit_record(
        is_person=True,
        name="王小明",
        number=NUMBER,
        source=f"雁江区人民法院第{serial}号",
        reason="拒不履行",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        by=by,
        at=at("2026-03-02"),
    )


def test_what_is_typed_is_entered_and_the_list_shows_neither_number_nor_full_name(keeper):
    sent = keeper.post(reverse("console:credit-entry"), TYPED)

    entered = CreditRecord.objects.get()
    page = keeper.get(reverse("console:credit-list")).content.decode()
    assert (sent.status_code, sent["Location"]) == (302, reverse("console:credit-list"))
    assert (entered.number_last4, entered.valid_to) == ("0017", date(2026, 6, 30))
    assert "王*明" in page and "（尾号 0017）" in page and "截止日 2026年6月30日（含当天）" in page
    assert NUMBER not in page and "王小明" not in page


def test_a_wrong_number_is_told_at_its_field_and_nothing_typed_is_lost(keeper):
    sent = keeper.post(
        reverse("console:credit-entry"), {**TYPED, "number": "519999199001010018", "valid_to": "2025-12-31"}
    )

    page = sent.content.decode()
    assert (sent.status_code, CreditRecord.objects.count()) == (422, 0)
    assert "校验位不对" in page and "截止日不能早于起始日" in page
    assert 'value="519999199001010018"' in page and "有履行能力而拒不履行" in page


def test_a_finding_entered_twice_is_refused(keeper):
    keeper.post(reverse("console:credit-entry"), TYPED)

    again = keeper.post(reverse("console:credit-entry"), TYPED)

    assert (again.status_code, CreditRecord.objects.count()) == (409, 1)
    assert "已经录入，不用再录" in again.content.decode()


def test_lifting_wants_a_reason_and_then_the_record_stands_among_all(keeper, record):
    address = reverse("console:credit-lifting", args=[record.pk])
    assert keeper.post(address, {"why": ""}).status_code == 422

    assert keeper.post(address, {"why": "信用修复决定书第3号"}).status_code == 302

    listed = {
        state: keeper.get(reverse("console:credit-list"), {"state": state}).content.decode()
        for state in ("", "all")
    }
    assert "没有失信记录" in listed[""]
    assert "已解除" in listed["all"] and "信用修复决定书第3号" in listed["all"]
    late = keeper.post(address, {"why": "再来"})
    assert late.status_code == 409 and "已经解除" in late.content.decode()


@pytest.mark.parametrize(
    "name", ["clerk", "window_head", "approver", "supervisor", "leader", "auditor", "citizen"]
)
def test_nobody_else_sees_the_register(client, request, record, name):
    client.force_login(request.getfixturevalue(name))

    for address in (
        reverse("console:credit-list"),
        reverse("console:credit-entry"),
        reverse("console:credit-lifting", args=[record.pk]),
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"why": "x"}).status_code in (403, 405)


def test_the_way_to_it_is_shown_to_whoever_may_go_there(client, centre_admin, clerk):
    shown = {}
    for user in (centre_admin, clerk):
        client.force_login(user)
        shown[user.username] = (
            reverse("console:credit-list") in client.get("/console/cases/").content.decode()
        )

    assert shown == {"centre": True, "clerk": False}


@pytest.mark.query_count("console:credit-list")
def test_the_list_costs_the_same_for_one_row_and_for_three(keeper, record, centre_admin, count_queries):
    address = reverse("console:credit-list")
    one = count_queries(keeper, address)
    for serial in (2, 3):
        enter(centre_admin, serial)

    assert count_queries(keeper, address) == one
