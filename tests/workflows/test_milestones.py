"""里程碑: how long it is from one half day to another, against counting one half after the other."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.calendars.workdays import SHANGHAI, Special, WorkCalendar
from apps.workflows.milestones import Budget, Elapsed, HalfDay, budget, elapsed, in_days

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CALENDAR = WorkCalendar(
    published=frozenset({2025, 2026}),
    forecast=frozenset({2027}),
    specials=frozenset(
        [
            *(Special(date(2026, 10, day), False, "国庆节") for day in range(1, 8)),
            Special(date(2026, 10, 10), True, "国庆节"),
            Special(date(2027, 1, 1), False, "元旦"),
        ]
    ),
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
HALVES = st.builds(HalfDay, DAYS, st.booleans())
CLOSED = st.frozensets(st.dates(date(2026, 9, 1), date(2026, 11, 30)), max_size=10)


def morning(day: str) -> HalfDay:
    return HalfDay(date.fromisoformat(day), False)


def afternoon(day: str) -> HalfDay:
    return HalfDay(date.fromisoformat(day), True)


def after(half: HalfDay) -> HalfDay:
    return HalfDay(half.day + timedelta(days=1), False) if half.is_afternoon else HalfDay(half.day, True)


@UNHURRIED
@given(HALVES, HALVES, CLOSED)
def test_working_halves_are_those_after_the_first_up_to_the_second(one, other, closed):
    start, end = sorted([one, other])

    counted, half = 0, start
    while half < end:
        half = after(half)
        counted += CALENDAR.is_workday(half.day, closed_days=closed)

    assert elapsed(CALENDAR, start, end, closed_days=closed) == Elapsed((end.day - start.day).days, counted)


@UNHURRIED
@given(HALVES, st.integers(1, 60), CLOSED)
def test_a_commitment_is_kept_exactly_as_long_as_no_more_halves_have_gone_by(start, halves, closed):
    found = budget(CALENDAR, start, halves, closed_days=closed)
    if found.is_provisional:
        return

    assert elapsed(CALENDAR, start, found.until, closed_days=closed).halves == halves
    next_half = after(found.until)
    while not CALENDAR.is_workday(next_half.day, closed_days=closed):
        next_half = after(next_half)
    if next_half.day.year == 2026:
        assert elapsed(CALENDAR, start, next_half, closed_days=closed).halves == halves + 1


@UNHURRIED
@given(HALVES, HALVES, HALVES, CLOSED)
def test_intervals_add_up(one, two, three, closed):
    first, middle, last = sorted([one, two, three])

    parts = [
        elapsed(CALENDAR, *pair, closed_days=closed)
        for pair in [(first, middle), (middle, last), (first, last)]
    ]

    assert parts[0].days + parts[1].days == parts[2].days
    assert parts[0].halves + parts[1].halves == parts[2].halves


@pytest.mark.parametrize(
    ("start", "end", "days", "halves"),
    [
        (morning("2026-03-06"), morning("2026-03-06"), 0, 0),
        (morning("2026-03-06"), afternoon("2026-03-06"), 0, 1),  # 浙粤 0.5 天办完所有证照
        (morning("2026-03-06"), morning("2026-03-09"), 3, 2),  # over a weekend
        (afternoon("2026-03-06"), morning("2026-03-09"), 3, 1),
        (morning("2026-03-07"), afternoon("2026-03-08"), 1, 0),  # a weekend has no working half
        (afternoon("2026-09-30"), afternoon("2026-10-10"), 10, 6),  # 8, 9 and the Saturday made up
        (morning("2026-03-02"), morning("2026-05-16"), 75, 109),  # 75 days, to a Saturday
    ],
)
def test_what_the_trade_says(start, end, days, halves):
    assert elapsed(CALENDAR, start, end) == Elapsed(days, halves)


def test_over_a_year_that_is_not_published_only_calendar_days_are_known():
    assert elapsed(CALENDAR, morning("2026-12-31"), morning("2027-01-04")) == Elapsed(4, None)
    assert elapsed(CALENDAR, morning("2024-12-31"), morning("2025-01-01")) == Elapsed(1, None)


def test_a_time_limit_over_such_a_year_is_provisional():
    assert budget(CALENDAR, morning("2026-12-31"), 2) == Budget(morning("2027-01-04"), True)


def test_going_backwards_is_no_interval():
    with pytest.raises(ValueError, match="before the first"):
        elapsed(CALENDAR, afternoon("2026-03-06"), morning("2026-03-06"))


@pytest.mark.parametrize(
    ("clock", "half"),
    [
        ("11:59", morning("2026-03-06")),
        ("12:00", afternoon("2026-03-06")),
        ("23:59", afternoon("2026-03-06")),
    ],
)
def test_noon_is_afternoon(clock, half):
    assert HalfDay.of(datetime.fromisoformat(f"2026-03-06T{clock}").replace(tzinfo=SHANGHAI)) == half


@pytest.mark.parametrize(("halves", "words"), [(0, "0"), (1, "0.5"), (2, "1"), (105, "52.5")])
def test_half_days_in_days(halves, words):
    assert in_days(halves) == words
