import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Tests ask faster than people; the throttles are tried by their own test."""
    for scope in ("anon", "user", "progress", "sign_in"):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, None)


@pytest.fixture
def api_as():
    """A client that acts as somebody, by token."""

    def client_of(user) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
        return client

    return client_of
