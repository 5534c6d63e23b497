import pytest
from django.core.cache import cache

from tests.workflows.projects import hall
from tests.workflows.restaurants import street

__all__ = ["hall", "street"]


@pytest.fixture(autouse=True)
def _nobody_was_throttled_yet():
    cache.clear()
