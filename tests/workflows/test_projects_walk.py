"""随机漫步: whatever people try with a project, in whatever order, it stays whole.

Longer and other walks: WALK_FROM=100 WALK_TO=120 WALK_STEPS=300 pytest tests/workflows/test_projects_walk.py
"""

import os

import pytest
from django.db import InternalError, transaction

from apps.workflows.models import Project, ProjectEvent

from .holding import check, seen_by_head
from .walking import Walk, publish_matters

STEPS = int(os.environ.get("WALK_STEPS", "120"))
SEEDS = range(int(os.environ.get("WALK_FROM", "0")), int(os.environ.get("WALK_TO", "3")))


@pytest.fixture
def strangers(other_citizen, clerk_of_another_county, centre_admin, leader):
    return [other_citizen, clerk_of_another_county, centre_admin, leader]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_project_stays_whole_whatever_is_tried_with_it(hall, strangers, seed):
    publish_matters()
    walk = Walk(hall, strangers, seed)
    events = ended = 0
    for _ in range(STEPS):
        name = walk.step()
        ended += not Project.objects.get(pk=walk.project.pk).is_living
        if ended > 15:  # enough was tried with what is over
            break
        told = ProjectEvent.objects.filter(project=walk.project).count()
        assert told >= events, name
        events = told
        try:
            check(walk.project)
        except AssertionError as broken:
            raise AssertionError(f"after {name} at {walk.moment}: {broken}\n{walk.tried[-12:]}") from broken

    assert all(seen_by_head(walk.project, head) for head in hall.heads.values())
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        ProjectEvent.objects.filter(project=walk.project).update(reason="改写")
    assert walk.done
