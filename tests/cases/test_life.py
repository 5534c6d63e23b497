"""The life of a case: what each verb does, and what it refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, connection

from apps.cases import actions
from apps.cases.models import Case, CaseEvent, Status
from apps.items import actions as items
from apps.supervision.models import Card
from apps.windows import actions as windows
from tests.cast import a_scan, at, fill

Found = actions.Found


def test_passing_the_pre_review_is_the_acceptance_where_no_originals_are_needed(accepted, clerk):
    assert (accepted.status, accepted.accepted_by) == (Status.ACCEPTED, clerk)
    assert (accepted.due_on, accepted.statutory_due_on) == (date(2026, 3, 6), date(2026, 3, 31))
    assert accepted.yellow_on == date(2026, 3, 5)
    assert list(accepted.events.values_list("verb", flat=True)) == ["submitted", "passed_into_acceptance"]


def test_a_pre_return_names_all_faults_in_one_notice_and_stops_the_five_days(submitted, clerk):
    returned = actions.return_for_correction(
        submitted,
        [Found("平面图看不清", seq=2, remedy="重新扫描"), Found("经营场所与营业执照不一致")],
        by=clerk,
        at=at("2026-03-03"),
    )

    assert (returned.status, returned.notice_due_on) == (Status.PRE_RETURNED, None)
    notice = returned.notices.get()
    assert list(notice.faults.order_by("id").values_list("material__seq", "text")) == [
        (2, "平面图看不清"),
        (None, "经营场所与营业执照不一致"),
    ]


def test_a_resubmission_answers_every_fault(submitted, citizen, clerk):
    actions.return_for_correction(
        submitted, [Found("看不清", seq=2), Found("地址不一致")], by=clerk, at=at("2026-03-03")
    )
    material_fault, form_fault = submitted.notices.get().faults.order_by("id")

    with pytest.raises(actions.Incomplete) as refusal:
        actions.resubmit(submitted, {}, by=citizen, at=at("2026-03-04"))
    assert set(refusal.value.faults) == {f"fault-{material_fault.pk}", f"fault-{form_fault.pk}"}

    actions.attach(submitted.materials.get(seq=2), a_scan(), by=citizen, at=at("2026-03-04"))
    resubmitted = actions.resubmit(
        submitted, {form_fault.pk: "已改为18号"}, by=citizen, at=at("2026-03-04", "11:00")
    )
    assert (resubmitted.status, resubmitted.answered_on) == (Status.PRE_SUBMITTED, date(2026, 3, 4))
    assert resubmitted.notice_due_on == date(2026, 3, 11)


def test_a_second_notice_may_only_repeat_what_was_not_cured(submitted, citizen, clerk):
    actions.return_for_correction(submitted, [Found("看不清", seq=2)], by=clerk, at=at("2026-03-03"))
    fault = submitted.notices.get().faults.get()
    actions.resubmit(submitted, {fault.pk: "请看附件"}, by=citizen, at=at("2026-03-04"))

    with pytest.raises(actions.NotAllowed, match="“申请书”在第一次告知中没有提出"):
        actions.return_for_correction(submitted, [Found("没有签字", seq=1)], by=clerk, at=at("2026-03-05"))
    again = actions.return_for_correction(
        submitted, [Found("仍看不清", seq=2)], by=clerk, at=at("2026-03-05")
    )
    assert again.notices_sent == 2


def test_only_the_papers_in_the_notice_may_be_replaced(submitted, citizen, clerk):
    actions.return_for_correction(submitted, [Found("看不清", seq=2)], by=clerk, at=at("2026-03-03"))

    with pytest.raises(actions.NotAllowed, match="没有被要求补正"):
        actions.attach(submitted.materials.get(seq=1), a_scan(), by=citizen, at=at("2026-03-04"))


def test_a_fault_of_a_paper_not_on_the_list_is_refused(submitted, clerk):
    with pytest.raises(actions.NotAllowed, match="材料清单中没有第9项"):
        actions.return_for_correction(submitted, [Found("缺少承诺书", seq=9)], by=clerk, at=at("2026-03-03"))


def test_accepting_after_a_supplement_dates_back_to_the_answer(at_the_counter, clerk):
    actions.ask_supplement(at_the_counter, [Found("平面图缺比例尺", seq=2)], by=clerk, at=at("2026-03-04"))
    fault = at_the_counter.notices.get().faults.get()
    actions.supplement(at_the_counter, {fault.pk: "已交新图"}, by=clerk, at=at("2026-03-06"))

    accepted = actions.accept(at_the_counter, by=clerk, at=at("2026-03-10"))

    assert accepted.accepted_on == date(2026, 3, 6)
    assert accepted.due_on == date(2026, 3, 20)


def test_after_the_notice_period_no_supplement_can_be_asked(at_the_counter, clerk):
    with pytest.raises(actions.NotAllowed, match="一次告知的截止日3月9日（含当天）已过"):
        actions.ask_supplement(at_the_counter, [Found("缺图", seq=2)], by=clerk, at=at("2026-03-10"))


def test_originals_are_handed_in_after_a_passed_pre_review(
    calendar, permit_with_originals, county, citizen, clerk
):
    case = actions.draft(
        permit_with_originals,
        applicant=citizen.applicant,
        at_point=county,
        channel="2",
        by=citizen,
        at=at("2026-03-02"),
    )
    fill(case, by=citizen, at_=at("2026-03-02"))
    actions.submit(case, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")

    passed = actions.pass_pre_review(case, by=clerk, at=at("2026-03-03"))
    assert (passed.status, passed.notice_due_on) == (Status.PRE_PASSED, None)

    handed_in = actions.hand_in(passed, {1: (1, 0), 2: (1, 0)}, by=clerk, at=at("2026-03-05"))
    assert (handed_in.status, handed_in.received_on, handed_in.notice_due_on) == (
        Status.RECEIVED,
        date(2026, 3, 5),
        date(2026, 3, 12),
    )


def test_no_original_that_the_guide_wants_is_left_out_when_they_are_handed_in(
    calendar, permit_with_originals, county, citizen, clerk
):
    case = actions.draft(
        permit_with_originals,
        applicant=citizen.applicant,
        at_point=county,
        channel="2",
        by=citizen,
        at=at("2026-03-02"),
    )
    fill(case, by=citizen, at_=at("2026-03-02"))
    actions.submit(case, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")
    passed = actions.pass_pre_review(case, by=clerk, at=at("2026-03-03"))

    with pytest.raises(actions.Incomplete, match="还缺2份材料的原件") as nothing:
        actions.hand_in(passed, {}, by=clerk, at=at("2026-03-05"))
    with pytest.raises(actions.Incomplete) as only_one:
        actions.hand_in(passed, {1: (1, 0), 2: (0, 1)}, by=clerk, at=at("2026-03-05"))

    assert set(nothing.value.faults) == {"originals-1", "originals-2"}
    assert only_one.value.faults == {"originals-2": "请收“经营场所平面图”的原件并填写份数。"}
    passed.refresh_from_db()
    assert (passed.status, passed.visits) == (Status.PRE_PASSED, 0)


def test_a_pause_of_art_45_stops_both_clocks_and_moves_them_by_exactly_its_working_days(accepted, clerk):
    actions.start_review(accepted, by=clerk, at=at("2026-03-04"))
    paused = actions.pause(accepted, "检测", days_needed=5, reason="抽样检测", by=clerk, at=at("2026-03-04"))
    assert (paused.status, paused.due_on, paused.statutory_due_on) == (Status.SPECIAL, None, None)

    resumed = actions.resume(paused, result="检测合格", by=clerk, at=at("2026-03-09"))

    assert (resumed.due_on, resumed.statutory_due_on) == (date(2026, 3, 11), date(2026, 4, 3))


def test_what_only_the_guide_names_stops_the_promise_alone(accepted, clerk):
    actions.start_review(accepted, by=clerk, at=at("2026-03-04"))

    paused = actions.pause(
        accepted, "现场踏勘", days_needed=2, reason="现场核查", by=clerk, at=at("2026-03-04")
    )

    assert (paused.due_on, paused.statutory_due_on, paused.stops_statutory) == (
        None,
        date(2026, 3, 31),
        False,
    )


def test_nothing_else_stops_a_clock(accepted, clerk):
    actions.start_review(accepted, by=clerk, at=at("2026-03-04"))

    with pytest.raises(actions.NotAllowed, match="“领导出差”不是法定特别程序"):
        actions.pause(accepted, "领导出差", days_needed=2, reason="等领导", by=clerk, at=at("2026-03-04"))


def test_granting_stops_the_clock_and_starts_the_delivery_term(in_approval, approver):
    granted = actions.grant(in_approval, by=approver, at=at("2026-03-05"))

    assert (granted.status, granted.used_days, granted.was_on_time) == (Status.GRANTED, 2, True)
    assert granted.delivery_due_on == date(2026, 3, 19)


def test_a_refusal_without_reasons_cannot_be_saved(in_approval, approver):
    with pytest.raises(actions.NotAllowed, match="不予许可必须说明理由"):
        actions.refuse(in_approval, reasons=" ", by=approver, at=at("2026-03-05"))
    with pytest.raises(IntegrityError, match="a_refusal_states_reasons_and_remedies"):
        Case.objects.filter(pk=in_approval.pk).update(
            status=Status.REFUSED, decided_on=date(2026, 3, 5), decided_by=approver
        )


def test_the_one_who_reviewed_does_not_decide(in_approval, colleague, county, market_bureau):
    windows.authorise(
        colleague, point=county, department=market_bureau, power="decide", on=date(2026, 1, 1), until=None
    )

    with pytest.raises(actions.NotAllowed, match="这件由您审查，须由另一位"):
        actions.grant(in_approval, by=colleague, at=at("2026-03-05"))


def test_without_a_letter_of_authorisation_nobody_decides(in_approval, clerk):
    with pytest.raises(actions.NotAllowed, match="没有办理这个事项的有效授权书"):
        actions.grant(in_approval, by=clerk, at=at("2026-03-05"))


def test_the_centre_can_never_decide(in_approval, centre_admin, supervisor, leader):
    for person in (centre_admin, supervisor, leader):
        with pytest.raises(actions.NotAllowed, match="只协调和监督，不能作出审批决定"):
            actions.grant(in_approval, by=person, at=at("2026-03-05"))


def test_a_delivery_without_its_way_is_a_fault_of_the_form(in_approval, approver, clerk):
    actions.grant(in_approval, by=approver, at=at("2026-03-05"))

    with pytest.raises(actions.Incomplete) as refused:
        actions.deliver(in_approval, "", proof="本人签收", by=clerk, at=at("2026-03-06"))

    assert refused.value.faults == {"way": "请选择送达方式。"}


def test_from_the_grant_to_the_archive(in_approval, approver, clerk):
    actions.grant(in_approval, by=approver, at=at("2026-03-05"))
    actions.deliver(in_approval, "counter", proof="本人签收", by=clerk, at=at("2026-03-06"))
    archived = actions.archive(in_approval, archive_number="SCJG-2026-0001", by=clerk, at=at("2026-03-09"))

    assert (archived.status, archived.delivered_on) == (Status.ARCHIVED, date(2026, 3, 6))


def test_withdrawing_ends_the_case_before_the_decision_only(in_approval, citizen, approver):
    actions.grant(in_approval, by=approver, at=at("2026-03-05"))

    with pytest.raises(actions.NotAllowed, match="不能撤回申请"):
        actions.withdraw(in_approval, reason="不办了", by=citizen, at=at("2026-03-06"))


def test_the_township_clerk_signs_for_what_the_village_collected(collected, township_clerk, village_agent):
    assert (collected.status, collected.received_on, collected.hand_up_due_on) == (
        Status.COLLECTED,
        None,
        date(2026, 3, 5),
    )
    with pytest.raises(actions.NotAllowed, match="须是两个人"):
        actions.hand_up(collected, by=village_agent, at=at("2026-03-03"))

    received = actions.hand_up(collected, by=township_clerk, at=at("2026-03-04"))

    assert (received.status, received.received_on) == (Status.RECEIVED, date(2026, 3, 4))
    assert received.notice_due_on == date(2026, 3, 11)


def test_unanswered_for_five_days_means_accepted_from_the_day_of_receipt(submitted, at_the_counter):
    for day in ("2026-03-09", "2026-03-10", "2026-03-10"):
        actions.deem_accepted(at=at(day, "00:05"))

    for case in (submitted, at_the_counter):
        case.refresh_from_db()
        assert (case.status, case.accepted_on, case.is_deemed_accepted) == (
            Status.ACCEPTED,
            date(2026, 3, 2),
            True,
        )
        event = case.events.get(verb="deemed_accepted")
        assert (event.by, event.at) == (None, at("2026-03-10", "00:05"))
        assert (
            Card.objects.filter(case=case, rule="deemed_accepted", colour="red", is_escalated=True).count()
            == 1
        )
    assert submitted.due_on == date(2026, 3, 5)


def test_an_answer_stops_the_five_days(submitted, clerk):
    actions.return_for_correction(submitted, [Found("看不清", seq=2)], by=clerk, at=at("2026-03-09", "16:59"))

    assert actions.deem_accepted(at=at("2026-03-20")) == 0


def test_nothing_heard_from_the_applicant_lapses(submitted, clerk):
    actions.return_for_correction(submitted, [Found("看不清", seq=2)], by=clerk, at=at("2026-03-03"))

    assert actions.lapse(at=at("2026-04-02")) == 0
    assert actions.lapse(at=at("2026-04-03")) == 1
    submitted.refresh_from_db()
    assert submitted.status == Status.LAPSED


def test_the_version_of_the_guide_stays_with_the_case(accepted, food_permit):
    version = items.draft_version(
        food_permit, effective_on=date(2026, 3, 4), kind="committed", committed_amount=1, statutory_amount=20,
        materials=[{"name": "申请书", "form": "original", "necessity": "required"}],
    )  # fmt: skip
    items.publish(version, on=date(2026, 3, 4), at=at("2026-03-04"))

    accepted.refresh_from_db()
    assert (accepted.version.number, accepted.committed_amount) == (1, 3)


def test_events_are_never_changed(accepted):
    with pytest.raises(Exception, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {CaseEvent._meta.db_table} SET reason = 'x'")


def test_looking_at_the_full_number_is_an_act_with_a_reason(accepted, clerk):
    number = actions.reveal_number(accepted, reason="核对身份证原件", by=clerk, at=at("2026-03-04"))

    assert number == "519999199001010017"
    assert accepted.events.get(verb="revealed").by == clerk


def test_a_deadline_past_the_published_years_is_flagged_and_provisional(
    calendar, permit_with_originals, county, clerk, privacy_notice, at_the_counter
):
    Case.objects.filter(pk=at_the_counter.pk).update(
        received_on=date(2026, 12, 25), notice_due_on=date(2026, 12, 31)
    )

    accepted = actions.accept(at_the_counter, by=clerk, at=at("2026-12-28"))

    assert (accepted.due_on, accepted.calendar_missing, accepted.yellow_on) == (None, True, None)
    assert accepted.provisional_due_on is not None
