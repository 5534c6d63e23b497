"""听证 (行政许可法 arts 46-48): told, asked for, called, held; and the clocks that stand still meanwhile."""

from datetime import date

import pytest

from apps.cases import actions
from apps.cases.actions import NotAllowed
from apps.cases.models import Status
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def hearing(in_review, colleague):
    return actions.offer_hearing(in_review, subject="涉及相邻住户油烟排放", by=colleague, at=at("2026-03-04"))


def test_a_hearing_is_asked_within_five_working_days_and_stops_both_clocks(hearing, citizen):
    assert hearing.ask_by_on == date(2026, 3, 11)

    case = actions.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))

    assert (case.status, case.due_on, case.statutory_due_on) == (Status.HEARING, None, None)
    assert case.hearings.get().hold_by_on == date(2026, 4, 2)


def test_after_five_working_days_no_hearing_can_be_asked(hearing, citizen):
    with pytest.raises(NotAllowed, match="申请听证的截止日3月11日（含当天）已过"):
        actions.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-12"))


def test_the_right_is_told_once_and_what_is_said_about_it_is_true(hearing, colleague):
    again = {"subject": "再告知一次", "by": colleague}
    with pytest.raises(NotAllowed, match="申请截止日3月11日（含当天）。$"):
        actions.offer_hearing(hearing.case, **again, at=at("2026-03-11"))
    with pytest.raises(NotAllowed, match="没有人申请，视为放弃，不用再告知"):
        actions.offer_hearing(hearing.case, **again, at=at("2026-03-12"))


def test_the_review_waits_while_the_right_is_open_unless_it_is_waived(hearing, colleague):
    case = hearing.case
    with pytest.raises(NotAllowed, match="申请听证的截止日是3月11日（含当天）"):
        actions.finish_review(case, opinion="可以", by=colleague, at=at("2026-03-05"))

    actions.waive_hearing(hearing, reason="申请人书面放弃", by=colleague, at=at("2026-03-05"))

    assert (
        actions.finish_review(case, opinion="可以", by=colleague, at=at("2026-03-05")).status
        == Status.IN_APPROVAL
    )


def test_a_hearing_is_called_seven_working_days_before(hearing, citizen, colleague, approver):
    actions.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))
    call = {"place": "二楼会议室", "presider": approver, "by": colleague, "at": at("2026-03-09")}

    with pytest.raises(NotAllowed, match="最早定在3月18日"):
        actions.call_hearing(hearing, held_on=date(2026, 3, 17), **call)
    with pytest.raises(NotAllowed, match="组织听证的截止日是4月2日（含当天）"):
        actions.call_hearing(hearing, held_on=date(2026, 4, 3), **call)

    assert actions.call_hearing(hearing, held_on=date(2026, 3, 18), **call).status == Status.HEARING


def test_a_call_on_a_day_off_names_a_day_that_is_then_accepted(hearing, citizen, colleague, approver):
    actions.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))
    call = {"place": "二楼会议室", "presider": approver, "by": colleague, "at": at("2026-03-08")}  # a Sunday

    with pytest.raises(NotAllowed, match="最早定在3月18日"):
        actions.call_hearing(hearing, held_on=date(2026, 3, 17), **call)

    assert actions.call_hearing(hearing, held_on=date(2026, 3, 18), **call).status == Status.HEARING


def test_who_examines_the_case_cannot_preside(hearing, citizen, colleague):
    actions.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))

    with pytest.raises(NotAllowed, match="主持人须是审查这件申请以外的人员"):
        actions.call_hearing(
            hearing,
            held_on=date(2026, 3, 18),
            place="会议室",
            presider=colleague,
            by=colleague,
            at=at("2026-03-09"),
        )


def test_after_the_hearing_the_clocks_go_on_by_exactly_the_days_they_stood_still(
    hearing, citizen, colleague, approver
):
    actions.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))
    actions.call_hearing(
        hearing,
        held_on=date(2026, 3, 18),
        place="会议室",
        presider=approver,
        by=colleague,
        at=at("2026-03-09"),
    )

    case = actions.hold_hearing(
        hearing, minutes="各方陈述。", signed_by="王小明、何静", by=colleague, at=at("2026-03-18")
    )

    assert (case.status, case.due_on) == (Status.IN_REVIEW, date(2026, 3, 19))


def test_a_record_nobody_signed_is_no_record(hearing, citizen, colleague, approver):
    actions.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))
    actions.call_hearing(
        hearing,
        held_on=date(2026, 3, 18),
        place="会议室",
        presider=approver,
        by=colleague,
        at=at("2026-03-09"),
    )

    with pytest.raises(NotAllowed, match="请填写在笔录上签名的人"):
        actions.hold_hearing(hearing, minutes="陈述。", signed_by="", by=colleague, at=at("2026-03-18"))
