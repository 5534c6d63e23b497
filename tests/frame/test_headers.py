"""What every answer carries, and what every page may load."""

import pytest
from django.test import Client

from config import health


@pytest.fixture
def policy(client, city):
    header = client.get("/").headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";") if part.strip())


@pytest.mark.parametrize(
    "kind", ["default-src", "script-src", "style-src", "font-src", "connect-src", "form-action"]
)
def test_a_page_loads_nothing_from_elsewhere_and_nothing_inline(policy, kind):
    assert policy[kind] == "'self'"


def test_a_page_is_framed_by_our_own_pages_only(client, city):
    answer = client.get("/")

    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_health_is_answered_for_any_host_without_session_or_database_of_the_page(
    django_assert_num_queries, db
):
    with django_assert_num_queries(0):
        answer = Client().get(health.ADDRESS, headers={"Host": "10.0.0.7"})

    assert set(answer.json()) == {"database", "valkey", "worker", "beat"}
    assert (answer.json()["database"], answer.json()["valkey"]) == ("ok", "ok")
    assert answer.status_code == (200 if set(answer.json().values()) == {"ok"} else 503)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
