"""Every address says who may pass, and means it."""

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.gates import PUBLIC, SIGNED_IN, PassesGate, gate_of
from apps.accounts.roles import PERMISSIONS

from .addresses import addresses

HELD = frozenset().union(*PERMISSIONS.values())
ALL = [pytest.param(address, id=address.name or address.route) for address in addresses()]
CLOSED = [
    pytest.param(address, id=address.name)
    for address in addresses()
    if address.name and gate_of(address.view) != PUBLIC
]


@pytest.mark.parametrize("address", ALL)
def test_every_view_says_who_may_pass(address):
    assert gate_of(address.view) in {PUBLIC, SIGNED_IN, *HELD}, "needs @public, @signed_in or @permission(…)"


@pytest.mark.parametrize("address", ALL)
def test_a_view_of_the_api_asks_its_gate(address):
    permissions = getattr(getattr(address.view, "cls", None), "permission_classes", None)

    assert permissions is None or PassesGate in permissions or gate_of(address.view) == PUBLIC


@pytest.mark.parametrize("address", CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_does_not_pass(address, method, db):
    answer = getattr(Client(), method)(address.path())

    assert answer.status_code in (302, 401, 403, 405)
    assert answer.status_code != 302 or answer.headers["Location"].startswith(str(settings.LOGIN_URL))
