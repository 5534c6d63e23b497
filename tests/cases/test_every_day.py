"""时限 against counting day by day on an independent calendar: every start day of twenty years, every field."""

import json
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.calendars.notices import built_in, carried, history
from apps.calendars.workdays import CALENDAR_MISSING, SHANGHAI, Due
from apps.cases.deadlines import Answers
from apps.cases.terms import Term, reckon
from tests.calendars.oracle import LAST

from .reckoner import DAY, FIRST, WORKED, Asked, pauses_near, works

CALENDAR = built_in()
ANSWERS = Answers(CALENDAR)
DATES = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]


def due(start, amount, unit="workday"):
    return reckon(CALENDAR, start, Term(amount, unit)).due


# -- the calendar that comes with the product


def test_the_built_in_calendar_agrees_with_an_independent_one_on_every_day_since_2007():
    assert [day for day in DATES if CALENDAR.is_workday(day) != works(day)] == []
    assert CALENDAR.published == frozenset(range(2007, 2027))


def test_history_says_where_it_was_read_and_no_hall_loads_it():
    assert [notice.year for notice in history()] == list(range(2007, 2023))
    assert [notice.year for notice in carried()] == [2023, 2024, 2025, 2026, 2027]
    for notice in history():
        assert f"{notice.year}年" in notice.source
        assert "holidays" in notice.source
        assert notice.url.startswith("https://www.gov.cn/")
        assert all(day.is_workday == works(day.date) for day in notice.days if day.date >= FIRST)


def test_a_year_left_out_is_as_unknown_as_one_that_was_never_published():
    limited = CALENDAR.limited_to([2024, 2026, 2050])

    assert limited.published == {2024, 2026}
    assert limited.add(date(2024, 12, 31), 1) == Due(None, date(2025, 1, 2), CALENDAR_MISSING)
    assert limited.add(date(2025, 12, 31), 1) == Due(date(2026, 1, 4))
    assert limited.forecast == {2027}


# -- every start day of twenty years


def test_every_start_day_and_every_term_of_working_days_is_right():
    worked = sorted(WORKED)
    behind = 0
    for start in DATES:
        while behind < len(worked) and worked[behind] <= start:
            behind += 1
        expected = worked[behind : behind + 120]

        found = [due(start, days).on for days in range(1, 121)]

        assert found == expected + [None] * (120 - len(expected)), start


def test_every_start_day_and_every_term_of_calendar_days_is_right():
    rolled = {}
    following = None
    for day in reversed(DATES):
        following = day if day in WORKED else following
        rolled[day] = following
    for start in DATES:
        expected = [rolled.get(start + days * DAY) for days in range(1, 121)]

        assert [due(start, days, "calendar_day").on for days in range(1, 121)] == expected, start


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_every_answer_is_that_of_counting_day_by_day(data):
    """All fields at once, for any mixture of pauses, closures, extension, clock and today."""
    unit = data.draw(st.sampled_from(["workday", "calendar_day", "half_day"]))
    start = data.draw(st.one_of(st.dates(FIRST, LAST), st.dates(date(2026, 9, 1), date(2027, 1, 20))))
    near = st.integers(-5, 120).map(lambda days: start + days * DAY)
    minutes = data.draw(st.sampled_from([0, 540, 719, 720, 800, 1439])) if unit == "half_day" else 0
    asked = Asked(
        start=start,
        amount=data.draw(st.integers(0, 45)),
        unit=unit,
        at=datetime.combine(start, datetime.min.time(), SHANGHAI) + timedelta(minutes=minutes),
        pauses=data.draw(pauses_near(start, may_be_open=True)),
        clock=data.draw(st.sampled_from(["committed", "statutory"])),
        extension=data.draw(st.none() | st.tuples(st.integers(0, 20), near)),
        closed=data.draw(st.sets(near, max_size=6)),
        today=data.draw(st.none() | near),
    )
    line = {
        "start": asked.at.isoformat() if unit == "half_day" else start.isoformat(),
        "amount": asked.amount,
        "unit": unit,
        "clock": asked.clock,
        "pauses": [{"from": str(a), "to": b and str(b), "kind": kind} for a, b, kind in asked.pauses],
        "closed_days": [str(day) for day in asked.closed],
        "extension": asked.extension
        and {"amount": asked.extension[0], "approved_on": str(asked.extension[1])},
        "today": asked.today and str(asked.today),
    }

    answer = json.loads(ANSWERS.answer(json.dumps(line).encode()))
    answer["days"] = [(note["date"], note["counts"]) for note in answer["days"]]

    assert answer == asked.answer()
