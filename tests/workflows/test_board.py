"""看板 as it is reckoned: every date of the small project counted by hand, and what stops the counting."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.calendars import notices
from apps.cases.terms import Pause
from apps.workflows.board import Board, Facts, board_of
from apps.workflows.board.facts import BranchNow, StageNow

CALENDAR = notices.built_in()
MONDAY, TUESDAY, THURSDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 5)
DAY = timedelta(days=1)


def stage(number: int, days: int = 15, **more) -> StageNow:
    facts = {"state": "waiting", "is_led": True} | more
    return StageNow(number, f"阶段{number}", "自然资源和规划局", days=days, **facts)


def running_stage(number: int = 1, accepted_on: date = MONDAY, **more) -> StageNow:
    return stage(number, state="running", accepted_on=accepted_on, **more)


def waiting(code: str, days: int, *needs: str, on: int = 1, **more) -> BranchNow:
    more = {"state": "waiting", "answer": "accept"} | more
    return BranchNow(code, f"分项{code}", "发展和改革局", on, days=days, needs=needs, **more)


def running(code: str, days: int, *needs: str, opened: date, due: date | None, **more) -> BranchNow:
    return waiting(code, days, *needs, state="open", opened_on=opened, due_on=due, case=f"N-{code}", **more)


def granted(code: str, days: int, *needs: str, opened: date, due: date, on_day: date, **more) -> BranchNow:
    return waiting(
        code, days, *needs, state="granted", opened_on=opened, due_on=due, finished_on=on_day, case=f"N-{code}",
        **more,
    )  # fmt: skip


BA = granted("ba", 1, opened=MONDAY, due=TUESDAY, on_day=TUESDAY)
YD = running("yd", 7, "ba", opened=TUESDAY, due=date(2026, 3, 12))
HP = running("hp", 7, "ba", opened=TUESDAY, due=date(2026, 3, 12))
GG = waiting("gg", 7, "yd", on=2)
SG = waiting("sg", 3, "gg", "hp", on=2)
STAGES = (running_stage(due_on=date(2026, 3, 23)), stage(2))


def project(*branches: BranchNow, stages=STAGES, **more) -> Facts:
    return Facts(stages=stages, branches=branches or (BA, YD, HP, GG, SG), **more)


def board(facts: Facts, today: date = THURSDAY) -> Board:
    return board_of(facts, CALENDAR, today)


def row(found: Board, code: str):
    return next(one for one in found.rows if one.code == code)


def dates(found: Board) -> dict:
    return {one.code: (one.expected.start_on, one.expected.finish_on) for one in found.rows}


def test_what_waits_is_planned_behind_what_it_waits_for_across_stages():
    found = board(project())

    assert dates(found) == {
        "ba": (MONDAY, TUESDAY),
        "yd": (TUESDAY, date(2026, 3, 12)),
        "hp": (TUESDAY, date(2026, 3, 12)),
        "gg": (date(2026, 3, 12), date(2026, 3, 23)),  # 13, 16, 17, 18, 19, 20, 23 March
        "sg": (date(2026, 3, 23), date(2026, 3, 26)),
    }
    assert found.forecast.critical_path == ("ba", "yd", "gg", "sg")
    assert found.forecast.stages == {1: MONDAY, 2: date(2026, 3, 12)}


def test_the_total_is_the_stages_one_after_another_and_its_slack_is_counted_in_working_days():
    found = board(project())

    assert (found.total.days, found.total.used, found.total.paused, found.total.idle) == (30, 3, 0, 0)
    assert found.total.due_on == date(2026, 4, 14)  # 22 in March, and 6 April is 清明节
    assert found.slack == 12
    assert found.in_a_row == 25


def test_an_extension_lengthens_the_total():
    first = replace(STAGES[0], extension_days=5)

    assert board(project(stages=(first, STAGES[1]))).total.days == 35


def test_a_late_branch_is_expected_today_at_the_earliest_and_drags_what_waits_for_it_along():
    found = board(project(), today=date(2026, 3, 16))

    assert row(found, "yd").expected.finish_on == date(2026, 3, 16)
    assert row(found, "gg").expected.start_on == date(2026, 3, 16)
    assert (row(found, "yd").standing.kind, row(found, "yd").standing.words) == ("late", "超 2 个工作日")
    assert row(found, "yd").left == -2


def test_a_branch_that_ended_late_or_early_says_by_how_much():
    early = granted("ba", 5, opened=MONDAY, due=date(2026, 3, 9), on_day=date(2026, 3, 5))
    late = granted("yd", 1, opened=MONDAY, due=TUESDAY, on_day=date(2026, 3, 5))
    found = board(project(early, late, stages=(running_stage(),)))

    assert row(found, "ba").standing.words == "办结，早 2 日"
    assert (row(found, "yd").standing.chip, row(found, "yd").standing.words) == ("bad", "办结，超 2 日")
    assert (row(found, "ba").used, row(found, "yd").used) == (3, 3)


def test_a_stage_without_ties_to_an_earlier_one_begins_when_that_one_ends():
    found = board(project(replace(YD, needs=()), waiting("xx", 2, on=2)))

    assert dates(found)["xx"] == (date(2026, 3, 12), date(2026, 3, 16))
    assert found.forecast.critical_path == ("yd", "xx")


def test_a_stage_that_could_begin_long_ago_begins_today_and_the_days_between_are_nobodys():
    done = granted("ba", 1, opened=MONDAY, due=TUESDAY, on_day=TUESDAY)
    over = stage(1, state="closing", accepted_on=MONDAY, ended_on=TUESDAY)
    found = board(
        project(done, waiting("gg", 7, "ba", on=2), stages=(over, stage(2))), today=date(2026, 3, 9)
    )

    assert found.forecast.stages[2] == date(2026, 3, 9)
    assert (found.total.used, found.total.idle, found.total.paused) == (1, 4, 0)
    assert found.forecast.finish_on == date(2026, 3, 18)
    assert found.slack == 30 - 1 - 7
    assert found.forecast.critical_path == ("ba", "gg")


def test_an_open_pause_leaves_no_date_to_what_hangs_on_it_and_says_so():
    still = replace(
        YD, due_on=None, paused_since=THURSDAY, pause_kind="专家评审", pauses=(Pause(THURSDAY, None, True),)
    )
    found = board(project(BA, still, HP, GG, SG), today=date(2026, 3, 10))

    assert dates(found)["yd"] == (TUESDAY, None)
    assert dates(found)["gg"] == (None, None)
    assert dates(found)["hp"] == (TUESDAY, date(2026, 3, 12))
    assert found.forecast.finish_on is None and found.slack is None
    assert found.forecast.why_unknown == "“分项yd”暂停中，恢复后才能推算。"
    assert row(found, "yd").standing.words == "暂停 · 专家评审"
    assert row(found, "yd").used == 2


def test_days_on_which_no_branch_ran_are_not_used_and_move_the_end_of_the_total():
    paused = replace(STAGES[0], pauses=(Pause(THURSDAY, date(2026, 3, 10), True),))
    found = board(project(stages=(paused, STAGES[1])), today=date(2026, 3, 12))

    assert (found.total.used, found.total.paused) == (5, 3)
    assert found.total.due_on == date(2026, 4, 17)


def test_while_a_stage_stands_still_the_total_has_no_end():
    paused = replace(STAGES[0], paused_since=TUESDAY, pauses=(Pause(TUESDAY, None, True),))
    found = board(project(stages=(paused, STAGES[1])))

    assert found.total.is_paused and found.total.due_on is None and found.slack is None
    assert (found.total.used, found.total.paused) == (1, 2)


def test_what_was_refused_waits_for_the_lead_and_blocks_the_dates_behind_it():
    refused = granted("hp", 7, "ba", opened=TUESDAY, due=date(2026, 3, 12), on_day=THURSDAY)
    refused = replace(refused, state="refused", reason="不符合规划")
    blocked = replace(SG, state="blocked", reason="“分项hp”不予许可")
    found = board(project(BA, YD, refused, GG, blocked), today=date(2026, 4, 20))

    assert dates(found)["hp"] == (TUESDAY, THURSDAY)
    assert dates(found)["sg"] == (None, None)
    assert found.forecast.why_unknown == "“分项hp”等 2 项要由牵头部门决定，之后才能推算。"
    assert {(one.code, one.words) for one in found.watched} == {
        ("yd", "超 26 个工作日"), ("hp", "不予许可，待决定"), ("sg", "受阻"), ("", "超 19 个工作日"),
    }  # fmt: skip
    assert [one.code for one in found.watched if one.can_chase] == ["yd"]


def test_what_a_stage_ended_with_holds_up_nobody():
    ended = stage(1, state="refused", accepted_on=MONDAY, ended_on=THURSDAY)
    refused = replace(granted("hp", 7, opened=MONDAY, due=THURSDAY, on_day=THURSDAY), state="refused")
    found = board(project(refused, waiting("gg", 2, on=2), stages=(ended, stage(2))))

    assert found.forecast.finish_on == date(2026, 3, 9)
    assert found.watched == ()


def test_a_year_that_is_not_published_makes_dates_provisional_and_breaks_nothing():
    late = date(2026, 12, 30)
    facts = project(
        running("yd", 7, opened=late, due=None, provisional_due_on=date(2027, 1, 12)),
        waiting("gg", 7, "yd", on=2),
        stages=(running_stage(accepted_on=late, calendar_missing=True), stage(2)),
    )
    forecast_2027 = replace(
        CALENDAR, published=CALENDAR.published - {2027}, forecast=CALENDAR.forecast | {2027}
    )
    unknown_2027 = replace(CALENDAR, published=CALENDAR.published - {2027}, forecast=frozenset())

    guessed = board_of(facts, forecast_2027, late)
    nothing = board_of(facts, unknown_2027, late)

    assert guessed.forecast.is_provisional and guessed.forecast.finish_on is not None
    assert guessed.total.is_provisional
    assert nothing.forecast.finish_on is None and "尚未公布" in nothing.forecast.why_unknown
    assert nothing.gantt().groups and nothing.flow().spots and nothing.stages()


def test_before_any_stage_is_accepted_the_plan_begins_today():
    facts = project(waiting("ba", 1), waiting("yd", 7, "ba"), stages=(stage(1),))
    found = board(facts)

    assert dates(found) == {"ba": (THURSDAY, date(2026, 3, 6)), "yd": (date(2026, 3, 6), date(2026, 3, 17))}
    assert found.total.start_on is None and found.total.used == 0
    assert found.slack == 15 - 8


def test_days_on_which_the_hall_is_closed_do_not_count():
    closed = frozenset({date(2026, 3, 9), date(2026, 3, 10)})
    branch = replace(waiting("yd", 3), closed=closed)
    found = board(project(branch, stages=(running_stage(),), closed=closed), today=date(2026, 3, 6))

    assert row(found, "yd").expected.finish_on == date(2026, 3, 13)
    assert found.axis.day(date(2026, 3, 13)) == 7


def test_a_bar_begins_and_ends_where_its_days_are_on_the_axis():
    found = board(project())
    chart = found.gantt()
    bars = {bar.row.code: bar for group in chart.groups for bar in group.bars}
    width = 100 / found.axis.length

    assert bars["gg"].x == pytest.approx(8 * width, abs=0.02)
    assert bars["gg"].width == pytest.approx(7 * width, abs=0.02)
    assert bars["yd"].did == pytest.approx(2 * width, abs=0.02)
    assert bars["yd"].due == pytest.approx(8 * width, abs=0.02)
    assert chart.today.words == "今天 第 3 日"
    assert chart.total.words == "总期限 第 30 日"
    assert chart.height == 2 * 2.6 + 5 * 2.75
    assert sum(one.is_critical for one in chart.segments) >= 3


def test_a_project_that_has_ended_has_no_today_and_nothing_to_chase():
    over = stage(1, state="closed", accepted_on=MONDAY, ended_on=TUESDAY)
    found = board(project(BA, stages=(over,), is_living=False), today=date(2026, 12, 1))

    assert found.gantt().today is None
    assert found.total.used == 1
    assert found.watched == ()


# ── whatever the project looks like ──────────────────────────────────────────────────────────────────
STATES = ["waiting", "open", "paused", "granted", "refused", "blocked", "withdrawn"]


@st.composite
def projects(draw, states=STATES):
    number = draw(st.integers(1, 8))
    codes, made = [f"B{n}" for n in range(number)], []
    second = draw(st.integers(0, number))  # from here on the branches are of the second stage
    is_accepted = draw(st.booleans())
    for n, code in enumerate(codes):
        on = 1 if n < second or second == 0 else 2
        needs = draw(st.lists(st.sampled_from(codes[:n]), unique=True, max_size=2)) if n else []
        begun = on == 1 or is_accepted
        state = draw(st.sampled_from([one for one in states if begun or one in ("waiting", "blocked")]))
        made.append(_branch(draw, code, needs, on, state))
    stages = [running_stage(1, due_on=date(2026, 3, 23))]
    if any(one.stage == 2 for one in made):
        stages.append(running_stage(2, accepted_on=THURSDAY) if is_accepted else stage(2))
    return project(*made, stages=tuple(stages))


def _branch(draw, code: str, needs: list[str], on: int, state: str) -> BranchNow:
    days = draw(st.integers(0, 12))
    opened = THURSDAY + draw(st.integers(0, 10)) * DAY
    due = CALENDAR.add(opened, days).on
    plain = waiting(code, days, *needs, on=on, state=state)
    if state in ("waiting", "blocked"):
        return plain
    if state == "open":
        return replace(plain, opened_on=opened, due_on=due)
    if state == "paused":
        return replace(
            plain, state="open", opened_on=opened, paused_since=opened, pauses=(Pause(opened, None, True),)
        )
    return replace(plain, opened_on=opened, due_on=due, finished_on=opened + draw(st.integers(0, 14)) * DAY)


@settings(max_examples=80, deadline=None)
@given(projects(), st.integers(0, 60))
def test_all_views_show_the_same_branches_in_the_same_words(facts, later):
    found = board(facts, today=date(2026, 3, 20) + later * DAY)
    gantt = [bar.row for group in found.gantt().groups for bar in group.bars]
    table = [one for group in found.stages() for one in group["rows"]]
    flow = [spot.row for spot in found.flow().spots]

    assert gantt == table == list(found.rows)
    assert sorted(flow, key=lambda one: one.code) == sorted(table, key=lambda one: one.code)


@settings(max_examples=80, deadline=None)
@given(projects(), st.integers(0, 60))
def test_nothing_is_planned_into_the_past_nor_before_what_it_waits_for(facts, later):
    today = date(2026, 3, 20) + later * DAY
    found = board(facts, today=today)
    expected = found.forecast.branches

    for one in facts.branches:
        planned = expected[one.code]
        if one.state == "waiting" and planned.start_on is not None:
            assert planned.start_on >= today
            for need in one.needs:
                assert expected[need].finish_on is None or planned.start_on >= expected[need].finish_on
        if one.state == "open" and planned.finish_on is not None:
            assert planned.finish_on >= today
    ends = [expected[one.code].finish_on for one in facts.branches]
    if found.forecast.finish_on is not None and None not in ends:
        assert found.forecast.finish_on == max(ends)
    assert all(re.fullmatch(r"\S.*", one.standing.words) for one in found.rows)


@settings(max_examples=80, deadline=None)
@given(projects(), st.integers(0, 60))
def test_bars_stay_within_the_chart(facts, later):
    chart = board(facts, today=date(2026, 3, 20) + later * DAY).gantt()
    bars = [bar for group in chart.groups for bar in group.bars if bar.x is not None]

    assert all(bar.x >= 0 and bar.end <= 101.5 and 0 <= bar.did <= bar.width for bar in bars)
    assert all(0 <= one.y1 <= chart.height and 0 <= one.y2 <= chart.height for one in chart.segments)
