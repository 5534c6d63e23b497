"""Arrangements in the database: published as a whole, seen by every process at once."""

from datetime import date, datetime
from io import StringIO
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from apps.calendars import actions, loaded, notices
from apps.calendars.models import CalendarYear, SpecialDay
from apps.calendars.workdays import CALENDAR_MISSING, SHANGHAI, Due, Special

NOTICE = {"source": "国务院办公厅关于2027年部分节假日安排的通知", "published_on": date(2026, 11, 10)}
NOON = datetime(2026, 11, 10, 12, tzinfo=SHANGHAI)
LATER = datetime(2026, 11, 11, 12, tzinfo=SHANGHAI)
DAYS_2027 = [
    Special(date(2027, 1, 1), False, "元旦"),
    Special(date(2027, 2, 5), False, "春节"),
    Special(date(2027, 2, 20), True, "春节"),
]


def publish_2027(days=DAYS_2027, *, at=NOON, **notice):
    return actions.publish(2027, days, at=at, **NOTICE | notice)


@pytest.fixture
def carried(db):
    call_command("load_calendars", stdout=StringIO())


# -- publishing


def test_publishing_loads_a_year_and_tells_what_changed(db):
    changes = publish_2027()

    assert (changes.added, changes.removed, changes.notice_changed) == (tuple(DAYS_2027), (), True)
    year = CalendarYear.objects.get()
    assert (year.year, year.is_published, year.loaded_at) == (2027, True, NOON)
    assert [day.special for day in SpecialDay.objects.order_by("date")] == DAYS_2027


def test_publishing_the_same_again_changes_nothing(db):
    publish_2027()
    before = CalendarYear.objects.values().get()

    changes = publish_2027(reversed(DAYS_2027), at=LATER)

    assert not changes
    assert CalendarYear.objects.values().get() == before


def test_publishing_anew_replaces_exactly_what_differs(db):
    publish_2027()
    make_up = Special(date(2027, 2, 21), True, "春节")

    changes = publish_2027([*DAYS_2027[:2], make_up], at=LATER)

    assert (changes.added, changes.removed, changes.notice_changed) == ((make_up,), (DAYS_2027[2],), False)
    assert [day.special for day in SpecialDay.objects.order_by("date")] == [*DAYS_2027[:2], make_up]
    assert CalendarYear.objects.get().loaded_at == LATER


def test_a_day_that_changes_its_meaning_is_replaced(db):
    publish_2027()
    renamed = Special(date(2027, 1, 1), False, "新年")

    changes = publish_2027([renamed, *DAYS_2027[1:]], at=LATER)

    assert (changes.added, changes.removed) == ((renamed,), (DAYS_2027[0],))


def test_a_forecast_becomes_published_and_never_the_other_way_round(db):
    publish_2027(DAYS_2027[:1], state="forecast", published_on=None)
    assert loaded.current().add(date(2027, 1, 4), 1).error == CALENDAR_MISSING

    publish_2027(at=LATER)

    assert loaded.current().covers(date(2027, 1, 4))
    with pytest.raises(actions.NotAllowed, match="2027年的放假安排已公布，不能改回预测"):
        publish_2027(state="forecast", published_on=None)
    assert SpecialDay.objects.count() == 3


@pytest.mark.parametrize(
    ("days", "notice", "sentence"),
    [
        ([DAYS_2027[0], Special(date(2027, 1, 1), False, "新年")], {}, "2027-01-01在2027年的安排中出现了2次"),
        ([Special(date(2028, 1, 1), False, "元旦")], {}, "2028-01-01不在2027年"),
        ([Special(date(2026, 11, 30), False, "元旦")], {}, "2026-11-30不在2027年"),
        (
            [Special(date(2026, 12, 31), False, "元旦")],
            {"state": "forecast", "published_on": None},
            "2026-12-31不在2027年",
        ),
        ([Special(date(2027, 1, 4), True, "元旦")], {}, "2027-01-04不是周末，不能列为调休上班日"),
        ([Special(date(2027, 1, 1), False, " ")], {}, "2027-01-01没有写明节日名称"),
        (DAYS_2027, {"source": " "}, "须写明通知标题、文号和印发日期"),
        (DAYS_2027, {"published_on": None}, "须写明通知标题、文号和印发日期"),
        (DAYS_2027, {"state": "forecast"}, "只是预测，不能有印发日期"),
    ],
)
def test_a_faulty_arrangement_is_refused_whole(db, days, notice, sentence):
    publish_2027(DAYS_2027[:1])
    before = CalendarYear.objects.values().get()

    with pytest.raises(actions.NotAllowed, match=sentence):
        publish_2027(days, at=LATER, **notice)

    assert CalendarYear.objects.values().get() == before
    assert SpecialDay.objects.count() == 1


def test_an_impossible_year_is_refused(db):
    with pytest.raises(actions.NotAllowed, match="年份20270不正确"):
        actions.publish(20270, [], at=NOON, **NOTICE)


def test_a_day_belongs_to_one_year_only(db, carried):
    with pytest.raises(actions.NotAllowed, match="2022-12-31已列在2023年的安排中"):
        actions.publish(2022, [Special(date(2022, 12, 31), False, "元旦")], at=NOON, **NOTICE)

    assert not CalendarYear.objects.filter(year=2022).exists()


@pytest.mark.parametrize("stood_before", [[], DAYS_2027])
def test_two_publications_at_once_leave_one_arrangement_whole(transactional_db, stood_before):
    first = [Special(date(2027, 1, day), False, "元旦") for day in (1, 2, 3)]
    second = [Special(date(2027, 1, day), False, "元旦") for day in (2, 3, 4, 5)]
    for _ in range(5):
        start, refused = Barrier(2), []
        if stood_before:
            publish_2027(stood_before)

        def run(days, start=start, refused=refused):
            try:
                start.wait()
                publish_2027(days)
            except Exception as error:
                refused.append(error)
            finally:
                connection.close()

        threads = [Thread(target=run, args=[days]) for days in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        stands = [day.special for day in SpecialDay.objects.order_by("date")]
        assert refused == []
        assert stands in (first, second)
        assert sorted(loaded.current().specials) == stands
        CalendarYear.objects.all().delete()


# -- what the database itself refuses


@pytest.mark.parametrize(
    ("constraint", "row"),
    [
        (
            "make_up_workday_falls_on_a_weekend",
            {"date": date(2027, 1, 4), "is_workday": True, "name": "元旦"},
        ),
        (
            "special_day_lies_in_its_year_or_the_december_before",
            {"date": date(2026, 11, 29), "is_workday": False, "name": "元旦"},
        ),
        ("special_day_has_a_name", {"date": date(2027, 1, 4), "is_workday": False, "name": ""}),
    ],
)
def test_the_database_refuses_a_wrong_day(db, constraint, row):
    publish_2027()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SpecialDay.objects.create(year_id=2027, **row)
    SpecialDay.objects.create(year_id=2027, date=date(2027, 1, 2), is_workday=False, name="元旦")  # a weekend
    SpecialDay.objects.create(year_id=2027, date=date(2026, 12, 31), is_workday=False, name="元旦")


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("calendar_year_is_a_year_of_this_era", {"year": 202}),
        ("calendar_year_is_published_or_forecast", {"state": "guess"}),
        ("published_calendar_year_names_its_notice", {"published_on": None}),
        ("published_calendar_year_names_its_notice", {"source": ""}),
        ("forecast_calendar_year_has_no_publication_day", {"state": "forecast"}),
    ],
)
def test_the_database_refuses_a_wrong_year(db, constraint, facts):
    sound = {"year": 2027, "state": "published", "loaded_at": NOON, **NOTICE}

    with pytest.raises(IntegrityError, match=constraint):
        CalendarYear.objects.create(**sound | facts)


# -- the calendar as loaded


def test_the_loaded_calendar_is_the_carried_one(carried):
    assert loaded.current() == notices.calendar_of(notices.carried())


def test_an_empty_hall_has_only_provisional_dates(db):
    assert loaded.current().add(date(2026, 3, 10), 1) == Due(None, date(2026, 3, 11), CALENDAR_MISSING)


def test_asking_for_the_calendar_costs_one_statement(carried, django_assert_num_queries):
    calendar = loaded.current()

    with django_assert_num_queries(1):
        assert loaded.current() is calendar


def test_a_publication_is_seen_at_once_even_with_an_earlier_time(carried, django_assert_num_queries):
    assert not loaded.current().covers(date(2027, 1, 4))

    publish_2027(at=datetime(2020, 1, 1, tzinfo=SHANGHAI))

    with django_assert_num_queries(2):
        assert loaded.current().covers(date(2027, 1, 4))


def test_a_publication_rolled_back_leaves_no_trace(carried):
    def make_up_days():
        return {day.date for day in loaded.current().specials if day.is_workday and day.date.year == 2027}

    for day in (date(2027, 2, 20), date(2027, 2, 21)):
        with transaction.atomic():
            publish_2027([Special(day, True, "春节")])
            assert make_up_days() == {day}
            transaction.set_rollback(True)

        assert make_up_days() == set()


# -- the command


def test_loading_the_carried_calendars_twice_changes_nothing(carried, capsys):
    before = list(CalendarYear.objects.order_by("year").values())

    call_command("load_calendars")

    assert list(CalendarYear.objects.order_by("year").values()) == before
    assert [(year["year"], year["state"]) for year in before] == [
        (2023, "published"),
        (2024, "published"),
        (2025, "published"),
        (2026, "published"),
        (2027, "forecast"),
    ]
    assert "2026年：已公布，保留现有安排" in capsys.readouterr().out


def test_loading_keeps_what_the_hall_has_published_itself(carried):
    publish_2027()
    actions.publish(2026, [Special(date(2026, 1, 1), False, "元旦")], at=LATER, **NOTICE)

    call_command("load_calendars")

    assert SpecialDay.objects.filter(year=2026).count() == 1
    assert loaded.current().covers(date(2027, 1, 4))


def test_loading_can_put_the_carried_arrangement_back(carried):
    publish_2027()
    actions.publish(2026, [Special(date(2026, 1, 1), False, "元旦")], at=LATER, **NOTICE)

    call_command("load_calendars", replace=True)

    assert SpecialDay.objects.filter(year=2026).count() == 39
    assert SpecialDay.objects.filter(year=2027).count() == 3  # a forecast never replaces a notice
