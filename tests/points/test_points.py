"""服务点: four tiers without a gap, closures, the rules of a hall."""

from datetime import date

import pytest
from django.db import IntegrityError

from apps.points import actions
from apps.points.models import HallRules, Level, ServicePoint
from apps.points.rules import closed_days_of, rules_of


def test_a_village_cannot_stand_directly_under_a_county(county):
    with pytest.raises(actions.NotAllowed, match="村级服务点只能设在乡级服务点之下，不能越级"):
        actions.open_point(
            level=Level.VILLAGE, code="512002105201", region="仁里村", name="仁里村代办点", parent=county
        )


def test_a_place_outside_the_code_of_its_parent_is_refused(county):
    with pytest.raises(actions.NotAllowed, match="不在雁江区"):
        actions.open_point(
            level=Level.TOWNSHIP, code="512021105000", region="别镇", name="别镇中心", parent=county
        )


def test_a_township_sees_exactly_its_own_subtree(township, village, other_county):
    assert list(ServicePoint.objects.under(township.path).in_order()) == [township, village]


def test_a_code_is_used_again_after_the_old_place_has_closed(county, township, village):
    with pytest.raises(actions.NotAllowed, match="之下还有服务点"):
        actions.close_point(township, on=date(2026, 1, 1))
    actions.close_point(village, on=date(2026, 1, 1))

    again = actions.open_point(
        level=Level.VILLAGE, code=village.code, region="新仁里村", name="新仁里村代办点", parent=township
    )

    assert again.pk != village.pk
    assert list(ServicePoint.objects.under(village.path).open_on(date(2025, 6, 1)).in_order()) == [
        village,
        again,
    ]


def test_two_living_places_never_share_a_code(county, township):
    with pytest.raises(actions.NotAllowed, match="已经存在"):
        actions.open_point(
            level=Level.TOWNSHIP, code=township.code, region="临江镇", name="又一个", parent=county
        )


def test_a_closure_moves_deadlines_only_where_it_is_declared(county, township):
    actions.declare_closure(county, from_on=date(2026, 3, 4), to_on=date(2026, 3, 5), reason="搬迁")
    assert closed_days_of(township.path) == frozenset()

    actions.declare_closure(
        county, from_on=date(2026, 3, 9), to_on=date(2026, 3, 10), reason="洪水", affects_deadline=True
    )

    assert closed_days_of(township.path) == {date(2026, 3, 9), date(2026, 3, 10)}
    assert closed_days_of("512021") == frozenset()


def test_the_nearest_rules_hold_and_elsewhere_the_defaults(city, county, township):
    HallRules.objects.create(point=county, pre_review_days=2)

    assert rules_of(township.path).pre_review_days == 2
    assert rules_of("512021105").pre_review_days == 1
    assert rules_of("610000").notice_days == 5


def test_no_hall_may_take_more_than_the_five_days_of_the_law(county):
    with pytest.raises(IntegrityError, match="notice_period_is_at_most_the_five_days_of_art_32"):
        HallRules.objects.create(point=county, notice_days=6)
