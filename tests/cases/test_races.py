"""Two clerks, two workers, a double click: each verb is done once, and the other hears a sentence."""

from datetime import timedelta

import pytest

from apps.cases import actions
from apps.cases.actions.moves import NotAllowed, take_serials
from apps.cases.models import Case
from apps.supervision import actions as supervision
from apps.supervision.models import Card
from tests.bulk import copies_of
from tests.cast import a_scan, at, fill
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(results: list) -> tuple[int, int]:
    """How many were done, and how many were refused with a sentence."""
    refused = [result for result in results if isinstance(result, NotAllowed)]
    failed = [
        result for result in results if isinstance(result, Exception) and not isinstance(result, NotAllowed)
    ]
    assert failed == []
    return len(results) - len(refused), len(refused)


def test_a_double_click_submits_once(draft, citizen):
    fill(draft, by=citizen, at_=at("2026-03-02"))

    results = at_once(
        4, lambda _: actions.submit(draft, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")
    )

    assert outcome(results) == (1, 3)
    assert draft.events.count() == 1


def test_two_clerks_accept_once(at_the_counter, clerk, colleague):
    people = [clerk, colleague]

    results = at_once(2, lambda which: actions.accept(at_the_counter, by=people[which], at=at("2026-03-03")))

    assert outcome(results) == (1, 1)
    assert at_the_counter.events.filter(verb="accepted").count() == 1


def test_a_return_and_a_pass_at_the_same_moment_give_one_answer(submitted, clerk, colleague):
    acts = [
        lambda: actions.pass_pre_review(submitted, by=clerk, at=at("2026-03-03")),
        lambda: actions.return_for_correction(
            submitted, [actions.Found("看不清", seq=2)], by=colleague, at=at("2026-03-03")
        ),
    ]

    assert outcome(at_once(2, lambda which: acts[which]())) == (1, 1)
    assert submitted.events.count() == 2


def test_a_grant_and_a_withdrawal_at_the_same_moment_give_one_end(in_approval, approver, citizen):
    acts = [
        lambda: actions.grant(in_approval, by=approver, at=at("2026-03-05")),
        lambda: actions.withdraw(in_approval, reason="不办了", by=citizen, at=at("2026-03-05")),
    ]

    assert outcome(at_once(2, lambda which: acts[which]())) == (1, 1)


def test_forty_counters_never_share_a_serial(calendar):
    day = at("2026-03-02").date()

    serials = at_once(40, lambda _: take_serials("512002", day)[0])

    assert sorted(serials) == list(range(1, 41))


def test_two_workers_deem_each_case_accepted_once(submitted):
    copies_of(submitted, 60)

    done = at_once(3, lambda _: actions.deem_accepted(at=at("2026-03-10")))

    assert sum(done) == 61
    assert Case.objects.filter(is_deemed_accepted=True).count() == 61
    assert Card.objects.filter(rule="deemed_accepted").count() == 61


def test_a_clerk_and_the_sweep_at_the_same_moment_give_one_acceptance(at_the_counter, clerk):
    acts = [
        lambda: actions.accept(at_the_counter, by=clerk, at=at("2026-03-10")),
        lambda: actions.deem_accepted(at=at("2026-03-10")),
    ]

    at_once(2, lambda which: acts[which]())

    assert at_the_counter.events.exclude(verb="received").count() == 1


def test_two_workers_hang_each_card_once(accepted):
    copies_of(accepted, 30)

    done = at_once(3, lambda _: supervision.issue_cards(at=at("2026-03-09")))

    assert sum(done) == Card.objects.count() == 62  # yellow and red for each, the statute is far


def test_two_uploads_at_once_are_two_versions(draft, citizen):
    material = draft.materials.get(seq=1)

    results = at_once(3, lambda _: actions.attach(material, a_scan(), by=citizen, at=at("2026-03-02")))

    assert not any(isinstance(result, Exception) for result in results)
    assert sorted(material.files.values_list("number", "is_current")) == [(1, False), (2, False), (3, True)]


def test_two_heads_extend_once(in_review, window_head, approver):
    people = [window_head, approver]

    results = at_once(
        2,
        lambda which: actions.extend(
            in_review, amount=5, reason="检测未完成", by=people[which], at=at("2026-03-05")
        ),
    )

    assert outcome(results) == (1, 1)
    in_review.refresh_from_db()
    assert (in_review.extension_amount, in_review.events.filter(verb="extended").count()) == (5, 1)


def test_a_request_is_approved_or_denied_never_both(in_review, colleague, window_head, approver):
    request = actions.ask_extension(in_review, amount=5, reason="检测", by=colleague, at=at("2026-03-05"))
    acts = [
        lambda: actions.approve(request, by=window_head, at=at("2026-03-05")),
        lambda: actions.deny(request, answer="不必延期", by=approver, at=at("2026-03-05")),
    ]

    assert outcome(at_once(2, lambda which: acts[which]())) == (1, 1)
    request.refresh_from_db()
    in_review.refresh_from_db()
    assert (request.state == "approved") == (in_review.extension_amount == 5)


def test_the_answer_at_the_moment_the_supplement_lapses_has_one_outcome(at_the_counter, clerk):
    actions.ask_supplement(at_the_counter, [actions.Found("缺比例尺", seq=2)], by=clerk, at=at("2026-03-03"))
    at_the_counter.refresh_from_db()
    fault, last = at_the_counter.notices.get().faults.get(), at_the_counter.wait_until
    midnight = at(last.isoformat(), "23:59") + timedelta(minutes=1)
    acts = [
        lambda: actions.supplement(
            at_the_counter, {fault.pk: "已补"}, by=clerk, at=midnight - timedelta(seconds=1)
        ),
        lambda: actions.lapse(at=midnight),
    ]

    answered, lapsed = at_once(2, lambda which: acts[which]())

    at_the_counter.refresh_from_db()
    if isinstance(answered, NotAllowed):
        assert (lapsed, at_the_counter.status) == (1, "lapsed")
    else:
        assert (lapsed, at_the_counter.status) == (0, "received")


def test_two_approvers_decide_once(in_approval, approver, window_head):
    acts = [
        lambda: actions.grant(in_approval, by=approver, at=at("2026-03-05")),
        lambda: actions.refuse(in_approval, reasons="不符合", by=window_head, at=at("2026-03-05")),
    ]

    assert outcome(at_once(2, lambda which: acts[which]())) == (1, 1)
    assert in_approval.events.filter(verb__in=["granted", "refused"]).count() == 1


@pytest.fixture
def told(in_review, colleague):
    """Told of the right to a hearing on 4 March; the last day to ask is 11 March."""
    return actions.offer_hearing(in_review, subject="油烟排放", by=colleague, at=at("2026-03-04")).case


def test_asking_for_a_hearing_at_the_moment_the_term_is_over_has_one_outcome(told, citizen, colleague):
    midnight = at("2026-03-12", "00:00")
    acts = [
        lambda: actions.ask_hearing_online(told, by=citizen, at=midnight - timedelta(seconds=1)),
        lambda: actions.finish_review(told, opinion="可以", by=colleague, at=midnight),
    ]

    results = at_once(2, lambda which: acts[which]())

    assert outcome(results) == (1, 1)
    told.refresh_from_db()
    asked = not isinstance(results[0], NotAllowed)
    assert told.status == ("hearing" if asked else "in_approval")
    assert told.events.filter(verb="hearing_asked").exists() == asked


def test_asking_and_giving_up_at_once_has_one_outcome(told, citizen):
    acts = [
        lambda: actions.ask_hearing_online(told, by=citizen, at=at("2026-03-05")),
        lambda: actions.waive_hearing_online(told, is_understood=True, by=citizen, at=at("2026-03-05")),
    ]

    assert outcome(at_once(2, lambda which: acts[which]())) == (1, 1)


def test_a_hearing_asked_for_with_four_clicks_is_asked_once(told, citizen):
    results = at_once(4, lambda _: actions.ask_hearing_online(told, by=citizen, at=at("2026-03-05")))

    assert outcome(results) == (1, 3)
    assert told.pauses.count() == 1
