"""日历变更: entered by one, signed by another; every date that the calendar moves is moved, and told."""

from datetime import UTC, date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.roles import Role
from apps.calendars import loaded
from apps.calendars.models import CalendarYear
from apps.calendars.workdays import Special
from apps.cases import actions
from apps.cases.actions import recomputing
from apps.cases.models import CalendarAmendment, Case, CaseEvent, Channel, Verb
from apps.notices.models import Message
from apps.points.models import Closure
from tests.bulk import copies_of
from tests.cast import at, fill, make_user

from .rearranged import DAY_OFF, SIGNED_AT, SOURCE, THURSDAY, apply, days_of_2026

# ── entering and signing ─────────────────────────────────────────────────────────────────────────────


def test_what_is_entered_changes_nothing_yet(entered, accepted):
    apply()

    assert (entered.state, loaded.current().is_workday(THURSDAY)) == ("entered", True)
    assert Case.objects.get().due_on == date(2026, 3, 6)


def test_the_signature_of_a_second_person_publishes_the_days(signed, leader, centre_admin):
    assert (signed.state, signed.entered_by, signed.signed_by) == ("signed", centre_admin, leader)
    assert not loaded.current().is_workday(THURSDAY)
    assert CalendarYear.objects.get(pk=2026).source == SOURCE


def test_whoever_entered_it_cannot_sign(entered, centre_admin):
    with pytest.raises(actions.NotAllowed, match="录入人和签发人须是两个人"):
        actions.sign_amendment(entered, by=centre_admin, at=SIGNED_AT)
    with (
        pytest.raises(IntegrityError, match="who_signs_an_amendment_is_not_who_entered_it"),
        transaction.atomic(),
    ):
        CalendarAmendment.objects.update(signed_by=centre_admin)
    assert loaded.current().is_workday(THURSDAY)


def test_it_is_signed_once(signed, leader):
    with pytest.raises(actions.NotAllowed, match="已签发（唐宁），不能再办"):
        actions.sign_amendment(signed, by=leader, at=SIGNED_AT)


def test_the_next_waits_until_the_last_is_through(signed, centre_admin, leader, county):
    second = actions.enter_closure(
        county, from_on=date(2026, 3, 9), to_on=date(2026, 3, 9), reason="搬迁", source="公告1号",
        affects_deadline=True, by=centre_admin, at=at("2026-03-04"),
    )  # fmt: skip

    with pytest.raises(actions.NotAllowed, match="“2026年放假安排”还在重算"):
        actions.sign_amendment(second, by=leader, at=SIGNED_AT)

    apply()
    assert actions.sign_amendment(second, by=leader, at=SIGNED_AT).state == "signed"


def test_it_is_dropped_with_a_reason_and_another_may_follow(entered, centre_admin, leader):
    with pytest.raises(actions.NotAllowed, match="2026年的安排已有一份等签发"):
        actions.enter_notice(
            2026,
            days_of_2026(),
            source="又一份",
            published_on=date(2026, 3, 3),
            by=centre_admin,
            at=SIGNED_AT,
        )
    with pytest.raises(actions.NotAllowed, match="请写明作废的理由"):
        actions.drop_amendment(entered, why=" ", by=centre_admin, at=SIGNED_AT)

    actions.drop_amendment(entered, why="抄错了", by=centre_admin, at=SIGNED_AT)

    with pytest.raises(actions.NotAllowed, match="已作废（郑凯），不能再办"):
        actions.sign_amendment(entered, by=leader, at=SIGNED_AT)
    again = actions.enter_notice(
        2026, days_of_2026(), source="又一份", published_on=date(2026, 3, 3), by=centre_admin, at=SIGNED_AT
    )
    assert again.state == "entered"


def test_a_county_does_not_arrange_the_holidays_of_the_city(calendar, county):
    admin = make_user("county-admin", "白露", Role.CENTRE_ADMIN, point=county)

    with pytest.raises(actions.NotAllowed, match="只能由市政务服务中心"):
        actions.enter_notice(
            2026, days_of_2026(), source=SOURCE, published_on=date(2026, 3, 3), by=admin, at=SIGNED_AT
        )


@pytest.mark.parametrize(
    ("days", "published_on", "words"),
    [
        ([Special(date(2026, 3, 4), True, "春节")], date(2026, 3, 3), "2026-03-04不是周末"),
        ([Special(date(2027, 3, 4), False, "春节")], date(2026, 3, 3), "2027-03-04不在2026年"),
        ([DAY_OFF, DAY_OFF], date(2026, 3, 3), "出现了2次"),
        ([DAY_OFF], date(2026, 3, 5), "印发日期不能晚于今天"),
    ],
)
def test_what_the_calendar_would_refuse_is_refused_when_it_is_entered(
    calendar, centre_admin, days, published_on, words
):
    before = list(CalendarYear.objects.order_by("year").values())

    with pytest.raises(actions.NotAllowed, match=words):
        actions.enter_notice(
            2026, days, source=SOURCE, published_on=published_on, by=centre_admin, at=at("2026-03-04")
        )

    assert list(CalendarYear.objects.order_by("year").values()) == before
    assert not CalendarAmendment.objects.exists()


def test_a_notice_of_today_is_entered_in_the_small_hours_too(calendar, centre_admin):
    """Before eight in the morning it is still yesterday in UTC, which is how a request brings the time."""
    entered = actions.enter_notice(
        2026, days_of_2026(DAY_OFF), source=SOURCE, published_on=date(2026, 3, 4), by=centre_admin,
        at=at("2026-03-04", "00:30").astimezone(UTC),
    )  # fmt: skip

    assert entered.published_on == date(2026, 3, 4)


def test_a_closure_is_of_a_place_below_ones_own_and_ends_after_it_begins(calendar, county, other_county):
    admin = make_user("county-admin", "白露", Role.CENTRE_ADMIN, point=county)
    facts = {"reason": "检修", "source": "公告1号", "affects_deadline": True, "by": admin, "at": SIGNED_AT}

    with pytest.raises(actions.NotAllowed, match="安岳县政务服务中心不在您的职责范围内"):
        actions.enter_closure(other_county, from_on=THURSDAY, to_on=THURSDAY, **facts)
    with pytest.raises(actions.NotAllowed, match="末日不能早于首日"):
        actions.enter_closure(county, from_on=THURSDAY, to_on=date(2026, 3, 4), **facts)
    with pytest.raises(actions.NotAllowed, match="超过一年"):
        actions.enter_closure(county, from_on=THURSDAY, to_on=date(2027, 3, 10), **facts)


# ── what moves ───────────────────────────────────────────────────────────────────────────────────────


def test_a_running_case_moves_with_an_event_and_a_word_to_the_applicant(accepted, signed, citizen):
    apply(at("2026-03-04", "16:05"))

    case = Case.objects.get()
    assert (case.due_on, case.statutory_due_on, case.yellow_on, case.desk_due_on) == (
        date(2026, 3, 9), date(2026, 4, 1), date(2026, 3, 6), date(2026, 3, 9),
    )  # fmt: skip
    event = case.events.get(verb=Verb.RECOMPUTED)
    assert (event.by, event.after, event.facts["amendment"]) == (None, "", signed.pk)
    assert event.facts["moved"]["due_on"] == ["2026-03-06", "2026-03-09"]
    assert "承诺办结日由2026年3月6日改为3月9日；法定办结日由2026年3月31日改为4月1日" in event.reason
    message = Message.objects.get(event=event)
    assert (message.applicant, message.kind, message.sent_at) == (citizen.applicant, "recomputed", None)
    assert message.text == (
        f"您申请的“食品经营许可（含保健食品）”（{case.number}）：因2026年放假安排，"
        f"承诺办结日由2026年3月6日改为3月9日；法定办结日由2026年3月31日改为4月1日。依据：{SOURCE}。"
    )
    signed.refresh_from_db()
    assert (signed.state, signed.seen, signed.moved, signed.tally) == (
        "applied", 1, 1, {f"d{case.department_id}": 1},
    )  # fmt: skip


def test_an_answer_that_is_owed_moves_with_its_desk_date(submitted, signed):
    apply()

    case = Case.objects.get()
    assert (case.notice_due_on, case.pre_review_due_on, case.desk_due_on) == (
        date(2026, 3, 10), date(2026, 3, 3), date(2026, 3, 3),
    )  # fmt: skip
    assert case.events.get(verb="recomputed").facts["moved"] == {
        "notice_due_on": ["2026-03-09", "2026-03-10"]
    }


def test_what_a_village_collected_is_to_be_handed_up_later(collected, signed):
    apply()

    assert Case.objects.get().hand_up_due_on == date(2026, 3, 6)
    assert not Message.objects.filter(kind="recomputed").exists()  # that concerns the township alone


def test_a_period_that_the_applicant_was_told_grows_and_never_shrinks(submitted, clerk, centre_admin, leader):
    case = actions.return_for_correction(
        submitted, [actions.Found("图不清", seq=2)], by=clerk, at=at("2026-03-03")
    )
    assert case.wait_until == date(2026, 4, 2)  # a Thursday
    amend(days_of_2026(Special(date(2026, 4, 2), False, "临时放假")), centre_admin, leader)
    assert Case.objects.get().wait_until == date(2026, 4, 3)
    assert case.notices.get().answer_by == date(2026, 4, 3)

    amend(days_of_2026(), centre_admin, leader)

    assert Case.objects.get().wait_until == date(2026, 4, 3)
    assert actions.check_clocks(at=at("2026-03-06")).differing == 0


def amend(days, by, leader, when="2026-03-04"):
    entered = actions.enter_notice(
        2026, days, source=SOURCE, published_on=date(2026, 3, 3), by=by, at=at(when)
    )
    actions.sign_amendment(entered, by=leader, at=at(when, "16:00"))
    apply(at(when, "16:01"))


def test_a_tolerated_paper_a_pause_and_an_extension_move_too(
    submitted, clerk, colleague, window_head, centre_admin, leader
):
    submitted.materials.filter(seq=3).update(state="absent")
    case = actions.accept_tolerated(submitted, promised_by="王小明", by=clerk, at=at("2026-03-03"))
    actions.start_review(case, by=colleague, at=at("2026-03-03"))
    actions.extend(case, amount=2, reason="情况复杂", by=window_head, at=at("2026-03-03"))
    actions.pause(case, "检测", days_needed=3, reason="送检", by=window_head, at=at("2026-03-03"))
    case = actions.resume(case, result="合格", by=window_head, at=at("2026-03-04"))
    assert (case.due_on, case.tolerated_until) == (date(2026, 3, 11), date(2026, 3, 10))

    amend(days_of_2026(DAY_OFF), centre_admin, leader)

    case = Case.objects.get()
    assert (case.due_on, case.tolerated_until) == (date(2026, 3, 12), date(2026, 3, 11))
    assert case.materials.get(seq=3).tolerated_until == date(2026, 3, 11)
    assert actions.check_clocks(at=at("2026-03-06")).differing == 0


def test_the_dates_of_a_hearing_move(in_review, window_head, centre_admin, leader):
    hearing = actions.offer_hearing(in_review, subject="邻里反对", by=window_head, at=at("2026-03-04"))
    entered = actions.enter_notice(
        2026,
        days_of_2026(DAY_OFF),
        source=SOURCE,
        published_on=date(2026, 3, 3),
        by=centre_admin,
        at=SIGNED_AT,
    )
    (expected,) = actions.impact_of(entered, at=SIGNED_AT).page(size=9).rows
    actions.sign_amendment(entered, by=leader, at=SIGNED_AT)
    apply()
    hearing.refresh_from_db()
    assert hearing.ask_by_on == date(2026, 3, 12)
    event = in_review.events.get(verb="recomputed")
    assert event.facts["moved"] == recomputing.stored(expected[1])
    assert "申请听证期限由2026年3月11日改为3月12日" in event.reason

    actions.ask_hearing(hearing, asked_by_name="王小明", by=window_head, at=at("2026-03-06"))
    hearing.refresh_from_db()
    hold_by = hearing.hold_by_on
    amend(
        days_of_2026(DAY_OFF, Special(date(2026, 3, 12), False, "临时放假")),
        centre_admin,
        leader,
        "2026-03-06",
    )

    hearing.refresh_from_db()
    assert hearing.hold_by_on == loaded.current().add(date(2026, 3, 6), 20).on > hold_by
    assert in_review.events.filter(verb="recomputed").count() == 2


def test_what_is_decided_keeps_its_dates_and_moves_its_delivery(in_approval, approver, signed):
    decided = actions.grant(in_approval, by=approver, at=at("2026-03-04", "16:30"))
    Case.objects.filter(pk=decided.pk).update(
        delivery_due_on=date(2026, 3, 18), desk_due_on=date(2026, 3, 18)
    )
    due_on = decided.due_on
    apply()

    case = Case.objects.get()
    assert (case.due_on, case.delivery_due_on, case.desk_due_on) == (
        due_on, date(2026, 3, 19), date(2026, 3, 19),
    )  # fmt: skip


def test_a_provisional_date_becomes_a_real_one(
    calendar, permit_with_originals, county, citizen, clerk, privacy_notice, centre_admin, leader
):
    case = actions.draft(
        permit_with_originals, applicant=citizen.applicant, at_point=county, channel=Channel.COUNTER, by=clerk,
        at=at("2026-12-21"),
    )  # fmt: skip
    fill(case, by=clerk, at_=at("2026-12-21"))
    papers = {1: (1, 0), 2: (1, 0), 3: (0, 1)}
    actions.receive(case, papers, by=clerk, at=at("2026-12-21"), privacy_notice="2026-01")
    case = actions.accept(case, by=clerk, at=at("2026-12-21"))
    guess = case.provisional_due_on
    assert (case.due_on, case.calendar_missing, guess.year) == (None, True, 2027)
    days = [Special(date(2027, 1, 1) + timedelta(days=n), False, "元旦") for n in range(3)]
    days.append(Special(date(2027, 1, 4), False, "临时放假"))
    entered = actions.enter_notice(
        2027, days, source="国务院办公厅关于2027年部分节假日安排的通知", published_on=date(2026, 12, 20),
        by=centre_admin, at=at("2026-12-21"),
    )  # fmt: skip
    impact = actions.impact_of(entered, at=at("2026-12-21"))
    assert impact.figures(date(2026, 12, 21))["confirmed"] == 1
    actions.sign_amendment(entered, by=leader, at=at("2026-12-22"))
    apply(at("2026-12-22"))

    case.refresh_from_db()
    assert (case.due_on, case.provisional_due_on, case.calendar_missing) == (date(2027, 1, 6), None, False)
    assert (
        f"由暂估的2027年{guess.month}月{guess.day}日确定为1月6日" in case.events.get(verb="recomputed").reason
    )


def test_a_closure_moves_the_cases_of_its_place_only_where_it_stops_terms(
    accepted, collected, county, centre_admin, leader
):
    def close(point, affects_deadline):
        entered = actions.enter_closure(
            point, from_on=THURSDAY, to_on=THURSDAY, reason="停电", source="公告2号",
            affects_deadline=affects_deadline, by=centre_admin, at=at("2026-03-04"),
        )  # fmt: skip
        found = len(actions.impact_of(entered, at=SIGNED_AT))
        actions.sign_amendment(entered, by=leader, at=SIGNED_AT)
        apply()
        return found

    assert close(county, False) == 0
    assert Case.objects.get(pk=accepted.pk).due_on == date(2026, 3, 6)

    assert close(county, True) == 2
    assert Case.objects.get(pk=accepted.pk).due_on == date(2026, 3, 9)
    assert Case.objects.get(pk=collected.pk).hand_up_due_on == date(2026, 3, 6)
    assert Closure.objects.count() == 2
    assert actions.check_clocks(at=at("2026-03-06")).differing == 0


# ── the list before, and what came ───────────────────────────────────────────────────────────────────


def test_the_list_before_says_what_will_be_written(accepted, submitted, entered, leader, clerk):
    copies_of(accepted, 5)
    impact = actions.impact_of(entered, at=SIGNED_AT)
    told = {pk: recomputing.stored(moved) for pk, moved in impact.page(size=100).rows}
    assert impact.figures(date(2026, 3, 4)) == {
        "later": 6, "earlier": 0, "confirmed": 0, "statutory": 6, "newly_late": 0,
    }  # fmt: skip
    ids = list(impact.cases)
    second = impact.page(after=ids[1], size=2)
    assert ([pk for pk, _ in second.rows], second.previous, second.following) == (
        ids[2:4], str(ids[2]), str(ids[3]),
    )  # fmt: skip
    assert [pk for pk, _ in impact.page(before=ids[2], size=2).rows] == ids[:2]
    assert impact.page(after=ids[3], size=9, key=impact.keys[0]).following is None
    assert impact.page(size=9, key="d0").rows == []

    actions.sign_amendment(entered, by=leader, at=SIGNED_AT)
    apply()

    written = {event.case_id: event.facts["moved"] for event in CaseEvent.objects.filter(verb="recomputed")}
    assert written == told
    assert CalendarAmendment.objects.get().tally == dict(impact.by_department())
