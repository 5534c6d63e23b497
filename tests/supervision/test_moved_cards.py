"""红黄牌 and a calendar that changes: no card names a date that its case no longer has, and none is given twice for one."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from apps.calendars.workdays import Special
from apps.cases import actions as cases
from apps.cases.models import Case
from apps.supervision import actions
from apps.supervision.models import Card
from tests.bulk import copies_of
from tests.cases.rearranged import SOURCE, days_of_2026
from tests.cast import at
from tests.races import at_once

OFF = [Special(date(2026, 3, day), False, "临时放假") for day in (5, 6)]


def enter(days, by, when="2026-03-09"):
    return cases.enter_notice(
        2026, days_of_2026(*days), source=SOURCE, published_on=date(2026, 3, 3), by=by, at=at(when, "11:00")
    )


def work_through(when="2026-03-09", clock="12:00") -> None:
    while cases.recompute_next(at=at(when, clock)):
        pass


@pytest.fixture
def move(centre_admin, leader):
    """Two days off before the promised Friday: it becomes Tuesday the tenth."""

    def signed_and_through(days=OFF, when="2026-03-09"):
        amendment = cases.sign_amendment(enter(days, centre_admin, when), by=leader, at=at(when, "11:30"))
        work_through(when)
        return amendment

    return signed_and_through


def told(case) -> list[tuple]:
    rows = case.cards.order_by("id").values_list("rule", "clock", "due_on", "revoked_at")
    return [(rule, clock, due_on, revoked_at is None) for rule, clock, due_on, revoked_at in rows]


FRIDAY, TUESDAY = date(2026, 3, 6), date(2026, 3, 10)


def test_a_card_goes_with_the_date_it_was_hung_for_and_the_new_date_brings_its_own(accepted, move):
    actions.issue_cards(at=at("2026-03-09"))
    assert told(accepted) == [
        ("due_soon", "committed", FRIDAY, True),
        ("overdue", "committed", FRIDAY, True),
    ]

    move()

    assert [row[3] for row in told(accepted)] == [False, False]
    red = Card.objects.get(rule="overdue")
    event = accepted.events.get(verb="recomputed")
    assert (red.withdrawn_by, red.revoked_by, red.revoked_at) == (event, None, event.at)
    assert red.revoke_reason == (f"因2026年放假安排，承诺办结日由2026年3月6日改为3月10日。依据：{SOURCE}。")
    actions.issue_cards(at=at("2026-03-09", "12:15"))
    assert told(accepted)[2:] == [("due_soon", "committed", TUESDAY, True)]  # one working day is left
    actions.issue_cards(at=at("2026-03-11"))
    actions.issue_cards(at=at("2026-03-12"))
    assert told(accepted)[2:] == [
        ("due_soon", "committed", TUESDAY, True),
        ("overdue", "committed", TUESDAY, True),
    ]


def test_what_was_late_and_is_late_still_gets_a_card_with_the_new_date(accepted, move):
    actions.issue_cards(at=at("2026-03-20"))
    late = [row for row in told(accepted) if row[0] == "overdue"]
    assert late == [("overdue", "committed", FRIDAY, True)]

    move(when="2026-03-20")
    actions.issue_cards(at=at("2026-03-20", "12:15"))

    late = [row for row in told(accepted) if row[0] == "overdue"]
    assert late == [("overdue", "committed", FRIDAY, False), ("overdue", "committed", TUESDAY, True)]


def test_it_moves_twice_and_back(accepted, move):
    actions.issue_cards(at=at("2026-03-09"))
    move()
    move([], "2026-03-11")

    assert Case.objects.get().due_on == FRIDAY
    actions.issue_cards(at=at("2026-03-11", "12:15"))
    actions.issue_cards(at=at("2026-03-11", "12:30"))

    assert [row for row in told(accepted) if row[3]] == [
        ("due_soon", "committed", FRIDAY, True),
        ("overdue", "committed", FRIDAY, True),
    ]


def test_a_card_whose_date_stays_stays(accepted, collected, move):
    actions.issue_cards(at=at("2026-03-09"))

    move([Special(date(2026, 3, 20), False, "临时放假")])  # within the statutory term only

    assert Case.objects.get(pk=accepted.pk).events.filter(verb="recomputed").exists()
    assert all(row[3] for row in told(accepted) + told(collected))


def test_what_a_person_revoked_is_not_hung_again_by_a_new_date(accepted, move, supervisor):
    actions.issue_cards(at=at("2026-03-09"))
    for card in Card.objects.all():
        actions.revoke(card, reason="系统停机", by=supervisor, at=at("2026-03-09", "10:30"))

    move()
    actions.issue_cards(at=at("2026-03-12"))

    assert [(row[0], row[3]) for row in told(accepted)] == [("due_soon", False), ("overdue", False)]
    assert not Card.objects.filter(withdrawn_by__isnull=False).exists()


def test_what_was_explained_stays_with_the_card(accepted, move, clerk):
    actions.issue_cards(at=at("2026-03-09"))
    card = Card.objects.get(rule="overdue")
    actions.explain(card, text="停电", is_appeal=True, by=clerk, at=at("2026-03-09", "10:30"))

    move()

    card.refresh_from_db()
    assert (card.explanation, card.is_appeal, card.revoked_at) == ("停电", True, at("2026-03-09", "12:00"))
    with pytest.raises(actions.NotAllowed, match="这张牌已撤销"):
        actions.explain(
            Card.objects.get(rule="due_soon"), text="x", is_appeal=False, by=clerk, at=at("2026-03-10")
        )


def test_a_case_decided_late_keeps_its_red_card(in_approval, approver, move):
    cases.grant(in_approval, by=approver, at=at("2026-03-09"))

    move()

    assert in_approval.events.filter(verb="recomputed").exists() is False
    assert ("overdue", "committed", FRIDAY, True) in told(in_approval)


def test_cards_of_service_dates_go_with_them(submitted, collected, move):
    actions.issue_cards(at=at("2026-03-06"))
    assert told(submitted) == [("pre_review_late", "pre_review", date(2026, 3, 3), True)]
    assert told(collected) == [("hand_up_late", "hand_up", date(2026, 3, 5), True)]

    move(when="2026-03-06")

    assert told(submitted) == [("pre_review_late", "pre_review", date(2026, 3, 3), True)]
    assert told(collected) == [("hand_up_late", "hand_up", date(2026, 3, 5), False)]


def test_no_card_is_hung_for_a_date_that_is_just_being_moved(accepted, centre_admin, leader, monkeypatch):
    copies_of(accepted, 5)
    amendment = cases.sign_amendment(enter(OFF, centre_admin), by=leader, at=at("2026-03-09", "11:30"))

    assert actions.issue_cards(at=at("2026-03-09", "11:31")) == 0
    monkeypatch.setattr("apps.cases.actions.recomputing.BATCH", 2)
    cases.recompute_next(at=at("2026-03-09", "11:32"))
    actions.issue_cards(at=at("2026-03-09", "11:33"))
    amendment.refresh_from_db()
    reached = set(Case.objects.filter(pk__lte=amendment.last_case).values_list("pk", flat=True))
    assert set(Card.objects.values_list("case", flat=True)) == reached
    assert len(reached) == 2
    work_through()
    actions.issue_cards(at=at("2026-03-09", "12:15"))

    assert set(Card.objects.values_list("rule", "due_on")) == {("due_soon", TUESDAY)}
    assert Card.objects.count() == 6


def test_no_card_is_hung_on_a_case_that_could_not_be_recomputed(accepted, move):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET committed_amount = NULL WHERE id = %s", [accepted.pk])
    move()

    assert actions.issue_cards(at=at("2026-03-09", "12:15")) == 0


@pytest.mark.django_db(transaction=True)
def test_sweeps_beside_the_recomputation_leave_no_card_with_an_old_date(accepted, centre_admin, leader):
    made = [accepted, *copies_of(accepted, 30)]
    actions.issue_cards(at=at("2026-03-09", "10:59"))
    cases.sign_amendment(enter(OFF, centre_admin), by=leader, at=at("2026-03-09", "11:30"))

    def work(which):
        if which:
            for _ in range(10):
                actions.issue_cards(at=at("2026-03-09", "12:00"))
        else:
            work_through()

    assert at_once(4, work) == [None] * 4
    actions.issue_cards(at=at("2026-03-09", "12:15"))

    standing = Card.objects.standing()
    assert set(standing.values_list("rule", "due_on")) == {("due_soon", TUESDAY)}
    assert standing.count() == len(made)
    assert Card.objects.filter(withdrawn_by__isnull=False).count() == 2 * len(made)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_leaves_a_case_that_somebody_has_in_hand(accepted):
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=accepted.pk)
        assert at_once(1, lambda which: actions.issue_cards(at=at("2026-03-09"))) == [0]

    assert actions.issue_cards(at=at("2026-03-09")) == 2


def test_the_database_refuses_a_second_card_and_a_withdrawal_without_its_day(accepted, move):
    actions.issue_cards(at=at("2026-03-09"))
    move()
    actions.issue_cards(at=at("2026-03-09", "12:15"))
    card = Card.objects.standing().get()
    event = accepted.events.get(verb="recomputed")

    with pytest.raises(IntegrityError, match="one_card_per_case_rule_and_clock"), transaction.atomic():
        card.pk = None
        card.save(force_insert=True)
    with pytest.raises(IntegrityError, match="a_withdrawn_card_is_a_revoked_one"), transaction.atomic():
        Card.objects.standing().update(withdrawn_by=event)
