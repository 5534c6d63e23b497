"""登录时长: thirty idle minutes, counted from the last page that was read."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from config import sessions


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass for the session, on top of real ones."""

    class Clock:
        passed = 0

        def time(self):
            return timezone.now().timestamp() + self.passed

    clock = Clock()
    monkeypatch.setattr(sessions, "time", clock)
    return clock


def ends_at():
    return Session.objects.get().expire_date


def test_reading_a_page_pushes_the_end_ahead_at_most_once_a_minute(client, citizen, clock):
    client.force_login(citizen)
    client.get("/account/")
    first = ends_at()

    clock.passed = sessions.GRAIN - 10
    client.get("/account/")
    assert ends_at() == first

    clock.passed = sessions.GRAIN + 10
    answer = client.get("/account/")
    assert ends_at() > first
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 60


def test_a_session_that_has_ended_asks_for_the_password_again(client, citizen):
    client.force_login(citizen)
    Session.objects.update(expire_date=timezone.now())
    client.session.delete()  # the cache forgets it at the same moment

    answer = client.get("/account/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/account/")


def test_a_visitor_gets_no_session(client, city):
    answer = client.get("/")

    assert answer.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert Session.objects.count() == 0


def test_the_cookie_is_kept_from_scripts_and_other_sites(client, citizen, clock):
    client.force_login(citizen)
    clock.passed = sessions.GRAIN + 10

    cookie = client.get("/account/").cookies[settings.SESSION_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_list_that_refreshes_itself_keeps_nobody_signed_in(client, clerk, clock):
    client.force_login(clerk)
    client.get("/console/cases/")
    first = ends_at()

    clock.passed = 10 * sessions.GRAIN
    client.get("/console/cases/", headers={"HX-Request": "true", sessions.POLLING: "1"})

    assert ends_at() == first


def test_those_who_supervise_are_signed_out_after_fifteen_minutes(client, clerk, supervisor):
    ages = {}
    for user in (clerk, supervisor):
        client.force_login(user)
        ages[user.username] = client.session.get_expiry_age()
        client.logout()

    assert ages["supervisor"] <= sessions.SHORT_AGE < ages["clerk"]
