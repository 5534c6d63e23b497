"""时限: the laws that any count must obey, and worked cases. Against counting day by day: `test_every_day.py`."""

from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.calendars.notices import built_in
from apps.calendars.workdays import CALENDAR_MISSING, SHANGHAI, DayNote, Due
from apps.cases.terms import (
    ART_45_KINDS,
    Extension,
    Pause,
    Term,
    backwards,
    elapsed,
    explain,
    hearing,
    is_paused_on,
    overdue_workdays,
    reckon,
    red_from,
    remaining,
    renewal_by,
    stops_statutory,
    yellow_from,
)
from tests.calendars.oracle import LAST

from .reckoner import DAY, FIRST, pauses_near, works

CALENDAR = built_in()
MARCH = date(2025, 3, 10)  # a Monday; no holiday near

starts = st.dates(FIRST, LAST)
lengths = st.integers(0, 60)
units = st.sampled_from(["workday", "calendar_day"])


def due(start, amount, unit="workday", **facts):
    return reckon(CALENDAR, start, Term(amount, unit), **facts).due


def pause(from_on, to_on=None, kind="检验"):
    return Pause(from_on, to_on, stops_statutory(kind), kind)


# -- laws of pauses (R5)


@settings(deadline=None)
@given(start=starts, days=st.integers(1, 60), after=st.integers(0, 59), paused=st.integers(1, 40))
def test_pausing_k_working_days_moves_the_due_day_by_exactly_k(start, days, after, paused):
    passed = min(after, days - 1)  # the pause begins before the term is full
    from_on = due(start, passed).likely_on if passed else start
    to_on = due(from_on, paused).likely_on

    moved = due(start, days, pauses=[pause(from_on, to_on)])

    assert moved.likely_on == due(start, days + paused).likely_on


@settings(deadline=None)
@given(data=st.data(), start=starts, days=lengths, unit=units)
def test_overlapping_pauses_count_once_and_in_any_order(data, start, days, unit):
    pauses = [pause(*facts) for facts in data.draw(pauses_near(start, may_be_open=True))]
    again = data.draw(st.permutations(pauses + pauses))

    assert reckon(CALENDAR, start, Term(days, unit), pauses=again) == reckon(
        CALENDAR, start, Term(days, unit), pauses=pauses
    )


@settings(deadline=None)
@given(start=starts, days=st.integers(1, 60), cut=st.integers(0, 20), length=st.integers(0, 20))
def test_a_pause_in_two_pieces_is_the_whole_pause(start, days, cut, length):
    from_on = start + 3 * DAY
    middle, to_on = from_on + cut * DAY, from_on + (cut + length) * DAY

    pieces = [pause(middle, to_on), pause(from_on, middle)]

    assert due(start, days, pauses=pieces) == due(start, days, pauses=[pause(from_on, to_on)])


def test_a_pause_on_days_off_costs_nothing():
    friday = date(2025, 9, 26)  # 27 September is off, 28 September worked, 1-8 October off
    eve = date(2025, 9, 30)

    assert due(friday, 5, pauses=[pause(friday, date(2025, 9, 27))]) == due(friday, 5)
    assert due(friday, 5, pauses=[pause(eve, date(2025, 10, 8))]) == due(friday, 5)
    assert due(friday, 5, pauses=[pause(eve, date(2025, 10, 9))]) == due(friday, 6)


@settings(deadline=None)
@given(start=starts, days=st.integers(1, 30))
def test_closing_on_a_day_off_changes_nothing(start, days):
    off = [start + n * DAY for n in range(1, 60) if not CALENDAR.is_workday(start + n * DAY)]

    assert due(start, days, closed_days=frozenset(off)) == due(start, days)


def test_the_first_day_of_a_pause_counts_and_the_last_does_not():
    pauses = [pause(date(2025, 9, 25), date(2025, 10, 13), "专家评审")]

    counted = [
        note.date
        for note in explain(CALENDAR, date(2025, 9, 22), Term(10), date(2025, 10, 22), pauses=pauses)
        if note.counts
    ]

    assert counted[2:4] == [date(2025, 9, 25), date(2025, 10, 14)]
    assert (len(counted), counted[-1]) == (10, date(2025, 10, 22))


def test_a_pause_of_a_thousand_years_costs_no_time_and_no_memory():
    assert due(MARCH, 10, pauses=[pause(MARCH, date(9000, 1, 1))]).on is None
    assert due(MARCH, 0, pauses=[pause(MARCH, date(9000, 1, 1))]) == Due(MARCH)


@pytest.mark.parametrize("kind", ART_45_KINDS)
def test_the_eight_kinds_of_the_law_stop_both_clocks(kind):
    pauses = [pause(MARCH, date(2025, 3, 14), kind)]  # four working days

    assert due(MARCH, 5, pauses=pauses, statutory=True) == due(MARCH, 9)
    assert due(MARCH, 5, pauses=pauses) == due(MARCH, 9)


@pytest.mark.parametrize("kind", ["现场踏勘", "公示", "听证会"])
def test_any_other_kind_stops_only_the_promise(kind):
    pauses = [pause(MARCH, date(2025, 3, 14), kind)]

    assert due(MARCH, 5, pauses=pauses, statutory=True) == due(MARCH, 5)
    assert due(MARCH, 5, pauses=pauses) == due(MARCH, 9)


def test_an_open_pause_has_no_date_unless_the_term_was_full_before():
    friday = date(2025, 3, 14)

    assert reckon(CALENDAR, MARCH, Term(4), pauses=[pause(friday)]).due == Due(friday)
    assert reckon(CALENDAR, MARCH, Term(5), pauses=[pause(friday)]).is_paused
    # Full on Saturday, due on Monday: the pause that began on Saturday came too late to move it.
    saturday = date(2025, 3, 15)
    assert reckon(CALENDAR, MARCH, Term(5, "calendar_day"), pauses=[pause(saturday)]).due == Due(
        date(2025, 3, 17)
    )


# -- extensions (R6)


@settings(deadline=None)
@given(data=st.data(), start=starts, days=lengths, more=st.integers(0, 30), unit=units)
def test_an_extension_in_time_is_a_longer_term_and_a_late_one_is_none(data, start, days, more, unit):
    pauses = [pause(*facts) for facts in data.draw(pauses_near(start))]
    plain = reckon(CALENDAR, start, Term(days, unit), pauses=pauses)
    last = plain.due.likely_on

    in_time = reckon(CALENDAR, start, Term(days, unit), pauses=pauses, extension=Extension(more, last))
    late = reckon(CALENDAR, start, Term(days, unit), pauses=pauses, extension=Extension(more, last + DAY))

    assert (in_time.extension_valid, late.extension_valid) == (True, False)
    assert in_time.due == due(start, days + more, unit, pauses=pauses)
    assert in_time.term.amount == days + more
    assert (late.due, late.term) == (plain.due, plain.term)


def test_an_extension_may_be_approved_while_the_clock_stands_still():
    found = reckon(CALENDAR, MARCH, Term(5), pauses=[pause(MARCH)], extension=Extension(10, date(2026, 1, 5)))

    assert (found.is_paused, found.extension_valid) == (True, True)


# -- backward terms (R9, R10)


def test_renewal_is_asked_for_by_the_thirtieth_working_day_before_the_expiry():
    expiry = date(2025, 10, 31)

    latest = renewal_by(CALENDAR, expiry).on

    assert latest == date(2025, 9, 15)
    assert sum(works(latest + n * DAY) for n in range((expiry - latest).days)) == 30


def test_the_dates_of_a_hearing_follow_from_its_facts():
    found = hearing(CALENDAR, date(2024, 9, 25), asked_on=date(2024, 10, 8), held_on=date(2024, 11, 4))

    assert found.ask_by == Due(date(2024, 10, 8))
    assert found.hold_by == Due(date(2024, 11, 4))
    assert found.tell_by == Due(date(2024, 10, 24))
    assert hearing(CALENDAR, date(2024, 9, 25)).hold_by is None


@settings(deadline=None)
@given(expiry=starts, days=st.integers(1, 60), closed=st.sets(st.integers(1, 90), max_size=8))
def test_backwards_is_the_nth_working_day_strictly_before(expiry, days, closed):
    closed = {expiry - n * DAY for n in closed}
    day, left = expiry, days
    while left:
        day -= DAY
        if day < FIRST:
            return
        left -= works(day) and day not in closed

    assert backwards(CALENDAR, expiry, Term(days), closed_days=closed) == Due(day)


@settings(deadline=None)
@given(expiry=st.dates(date(2007, 6, 1), LAST), days=st.integers(0, 60))
def test_calendar_days_backwards_roll_back(expiry, days):
    day = expiry - days * DAY
    while not works(day):
        day -= DAY

    assert backwards(CALENDAR, expiry, Term(days, "calendar_day")) == Due(day)


def test_half_days_and_unknown_units_are_no_backward_terms():
    with pytest.raises(ValueError, match="half_day"):
        backwards(CALENDAR, MARCH, Term(1, "half_day"))
    with pytest.raises(ValueError, match="fortnight"):
        reckon(CALENDAR, MARCH, Term(1, "fortnight"))


# -- months and half days


def test_months_stand_still_for_as_many_days_as_they_were_paused():
    january = date(2025, 1, 31)

    assert due(january, 1, "month") == Due(date(2025, 2, 28))
    assert due(january, 1, "month", pauses=[pause(date(2025, 2, 3), date(2025, 2, 6))]) == Due(
        date(2025, 3, 3)
    )
    assert due(january, 1, "month", pauses=[pause(date(2025, 2, 27), date(2025, 3, 9))]) == Due(MARCH)
    assert remaining(january, Term(1, "month"), 20) == 8


def test_half_days_skip_paused_and_closed_days():
    morning = datetime(2025, 3, 10, 10, 20, tzinfo=SHANGHAI)
    facts = {
        "started_at": morning,
        "pauses": [pause(MARCH, date(2025, 3, 11))],
        "closed_days": frozenset({date(2025, 3, 12)}),
    }

    ends = [reckon(CALENDAR, MARCH, Term(halves, "half_day"), **facts).at for halves in (1, 2, 3)]

    assert [f"{end:%m-%d %H:%M}" for end in ends] == ["03-10 17:00", "03-13 12:00", "03-13 17:00"]


# -- where a term stands (R15)


@settings(deadline=None)
@given(data=st.data(), start=starts, days=st.integers(0, 60), unit=units)
@example(data=None, start=MARCH, days=1, unit="workday")
def test_yellow_begins_on_the_first_day_on_which_its_condition_holds(data, start, days, unit):
    pauses = [pause(*facts) for facts in data.draw(pauses_near(start))] if data else []
    facts = {"pauses": pauses, "closed_days": frozenset()}

    found = yellow_from(CALENDAR, start, Term(days, unit), **facts)

    def is_yellow(day):
        used = elapsed(CALENDAR, start, Term(days, unit), day, **facts)
        return days - used <= 1 or used * 10 >= days * 9

    if found is None:
        assert due(start, days, unit, pauses=pauses).likely_on > LAST
    else:
        assert is_yellow(found)
        assert found == start or not is_yellow(found - DAY)
        assert found <= due(start, days, unit, pauses=pauses).likely_on


def test_cards_of_a_ten_day_promise_under_a_twenty_day_law():
    accepted = date(2025, 10, 13)

    assert yellow_from(CALENDAR, accepted, Term(10)) == date(2025, 10, 24)
    assert red_from(due(accepted, 10).on) == date(2025, 10, 28)
    assert red_from(due(accepted, 20).on) == date(2025, 11, 11)  # escalated


def test_overdue_is_told_in_working_days_and_begins_with_none():
    friday = date(2025, 9, 26)  # Sunday the 28th is worked

    assert [overdue_workdays(CALENDAR, friday, friday + n * DAY) for n in range(4)] == [0, 0, 1, 2]
    assert overdue_workdays(CALENDAR, friday, date(2025, 10, 8), closed_days={date(2025, 9, 29)}) == 2


def test_elapsed_goes_on_after_the_due_day_and_nothing_is_left():
    used = elapsed(CALENDAR, MARCH, Term(3), date(2025, 3, 17))

    assert (used, remaining(MARCH, Term(3), used), remaining(MARCH, Term(9), used)) == (5, 0, 4)


def test_a_clock_stands_still_from_the_day_after_the_pause_began_to_its_last_day():
    pauses = [pause(MARCH, date(2025, 3, 12), "公示")]

    still = [is_paused_on(pauses, MARCH + n * DAY) for n in range(4)]

    assert still == [False, True, True, False]
    assert not is_paused_on(pauses, date(2025, 3, 11), statutory=True)
    assert not is_paused_on(pauses, None)
    assert is_paused_on([pause(MARCH)], None)


# -- why


def test_the_strip_names_every_reason():
    def reasons(start, amount, until, unit="workday", **facts):
        notes = explain(CALENDAR, start, Term(amount, unit), until, **facts)
        return {note.why for note in notes}, [note for note in notes if note.counts]

    words, counted = reasons(
        date(2025, 9, 26),
        4,
        date(2025, 10, 14),
        pauses=[
            pause(date(2025, 9, 29), date(2025, 9, 30)),
            pause(date(2025, 9, 29), date(2025, 10, 9), "鉴定"),
        ],
        closed_days=[date(2025, 10, 10)],
        extension=Extension(1, date(2025, 9, 28)),
    )

    assert words == {
        "周末",
        "国庆节、中秋节调休上班",
        "工作日",
        "检验、鉴定暂停",
        "鉴定暂停",
        "国庆节、中秋节放假",
        "中心停办",
        "工作日，延长期限",
    }
    assert [note.date.day for note in counted] == [28, 29, 11, 13, 14]
    assert counted[-1] == DayNote(date(2025, 10, 14), True, "工作日，延长期限")


def test_the_strip_tells_how_calendar_days_roll_on():
    notes = explain(CALENDAR, date(2025, 8, 4), Term(60, "calendar_day"), date(2025, 10, 9))

    assert sum(note.counts for note in notes) == 60
    assert [note.why for note in notes[-3:]] == [
        "国庆节、中秋节放假，顺延",
        "国庆节、中秋节放假，顺延",
        "工作日，顺延到期",
    ]
    assert notes[59] == DayNote(date(2025, 10, 3), True, "国庆节、中秋节放假，按自然日计入")


# -- far ends


def test_a_term_beyond_the_last_calendar_has_no_date_and_says_so():
    for unit in ("workday", "calendar_day", "month", "half_day"):
        assert due(MARCH, 10**12, unit) == Due(None, None, CALENDAR_MISSING)
        assert reckon(CALENDAR, MARCH, Term(10**12, unit), pauses=[pause(MARCH)]).is_paused
        assert yellow_from(CALENDAR, MARCH, Term(10**12, unit)) is None
    assert backwards(CALENDAR, MARCH, Term(10**12)) == Due(None, None, CALENDAR_MISSING)
    assert due(MARCH, 1_000_000) == Due(None, CALENDAR.add(MARCH, 1_000_000).provisional_on, CALENDAR_MISSING)
    assert elapsed(CALENDAR, MARCH, Term(5), date.max) == CALENDAR.count(MARCH, date.max)
