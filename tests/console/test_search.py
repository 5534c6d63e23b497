"""查找办件: by what a clerk has at hand, within the own scope."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.cases import actions
from apps.cases.models import Case
from tests.cast import fill


@pytest.fixture
def today(draft, citizen):
    """Filed today, so that its short number is one of this year."""
    fill(draft, by=citizen, at_=timezone.now())
    return actions.submit(draft, by=citizen, at=timezone.now(), privacy_notice="2026-01")


def found(client, words: str) -> list[str]:
    answer = client.get(reverse("console:case-search"), {"q": words})
    return [case.number for case in answer.context["page"].rows]


@pytest.mark.parametrize("between", ["-", "－", "—"])
def test_a_case_is_found_by_the_short_number_of_the_lists(client, clerk, today, between):
    client.force_login(clerk)
    short = f"{today.number[10:14]}-{today.number[14:19]}"
    shown = client.get(reverse("console:case-list")).content.decode()

    assert short in shown
    assert found(client, short.replace("-", between)) == [today.number]
    assert found(client, f"{today.number[10:14]}-99999") == []


@pytest.mark.parametrize("last4", ["0017", "００１７"])
def test_a_case_is_found_by_the_last_four_of_the_id_number(client, clerk, today, last4):
    client.force_login(clerk)

    assert found(client, last4) == [today.number]
    assert found(client, "0018") == []
    assert AuditEntry.objects.filter(kind="searched", user=clerk).count() == 2


def test_short_numbers_and_last_fours_stay_within_the_scope(client, clerk_of_another_county, today):
    client.force_login(clerk_of_another_county)

    assert found(client, f"{today.number[10:14]}-{today.number[14:19]}") == []
    assert found(client, "0017") == []


def test_a_short_number_is_found_by_the_index(today):
    short = f"{today.number[10:14]}-{today.number[14:19]}"

    plan = str(Case.objects.search(short).query)

    assert re.findall(r"LIKE (\d{6})", plan)  # starts of whole numbers, never a piece from their middle
