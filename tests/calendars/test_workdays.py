"""工作日推算 against an independent calendar, worked examples, and its own inverses."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.calendars import notices
from apps.calendars.workdays import (
    CALENDAR_MISSING,
    SHANGHAI,
    DayNote,
    Due,
    DueAt,
    HallHours,
    Special,
    WorkCalendar,
)

from . import oracle

CALENDAR = notices.calendar_of(notices.carried())
EXAMPLES = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))

days_known = st.dates(oracle.FIRST, oracle.LAST)
closures = st.frozensets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=12)


def missing(day):
    return Due(None, day, CALENDAR_MISSING)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# -- the calendar itself


def test_the_carried_calendar_agrees_with_an_independent_one_on_every_day():
    ours = {day for day in oracle.DATES if CALENDAR.is_workday(day)}

    assert ours == oracle.WORKED
    assert [sum(day.year == year for day in ours) for year in (2023, 2024, 2025, 2026)] == [
        249,
        251,
        248,
        248,
    ]


def test_every_start_day_and_every_term_up_to_120_days_is_right():
    for start in oracle.DATES:
        expected, day = [], start
        while len(expected) < 120:
            day += oracle.DAY
            if oracle.works(day):
                expected.append(Due(day) if day <= oracle.LAST else missing(day))

        assert [CALENDAR.add(start, days) for days in range(1, 121)] == expected


def test_every_term_backwards_is_right():
    for expiry in oracle.DATES[400:]:
        expected, day = [], expiry
        while len(expected) < 40:
            day -= oracle.DAY
            if oracle.works(day):
                expected.append(Due(day))

        assert [CALENDAR.before(expiry, days) for days in range(1, 41)] == expected


# -- worked examples


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_worked_example(example):
    read = datetime.fromisoformat if example["verb"] == "add_half_days" else date.fromisoformat
    expected = [example["due"] and read(example["due"]), example.get("provisional"), example.get("error")]
    expected[1] = expected[1] and read(expected[1])

    due = getattr(CALENDAR, example["verb"])(read(example["start"]), example["amount"])

    assert due == (DueAt if example["verb"] == "add_half_days" else Due)(*expected)


@pytest.mark.parametrize(
    "example", [example for example in EXAMPLES if "counted" in example], ids=lambda e: e["id"]
)
def test_worked_example_names_the_days_it_counts(example):
    notes = CALENDAR.explain(date.fromisoformat(example["start"]), date.fromisoformat(example["due"]))

    assert [note.date.isoformat() for note in notes if note.counts] == example["counted"]


# -- days that are special


def test_no_days_is_the_start_or_the_next_working_day():
    assert CALENDAR.add(date(2025, 3, 10), 0) == Due(date(2025, 3, 10))
    assert CALENDAR.add(date(2025, 10, 1), 0) == Due(date(2025, 10, 9))
    assert CALENDAR.add(date(2025, 10, 11), 0) == Due(date(2025, 10, 11))  # a Saturday worked


def test_calendar_days_and_months_roll_forward_only_at_the_end():
    assert CALENDAR.add_calendar_days(date(2025, 9, 29), 2) == Due(date(2025, 10, 9))
    assert CALENDAR.add_calendar_days(date(2026, 2, 13), 1) == Due(date(2026, 2, 14))  # a Saturday worked
    assert CALENDAR.add_calendar_days(date(2025, 5, 1), 0) == Due(date(2025, 5, 6))
    assert CALENDAR.add_months(date(2024, 1, 31), 1) == Due(date(2024, 2, 29))
    assert CALENDAR.add_months(date(2025, 1, 31), 1) == Due(date(2025, 2, 28))
    assert CALENDAR.add_months(date(2025, 8, 31), 1) == Due(date(2025, 9, 30))
    assert CALENDAR.add_months(date(2024, 11, 1), 3) == Due(date(2025, 2, 5))  # 1 February 2025: 春节
    assert CALENDAR.add_months(date(2025, 12, 5), 12) == Due(date(2026, 12, 7))


def test_reasons_are_words_of_the_notice():
    why = CALENDAR.why

    assert why(date(2025, 3, 10)) == "工作日"
    assert why(date(2025, 3, 8)) == "周末"
    assert why(date(2024, 10, 1)) == "国庆节放假"
    assert why(date(2024, 10, 5)) == "国庆节放假"  # the Saturday inside the block
    assert why(date(2024, 10, 12)) == "国庆节调休上班"
    assert why(date(2025, 9, 28)) == "国庆节、中秋节调休上班"
    assert why(date(2024, 2, 9)) == "工作日"  # 除夕 2024 was worked
    assert why(date(2025, 3, 10), closed_days={date(2025, 3, 10)}) == "中心停办"
    assert why(date(2025, 3, 8), closed_days={date(2025, 3, 8)}) == "周末"
    assert why(date(2027, 2, 5)) == "春节放假（暂估）"
    assert why(date(2027, 2, 9)) == "工作日（暂估）"
    assert why(date(2031, 5, 1)) == "劳动节放假（暂估）"
    assert why(date(2031, 4, 5)) == "清明节放假（暂估）"
    assert why(date(2031, 4, 6)) == "周末（暂估）"


def test_a_date_is_explained_day_by_day():
    closed = frozenset({date(2025, 10, 10)})

    assert CALENDAR.explain(date(2025, 10, 7), date(2025, 10, 12), closed_days=closed) == [
        DayNote(date(2025, 10, 8), False, "国庆节、中秋节放假"),
        DayNote(date(2025, 10, 9), True, "工作日"),
        DayNote(date(2025, 10, 10), False, "中心停办"),
        DayNote(date(2025, 10, 11), True, "国庆节、中秋节调休上班"),
        DayNote(date(2025, 10, 12), False, "周末"),
    ]
    assert CALENDAR.explain(date(2025, 10, 7), date(2025, 10, 7)) == []


# -- half days


@pytest.mark.parametrize(
    ("start", "halves", "due"),
    [
        ("2025-06-06T08:30", 1, "2025-06-06T17:00"),
        ("2025-06-06T11:59:59", 1, "2025-06-06T17:00"),
        ("2025-06-06T12:00", 1, "2025-06-09T12:00"),  # sharp: the afternoon
        ("2025-06-06T12:45", 1, "2025-06-09T12:00"),
        ("2025-06-06T20:00", 1, "2025-06-09T12:00"),
        ("2025-06-06T10:20", 2, "2025-06-09T12:00"),
        ("2025-06-06T10:20", 3, "2025-06-09T17:00"),
        ("2025-06-06T15:00", 2, "2025-06-09T17:00"),
        ("2025-06-07T09:00", 1, "2025-06-09T12:00"),  # Saturday
        ("2025-06-07T16:00", 1, "2025-06-09T12:00"),
        ("2025-06-07T16:00", 2, "2025-06-09T17:00"),
        ("2025-10-11T09:00", 1, "2025-10-11T17:00"),  # Saturday worked
        ("2025-06-06T10:20", 0, "2025-06-06T12:00"),
        ("2025-06-06T14:00", 0, "2025-06-06T17:00"),
        ("2025-06-07T16:00", 0, "2025-06-09T12:00"),
    ],
)
def test_half_days_end_with_a_session(start, halves, due):
    assert CALENDAR.add_half_days(at(start), halves) == DueAt(at(due))


def test_half_days_are_shanghai_halves_whatever_the_zone_of_the_instant():
    assert CALENDAR.add_half_days(datetime(2025, 6, 6, 3, 59, tzinfo=UTC), 1) == DueAt(at("2025-06-06T17:00"))
    assert CALENDAR.add_half_days(datetime(2025, 6, 6, 4, 0, tzinfo=UTC), 1) == DueAt(at("2025-06-09T12:00"))
    assert CALENDAR.add_half_days(datetime(2025, 6, 5, 16, 30, tzinfo=UTC), 1) == DueAt(
        at("2025-06-06T17:00")
    )
    with pytest.raises(ValueError, match="缺少时区"):
        CALENDAR.add_half_days(datetime(2025, 6, 6, 10, 0), 1)


def test_half_days_follow_the_hours_and_closures_of_the_hall():
    summer = HallHours(
        morning_ends=datetime(2025, 1, 1, 12, 30).time(), afternoon_ends=datetime(2025, 1, 1, 18).time()
    )
    closed = frozenset({date(2025, 6, 9)})

    assert CALENDAR.add_half_days(at("2025-06-06T12:10"), 1, hours=summer) == DueAt(at("2025-06-06T18:00"))
    assert CALENDAR.add_half_days(at("2025-06-06T15:00"), 1, closed_days=closed) == DueAt(
        at("2025-06-10T12:00")
    )
    assert CALENDAR.add_half_days(at("2025-06-09T09:00"), 1, closed_days=closed) == DueAt(
        at("2025-06-10T12:00")
    )


def test_half_days_into_a_missing_year_are_provisional():
    assert CALENDAR.add_half_days(at("2026-12-31T15:00"), 1) == DueAt(
        None, at("2027-01-04T12:00"), CALENDAR_MISSING
    )


# -- years that are not published


def test_a_date_in_a_missing_year_is_only_provisional():
    assert CALENDAR.add(date(2026, 12, 28), 3) == Due(date(2026, 12, 31))
    assert CALENDAR.add(date(2026, 12, 28), 4) == missing(date(2027, 1, 4))
    assert CALENDAR.add_calendar_days(date(2026, 12, 30), 3) == missing(date(2027, 1, 4))
    assert CALENDAR.add_months(date(2026, 12, 5), 1) == missing(date(2027, 1, 5))
    assert CALENDAR.before(date(2027, 1, 6), 2) == missing(date(2027, 1, 4))
    assert CALENDAR.before(date(2027, 1, 6), 3) == missing(date(2026, 12, 31))  # it looked into 2027
    assert CALENDAR.before(date(2027, 1, 1), 1) == Due(date(2026, 12, 31))


def test_nothing_breaks_when_today_lies_in_a_missing_year():
    today = date(2027, 2, 4)

    assert CALENDAR.add(today, 1) == missing(
        date(2027, 2, 9)
    )  # 除夕 and 春节 are known, their arrangement is not
    assert CALENDAR.add(today, 0) == missing(today)
    assert CALENDAR.before(today, 1) == missing(date(2027, 2, 3))
    assert CALENDAR.add_half_days(at("2027-02-04T15:00"), 1).error == CALENDAR_MISSING
    assert CALENDAR.count(date(2027, 2, 4), date(2027, 2, 12)) == 4
    assert CALENDAR.is_workday(today)
    assert not CALENDAR.covers(today)
    assert CALENDAR.covers(date(2026, 12, 31))
    assert CALENDAR.add(today, 1).likely_on == date(2027, 2, 9)


def test_a_year_nobody_forecast_knows_only_festivals_tied_to_the_sun():
    bare = WorkCalendar(frozenset(), frozenset(), frozenset())

    assert bare.add(date(2028, 9, 29), 1) == missing(date(2028, 10, 4))  # 1-3 October are off
    assert bare.add(date(2028, 12, 31), 1) == missing(date(2029, 1, 2))
    assert [bare.is_workday(date(2028, 5, day)) for day in (1, 2, 3)] == [False, False, True]
    assert [day for day in range(1, 8) if bare.why(date(2028, 4, day)).startswith("清明")] == [4]


def test_the_computed_qingming_is_that_of_the_notices():
    bare = WorkCalendar(frozenset(), frozenset(), frozenset())
    computed = [day for day in oracle.DATES if bare.why(day).startswith("清明")]
    official = {
        2023: date(2023, 4, 5),
        2024: date(2024, 4, 4),
        2025: date(2025, 4, 4),
        2026: date(2026, 4, 5),
    }

    assert computed == list(official.values())
    assert all(CALENDAR.why(day) == "清明节放假" for day in computed)


def test_a_hole_between_published_years_is_not_guessed_over():
    by_year = {notice.year: notice for notice in notices.carried()}
    holed = notices.calendar_of([by_year[2024], by_year[2026]])

    assert holed.add(date(2024, 12, 30), 1) == Due(date(2024, 12, 31))
    assert holed.add(date(2024, 12, 31), 1).error == CALENDAR_MISSING
    across = holed.add(date(2024, 12, 31), 300)
    assert (across.on, across.error, across.provisional_on.year) == (None, CALENDAR_MISSING, 2026)
    assert holed.add(date(2025, 12, 31), 1) == Due(date(2026, 1, 4))  # no day of 2025 is looked at
    assert holed.before(date(2026, 1, 6), 5).error == CALENDAR_MISSING


def test_the_provisional_date_becomes_final_when_the_year_is_published():
    forecast = CALENDAR.add(date(2026, 12, 28), 10)
    make_up = Special(date(2027, 1, 9), True, "元旦")
    known = WorkCalendar(CALENDAR.published | {2027}, frozenset(), CALENDAR.specials | {make_up})

    assert forecast == missing(date(2027, 1, 12))
    assert known.add(date(2026, 12, 28), 10) == Due(date(2027, 1, 11))


# -- closures, inverses, far ends


@given(start=days_known, days=st.integers(1, 60), closed=closures)
def test_closed_days_are_days_off(start, days, closed):
    expected = oracle.step(start, days, closed=closed)

    assert CALENDAR.add(start, days, closed_days=closed).likely_on == expected


@given(start=days_known, days=st.integers(1, 200), closed=closures)
def test_counting_gives_back_what_was_added(start, days, closed):
    due = CALENDAR.add(start, days, closed_days=closed).likely_on

    assert CALENDAR.count(start, due, closed_days=closed) == days
    assert CALENDAR.count(start, due - timedelta(days=1), closed_days=closed) == days - 1
    assert sum(note.counts for note in CALENDAR.explain(start, due, closed_days=closed)) == days


@given(expiry=days_known, days=st.integers(1, 60), closed=closures)
def test_backwards_is_forwards_mirrored(expiry, days, closed):
    latest = CALENDAR.before(expiry, days, closed_days=closed).likely_on

    assert CALENDAR.count(latest - timedelta(days=1), expiry - timedelta(days=1), closed_days=closed) == days
    assert CALENDAR.is_workday(latest, closed_days=closed)


@given(a=days_known, b=days_known, c=days_known)
def test_counts_add_up(a, b, c):
    a, b, c = sorted([a, b, c])

    assert CALENDAR.count(a, b) + CALENDAR.count(b, c) == CALENDAR.count(a, c)
    assert CALENDAR.count(c, a) == 0


def test_rolling_avoids_closed_days():
    closed = frozenset({date(2025, 3, 10)})

    assert CALENDAR.add(date(2025, 3, 8), 0, closed_days=closed) == Due(date(2025, 3, 11))
    assert CALENDAR.add_calendar_days(date(2025, 3, 3), 7, closed_days=[date(2025, 3, 10)]) == Due(
        date(2025, 3, 11)
    )
    assert CALENDAR.before(date(2025, 3, 10), 0, closed_days=closed) == Due(date(2025, 3, 7))
    assert not CALENDAR.is_workday(date(2025, 3, 10), closed_days=closed)


def test_far_and_foul_amounts_are_refused_plainly():
    assert CALENDAR.before(date(9999, 12, 31), 30).provisional_on == date(9999, 11, 19)  # "valid for ever"
    with pytest.raises(ValueError, match="不能为负数"):
        CALENDAR.add(date(2025, 1, 1), -1)
    with pytest.raises(ValueError, match="不能为负数"):
        CALENDAR.before(date(2025, 1, 1), -1)
    with pytest.raises(OverflowError):
        CALENDAR.add(date(9999, 12, 1), 60)
    with pytest.raises(OverflowError):
        CALENDAR.before(date(1, 1, 2), 10)
    with pytest.raises(OverflowError):
        CALENDAR.add_months(date(9999, 12, 1), 1)
    with pytest.raises(OverflowError):
        CALENDAR.add_calendar_days(date(9999, 12, 1), 60)


def test_equal_calendars_are_equal_and_cannot_be_changed():
    assert notices.calendar_of(notices.carried()) == CALENDAR
    with pytest.raises(AttributeError):
        CALENDAR.published = frozenset()
