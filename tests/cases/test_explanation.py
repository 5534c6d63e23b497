"""这个日期怎么来的: every day of the strip, and the rule behind it."""

from datetime import date

import pytest

from apps.calendars import loaded
from apps.cases import actions, evidence, explanation
from apps.cases.models import Case
from apps.cases.terms import Extension, Term
from tests.cast import at

pytestmark = pytest.mark.django_db


def told(case, *, today="2026-03-05", statutory=False, closed=frozenset()):
    clocks = explanation.both(
        Case.objects.get(pk=case.pk), loaded.current(), closed, date.fromisoformat(today)
    )
    return clocks[statutory]


def cells(one) -> dict:
    return {cell.day: cell for week in one.weeks for cell in week if cell}


def test_the_strip_counts_from_the_day_after_acceptance_to_the_promised_day(accepted):
    one = told(accepted)

    days = cells(one)
    assert (days[date(2026, 3, 3)].kind, days[date(2026, 3, 3)].number) == ("start", None)
    assert [(day.day, cell.number) for day, cell in days.items() if cell.number] == [(4, 1), (5, 2), (6, 3)]
    assert days[date(2026, 3, 6)].is_due
    assert one.due_on == accepted.due_on


def test_the_last_date_of_the_strip_is_the_stored_one_whatever_happened(in_review, window_head):
    actions.extend(in_review, amount=10, reason="检测", by=window_head, at=at("2026-03-05"))
    actions.pause(in_review, "检测", days_needed=3, reason="抽样", by=window_head, at=at("2026-03-05"))
    actions.resume(in_review, result="合格", by=window_head, at=at("2026-03-10"))
    in_review.refresh_from_db()

    for statutory, stored in ((False, in_review.due_on), (True, in_review.statutory_due_on)):
        one = told(in_review, statutory=statutory)
        assert (one.due_on, max(cells(one))) == (stored, stored)


def test_weekends_holidays_makeup_days_and_pauses_say_what_they_are(in_review, window_head):
    actions.pause(in_review, "检测", days_needed=3, reason="抽样", by=window_head, at=at("2026-03-05"))
    actions.resume(in_review, result="合格", by=window_head, at=at("2026-03-10"))

    days = cells(told(in_review, statutory=True))

    assert (days[date(2026, 3, 7)].kind, days[date(2026, 3, 7)].why) == ("weekend", "周末")
    assert (days[date(2026, 3, 9)].kind, days[date(2026, 3, 9)].why) == ("paused", "检测暂停")


def test_a_term_over_the_national_holiday_names_it_and_its_makeup_days(calendar):
    facts = evidence.Facts(accepted_on=date(2026, 9, 18), committed=Term(10))

    one = explanation.explained(facts, loaded.current(), today=date(2026, 9, 18), statutory=False)

    days = cells(one)
    assert (days[date(2026, 10, 1)].kind, days[date(2026, 10, 1)].why) == ("holiday", "国庆节放假")
    assert (days[date(2026, 9, 20)].kind, days[date(2026, 9, 20)].why) == ("makeup", "国庆节调休上班")
    assert ("放假和调休上班按国务院办公厅的通知", "全国年节及纪念日放假办法") in one.rules


def test_an_extension_that_was_granted_stands_whatever_the_calendar_says_now(calendar):
    extended = evidence.Facts(
        accepted_on=date(2026, 3, 3), committed=Term(3), extension=Extension(5, approved_on=date(2026, 3, 9))
    )

    one = explanation.explained(extended, loaded.current(), today=date(2026, 3, 10), statutory=False)

    assert (one.due_on, max(cells(one))) == (date(2026, 3, 13), date(2026, 3, 13))


def test_the_rules_named_are_those_that_were_needed(in_review, window_head):
    def sources():
        return [source for _, source in told(in_review).rules]

    assert sources() == ["民法典第二百零一条", "行政许可法第八十二条"]

    actions.extend(in_review, amount=5, reason="检测", by=window_head, at=at("2026-03-05"))
    actions.pause(in_review, "检测", days_needed=3, reason="抽样", by=window_head, at=at("2026-03-05"))

    assert sources()[2:] == ["行政许可法第四十五条", "行政许可法第四十二条"]


def test_while_the_clock_stands_still_there_is_no_date_but_the_days_so_far(in_review, window_head):
    actions.pause(in_review, "检测", days_needed=3, reason="抽样", by=window_head, at=at("2026-03-05"))

    one = told(in_review, today="2026-03-11")

    assert (one.is_paused, one.shown_on, one.counted) == (True, None, 2)
    assert max(cells(one)) == date(2026, 3, 11)


def test_before_acceptance_there_is_nothing_to_explain(submitted):
    assert explanation.both(submitted, loaded.current(), frozenset(), date(2026, 3, 3)) == []
