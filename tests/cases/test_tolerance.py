"""容缺受理、告知承诺、再次告知: what may be missing for a while, and what may not be asked twice."""

from datetime import date

import pytest

from apps.accounts import actions as accounts
from apps.cases import actions
from apps.cases.actions import Found, NotAllowed
from apps.cases.models import CaseMaterial, Status
from apps.items.models import Necessity
from apps.supervision.models import Card
from tests.cast import a_scan, at
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def lacking(at_the_counter):
    """At the counter without the health certificate, which may come later."""
    at_the_counter.materials.filter(seq=3).update(state=CaseMaterial.State.ABSENT, copies=0)
    return at_the_counter


@pytest.fixture
def tolerated(lacking, clerk):
    return actions.accept_tolerated(lacking, promised_by="罗大明", by=clerk, at=at("2026-03-03"))


def test_a_case_that_lacks_a_tolerable_paper_is_not_accepted_as_if_it_were_whole(lacking, clerk):
    with pytest.raises(NotAllowed, match="还缺“健康证明”：这是可容缺材料"):
        actions.accept(lacking, by=clerk, at=at("2026-03-03"))


def test_it_is_accepted_against_a_written_promise_and_says_what_is_to_come_and_when(tolerated):
    assert (tolerated.status, tolerated.accepted_on, tolerated.tolerated_until) == (
        Status.ACCEPTED,
        date(2026, 3, 3),
        date(2026, 3, 10),
    )
    assert tolerated.materials.get(seq=3).state == CaseMaterial.State.TOLERATED
    facts = tolerated.events.get(verb="accepted_tolerated").facts
    assert (facts["tolerated"], facts["promised_by"]) == (["健康证明"], "罗大明")


def test_without_a_name_under_the_promise_nothing_is_tolerated(lacking, clerk):
    with pytest.raises(NotAllowed, match="请填写签署容缺承诺书的人"):
        actions.accept_tolerated(lacking, promised_by=" ", by=clerk, at=at("2026-03-03"))


def test_a_required_paper_is_never_tolerated(lacking, clerk):
    lacking.materials.filter(seq=1).update(state=CaseMaterial.State.ABSENT)

    with pytest.raises(NotAllowed, match="“申请书”等1份不是可容缺材料"):
        actions.accept_tolerated(lacking, promised_by="罗大明", by=clerk, at=at("2026-03-03"))


def test_what_is_whole_needs_no_tolerance(at_the_counter, clerk):
    with pytest.raises(NotAllowed, match="材料已经齐全，请直接受理"):
        actions.accept_tolerated(at_the_counter, promised_by="罗大明", by=clerk, at=at("2026-03-03"))


def test_with_the_last_paper_brought_in_time_the_case_is_whole(tolerated, clerk):
    whole = actions.bring_tolerated(tolerated, [3], by=clerk, at=at("2026-03-10"))

    assert (whole.is_tolerated, whole.materials.get(seq=3).state) == (False, CaseMaterial.State.ON_PAPER)
    assert actions.lapse_tolerated(at=at("2026-03-11")) == 0


def test_a_paper_uploaded_meanwhile_counts_when_it_is_handed_in(tolerated, clerk):
    material = tolerated.materials.get(seq=3)
    actions.attach(material, a_scan("健康证.png"), by=clerk, at=at("2026-03-05"))
    material.refresh_from_db()
    assert material.state == CaseMaterial.State.TOLERATED

    actions.bring_tolerated(tolerated, [3], by=clerk, at=at("2026-03-05"))

    material.refresh_from_db()
    assert material.state == CaseMaterial.State.UPLOADED


def test_no_grant_rests_on_a_paper_that_is_still_to_come(tolerated, colleague, approver):
    actions.start_review(tolerated, by=colleague, at=at("2026-03-04"))
    actions.finish_review(tolerated, opinion="符合", by=colleague, at=at("2026-03-04"))

    with pytest.raises(NotAllowed, match="容缺材料还没有补齐，补交的截止日是3月10日（含当天）"):
        actions.grant(tolerated, by=approver, at=at("2026-03-05"))


def test_a_paper_that_does_not_come_in_time_means_withdrawn(tolerated, clerk):
    assert actions.lapse_tolerated(at=at("2026-03-10", "23:59")) == 0
    assert actions.lapse_tolerated(at=at("2026-03-11", "00:05")) == 1
    assert actions.lapse_tolerated(at=at("2026-03-11", "00:05")) == 0

    tolerated.refresh_from_db()
    assert (tolerated.status, tolerated.closed_on) == (Status.LAPSED, date(2026, 3, 11))
    with pytest.raises(NotAllowed, match="现在是“视为撤回”"):
        actions.bring_tolerated(tolerated, [3], by=clerk, at=at("2026-03-11"))


@pytest.mark.django_db(transaction=True)
def test_bringing_it_at_the_moment_it_lapses_gives_one_outcome(lacking, clerk):
    actions.accept_tolerated(lacking, promised_by="罗大明", by=clerk, at=at("2026-03-03"))
    acts = [
        lambda: actions.bring_tolerated(lacking, [3], by=clerk, at=at("2026-03-10", "23:59")),
        lambda: actions.lapse_tolerated(at=at("2026-03-11", "00:00")),
    ]

    brought, lapsed = at_once(2, lambda which: acts[which]())

    lacking.refresh_from_db()
    if isinstance(brought, NotAllowed):
        assert (lapsed, lacking.status) == (1, Status.LAPSED)
    else:
        assert (lapsed, lacking.status, lacking.is_tolerated) == (0, Status.ACCEPTED, False)


# ── promise ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def promisable(lacking):
    lacking.materials.filter(seq=3).update(necessity=Necessity.BY_PROMISE)
    return lacking


def test_a_promise_stands_for_the_paper_and_the_case_is_accepted(promisable, clerk):
    with pytest.raises(NotAllowed, match="或者签署告知承诺代替"):
        actions.accept(promisable, by=clerk, at=at("2026-03-03"))
    actions.take_promise(promisable, [3], by=clerk, at=at("2026-03-03"))

    accepted = actions.accept(promisable, by=clerk, at=at("2026-03-03"))

    assert (accepted.status, accepted.has_promise) == (Status.ACCEPTED, True)


def test_only_papers_the_guide_allows_are_promised(lacking, clerk):
    with pytest.raises(NotAllowed, match="“健康证明”是可容缺材料，不能以承诺代替"):
        actions.take_promise(lacking, [3], by=clerk, at=at("2026-03-03"))


def test_a_promise_is_taken_back_before_the_decision_and_the_paper_is_wanted_again(promisable, clerk):
    actions.take_promise(promisable, [3], by=clerk, at=at("2026-03-03"))

    without = actions.take_back_promise(promisable, reason="改为提交证明", by=clerk, at=at("2026-03-03"))

    assert (without.has_promise, without.materials.get(seq=3).state) == (False, CaseMaterial.State.ABSENT)


def test_a_kept_or_broken_promise_is_on_record_after_the_decision(promisable, clerk, colleague, approver):
    actions.take_promise(promisable, [3], by=clerk, at=at("2026-03-03"))
    actions.accept(promisable, by=clerk, at=at("2026-03-03"))
    actions.start_review(promisable, by=colleague, at=at("2026-03-04"))
    actions.finish_review(promisable, opinion="符合", by=colleague, at=at("2026-03-04"))
    actions.grant(promisable, by=approver, at=at("2026-03-05"))

    checked = actions.check_promise(
        promisable, is_kept=False, note="未办健康证，责令改正", by=clerk, at=at("2026-04-01")
    )

    assert checked.events.get(verb="promise_checked").facts == {"kept": False}


# ── bad credit ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def disgraced(centre_admin):
    """A court found against 罗大明, until the end of June."""
    return accounts.enter_credit_record(
        is_person=True,
        name="罗大明",
        number="51999920080229123X",
        source="雁江区人民法院（2026）川2002执12号",
        reason="拒不履行",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 6, 30),
        by=centre_admin,
        at=at("2026-02-01"),
    )


def test_bad_credit_closes_the_tolerance_and_the_refusal_says_why_and_what_to_do(lacking, disgraced, clerk):
    with pytest.raises(NotAllowed) as refused:
        actions.accept_tolerated(lacking, promised_by="罗大明", by=clerk, at=at("2026-03-03"))

    assert str(refused.value) == (
        "申请人有失信记录（雁江区人民法院（2026）川2002执12号，截止日6月30日（含当天）），在信用修复以前不适用容缺受理。"
        "请告知申请人提交全部材料，或者先向认定机关申请信用修复，修复后再办。"
    )
    lacking.refresh_from_db()
    assert lacking.status == Status.RECEIVED


def test_bad_credit_closes_the_promise_too(promisable, disgraced, clerk):
    with pytest.raises(NotAllowed, match="在信用修复以前不适用告知承诺"):
        actions.take_promise(promisable, [3], by=clerk, at=at("2026-03-03"))

    assert promisable.materials.get(seq=3).state == CaseMaterial.State.ABSENT


def test_once_credit_is_repaired_both_are_open_again(lacking, disgraced, clerk, centre_admin):
    accounts.lift_credit_record(disgraced, why="信用修复决定书", by=centre_admin, at=at("2026-03-02"))

    accepted = actions.accept_tolerated(lacking, promised_by="罗大明", by=clerk, at=at("2026-03-03"))

    assert accepted.is_tolerated


def test_the_record_of_somebody_else_closes_nothing(lacking, clerk, centre_admin):
    accounts.enter_credit_record(
        is_person=False,
        name="资阳江畔餐饮有限公司",
        number="91519999MA00000158",
        source="雁江区市场监督管理局",
        reason="列入严重违法失信名单",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        by=centre_admin,
        at=at("2026-02-01"),
    )

    assert actions.accept_tolerated(lacking, promised_by="罗大明", by=clerk, at=at("2026-03-03")).is_tolerated


def test_bad_credit_is_no_reason_not_to_accept_what_is_whole(at_the_counter, disgraced, clerk):
    assert actions.accept(at_the_counter, by=clerk, at=at("2026-03-03")).status == Status.ACCEPTED


# ── a second notice ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def answered(at_the_counter, clerk):
    actions.ask_supplement(at_the_counter, [Found("缺比例尺", seq=2)], by=clerk, at=at("2026-03-03"))
    fault = at_the_counter.notices.get().faults.get()
    return actions.supplement(at_the_counter, {fault.pk: "已补"}, by=clerk, at=at("2026-03-05"))


def test_a_second_notice_repeats_what_was_not_cured(answered, clerk):
    again = actions.ask_supplement(answered, [Found("仍缺比例尺", seq=2)], by=clerk, at=at("2026-03-06"))

    assert (again.notices_sent, Card.objects.count()) == (2, 0)


def test_a_clerk_cannot_send_a_new_fault(answered, clerk):
    with pytest.raises(NotAllowed, match="由首席代表写明理由后发出，并记红牌"):
        actions.ask_supplement(
            answered, [Found("签名不清", seq=1)], why_new="当时没看到", by=clerk, at=at("2026-03-06")
        )


def test_the_head_may_with_a_reason_and_a_red_card(answered, window_head):
    with pytest.raises(NotAllowed, match="在第一次告知中没有提出"):
        actions.ask_supplement(answered, [Found("签名不清", seq=1)], by=window_head, at=at("2026-03-06"))

    actions.ask_supplement(
        answered,
        [Found("签名不清", seq=1)],
        why_new="补交的图纸露出签名问题",
        by=window_head,
        at=at("2026-03-06"),
    )

    notice = answered.notices.order_by("-number").first()
    assert (notice.new_faults, notice.permitted_by, notice.why_new) == (
        1,
        window_head,
        "补交的图纸露出签名问题",
    )
    card = Card.objects.get(case=answered)
    assert (card.rule, card.colour, card.responsible) == ("repeated_notice", "red", window_head)
