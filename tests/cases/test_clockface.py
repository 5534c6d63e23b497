"""钟面: the words and the drawing of a case's time."""

from datetime import date, timedelta
from itertools import combinations

import pytest

from apps.calendars import loaded
from apps.cases.clockface import NARROW_ROOM, chip_of, drawn
from apps.cases.states import Status
from apps.cases.terms import remaining_words

FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 3, 5), "剩 1 天"),
        (FRIDAY, "今天到期"),
        (date(2026, 3, 7), "已超期"),
        (date(2026, 3, 8), "已超期"),
        (date(2026, 3, 9), "超 1 个工作日"),
    ],
)
def test_time_is_told_in_whole_working_days(calendar, today, words):
    assert remaining_words(loaded.current(), FRIDAY, today) == words


def test_a_row_waiting_for_pre_review_names_the_date_that_stands_in_it(submitted):
    calendar, day = loaded.current(), submitted.desk_due_on

    said = [chip_of(submitted, calendar, on).words for on in (date(2026, 3, 2), day, day + timedelta(days=1))]

    assert day == submitted.pre_review_due_on == date(2026, 3, 3)
    assert said == ["预审剩 1 天", "预审今天到期", "预审超目标，答复期剩 3 天"]


def test_every_state_has_a_chip(submitted):
    for status in Status:
        submitted.status = status
        submitted.hand_up_due_on = submitted.delivery_due_on = FRIDAY

        assert chip_of(submitted, loaded.current(), FRIDAY).words


@pytest.mark.parametrize("today", [date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 20), date(2026, 4, 20)])
def test_words_that_stay_on_a_narrow_clock_do_not_overlap(accepted, today):
    marks = drawn(accepted, [], loaded.current(), today, frozenset())["marks"]

    kept = [mark for mark in marks if not mark["is_tight"]]
    distances = [abs(a["at"] - b["at"]) for a, b in combinations(kept, 2) if a["side"] == b["side"]]

    assert any(mark["text"].startswith("承诺") for mark in kept)
    assert all(distance >= NARROW_ROOM for distance in distances)
