"""这个日期怎么来的, as the citizen sees it and passes it on."""

import pytest
from django.urls import reverse

from apps.cases.sharing import token_of
from apps.supervision import actions as supervision
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.mark.query_count("portal:due-date")
def test_the_citizen_reads_the_days_and_their_rules_in_twelve_queries(
    client, accepted, citizen, count_queries
):
    client.force_login(citizen)
    address = reverse("portal:due-date", args=[accepted.number])

    page = client.get(address).content.decode()

    assert "第 3 天" in page and "民法典第二百零一条" in page
    assert count_queries(client, address) <= 12


@pytest.mark.query_count("portal:seal-list")
def test_the_page_of_seals_costs_the_same_however_many(client, accepted, count_queries):
    supervision.seal_days(at=at("2026-03-04"))
    few = count_queries(client, reverse("portal:seal-list"))
    supervision.seal_days(at=at("2026-03-20"))

    assert count_queries(client, reverse("portal:seal-list")) == few <= 12


def test_a_shared_link_shows_the_days_and_nothing_about_the_person(client, accepted):
    page = client.get(reverse("portal:shared-due-date", args=[token_of(accepted)])).content.decode()

    assert "第 3 天" in page
    assert [
        word for word in (accepted.applicant_name, accepted.number, accepted.contact_phone) if word in page
    ] == []


def test_a_link_somebody_made_up_leads_nowhere(client, accepted):
    forged = token_of(accepted)[:-2] + "xx"

    assert client.get(reverse("portal:shared-due-date", args=[forged])).status_code == 404


def test_nobody_reads_the_days_of_a_strangers_case(client, accepted, other_citizen):
    client.force_login(other_citizen)

    assert client.get(reverse("portal:due-date", args=[accepted.number])).status_code == 404


def test_the_clerk_reads_them_too(client, accepted, clerk):
    client.force_login(clerk)

    page = client.get(reverse("console:case-due-date", args=[accepted.number])).content.decode()

    assert page.count('<table class="days">') == 2
