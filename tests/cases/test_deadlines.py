"""时限核算: what a line of questions is answered, clause by clause (docs/deadlines.md)."""

import json
from pathlib import Path

import pytest

from apps.calendars.notices import built_in
from apps.cases.deadlines import Answers

ANSWERS = Answers(built_in())
GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
KEYS = [
    "due_on",
    "due_at",
    "error",
    "provisional_on",
    "elapsed",
    "remaining",
    "paused",
    "yellow_from",
    "red_from",
    "extension_valid",
    "overdue_workdays",
    "days",
]
MONDAY = "2025-03-10"  # no holiday near: 14 is Friday, 15 Saturday, 17 Monday


def ask(start=MONDAY, amount=10, unit="workday", **facts):
    line = {"start": start, "amount": amount, "unit": unit, **facts}
    return json.loads(ANSWERS.answer(json.dumps(line, ensure_ascii=False).encode()))


def due(*args, **facts):
    answer = ask(*args, **facts)
    assert answer["error"] is None, answer
    return answer["due_on"]


def pause(from_on, to_on=None, kind="检验"):
    return {"from": from_on, "to": to_on, "kind": kind}


def counted(answer):
    return [note["date"] for note in answer["days"] if note["counts"]]


@pytest.mark.parametrize("case", GOLDEN, ids=[case["id"] for case in GOLDEN])
def test_worked_case(case):
    answer = ask(**case["ask"])

    expected = dict(case["expect"])
    if days := expected.pop("counted", None):
        assert counted(answer) == days
    assert {name: answer[name] for name in expected} == expected


def test_an_answer_has_every_key_in_one_order():
    for facts in ({}, {"today": "2025-03-12"}, {"pauses": [pause(MONDAY)]}, {"direction": "before"}):
        assert list(ask(**facts)) == KEYS
    assert list(ask("2026-12-30", 30)) == KEYS
    assert list(ask("2025-03-10T09:00:00+08:00", 1, "half_day")) == KEYS


# -- where a term starts


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2025-03-10T10:20:00+08:00", "2025-03-10"),
        ("2025-03-09T16:00:00Z", "2025-03-10"),  # midnight in Shanghai
        ("2025-03-09T15:59:59.999Z", "2025-03-09"),
        ("2025-03-09T12:30-05:00", "2025-03-10"),
        ("2025-03-10 01:00:00+14:00", "2025-03-09"),
    ],
)
def test_an_instant_is_the_date_it_has_in_shanghai(instant, day):
    assert ask(instant, 3) == ask(day, 3)
    assert ask("2025-03-03", 3, today=instant) == ask("2025-03-03", 3, today=day)


def test_no_working_days_is_the_start_or_the_next_working_day():
    assert due(MONDAY, 0) == MONDAY
    assert due("2025-03-15", 0) == "2025-03-17"
    assert due("2025-10-11", 0) == "2025-10-11"  # a Saturday worked
    assert due(MONDAY, 0, closed_days=[MONDAY]) == "2025-03-11"
    assert due(MONDAY, 0, pauses=[pause(MONDAY)]) == MONDAY


def test_unit_direction_and_clock_have_defaults_and_null_is_not_given():
    nulls = dict.fromkeys(
        ["direction", "pauses", "clock", "extension", "closed_days", "calendar_years", "today"]
    )

    assert ask(unit=None, **nulls) == ask() == ask(direction="after", clock="committed", pauses=[])


# -- half days (R13)


@pytest.mark.parametrize(
    ("at", "halves", "ends"),
    [
        ("2025-03-10T00:00:00+08:00", 1, "2025-03-10T17:00:00+08:00"),
        ("2025-03-10T11:59:59+08:00", 1, "2025-03-10T17:00:00+08:00"),
        ("2025-03-10T12:00:00+08:00", 1, "2025-03-11T12:00:00+08:00"),  # sharp is the afternoon
        ("2025-03-10T12:40:00+08:00", 1, "2025-03-11T12:00:00+08:00"),  # lunch
        ("2025-03-10T21:00:00+08:00", 1, "2025-03-11T12:00:00+08:00"),  # evening
        ("2025-03-10T03:59:00Z", 1, "2025-03-10T17:00:00+08:00"),
        ("2025-03-10T04:00:00Z", 1, "2025-03-11T12:00:00+08:00"),
        ("2025-03-14T14:00:00+08:00", 2, "2025-03-17T17:00:00+08:00"),
        ("2025-03-15T10:00:00+08:00", 1, "2025-03-17T12:00:00+08:00"),  # a day off
        ("2025-03-15T20:00:00+08:00", 2, "2025-03-17T17:00:00+08:00"),
        ("2025-03-10T10:00:00+08:00", 0, "2025-03-10T12:00:00+08:00"),
    ],
)
def test_a_half_day_ends_at_noon_or_at_five(at, halves, ends):
    answer = ask(at, halves, "half_day")

    assert (answer["due_at"], answer["due_on"]) == (ends, ends[:10])
    assert (answer["yellow_from"], answer["red_from"]) == (None, None)


def test_half_days_skip_paused_and_closed_days():
    morning = "2025-03-10T10:00:00+08:00"
    paused = [pause(MONDAY, "2025-03-12")]

    assert ask(morning, 2, "half_day", pauses=paused)["due_at"] == "2025-03-13T12:00:00+08:00"
    assert ask(morning, 1, "half_day", pauses=[pause(MONDAY)])["due_at"] == "2025-03-10T17:00:00+08:00"
    assert ask(morning, 2, "half_day", pauses=[pause(MONDAY)])["due_at"] is None
    closed = ask(morning, 1, "half_day", closed_days=[MONDAY])
    assert closed["due_at"] == "2025-03-11T12:00:00+08:00"


# -- calendar days and backward terms (R10, R11)


def test_calendar_days_skip_paused_dates_then_roll_forward():
    assert due(MONDAY, 4, "calendar_day") == "2025-03-14"
    assert due(MONDAY, 5, "calendar_day") == "2025-03-17"
    assert due(MONDAY, 5, "calendar_day", closed_days=["2025-03-17"]) == "2025-03-18"
    assert due(MONDAY, 4, "calendar_day", pauses=[pause("2025-03-11", "2025-03-14")]) == "2025-03-17"
    assert due(MONDAY, 2, "calendar_day", closed_days=["2025-03-11"]) == "2025-03-12"  # closed dates count


def test_backward_terms_end_before_the_date_and_roll_back():
    assert due(MONDAY, 1, direction="before") == "2025-03-07"
    assert due("2025-10-09", 2, direction="before") == "2025-09-29"
    assert due(MONDAY, 1, direction="before", closed_days=["2025-03-07"]) == "2025-03-06"
    assert due(MONDAY, 0, direction="before") == MONDAY
    assert due("2025-03-16", 0, direction="before") == "2025-03-14"
    assert due(MONDAY, 1, "calendar_day", direction="before") == "2025-03-07"
    assert due(MONDAY, 1, "calendar_day", direction="before", closed_days=["2025-03-07"]) == "2025-03-06"
    assert due("2025-10-31", 30, direction="before") == "2025-09-15"


def test_a_backward_term_has_no_cards_and_its_own_length_of_delay():
    answer = ask("2025-10-31", 30, direction="before", today="2025-09-18")

    assert (answer["yellow_from"], answer["red_from"], answer["days"]) == (None, None, [])
    assert (answer["elapsed"], answer["remaining"], answer["overdue_workdays"]) == (0, 30, 3)
    assert answer["paused"] is False


# -- pauses and clocks (R5)


def test_every_kind_stops_the_promise_and_only_the_eight_stop_the_law():
    for kind in ("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"):
        assert due(amount=3, pauses=[pause(MONDAY, "2025-03-11", kind)], clock="statutory") == "2025-03-14"
    for kind in ("公示", "听证会", "expert"):
        assert due(amount=3, pauses=[pause(MONDAY, "2025-03-11", kind)]) == "2025-03-14"
        assert due(amount=3, pauses=[pause(MONDAY, "2025-03-11", kind)], clock="statutory") == "2025-03-13"


def test_a_pause_that_ends_on_its_first_day_stops_nothing():
    answer = ask(pauses=[pause("2025-03-12", "2025-03-12")], today="2025-03-12")

    assert answer == ask(today="2025-03-12")


def test_an_open_pause_has_no_date_and_no_error():
    answer = ask(pauses=[pause("2025-03-12")], today="2025-03-20")

    assert [answer[name] for name in ("due_on", "error", "provisional_on", "red_from")] == [None] * 4
    assert (answer["elapsed"], answer["remaining"], answer["overdue_workdays"]) == (2, 8, 0)
    assert (answer["paused"], answer["yellow_from"]) == (True, None)
    assert (answer["days"][-1]["date"], len(answer["days"])) == ("2025-03-20", 10)
    assert ask(pauses=[pause("2025-03-12")])["days"] == []


def test_an_open_pause_leaves_the_date_of_a_term_that_was_full_by_then():
    assert due(amount=2, pauses=[pause("2025-03-12")]) == "2025-03-12"
    assert ask(amount=3, pauses=[pause("2025-03-12")])["due_on"] is None
    assert due(amount=5, unit="calendar_day", pauses=[pause("2025-03-15")]) == "2025-03-17"
    assert due(amount=3, pauses=[pause("2025-03-12", None, "公示")], clock="statutory") == "2025-03-13"


def test_an_open_pause_after_a_missing_year_is_still_only_a_pause():
    answer = ask("2026-12-28", 30, pauses=[pause("2027-01-11")])

    assert (answer["due_on"], answer["error"], answer["provisional_on"]) == (None, None, None)


@pytest.mark.parametrize(
    ("today", "is_paused"),
    [("2025-03-12", False), ("2025-03-13", True), ("2025-03-14", True), ("2025-03-15", False)],
)
def test_paused_is_from_the_day_after_to_the_last_day(today, is_paused):
    pauses = [pause("2025-03-12", "2025-03-14", "公示")]

    assert ask(pauses=pauses, today=today)["paused"] is is_paused
    assert ask(pauses=pauses, today=today, clock="statutory")["paused"] is False
    assert ask(pauses=pauses)["paused"] is False


def test_without_today_paused_says_whether_a_pause_is_open():
    open_pause = [pause("2025-03-12", None, "公示")]

    assert ask(pauses=open_pause)["paused"] is True
    assert ask(pauses=open_pause, clock="statutory")["paused"] is False
    assert ask(pauses=open_pause, today="2025-03-12")["paused"] is False


# -- extensions (R6)


@pytest.mark.parametrize(
    ("approved_on", "valid", "day"),
    [("2025-03-17", True, "2025-03-21"), ("2025-03-18", False, "2025-03-17"), (MONDAY, True, "2025-03-21")],
)
def test_an_extension_must_be_approved_by_the_due_day(approved_on, valid, day):
    answer = ask(amount=5, extension={"amount": 4, "approved_on": approved_on}, today="2025-03-19")

    assert (answer["extension_valid"], answer["due_on"], answer["error"]) == (valid, day, None)
    assert answer["remaining"] == (2 if valid else 0)
    assert answer["overdue_workdays"] == (0 if valid else 2)


def test_the_due_day_that_an_extension_must_meet_is_moved_by_pauses():
    extension = {"amount": 4, "approved_on": "2025-03-19"}

    assert ask(amount=5, extension=extension)["extension_valid"] is False
    moved = ask(amount=5, extension=extension, pauses=[pause(MONDAY, "2025-03-12")])
    assert (moved["extension_valid"], moved["due_on"]) == (True, "2025-03-25")


def test_an_extension_while_the_clock_stands_still_is_in_time():
    extension = {"amount": 5, "approved_on": "2026-01-05"}

    paused = ask(amount=5, extension=extension, pauses=[pause("2025-03-12")])
    assert (paused["extension_valid"], paused["due_on"]) == (True, None)
    full = ask(amount=2, extension=extension, pauses=[pause("2025-03-12")])
    assert (full["extension_valid"], full["due_on"]) == (False, "2025-03-12")
    in_time = extension | {"approved_on": "2025-03-12"}
    longer = ask(amount=2, extension=in_time, pauses=[pause("2025-03-12")])
    assert (longer["extension_valid"], longer["due_on"], longer["error"]) == (True, None, None)


def test_an_extension_adds_in_the_same_unit():
    extension = {"amount": 3, "approved_on": MONDAY}

    assert due(amount=5, unit="calendar_day", extension=extension) == "2025-03-18"
    halves = ask("2025-03-10T10:00:00+08:00", 1, "half_day", extension=extension)
    assert (halves["due_at"], halves["extension_valid"]) == ("2025-03-12T12:00:00+08:00", True)


# -- where it stands (R15)


def test_without_today_nothing_is_elapsed():
    answer = ask()

    assert [answer[name] for name in ("elapsed", "remaining", "overdue_workdays")] == [None] * 3


@pytest.mark.parametrize(
    ("today", "figures"),
    [
        ("2025-03-01", (0, 5, 0)),  # before the start
        (MONDAY, (0, 5, 0)),
        ("2025-03-14", (4, 1, 0)),
        ("2025-03-17", (5, 0, 0)),
        ("2025-03-19", (7, 0, 2)),  # elapsed goes on
    ],
)
def test_elapsed_goes_on_and_remaining_stops_at_none(today, figures):
    answer = ask(amount=5, today=today)

    assert (answer["elapsed"], answer["remaining"], answer["overdue_workdays"]) == figures


def test_elapsed_of_calendar_days_is_in_calendar_days():
    answer = ask(amount=20, unit="calendar_day", today="2025-03-17", pauses=[pause(MONDAY, "2025-03-12")])

    assert (answer["elapsed"], answer["remaining"]) == (5, 15)


@pytest.mark.parametrize(
    ("amount", "yellow"),
    [(0, MONDAY), (1, MONDAY), (2, "2025-03-11"), (10, "2025-03-21"), (11, "2025-03-24"), (20, "2025-04-03")],
)
def test_yellow_begins_with_one_day_left_or_nine_tenths_used(amount, yellow):
    assert ask(amount=amount)["yellow_from"] == yellow


def test_yellow_may_fall_on_a_day_off_when_days_are_calendar_days():
    assert ask(amount=7, unit="calendar_day")["yellow_from"] == "2025-03-16"


def test_yellow_stays_when_it_was_reached_before_the_pause():
    pauses = [pause("2025-03-13")]

    assert ask(amount=4, pauses=pauses)["yellow_from"] == "2025-03-13"
    assert ask(amount=5, pauses=pauses)["yellow_from"] is None
    assert ask(amount=1, pauses=[pause("2025-03-07")])["yellow_from"] is None  # stood still all along


def test_red_begins_on_the_next_calendar_day():
    assert ask(amount=4)["red_from"] == "2025-03-15"  # a Saturday


# -- calendars and days


def test_a_year_that_is_not_known_gives_only_a_provisional_date():
    answer = ask("2026-12-28", 10, today="2026-12-30")

    assert (answer["due_on"], answer["error"]) == (None, "CALENDAR_MISSING")
    assert (answer["provisional_on"], answer["days"][-1]["date"]) == ("2027-01-12", "2027-01-12")
    assert (answer["yellow_from"], answer["red_from"], answer["overdue_workdays"]) == (None, None, 0)
    assert (answer["elapsed"], answer["remaining"]) == (2, 8)
    assert answer["days"][-1]["why"] == "工作日（暂估）"


def test_calendar_years_restrict_what_is_known():
    assert due("2024-12-30", 1, calendar_years=[2024]) == "2024-12-31"
    assert due("2024-12-31", 1, calendar_years=[2025]) == "2025-01-02"
    for years in ([2024], [], [2027, 3000]):
        assert ask("2024-12-31", 1, calendar_years=years)["error"] == "CALENDAR_MISSING"
    assert due("2007-01-05", 1) == "2007-01-08"
    assert ask("2006-12-28", 1)["error"] == "CALENDAR_MISSING"


def test_calendar_days_need_only_the_year_they_end_in():
    assert due("2024-12-20", 14, "calendar_day", calendar_years=[2025]) == "2025-01-03"
    assert ask("2024-12-20", 14, "calendar_day", calendar_years=[2024])["error"] == "CALENDAR_MISSING"


@pytest.mark.parametrize("unit", ["workday", "calendar_day"])
def test_an_amount_beyond_every_calendar_is_missing_one(unit):
    answer = ask(amount=10**18, unit=unit, today="9999-12-31")

    assert (answer["due_on"], answer["error"], answer["provisional_on"]) == (None, "CALENDAR_MISSING", None)


def test_the_days_are_every_date_from_the_day_after_the_start():
    answer = ask("2025-09-26", 3)

    assert answer["days"] == [
        {"date": "2025-09-27", "counts": False, "why": "周末"},
        {"date": "2025-09-28", "counts": True, "why": "国庆节、中秋节调休上班"},
        {"date": "2025-09-29", "counts": True, "why": "工作日"},
        {"date": "2025-09-30", "counts": True, "why": "工作日"},
    ]
    over_new_year = ask("2025-12-30", 4)
    assert [note["date"][5:] for note in over_new_year["days"]] == [
        "12-31", "01-01", "01-02", "01-03", "01-04", "01-05", "01-06"
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["2012-12-20", "2018-09-25", "2019-12-31", "2024-01-30", "2025-01-01"])
def test_the_days_cut_from_whole_years_are_those_that_are_told_one_by_one(start):
    for amount in (1, 7, 30, 300):
        told = ask(start, amount, pauses=[pause("2000-01-01", "2000-01-02")])

        assert ask(start, amount) == told


def test_a_question_does_not_change_the_next_answer():
    lines = [
        {"amount": 5},
        {"calendar_years": [2024]},
        {"closed_days": ["2025-03-11"]},
        {"unit": "calendar_day"},
    ]
    before = [ask(**line) for line in lines]

    assert [ask(**line) for line in reversed(lines)] == before[::-1]
