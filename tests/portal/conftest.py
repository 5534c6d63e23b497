import pytest
from django.core.cache import cache

from tests.workflows.projects import hall
from tests.workflows.restaurants import MONDAY, street

__all__ = ["hall", "street"]


@pytest.fixture(autouse=True)
def _nobody_was_throttled_yet():
    cache.clear()


@pytest.fixture
def me(client, citizen, clock):
    """王小明 on the Monday on which the story of most projects begins."""
    clock(MONDAY)
    client.force_login(citizen, backend="apps.accounts.backends.RoleBackend")
    return client
