"""特别程序、延期、踏勘、上报、移交、终止: what may happen between acceptance and decision."""

from datetime import date

import pytest

from apps.cases import actions
from apps.cases.actions import NotAllowed
from apps.cases.models import Case, Status
from apps.items.models import CaseKind
from apps.points.models import Department
from tests.bulk import copies_of
from tests.cast import a_scan, at

pytestmark = pytest.mark.django_db


# ── special procedures ───────────────────────────────────────────────────────────────────────────────
def test_a_special_procedure_begins_with_the_head_s_approval_and_not_with_the_asking(
    in_review, colleague, window_head
):
    request = actions.ask_pause(
        in_review, "检测", days_needed=5, reason="抽样检测", by=colleague, at=at("2026-03-04")
    )
    in_review.refresh_from_db()
    assert (in_review.status, in_review.due_on) == (Status.IN_REVIEW, date(2026, 3, 6))

    paused = actions.approve(request, by=window_head, at=at("2026-03-05"))

    pause = paused.pauses.get()
    assert (paused.status, paused.due_on, paused.paused_since) == (Status.SPECIAL, None, date(2026, 3, 5))
    assert (pause.opened_by, pause.approved_by, pause.days_needed) == (colleague, window_head, 5)


def test_whoever_asked_cannot_approve(in_review, window_head):
    request = actions.ask_pause(
        in_review, "检测", days_needed=5, reason="抽样检测", by=window_head, at=at("2026-03-04")
    )

    with pytest.raises(NotAllowed, match="申请人和批准人须是两个人"):
        actions.approve(request, by=window_head, at=at("2026-03-04"))


def test_an_answered_request_is_not_answered_again(in_review, colleague, window_head, approver):
    request = actions.ask_pause(
        in_review, "检测", days_needed=5, reason="抽样", by=colleague, at=at("2026-03-04")
    )
    actions.deny(request, answer="现场快检即可。", by=window_head, at=at("2026-03-04"))

    with pytest.raises(NotAllowed, match="已由龙海涛处理：未批准"):
        actions.approve(request, by=approver, at=at("2026-03-04"))

    assert Case.objects.get(pk=in_review.pk).status == Status.IN_REVIEW


def test_two_procedures_of_different_kinds_run_at_once_and_the_clock_goes_on_after_the_last(
    in_review, window_head
):
    actions.pause(in_review, "检测", days_needed=5, reason="抽样", by=window_head, at=at("2026-03-04"))
    actions.pause(in_review, "鉴定", days_needed=9, reason="设备", by=window_head, at=at("2026-03-05"))

    one_left = actions.resume(in_review, kind="检测", result="合格", by=window_head, at=at("2026-03-09"))
    assert (one_left.status, one_left.due_on, one_left.pause_kind) == (Status.SPECIAL, None, "鉴定")

    none_left = actions.resume(in_review, result="合格", by=window_head, at=at("2026-03-11"))
    assert (none_left.status, none_left.due_on) == (Status.IN_REVIEW, date(2026, 3, 13))


def test_which_of_two_procedures_has_ended_must_be_said(in_review, window_head):
    actions.pause(in_review, "检测", days_needed=5, reason="抽样", by=window_head, at=at("2026-03-04"))
    actions.pause(in_review, "鉴定", days_needed=9, reason="设备", by=window_head, at=at("2026-03-05"))

    with pytest.raises(NotAllowed, match="正在进行的有检测、鉴定，请选择结束哪一项"):
        actions.resume(in_review, result="合格", by=window_head, at=at("2026-03-09"))


def test_two_open_procedures_of_one_kind_are_refused(in_review, window_head):
    actions.pause(in_review, "检测", days_needed=5, reason="抽样", by=window_head, at=at("2026-03-04"))

    with pytest.raises(NotAllowed, match="“检测”正在进行，不能重复启动"):
        actions.pause(in_review, "检测", days_needed=5, reason="再抽", by=window_head, at=at("2026-03-05"))


def test_a_procedure_cannot_end_before_it_began(in_review, window_head):
    actions.pause(in_review, "检测", days_needed=5, reason="抽样", by=window_head, at=at("2026-03-05"))

    with pytest.raises(NotAllowed, match="“检测”从3月5日开始，结束日不能早于这一天"):
        actions.resume(in_review, result="合格", by=window_head, at=at("2026-03-04"))


# ── extension ────────────────────────────────────────────────────────────────────────────────────────
def test_an_extension_moves_both_dates_by_its_working_days(in_review, colleague, window_head):
    request = actions.ask_extension(
        in_review, amount=10, reason="需要补充检测", by=colleague, at=at("2026-03-05")
    )

    extended = actions.approve(request, by=window_head, at=at("2026-03-06"))

    assert (extended.due_on, extended.statutory_due_on) == (date(2026, 3, 20), date(2026, 4, 15))
    event = extended.events.get(verb="extended")
    assert (event.facts["before"], event.facts["due_on"]) == ("2026-03-06", "2026-03-20")


def test_on_the_due_day_an_extension_is_still_in_time_and_on_the_day_after_it_is_refused(
    in_review, window_head
):
    with pytest.raises(NotAllowed, match="承诺办结的截止日3月6日（含当天）已过，不能再延期"):
        actions.extend(in_review, amount=5, reason="来不及", by=window_head, at=at("2026-03-07"))

    assert actions.extend(
        in_review, amount=5, reason="检测未完成", by=window_head, at=at("2026-03-06", "23:59")
    ).due_on == date(2026, 3, 13)


def test_a_request_made_in_time_but_approved_too_late_is_refused(in_review, colleague, window_head):
    request = actions.ask_extension(in_review, amount=5, reason="检测", by=colleague, at=at("2026-03-06"))

    with pytest.raises(NotAllowed, match="不能再延期"):
        actions.approve(request, by=window_head, at=at("2026-03-09"))

    assert Case.objects.get(pk=in_review.pk).due_on == date(2026, 3, 6)
    assert (
        actions.deny(request, answer="已过期限。", by=window_head, at=at("2026-03-09")).extension_amount == 0
    )


def test_an_extension_is_given_once_and_within_its_bounds(in_review, window_head):
    for amount in (0, 11):
        with pytest.raises(NotAllowed, match="1至10天"):
            actions.extend(in_review, amount=amount, reason="检测", by=window_head, at=at("2026-03-05"))
    actions.extend(in_review, amount=10, reason="检测", by=window_head, at=at("2026-03-05"))

    with pytest.raises(NotAllowed, match="只能延期一次"):
        actions.extend(in_review, amount=1, reason="再延", by=window_head, at=at("2026-03-05"))


def test_an_extension_needs_a_reason(in_review, window_head):
    with pytest.raises(NotAllowed, match="请写明延期的理由"):
        actions.extend(in_review, amount=5, reason="  ", by=window_head, at=at("2026-03-05"))


def test_a_pause_after_an_extension_moves_the_extended_date(in_review, window_head):
    actions.extend(in_review, amount=5, reason="检测", by=window_head, at=at("2026-03-05"))
    actions.pause(in_review, "检测", days_needed=2, reason="抽样", by=window_head, at=at("2026-03-05"))

    assert actions.resume(in_review, result="合格", by=window_head, at=at("2026-03-09")).due_on == date(
        2026, 3, 17
    )


# ── survey ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def survey(in_review, clerk, colleague):
    return actions.open_survey(
        in_review,
        planned_on=date(2026, 3, 5),
        place="临江镇滨江路18号",
        first=clerk,
        second=colleague,
        by=colleague,
        at=at("2026-03-04"),
    )


def test_a_survey_named_by_the_guide_stops_the_promise_and_not_the_law(survey):
    case = Case.objects.get(pk=survey.case_id)

    assert (case.status, case.due_on, case.statutory_due_on) == (Status.SURVEY, None, date(2026, 3, 31))


def test_a_survey_ends_with_two_signatures_and_a_photo(survey, clerk, colleague):
    actions.sign_survey(survey, by=clerk, at=at("2026-03-05"), findings="布局符合。", is_passed=True)
    with pytest.raises(NotAllowed, match="还没有现场照片"):
        actions.sign_survey(survey, by=colleague, at=at("2026-03-05"))
    actions.add_photo(survey, a_scan("厨房.png"), by=colleague, at=at("2026-03-05"))

    case = actions.sign_survey(survey, by=colleague, at=at("2026-03-06"))

    assert (case.status, case.due_on) == (Status.IN_REVIEW, date(2026, 3, 10))
    assert case.events.get(verb="surveyed").facts["passed"] is True


def test_one_person_cannot_survey_alone(in_review, clerk):
    with pytest.raises(NotAllowed, match="请选两个不同的人"):
        actions.open_survey(
            in_review, planned_on=date(2026, 3, 5), place="现场", first=clerk, second=clerk, by=clerk,
            at=at("2026-03-04"),
        )  # fmt: skip


def test_nobody_signs_twice_or_for_another_or_before_the_day(survey, clerk, approver):
    with pytest.raises(NotAllowed, match="踏勘定在3月5日"):
        actions.sign_survey(survey, by=clerk, at=at("2026-03-04"), findings="看过", is_passed=True)
    actions.sign_survey(survey, by=clerk, at=at("2026-03-05"), findings="看过", is_passed=True)

    with pytest.raises(NotAllowed, match="您已经签过了"):
        actions.sign_survey(survey, by=clerk, at=at("2026-03-05"))
    with pytest.raises(NotAllowed, match="由周敏和吴桐签署"):
        actions.sign_survey(survey, by=approver, at=at("2026-03-05"))


# ── forwarding and hand-over ─────────────────────────────────────────────────────────────────────────
@pytest.fixture
def above(city):
    return Department.objects.create(name="资阳市市场监督管理局", code="512000SC", point=city)


def test_a_case_decided_above_goes_up_with_its_own_clock_and_its_result_comes_back(
    in_review, above, colleague, approver
):
    Case.objects.filter(pk=in_review.pk).update(kind=CaseKind.FORWARDED, forward_due_on=date(2026, 3, 31))

    forwarded = actions.forward(in_review, to=above, opinion="初审合格", by=colleague, at=at("2026-03-05"))
    assert (forwarded.status, forwarded.upper_due_on) == (Status.FORWARDED, date(2026, 4, 2))
    assert forwarded.due_on == date(2026, 3, 6)
    assert forwarded.shares.get().department == above

    back = actions.note_result(forwarded, result="同意", by=colleague, at=at("2026-03-20"))
    assert (back.status, back.review_opinion) == (Status.IN_APPROVAL, "初审合格\n上级意见：同意")


def test_what_is_decided_here_does_not_go_up(in_review, above, colleague):
    with pytest.raises(NotAllowed, match="由本级决定，不用上报"):
        actions.forward(in_review, to=above, opinion="初审", by=colleague, at=at("2026-03-05"))


def test_a_case_changes_hands_inside_its_department_only(
    in_review, colleague, approver, clerk_of_another_county
):
    with pytest.raises(NotAllowed, match="冯涛不在这件的办理部门"):
        actions.hand_over(
            in_review, to=clerk_of_another_county, note="等检测", by=colleague, at=at("2026-03-05")
        )

    handed = actions.hand_over(in_review, to=approver, note="等检测报告", by=colleague, at=at("2026-03-05"))

    assert handed.reviewer == approver
    assert handed.events.get(verb="handed_over").reason == "等检测报告"


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────
def test_terminating_ends_everything_that_was_open(in_review, colleague, window_head):
    actions.ask_extension(in_review, amount=5, reason="检测", by=colleague, at=at("2026-03-05"))
    actions.pause(in_review, "检测", days_needed=5, reason="抽样", by=window_head, at=at("2026-03-05"))

    ended = actions.terminate(in_review, reason="申请人死亡", by=window_head, at=at("2026-03-09"))

    assert (ended.status, ended.closed_on, ended.paused_since) == (Status.TERMINATED, date(2026, 3, 9), None)
    assert ended.pauses.get().to_on == date(2026, 3, 9)
    assert ended.requests.get().state == "dropped"


def test_nothing_is_terminated_without_a_reason_or_after_the_decision(in_approval, approver, window_head):
    with pytest.raises(NotAllowed, match="请写明终止办理的原因"):
        actions.terminate(in_approval, reason="", by=window_head, at=at("2026-03-05"))
    actions.grant(in_approval, by=approver, at=at("2026-03-05"))

    with pytest.raises(NotAllowed, match="现在是“准予”，不能终止办理"):
        actions.terminate(in_approval, reason="法律修改", by=window_head, at=at("2026-03-05"))


def test_refused_service_names_what_happened_and_a_mail_has_its_number(in_approval, approver, clerk):
    granted = actions.grant(in_approval, by=approver, at=at("2026-03-05"))
    with pytest.raises(NotAllowed, match="请填写邮件号"):
        actions.deliver(granted, "mail", proof="寄了", by=clerk, at=at("2026-03-06"))
    with pytest.raises(NotAllowed, match="拒收事由、日期和见证人"):
        actions.deliver(granted, "refused", proof="拒收", by=clerk, at=at("2026-03-06"))

    left = actions.deliver(
        granted, "refused", proof="本人拒签，社区赵小蓉见证，留置送达", by=clerk, at=at("2026-03-06")
    )

    assert left.status == Status.DELIVERED


@pytest.fixture
def archived(in_approval, approver, clerk):
    granted = actions.grant(in_approval, by=approver, at=at("2026-03-05"))
    actions.deliver(granted, "counter", proof="王小明签收", by=clerk, at=at("2026-03-06"))
    return actions.archive(granted, archive_number="2026-SC-0001", box="12", by=clerk, at=at("2026-03-09"))


def test_a_file_is_lent_to_one_at_a_time_and_comes_back(archived, clerk):
    loan = {"unit": "审计局", "purpose": "专项审计", "due_on": date(2026, 3, 20), "by": clerk}
    actions.borrow(archived, borrower="曹立新", at=at("2026-03-10"), **loan)
    with pytest.raises(NotAllowed, match="档案已由曹立新借出，归还的截止日是3月20日（含当天）"):
        actions.borrow(archived, borrower="韩雪梅", at=at("2026-03-11"), **loan)

    returned = actions.return_file(archived, condition="完整", by=clerk, at=at("2026-03-12"))

    assert returned.returned_on == date(2026, 3, 12)
    assert [event.verb for event in archived.events.order_by("-id")[:2]] == ["returned", "borrowed"]


def test_an_archive_number_is_given_once_in_a_department(archived, clerk):
    (other,) = copies_of(archived, 1, status=Status.DELIVERED, archive_number="")

    with pytest.raises(NotAllowed, match="档号“2026-SC-0001”已经用过"):
        actions.archive(other, archive_number="2026-SC-0001", by=clerk, at=at("2026-03-09"))
