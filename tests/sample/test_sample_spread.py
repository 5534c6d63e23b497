"""Where the history takes place: nowhere in the four counties is a township or an agent without work."""

import random
from collections import Counter

import pytest

from apps.points.models import Level
from config.sampling.facts import rows
from config.sampling.history import telling
from config.sampling.history.spread import Spread

from .conftest import LOADED_AT

CAST = "512002103"


@pytest.fixture(scope="module")
def plan(sample_hall, django_db_blocker):
    with django_db_blocker.unblock():
        return telling.History(telling.Telling(LOADED_AT, telling.CASES, telling.DAYS))


@pytest.mark.django_db
def test_every_township_and_a_few_hundred_villages_have_cases(plan):
    assert len(plan.arrivals) > 2_000
    assert len({arrival.path[:9] for arrival in plan.arrivals if len(arrival.path) >= 9}) == 178
    assert len({arrival.path for arrival in plan.arrivals if len(arrival.path) == 12}) >= 300


@pytest.mark.django_db
def test_the_share_of_a_county_goes_with_its_size(plan):
    villages = Counter(row["code"][:6] for row in rows("divisions.csv") if row["level"] == Level.VILLAGE)
    cases = Counter(arrival.path[:6] for arrival in plan.arrivals if len(arrival.path) >= 6)

    for county, below in villages.items():
        share, size = cases[county] / cases.total(), below / villages.total()
        assert 0.6 < share / size < 1.6, county
    assert cases["512021"] > cases["512022"]


@pytest.mark.django_db
def test_the_two_processes_have_about_the_same_to_tell(plan):
    first, second = len(plan.share(0)), len(plan.share(1))

    assert first + second == len(plan.arrivals)
    assert 0.8 < first / second < 1.25


@pytest.mark.django_db
def test_whatever_somebody_brings_is_handled_by_somebody(plan):
    """For every arrival there is a clerk where it is brought, or an agent and the clerk of the township above."""
    desks, points = plan.desks, plan.world.points
    for arrival in plan.arrivals:
        point = points[arrival.path]
        if point.level == Level.VILLAGE:
            assert point.pk in desks.agents and (point.parent_id, None) in desks.clerks, arrival
        elif point.level == Level.TOWNSHIP:
            assert (point.pk, None) in desks.clerks and (point.pk, None) in desks.deciders, arrival


@pytest.mark.django_db
def test_fewer_cases_than_places_still_go_to_different_places(plan):
    points = plan.world.points
    staffed = [path for path, point in points.items() if point.level == Level.TOWNSHIP]
    spread = Spread(points, staffed)

    few, many = (
        spread.deal(random.Random(1), Level.TOWNSHIP, 40),
        spread.deal(random.Random(2), Level.TOWNSHIP, 2_000),
    )

    assert len(set(few)) == 40
    assert set(many) == set(staffed) and len(many) == 2_000
    assert many.count(CAST) > 3 * 2_000 / len(staffed)
