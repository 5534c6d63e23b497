"""三个倒排: from the target day backwards in working days, against walking back day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.calendars.workdays import Special, WorkCalendar
from apps.workflows.backward import Task, planned_backward
from apps.workflows.graph import BrokenGraph
from apps.workflows.planning import NoCalendar

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CALENDAR = WorkCalendar(
    published=frozenset({2025, 2026}),
    forecast=frozenset({2027}),
    specials=frozenset(Special(date(2026, 10, day), False, "国庆节") for day in range(1, 8)),
)
MONDAY = date(2026, 3, 2)


def task(code: str, days: int, *after: str, **more) -> Task:
    return Task(code, f"任务{code}", days, more.pop("owner", "发改局"), after, **more)


def plan(*tasks: Task, target_on: date, today: date = MONDAY):
    return planned_backward(CALENDAR, tasks, target_on=target_on, today=today)


def test_every_task_has_its_latest_start_and_what_waits_sets_the_limit():
    found = plan(
        task("a", 5),
        task("b", 3, "a"),
        task("c", 10, "a"),
        task("d", 2, "b", "c"),
        target_on=date(2026, 4, 3),
    )

    dates = {line.task.code: (line.latest_start_on, line.latest_finish_on) for line in found.lines}
    assert dates == {
        "a": (date(2026, 3, 11), date(2026, 3, 18)),
        "b": (date(2026, 3, 27), date(2026, 4, 1)),
        "c": (date(2026, 3, 18), date(2026, 4, 1)),
        "d": (date(2026, 4, 1), date(2026, 4, 3)),
    }
    assert (found.late, found.is_provisional, found.planned_finish) == ([], False, date(2026, 3, 25))


def test_what_cannot_be_done_in_time_any_more_is_late_already():
    found = plan(task("a", 5), task("b", 3, "a"), task("c", 1), target_on=date(2026, 3, 11))

    assert found.late == ["a", "b"]
    assert [line.slack for line in found.lines] == [-1, -1, 6]


def test_a_task_begun_in_time_is_not_late_on_the_day_after_its_latest_start():
    due = date(2026, 3, 13)
    begun = plan(task("a", 9, begun_on=MONDAY), target_on=due, today=date(2026, 3, 5))
    waiting = plan(task("a", 9), target_on=due, today=date(2026, 3, 5))

    assert (begun.late, waiting.late) == ([], ["a"])
    assert (begun.lines[0].latest_start_on, begun.lines[0].latest_finish_on) == (None, due)


def test_a_task_that_should_be_done_is_late_though_its_days_are_used_up():
    found = plan(
        task("a", 2, begun_on=MONDAY), task("b", 5, "a"), target_on=date(2026, 3, 13), today=date(2026, 3, 10)
    )

    assert (found.late, found.lines[0].latest_finish_on) == (["a", "b"], date(2026, 3, 6))


def test_what_is_done_is_neither_late_nor_has_a_latest_start():
    found = plan(
        task("a", 30, begun_on=MONDAY, finished_on=date(2026, 3, 4)),
        task("b", 3, "a"),
        target_on=date(2026, 3, 10),
        today=date(2026, 3, 5),
    )

    assert (found.lines[0].latest_start_on, found.lines[0].latest_finish_on, found.late) == (None, None, [])


def test_a_task_whose_follower_was_finished_without_it_has_until_the_target():
    found = plan(
        task("a", 3), task("b", 5, "a", finished_on=MONDAY), task("c", 9, "b"), target_on=date(2026, 3, 11)
    )

    lines = {line.task.code: line for line in found.lines}
    assert (lines["a"].slack, lines["a"].latest_start_on, lines["a"].latest_finish_on) == (
        4, date(2026, 3, 6), date(2026, 3, 11),
    )  # fmt: skip
    assert found.late == ["c"]


def test_what_is_done_needs_no_year_that_is_not_out():
    found = plan(task("a", 3), task("b", 300, "a", finished_on=MONDAY), target_on=date(2026, 3, 31))

    assert not found.is_provisional


def test_next_year_is_planned_by_the_forecast_and_says_so():
    found = plan(task("a", 5), target_on=date(2027, 1, 8), today=date(2026, 12, 1))

    assert (found.is_provisional, found.lines[0].latest_start_on) == (True, date(2027, 1, 1))


def test_a_year_without_even_a_forecast_is_refused():
    with pytest.raises(NoCalendar, match="尚未公布放假安排"):
        plan(task("a", 5), target_on=date(2028, 1, 8), today=date(2026, 12, 1))


def test_a_circle_is_refused():
    with pytest.raises(BrokenGraph, match="a → b → a"):
        plan(task("a", 1, "b"), task("b", 1, "a"), target_on=date(2026, 4, 1))


def test_the_three_ways_to_read_it():
    found = plan(
        task("a", 1, owner="住建局"), task("b", 9), task("c", 2, owner="住建局"), target_on=date(2026, 4, 1)
    )

    assert [line.task.code for line in found.by_time()] == ["b", "c", "a"]
    assert {owner: [line.task.code for line in lines] for owner, lines in found.by_owner().items()} == {
        "住建局": ["c", "a"],
        "发改局": ["b"],
    }


@st.composite
def chains(draw):
    days = draw(st.lists(st.integers(0, 15), min_size=1, max_size=7))
    return [
        task(
            str(number),
            length,
            *draw(st.sets(st.sampled_from([str(n) for n in range(number)]))) if number else (),
        )
        for number, length in enumerate(days)
    ]


@UNHURRIED
@given(chains(), st.integers(0, 120))
def test_the_latest_starts_are_those_found_by_walking_back_day_by_day(tasks, ahead):
    target_on = MONDAY + timedelta(days=ahead)

    found = planned_backward(CALENDAR, tasks, target_on=target_on, today=MONDAY)

    starts: dict[str, date] = {}
    for one in reversed(tasks):
        limit = min([target_on, *(starts[other.code] for other in tasks if one.code in other.after)])
        day, left = limit, one.days
        while left or not CALENDAR.is_workday(day):
            left -= CALENDAR.is_workday(day)
            day -= timedelta(days=1)
        starts[one.code] = day
    moved = {line.task.code: line for line in found.lines}
    for code, start in starts.items():
        if moved[code].slack:  # with nothing to spare the planned day itself stays, worked or not
            assert moved[code].latest_start_on == start
        assert moved[code].is_late == (moved[code].slack < 0)
