import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_was_throttled_yet():
    cache.clear()
