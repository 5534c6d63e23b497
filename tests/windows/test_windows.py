"""窗口: types, postings without overlap, letters of authorisation."""

from datetime import date

import pytest

from apps.windows import actions
from apps.windows.models import Posting, Window
from tests.cast import at
from tests.races import at_once

DAY = date(2026, 3, 2)


def test_one_window_may_be_comprehensive_and_parallel_and_counts_once(county):
    actions.open_window(county, number="A27", name="综合暨并联审批窗口", types=["comprehensive", "parallel"])

    assert Window.objects.filter(types__contains=["parallel"]).count() == 1


def test_a_window_number_is_used_once_in_a_hall(county, window):
    with pytest.raises(actions.NotAllowed, match="已有A08号窗口"):
        actions.open_window(county, number="A08", name="又一个", types=["approval"])


def test_nobody_holds_two_primary_posts_but_cover_may_overlap(county, window, clerk):
    other = actions.open_window(county, number="A09", name="税务窗口", types=["approval"])
    posting = actions.post(clerk, window, on=DAY)

    with pytest.raises(actions.NotAllowed, match="已有主岗"):
        actions.post(clerk, other, on=date(2026, 4, 1))
    actions.post(clerk, other, on=DAY, primary=False)
    actions.end_posting(posting, on=date(2026, 3, 31))
    actions.post(clerk, other, on=date(2026, 4, 1))

    assert Posting.objects.valid_on(date(2026, 3, 15)).filter(user=clerk).count() == 2
    assert actions.window_of(clerk, county.pk, on=date(2026, 4, 2)) == other.pk


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_the_same_moment_leave_one(county, window, clerk):
    results = at_once(4, lambda _: actions.post(clerk, window, on=DAY))

    assert sum(isinstance(result, Posting) for result in results) == 1
    assert all(isinstance(result, Posting | actions.NotAllowed) for result in results)


def test_the_right_to_decide_follows_the_letter(food_permit, approver, market_bureau, county):
    asked = {"item_id": food_permit.pk, "department_id": market_bureau.pk, "path": county.path}
    assert actions.may_decide(approver, **asked, on=DAY)
    assert not actions.may_decide(approver, **{**asked, "path": "512021"}, on=DAY)
    assert not actions.may_decide(approver, **{**asked, "department_id": None}, on=DAY)

    actions.withdraw(approver.authorisations.get(), at=at("2026-03-02"))

    assert not actions.may_decide(approver, **asked, on=DAY)


def test_a_letter_for_one_item_covers_that_item_only(
    food_permit, permit_with_originals, clerk, county, market_bureau
):
    actions.authorise(
        clerk,
        point=county,
        department=market_bureau,
        power="decide",
        on=DAY,
        until=date(2026, 12, 31),
        item=food_permit,
    )

    may = {
        item.code: actions.may_decide(
            clerk, item_id=item.pk, department_id=market_bureau.pk, path=county.path, on=DAY
        )
        for item in (food_permit, permit_with_originals)
    }
    assert may == {"XK900": True, "XK901": False}
    assert not actions.may_decide(
        clerk, item_id=food_permit.pk, department_id=market_bureau.pk, path=county.path, on=date(2027, 1, 1)
    )


def test_the_centre_is_never_authorised(centre_admin, city):
    with pytest.raises(actions.NotAllowed, match="不能获得审批授权"):
        actions.authorise(centre_admin, point=city, department=None, power="decide", on=DAY, until=None)
