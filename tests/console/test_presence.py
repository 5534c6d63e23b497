"""谁也打开着这件: two clerks on one case know of each other."""

import pytest
from django.urls import reverse

from apps.console import presence

pytestmark = pytest.mark.django_db


def page_of(client, user, case) -> str:
    client.force_login(user)
    return client.get(reverse("console:case-detail", args=[case.number])).content.decode()


def test_the_second_clerk_is_told_that_the_first_has_it_open(client, submitted, clerk, colleague):
    assert "也打开着这件" not in page_of(client, clerk, submitted)

    assert "<b>周敏</b> 也打开着这件" in page_of(client, colleague, submitted)


def test_the_first_clerk_hears_of_the_second_at_the_next_sign_of_life(client, submitted, clerk, colleague):
    page_of(client, colleague, submitted)
    client.force_login(clerk)

    fragment = client.get(reverse("console:case-presence", args=[submitted.number])).content.decode()

    assert "<b>吴桐</b> 也打开着这件" in fragment


def test_one_who_left_is_forgotten(client, submitted, clerk, colleague, monkeypatch):
    page_of(client, clerk, submitted)
    monkeypatch.setattr(presence, "STAYS", -1)

    assert presence.others(submitted, colleague) == []


def test_the_page_is_shown_when_nobody_can_be_asked(client, submitted, clerk, settings):
    presence._valkey.cache_clear()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    try:
        presence.arrive(submitted, clerk)
        assert presence.others(submitted, clerk) == []
    finally:
        presence._valkey.cache_clear()


def test_nobody_outside_hears_who_has_it_open(client, submitted, clerk_of_another_county):
    client.force_login(clerk_of_another_county)

    assert client.get(reverse("console:case-presence", args=[submitted.number])).status_code == 404
