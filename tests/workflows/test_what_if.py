"""推演 and 倒排 on the board: what a change moves and what it leaves alone, counted by hand and on random projects."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.cases.terms import Pause
from apps.workflows.board.forecast import Change
from apps.workflows.board.what_if import Scenario, compare, may_change

from .test_board import (
    BA,
    CALENDAR,
    DAY,
    GG,
    HP,
    MONDAY,
    SG,
    STATES,
    THURSDAY,
    TUESDAY,
    YD,
    board,
    granted,
    project,
    projects,
    stage,
)

MANY = settings(max_examples=120, deadline=None)


def pause(from_on: date, to_on: date) -> Pause:
    return Pause(from_on, to_on, True, "推演")


def ends(found) -> dict:
    return {line.row.code: line.then.finish_on for line in found.lines}


def test_a_branch_that_waits_takes_longer_and_moves_what_waits_for_it_alone():
    found = compare(board(project()), Scenario({"gg": Change(3)}))

    assert ends(found) == {
        "ba": TUESDAY,
        "yd": date(2026, 3, 12),
        "hp": date(2026, 3, 12),
        "gg": date(2026, 3, 26),  # 23 March and three more
        "sg": date(2026, 3, 31),
    }
    assert (found.moved, found.slack) == (3, 9)
    assert [line.moved for line in found.lines] == [0, 0, 0, 3, 3]


def test_a_branch_that_runs_is_done_earlier_and_the_path_goes_another_way():
    found = compare(board(project()), Scenario({"yd": Change(-4), "gg": Change(-6)}))

    assert ends(found)["yd"] == date(2026, 3, 6)
    assert ends(found)["gg"] == date(2026, 3, 9)
    assert found.then.critical_path == ("ba", "hp", "sg")
    assert found.path == ("分项ba", "分项hp", "分项sg")
    assert found.then.finish_on == date(2026, 3, 17)


def test_nothing_is_done_before_today_however_much_earlier_it_is():
    found = compare(board(project()), Scenario({"yd": Change(-7)}))

    assert ends(found)["yd"] == THURSDAY


def test_what_runs_and_stands_still_goes_on_afterwards_with_the_days_it_had_left():
    found = compare(
        board(project()), Scenario({"hp": Change(0, (pause(date(2026, 3, 9), date(2026, 3, 13)),))})
    )

    # 6 and 9 March, then 16, 17, 18 March
    assert ends(found)["hp"] == date(2026, 3, 18)
    assert found.moved == 0 and found.lines[2].is_over_term
    assert found.over_term == ["分项hp"]


def test_what_waits_is_held_up_by_a_standstill_across_its_beginning():
    found = compare(
        board(project()), Scenario({"gg": Change(0, (pause(date(2026, 3, 11), date(2026, 3, 17)),))})
    )

    assert ends(found)["gg"] == date(2026, 3, 26)  # 18, 19, 20, 23, 24, 25, 26 March


def test_a_branch_that_is_late_already_is_reckoned_from_today():
    late = board(project(), today=date(2026, 3, 16))

    assert ends(compare(late, Scenario({"yd": Change(2)})))["yd"] == date(2026, 3, 18)
    assert ends(compare(late, Scenario({"yd": Change(-2)})))["yd"] == date(2026, 3, 16)
    still = Scenario({"yd": Change(0, (pause(date(2026, 3, 13), date(2026, 3, 20)),))})
    assert ends(compare(late, still))["yd"] == date(2026, 3, 23)


def test_a_pause_that_nobody_knew_the_end_of_gets_one():
    still = replace(
        YD, due_on=None, paused_since=THURSDAY, pause_kind="专家评审", pauses=(Pause(THURSDAY, None, True),)
    )
    present = board(project(BA, still, HP, GG, SG), today=date(2026, 3, 10))
    found = compare(present, Scenario({"yd": Change(0, (pause(THURSDAY, date(2026, 3, 13)),))}))

    assert present.forecast.finish_on is None
    assert ends(found)["yd"] == date(2026, 3, 20)  # two of seven days were used: 16 to 20 March
    assert found.moved is None and found.lines[1].moved_words == "已可推算"
    assert found.then.finish_on == date(2026, 4, 3)


def test_what_was_refused_has_dates_again_if_it_is_taken_up_today():
    refused = granted("hp", 7, "ba", opened=TUESDAY, due=date(2026, 3, 12), on_day=THURSDAY)
    refused = replace(refused, state="refused", reason="不符合规划")
    blocked = replace(SG, state="blocked", reason="“分项hp”不予许可")
    present = board(project(BA, YD, refused, GG, blocked))
    found = compare(present, Scenario({"hp": Change(5)}, takes_up=True))

    assert compare(present, Scenario()).then.finish_on is None
    assert ends(found)["hp"] == date(2026, 3, 23)  # seven days and five more from 5 March
    assert found.then.finish_on == date(2026, 3, 26)
    assert present.facts.branch("hp").state == "refused"


# ── from a target day backwards ──────────────────────────────────────────────────────────────────────
def test_a_target_says_by_when_each_must_begin_and_end_and_which_cannot():
    found = compare(board(project()), Scenario(target_on=date(2026, 3, 24)))

    latest = {line.row.code: (line.then.latest_start_on, line.then.latest_finish_on) for line in found.lines}
    assert latest == {
        "ba": (None, None),
        "yd": (None, date(2026, 3, 10)),
        "hp": (None, date(2026, 3, 19)),
        "gg": (date(2026, 3, 10), date(2026, 3, 19)),
        "sg": (date(2026, 3, 19), date(2026, 3, 24)),
    }
    assert found.late == ["分项yd", "分项gg", "分项sg"]
    assert found.to_target == -2
    assert [line.slack_words for line in found.lines] == ["", "差 2 日", "可晚 5 日", "差 2 日", "差 2 日"]


def test_a_target_that_can_be_met_makes_nothing_late():
    found = compare(board(project()), Scenario(target_on=date(2026, 3, 31)))

    assert found.late == [] and found.to_target == 3


def test_a_target_and_a_change_are_reckoned_together():
    target = date(2026, 3, 26)

    assert compare(board(project()), Scenario(target_on=target)).late == []
    assert compare(board(project()), Scenario({"sg": Change(1)}, target_on=target)).late == [
        "分项yd", "分项gg", "分项sg",
    ]  # fmt: skip


def test_a_target_in_a_year_without_a_notice_is_reckoned_provisionally_or_not_at_all():
    calendar = replace(CALENDAR, published=CALENDAR.published - {2027}, forecast=CALENDAR.forecast | {2027})
    found = compare(_on(calendar), Scenario(target_on=date(2027, 3, 1)))
    far = compare(_on(calendar), Scenario(target_on=date(9999, 12, 31)))

    assert found.then.is_provisional and found.late == []
    assert far.then.finish_on is None and "尚未公布" in far.then.why_unknown


def _on(calendar):
    present = board(project())
    return replace(present, axis=replace(present.axis, calendar=calendar))


@pytest.mark.parametrize("state", ["closing", "closed", "withdrawn", "refused"])
def test_of_a_stage_that_is_over_nothing_can_be_changed(state):
    facts = project(YD, stages=(stage(1, state=state, accepted_on=MONDAY),))

    assert not may_change(facts, YD)
    assert not may_change(replace(project(), is_living=False), YD)
    assert may_change(project(), YD) and may_change(project(), GG) and not may_change(project(), BA)


# ── whatever the project looks like ──────────────────────────────────────────────────────────────────
@st.composite
def boards(draw, states=STATES):
    return board(draw(projects(states)), today=date(2026, 3, 20) + draw(st.integers(0, 60)) * DAY)


@st.composite
def one_on_its_way(draw):
    """A board, and on it a branch that waits or runs."""
    present = draw(boards())
    free = [
        row.code for row in present.rows
        if may_change(present.facts, row.now) and not row.now.is_to_settle and not row.now.is_paused
    ]  # fmt: skip
    assume(free)
    return present, draw(st.sampled_from(free))


@MANY
@given(boards())
def test_without_a_change_what_if_is_what_is(present):
    found = compare(present, Scenario())

    assert found.then == present.forecast
    assert {line.moved for line in found.lines} <= {0, None}


@MANY
@given(one_on_its_way(), st.integers(1, 20), st.integers(0, 30), st.integers(1, 40))
def test_longer_and_standing_still_never_make_anything_earlier_nor_shorter_later(one, days, begins, long):
    present, code = one
    start = present.today + timedelta(days=begins)
    later = Scenario({code: Change(days)})
    still = Scenario({code: Change(0, (pause(start, start + timedelta(days=long)),))})
    for scenario, sign in ((later, 1), (still, 1), (Scenario({code: Change(-days)}), -1)):
        for line in compare(present, scenario).lines:
            if line.then.finish_on is not None and line.now.finish_on is not None:
                assert (line.then.finish_on - line.now.finish_on).days * sign >= 0, (line.row.code, scenario)


@MANY
@given(boards(["waiting", "open", "granted"]))
def test_the_planned_finish_as_target_makes_nobody_late_and_a_day_before_it_somebody(present):
    finish = present.forecast.finish_on
    open_ones = [row for row in present.rows if may_change(present.facts, row.now)]
    assume(finish > present.today)
    before = CALENDAR.before(finish, 1).on

    assert compare(present, Scenario(target_on=finish)).late == []
    if any(row.expected.finish_on == finish for row in open_ones) and before >= present.today:
        assert compare(present, Scenario(target_on=before)).late != []
