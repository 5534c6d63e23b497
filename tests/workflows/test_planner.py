"""The planner against counting by hand: every date of random projects, forwards, backwards and with pauses."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.calendars import notices
from apps.cases.terms import Pause
from apps.workflows.graph import BrokenGraph, in_order
from apps.workflows.planning import Branch, NoCalendar, plan

CALENDAR = notices.built_in()
DAY = timedelta(days=1)
MONDAY = date(2026, 3, 2)
MANY = settings(max_examples=150, deadline=None)


def branch(code: str, days: int, *after: str, **more) -> Branch:
    return Branch(code=code, name=f"分项{code}", days=days, after=after, **more)


def pause(from_on: date, to_on: date | None) -> Pause:
    return Pause(from_on, to_on, stops_statutory=False, kind="补充论证")


# ── counting by hand ─────────────────────────────────────────────────────────────────────────────────
def runs(one: Branch, day: date) -> bool:
    """Without days of its own, there is nothing for a pause to stop: as with a term of 0 days."""
    stopped = one.days and any(each.from_on < day <= each.to_on for each in one.pauses)
    return CALENDAR.is_workday(day) and not stopped


def end_by_hand(one: Branch, start: date) -> date:
    day, left = start, one.days
    if left == 0:
        while not runs(one, day):
            day += DAY
    while left:
        day += DAY
        left -= runs(one, day)
    return day


def counted_by_hand(one: Branch, after: date, until: date) -> int:
    if until < after:
        return -counted_by_hand(one, until, after)
    return sum(runs(one, after + n * DAY) for n in range(1, (until - after).days + 1))


@st.composite
def projects(draw, with_pauses: bool = True, least: int = 1):
    number = draw(st.integers(1, 9))
    codes = [f"B{n}" for n in range(number)]
    made = []
    for n, code in enumerate(codes):
        after = draw(st.lists(st.sampled_from(codes[:n]), unique=True, max_size=3)) if n else []
        pauses = []
        if with_pauses and draw(st.booleans()):
            begun = date(2026, 3, 2) + timedelta(days=draw(st.integers(0, 60)))
            pauses.append(pause(begun, begun + timedelta(days=draw(st.integers(0, 20)))))
        made.append(branch(code, draw(st.integers(least, 15)), *after, pauses=tuple(pauses)))
    draw(st.randoms(use_true_random=False)).shuffle(made)
    return made


# ── what is right ────────────────────────────────────────────────────────────────────────────────────
@MANY
@given(projects(least=0), st.dates(date(2026, 1, 1), date(2026, 5, 31)))
def test_every_branch_begins_when_its_last_prerequisite_ends_and_runs_its_own_days(branches, start):
    made = plan(CALENDAR, start, 60, branches)

    by_code = {one.code: one for one in branches}
    for code, planned in made.branches.items():
        ends = [made.branches[need].due_on for need in by_code[code].after]
        assert planned.start_on == max(ends, default=start)
        assert planned.due_on == end_by_hand(by_code[code], planned.start_on)
    assert made.planned_finish == max(planned.due_on for planned in made.branches.values())


@MANY
@given(
    projects(least=0),
    st.dates(date(2026, 2, 27), date(2026, 3, 9)),
    st.dates(date(2026, 3, 1), date(2026, 9, 30)),
)
def test_from_the_latest_start_the_goal_is_just_reached(branches, start, target_on):
    made = plan(CALENDAR, start, 60, branches, target_on=target_on)

    for one in branches:
        planned = made.branches[one.code]
        limits = [made.branches[other.code].latest_start_on for other in branches if one.code in other.after]
        limit = min([target_on, *limits])
        assert planned.slack == counted_by_hand(one, planned.due_on, limit)
        assert end_by_hand(one, planned.latest_start_on) <= limit or planned.slack == 0
        later = planned.latest_start_on + DAY
        while not runs(one, later):
            later += DAY
        assert end_by_hand(one, later) > limit
        assert (one.code in made.late) == (planned.start_on > planned.latest_start_on)


@MANY
@given(projects(with_pauses=False), st.dates(date(2026, 1, 1), date(2026, 5, 31)))
def test_a_branch_is_critical_exactly_when_one_more_day_of_it_moves_the_end(branches, start):
    made = plan(CALENDAR, start, 60, branches)

    for one in branches:
        longer = [
            branch(other.code, other.days + (other is one), *other.after, finished_on=None)
            for other in branches
        ]
        moves = plan(CALENDAR, start, 60, longer).planned_finish > made.planned_finish
        assert made.branches[one.code].critical == moves
        slack = made.branches[one.code].slack
        if slack:
            barely = [branch(o.code, o.days + slack * (o is one), *o.after) for o in branches]
            assert plan(CALENDAR, start, 60, barely).planned_finish == made.planned_finish


@MANY
@given(projects(), st.dates(date(2026, 1, 1), date(2026, 5, 31)))
def test_the_critical_path_is_whole_and_the_first_by_order_of_entry(branches, start):
    made = plan(CALENDAR, start, 60, branches)
    by_code = {one.code: one for one in branches}
    entered = [one.code for one in branches]

    def chains(code: str):
        """Every whole critical chain from here, each branch begun on the day the one before it ended."""
        nexts = [
            other.code
            for other in branches
            if code in other.after
            and made.branches[other.code].critical
            and made.branches[other.code].start_on == made.branches[code].due_on
        ]
        return [[code, *rest] for other in nexts for rest in chains(other)] or [[code]]

    def reaches_the_end(chain: list[str]) -> bool:
        return made.branches[chain[-1]].due_on == made.planned_finish

    heads = [
        code
        for code in entered
        if made.branches[code].critical
        and not any(
            made.branches[need].critical and made.branches[need].due_on == made.branches[code].start_on
            for need in by_code[code].after
        )
    ]
    every = [chain for head in heads for chain in chains(head) if reaches_the_end(chain)]
    assert made.critical_path == min(every, key=lambda chain: [entered.index(code) for code in chain])
    assert made.branches[made.critical_path[0]].start_on == start
    assert made.branches[made.critical_path[-1]].due_on == made.planned_finish


def test_the_order_of_entry_changes_no_date():
    branches = [branch("C", 3, "B"), branch("B", 2, "A"), branch("A", 1)]

    forwards, turned = plan(CALENDAR, MONDAY, 20, branches), plan(CALENDAR, MONDAY, 20, branches[::-1])

    assert forwards.branches == turned.branches
    assert forwards.critical_path == turned.critical_path == ["A", "B", "C"]


def test_what_was_finished_early_lets_the_next_begin_early():
    branches = [branch("A", 5, finished_on=date(2026, 3, 4)), branch("B", 2, "A")]

    made = plan(CALENDAR, MONDAY, 20, branches, today=date(2026, 3, 20))

    assert made.branches["A"].due_on == date(2026, 3, 9)  # what it was given
    assert made.branches["B"].start_on == date(2026, 3, 4)
    assert made.planned_finish == date(2026, 3, 6)
    assert made.late == ["B"]  # A is done; B should have been by today


def test_a_prerequisite_finished_before_the_stage_does_not_move_its_beginning():
    branches = [branch("A", 5, finished_on=date(2026, 2, 25)), branch("B", 2, "A")]

    assert plan(CALENDAR, MONDAY, 20, branches).branches["B"].start_on == MONDAY


def test_behind_an_open_pause_nothing_has_a_date():
    branches = [
        branch("A", 5, pauses=(pause(date(2026, 3, 4), None),)),
        branch("B", 2, "A"),
        branch("C", 3),
    ]

    made = plan(CALENDAR, MONDAY, 20, branches)

    assert made.branches["A"].start_on == MONDAY
    assert [made.branches["A"].due_on, made.branches["B"].start_on, made.branches["B"].due_on] == [None] * 3
    assert made.branches["C"].due_on == date(2026, 3, 5)
    assert made.planned_finish is made.slack_workdays is None
    assert made.critical_path == made.late == []


def test_a_branch_beside_an_open_pause_still_learns_from_a_target_how_long_it_may_wait():
    branches = [
        branch("A", 5, pauses=(pause(date(2026, 3, 4), None),)),
        branch("B", 2, "A", "C"),
        branch("C", 3),
    ]

    made = plan(CALENDAR, MONDAY, 20, branches, target_on=date(2026, 3, 13))

    assert made.branches["C"].latest_start_on == date(2026, 3, 6)
    assert made.branches["C"].slack == 4
    assert made.branches["A"].latest_start_on is None


def test_a_stage_that_is_too_short_says_by_how_many_working_days():
    made = plan(CALENDAR, MONDAY, 3, [branch("A", 5)])

    assert (made.stage_due_on, made.slack_workdays) == (date(2026, 3, 5), -2)


def test_a_target_on_a_day_off_is_reached_on_the_working_day_before():
    made = plan(CALENDAR, MONDAY, 20, [branch("A", 5)], target_on=date(2026, 3, 8))

    assert made.branches["A"].latest_start_on == date(
        2026, 2, 28
    )  # a Saturday worked for the Spring Festival
    assert made.branches["A"].slack == -1
    assert made.late == ["A"]


def test_a_branch_without_days_that_begins_on_a_day_off_may_begin_on_the_very_day_of_the_goal():
    branches = [branch("A", 0), branch("B", 10)]
    saturday, friday = date(2026, 3, 7), date(2026, 3, 13)

    planned = plan(CALENDAR, saturday, 20, branches, target_on=friday).branches["A"]

    assert (planned.start_on, planned.due_on) == (saturday, date(2026, 3, 9))
    assert (planned.slack, planned.latest_start_on) == (4, friday)


def test_what_is_done_on_the_day_it_begins_is_stopped_by_no_pause():
    branches = [branch("A", 0, pauses=(pause(date(2026, 3, 2), date(2026, 3, 6)),)), branch("B", 10)]

    planned = plan(CALENDAR, date(2026, 3, 4), 20, branches, target_on=date(2026, 3, 6)).branches["A"]

    assert (planned.due_on, planned.slack, planned.latest_start_on) == (
        date(2026, 3, 4),
        2,
        date(2026, 3, 6),
    )


def test_a_pause_left_open_behind_a_finished_branch_takes_no_slack_from_who_came_before():
    finished = branch("B", 2, "A", finished_on=date(2026, 3, 6), pauses=(pause(date(2026, 3, 6), None),))
    branches = [branch("A", 2), finished, branch("C", 10)]

    made = plan(CALENDAR, MONDAY, 20, branches)

    assert made.planned_finish == date(2026, 3, 16)
    assert (made.branches["B"].slack, made.branches["B"].latest_start_on) == (6, date(2026, 3, 12))
    assert (made.branches["A"].slack, made.branches["A"].latest_start_on) == (6, date(2026, 3, 10))


def test_a_project_that_begins_on_a_day_off_is_not_late_by_that():
    made = plan(CALENDAR, date(2026, 3, 7), 20, [branch("A", 5)])

    assert made.branches["A"].latest_start_on == date(2026, 3, 7)
    assert made.late == []


def test_a_year_without_its_notice_gives_no_plan():
    with pytest.raises(NoCalendar):
        plan(CALENDAR, date(2026, 12, 20), 5, [branch("A", 40)])
    with pytest.raises(NoCalendar):
        plan(CALENDAR, MONDAY, 5, [branch("A", 1)], target_on=date(9999, 12, 31))
    with pytest.raises(NoCalendar):
        plan(CALENDAR, MONDAY, 10**9, [branch("A", 1)])


# ── what is wrong with a graph ───────────────────────────────────────────────────────────────────────
def test_a_circle_is_named_along_the_work_from_its_first_branch():
    with pytest.raises(BrokenGraph) as refused:
        in_order([("X", []), ("A", ["X", "C"]), ("B", ["A"]), ("C", ["B"]), ("D", ["C"])])

    assert (refused.value.error, refused.value.path) == ("CIRCLE", ["A", "B", "C", "A"])
    assert "A → B → C → A" in str(refused.value)


def test_a_branch_that_waits_for_itself_is_a_circle():
    with pytest.raises(BrokenGraph) as refused:
        in_order([("A", ["A"])])

    assert refused.value.path == ["A", "A"]


def test_a_prerequisite_nobody_knows_is_named_with_who_asks_for_it():
    with pytest.raises(BrokenGraph) as refused:
        in_order([("A", ["Z"])])

    assert (refused.value.error, refused.value.path) == ("UNKNOWN_CODE", ["A", "Z"])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14))
def test_an_order_is_found_exactly_where_there_is_no_circle(pairs):
    after = {str(n): [] for n in range(7)}
    for before, code in pairs:
        after[str(code)].append(str(before))

    try:
        order = in_order(list(after.items()))
    except BrokenGraph as refused:
        path = refused.path
        assert path[0] == path[-1]
        assert len(set(path)) == len(path) - 1
        assert all(need in after[code] for need, code in zip(path, path[1:], strict=False))
    else:
        assert sorted(order) == sorted(after)
        assert all(order.index(need) < order.index(code) for code in after for need in after[code])
