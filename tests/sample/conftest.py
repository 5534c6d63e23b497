"""The sample hall in a test: loaded once for a file of tests, and taken back afterwards."""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test.utils import override_settings

from config.sampling import hall
from tests.cast import at

LOADED_AT = at("2026-11-20", "16:10")  # a Friday afternoon


@pytest.fixture(scope="module")
def sample_hall(django_db_setup, django_db_blocker, tmp_path_factory):
    """Everything of `load_sample --hall`; each test still has its own transaction inside this one."""
    data = tmp_path_factory.mktemp("data")
    environment = replace(django_settings.ENVIRONMENT, data=data)
    with (
        django_db_blocker.unblock(),
        override_settings(ENVIRONMENT=environment, MEDIA_ROOT=data / "media"),
        transaction.atomic(),
    ):
        hall.load(at=LOADED_AT)
        yield data
        transaction.set_rollback(True)
