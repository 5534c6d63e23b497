import pytest

from tests.cast import at
from tests.workflows.bundles import bundle, bundle_draft, catalogue
from tests.workflows.key_projects import agent, key_project, mandated
from tests.workflows.projects import hall

__all__ = ["agent", "bundle", "bundle_draft", "catalogue", "hall", "key_project", "mandated"]


@pytest.fixture
def as_(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def project(hall, clock):
    """备案 is granted, 用地 and 环评 run; it is the third working day."""
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    clock(at("2026-03-05"))
    return project
