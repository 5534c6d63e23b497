"""The key projects of the sample: told through the actions, each page of theirs with something on it."""

from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.calendars.loaded import current
from apps.workflows.key_progress import backward_of, reached, tasks_of
from apps.workflows.models import KeyHandover, KeyProject, KeyVisit
from apps.workflows.models.projects import national_code_is_well_formed
from config.sampling.facts import tree
from config.sampling.key_projects import load_key_projects
from config.sampling.places import Departments, Points

from .conftest import LOADED_AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_hall")]

NONE: frozenset = frozenset()


def named(name: str) -> KeyProject:
    return KeyProject.objects.get(name=name)


def test_those_of_the_file_stand_there_with_well_formed_codes():
    facts = tree("key_projects.json")["projects"]

    for one in facts:
        national_code_is_well_formed(one["code"])
    assert set(KeyProject.objects.values_list("national_code", flat=True)) == {one["code"] for one in facts}
    assert (KeyProject.objects.listed().count(), KeyProject.objects.green().count()) == (5, 3)
    assert not KeyProject.objects.filter(is_sample=False).exists()


def test_from_signing_to_building_it_took_75_days_and_half_a_day_for_all_permits():
    park, zheyue = named("临空装备产业园一期"), named("浙粤智能电子产业基地")

    begun = reached(current(), list(park.milestones.all()), NONE)[-1]
    permitted = reached(current(), list(zheyue.milestones.all()), NONE)[-1]

    assert (begun.milestone.name, begun.since_signing[:4]) == ("开工", "75 天")
    assert permitted.since_signing == "当天（0.5 个工作日）"
    assert zheyue.green_halves == 1


def test_one_plan_is_in_time_and_one_is_late_already():
    today = LOADED_AT.date()
    late = {}
    for name in ("临空装备产业园一期", "雁江区现代中药材加工园"):
        key_project = named(name)
        found, why_not = backward_of(current(), tasks_of(key_project), key_project.target_on, today)
        assert why_not == ""
        late[name] = found.late

    assert late["临空装备产业园一期"] == []
    assert late["雁江区现代中药材加工园"] == ["2", "3"]


def test_papers_went_from_one_agent_to_the_next_with_both_signatures():
    handover = KeyHandover.objects.get()

    assert (handover.given_by.username, handover.taken_by.username) == ("zy-zonghe-clerk", "zy-spyj-clerk")
    assert handover.papers.count() == 3
    assert KeyVisit.objects.count() == 5
    agent = handover.key_project.agents.present().get()
    assert agent.may_act_on(LOADED_AT.date())
    assert KeyProject.objects.visible_to(User.objects.get(username="zy-spyj-clerk")).exists()


def test_nothing_happens_after_the_loading_and_every_act_is_on_record():
    for key_project in KeyProject.objects.all():
        times = list(key_project.events.order_by("id").values_list("at", flat=True))
        assert times == sorted(times) and times[-1] <= LOADED_AT + timedelta(minutes=1)


def test_loading_again_changes_nothing():
    before = KeyProject.objects.count()
    points: Points = {}
    departments: Departments = {}

    load_key_projects(points, departments, at=LOADED_AT)

    assert KeyProject.objects.count() == before
