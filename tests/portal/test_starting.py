"""开始办理: for whom and where; one press makes one draft, and bad input makes none."""

import uuid

import pytest
from django.test import Client

from apps.accounts import actions as people
from apps.accounts.models import Mandate
from apps.cases.models import Case
from tests.cast import BEFORE, FRIDAY, SINCE
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, citizen):
    client.force_login(citizen)
    return client


def start(client, item, applicant, point, key=None):
    return client.post(
        f"/items/{item.code}/application/",
        {"applicant": applicant.pk, "point": point.pk, "key": key or uuid.uuid4()},
    )


def test_starting_twice_makes_one_draft(me, calendar, food_permit, county, citizen):
    key = uuid.uuid4()

    answers = [start(me, food_permit, citizen.applicant, county, key) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_begin_one_draft(calendar, food_permit, county, citizen):
    key, presses = uuid.uuid4(), [Client(), Client(), Client()]
    for client in presses:
        client.force_login(citizen)

    answers = at_once(3, lambda which: start(presses[which], food_permit, citizen.applicant, county, key))

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert [case.key for case in Case.objects.all()] == [key]


def test_going_back_and_choosing_somebody_else_begins_another_draft(
    me, calendar, food_permit, county, citizen
):
    company = people.register_enterprise(
        kind="2", name="资阳沱江餐饮有限公司", code="91519999MA00000158", phone="13800000001", address="", by=citizen,
        at=FRIDAY, on=FRIDAY.date(),
    )  # fmt: skip
    key = uuid.uuid4()
    start(me, food_permit, citizen.applicant, county, key)

    start(me, food_permit, company, county, key)

    assert [case.applicant for case in Case.objects.order_by("id")] == [citizen.applicant, company]


@pytest.mark.parametrize("asked", ["?point=²", "?point=99999999999999999999", "?under=²"])
def test_an_address_that_names_no_place_breaks_nothing(me, calendar, food_permit, asked):
    assert me.get(f"/items/{food_permit.code}/application/{asked}").status_code in (200, 404)


def test_an_organisation_is_represented_by_mandate_only(
    client, calendar, food_permit, county, company, citizen, other_citizen
):
    client.force_login(other_citizen)
    refused = start(client, food_permit, company, county)
    people.give_mandate(
        company,
        agent=other_citizen,
        kind=Mandate.Kind.REPRESENTATIVE,
        on=SINCE,
        until=None,
        at=BEFORE,
        by=citizen,
    )

    allowed = start(client, food_permit, company, county)

    assert refused.status_code == 422
    assert "没有替这位申请人办理的有效委托" in refused.content.decode()
    assert allowed.status_code == 302
    assert Case.objects.get().applicant == company


def test_an_item_is_filed_only_where_it_is_taken_in(me, calendar, food_permit, other_county, citizen):
    answer = start(me, food_permit, citizen.applicant, other_county)

    assert answer.status_code == 409
    assert "不办理" in answer.content.decode()
    assert not Case.objects.exists()


def test_staff_without_an_identity_of_their_own_are_told_so(client, food_permit, clerk):
    client.force_login(clerk)

    assert "工作账号没有实名身份" in client.get(f"/items/{food_permit.code}/application/").content.decode()
