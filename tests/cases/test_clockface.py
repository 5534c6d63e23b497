"""钟面: the words and the drawing of a case's time."""

from datetime import date
from itertools import combinations

import pytest

from apps.calendars import loaded
from apps.cases.clockface import NARROW_ROOM, drawn
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


@pytest.mark.parametrize("today", [date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 20), date(2026, 4, 20)])
def test_words_that_stay_on_a_narrow_clock_do_not_overlap(accepted, today):
    marks = drawn(accepted, [], loaded.current(), today, frozenset())["marks"]

    kept = [mark for mark in marks if not mark["is_tight"]]
    distances = [abs(a["at"] - b["at"]) for a, b in combinations(kept, 2) if a["side"] == b["side"]]

    assert any(mark["text"].startswith("承诺") for mark in kept)
    assert all(distance >= NARROW_ROOM for distance in distances)
