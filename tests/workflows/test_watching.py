"""要盯的: what is late, near its day, waits for an answer or for the applicant; and what is nobody's to chase."""

from datetime import date

import pytest

from apps.workflows.board.facts import Asked

from .test_board import MONDAY, THURSDAY, TUESDAY, board, project, stage, waiting


@pytest.mark.parametrize(
    ("today", "words"), [(date(2026, 3, 9), []), (date(2026, 3, 10), ["剩 2 天", "剩 2 天"])]
)
def test_two_working_days_before_its_day_a_branch_is_watched(today, words):
    found = board(project(), today=today)

    assert [one.words for one in found.watched] == words
    if words:
        assert "在关键路径上" in found.watched[0].text and "还可晚 7 日" in found.watched[1].text


def test_a_dispatch_that_nobody_answered_in_time_can_be_chased():
    silent = waiting("yd", 7, answer="", answer_by=TUESDAY)
    asked = stage(1, state="dispatched", received_on=MONDAY, accept_by=date(2026, 3, 9))
    found = board(project(silent, stages=(asked,)))

    assert [(one.words, one.can_chase) for one in found.watched] == [("答复超期", True)]
    assert board(project(silent, stages=(asked,)), today=TUESDAY).watched == ()


NOTICE = {
    "state": "dispatched",
    "received_on": MONDAY,
    "asked": (Asked(TUESDAY, date(2026, 3, 20)),),
}
WAITS = waiting("yd", 7, answer="supplement", is_told=True)


@pytest.mark.parametrize(
    ("today", "chip", "words"),
    [
        (THURSDAY, "pause", "等申请人补正"),
        (date(2026, 3, 16), "pause", "等申请人补正"),
        (date(2026, 3, 17), "warn", "补正剩 3 天"),
        (date(2026, 3, 20), "warn", "补正今天到期"),
        (date(2026, 3, 21), "bad", "补正逾期"),
    ],
)
def test_an_open_notice_is_watched_with_since_when_and_until_when(today, chip, words):
    found = board(project(WAITS, stages=(stage(1, **NOTICE),)), today=today)

    assert [(one.title, one.chip, one.words, one.can_chase) for one in found.watched] == [
        ("第1阶段 阶段1", chip, words, False)
    ]
    assert "3月3日发出补正告知书" in found.watched[0].text
    assert "截止日3月20日（含当天）" in found.watched[0].text
    assert found.stages()[0]["standing"].words == "等申请人补正"


def test_two_notices_of_one_stage_are_watched_each_with_its_own_last_day():
    anew = Asked(THURSDAY, date(2026, 4, 3))
    running = stage(
        1, state="running", accepted_on=MONDAY, due_on=date(2026, 3, 23), asked=(*NOTICE["asked"], anew)
    )

    found = board(project(WAITS, stages=(running,)))

    assert [one.words for one in found.watched] == ["等申请人补正"] * 2
    assert [one.text.split("，")[2][:8] for one in found.watched] == ["截止日3月20日", "截止日4月3日（"]
    assert found.stages()[0]["standing"].words.startswith("剩")


def test_a_notice_of_a_stage_that_is_over_or_of_a_project_that_has_ended_is_watched_by_nobody():
    over = stage(1, **NOTICE | {"state": "withdrawn"})

    assert board(project(WAITS, stages=(over,))).watched == ()
    assert board(project(WAITS, stages=(stage(1, **NOTICE),), is_living=False)).watched == ()


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (THURSDAY, []),
        (date(2026, 3, 6), [("warn", "受理剩 1 天")]),
        (date(2026, 3, 9), [("warn", "受理今天到期")]),
        (date(2026, 3, 11), [("bad", "受理超 2 个工作日")]),
    ],
)
def test_the_last_day_to_accept_a_stage_is_watched_from_the_day_before(today, told):
    asked = stage(1, state="dispatched", received_on=MONDAY, accept_by=date(2026, 3, 9))
    found = board(project(waiting("yd", 7), stages=(asked,)), today=today)

    assert [(one.chip, one.words) for one in found.watched] == told
    assert all("视为受理并发红牌" in one.text for one in found.watched)


def test_who_leads_neither_stage_nor_project_reads_what_is_late_and_is_offered_no_reminder():
    silent = waiting("yd", 7, answer="", answer_by=TUESDAY)
    asked = stage(1, state="dispatched", received_on=MONDAY, accept_by=date(2026, 3, 9), is_led=False)
    found = board(project(silent, stages=(asked,)))

    assert [(one.words, one.can_chase) for one in found.watched] == [("答复超期", False)]
