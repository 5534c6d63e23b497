"""假如: what one branch does to the whole plan when it is earlier, later, or stands still."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cases.terms import Pause
from apps.workflows.graph import BrokenGraph
from apps.workflows.planning import Change, plan, what_if

from .test_planner import CALENDAR, MANY, MONDAY, branch, projects

BRANCHES = [
    branch("备案", 1),
    branch("用地", 5, "备案"),
    branch("环评", 7, "备案"),
    branch("施工", 3, "用地", "环评"),
]


def asked(*changes: Change, branches=BRANCHES):
    return what_if(CALENDAR, MONDAY, 20, branches, changes)


def test_a_branch_with_slack_may_be_later_by_as_much_and_the_end_stays():
    found = asked(Change("用地", later=2))

    assert found.before.branches["用地"].slack == 2
    assert (found.finish_moves_by, found.moved) == (0, ("用地",))


def test_a_critical_branch_takes_the_end_along():
    assert asked(Change("环评", later=3)).finish_moves_by == 3
    found = asked(Change("环评", later=-1))
    assert (found.finish_moves_by, found.moved) == (-1, ("环评", "施工"))
    assert asked(Change("环评", later=-7)).finish_moves_by == -2  # then 用地 is what all wait for


def test_a_pause_moves_what_hangs_on_it_and_an_open_one_leaves_no_end():
    week = Pause(date(2026, 3, 4), date(2026, 3, 11), False, "专家评审")
    still = Pause(date(2026, 3, 4), None, False, "专家评审")

    paused = asked(Change("环评", pauses=(week,)))
    open_ended = asked(Change("环评", pauses=(still,)))

    assert (paused.finish_moves_by, paused.moved) == (5, ("环评", "施工"))
    assert (open_ended.finish_moves_by, open_ended.after.planned_finish) == (None, None)


def test_what_is_finished_is_not_changed_any_more():
    done = [branch("甲", 5, finished_on=date(2026, 3, 4)), branch("乙", 2, "甲")]

    found = asked(Change("甲", later=9), branches=done)

    assert (found.finish_moves_by, found.moved) == (0, ())


def test_a_change_of_no_branch_is_refused():
    with pytest.raises(BrokenGraph) as refused:
        asked(Change("没有"))

    assert (refused.value.error, refused.value.path) == ("UNKNOWN_CODE", ["没有"])


@MANY
@given(projects(), st.data(), st.integers(-5, 15))
def test_it_is_the_plan_of_the_branches_as_changed(branches, data, later):
    one = data.draw(st.sampled_from(branches))
    pause = Pause(MONDAY + timedelta(days=3), MONDAY + timedelta(days=9), False, "检测")

    found = what_if(CALENDAR, MONDAY, 60, branches, [Change(one.code, later, (pause,))])

    by_hand = [
        branch(o.code, max(o.days + later, 0), *o.after, pauses=(*o.pauses, pause)) if o is one else o
        for o in branches
    ]
    assert found.after == plan(CALENDAR, MONDAY, 60, by_hand)
    assert found.before == plan(CALENDAR, MONDAY, 60, branches)
    later_end = found.after.planned_finish > found.before.planned_finish
    assert (found.finish_moves_by > 0) == later_end
