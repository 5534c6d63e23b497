"""The joint projects of the sample: told once through the actions, each standing where its story ends."""

import pytest

from config.sampling.facts import tree
from config.sampling.projects import load_projects

from .conftest import LOADED_AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]

FACTS = tree("projects.json")["projects"]
END_OF = {
    "filed": "filed",
    "half_way": "running",
    "refused_and_taken_up": "running",
    "supplement": "running",
    "restaurant_running": "running",
    "all_done": "closed",
}


@pytest.fixture(scope="module")
def told(sample_hall, django_db_blocker):
    """The projects on top of the hall, and what the loader said; taken back with the hall."""
    said: list[str] = []
    with django_db_blocker.unblock():
        load_projects(now=LOADED_AT, say=said.append)
    return said
