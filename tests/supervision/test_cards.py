"""红黄牌: exactly once per case, rule and clock; missed nights are caught up; revoked ones are kept."""

from datetime import date

import pytest

from apps.cases import actions as cases
from apps.cases.models import Case
from apps.supervision import actions
from apps.supervision.models import Card
from tests.cast import at


def standing(case) -> list[tuple]:
    return list(case.cards.order_by("id").values_list("rule", "clock", "colour", "is_escalated"))


def test_yellow_comes_when_one_working_day_is_left_and_red_the_day_after_the_promise(accepted):
    told = {}
    for day in ("2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-09"):
        actions.issue_cards(at=at(day))
        told[day] = len(standing(accepted))

    assert accepted.due_on == date(2026, 3, 6)
    assert told == {"2026-03-04": 0, "2026-03-05": 1, "2026-03-06": 1, "2026-03-07": 2, "2026-03-09": 2}
    assert standing(accepted) == [
        ("due_soon", "committed", "yellow", False),
        ("overdue", "committed", "red", False),
    ]


def test_a_month_of_missed_nights_is_caught_up_by_one_run(accepted):
    actions.issue_cards(at=at("2026-04-20"))

    assert standing(accepted) == [
        ("due_soon", "committed", "yellow", False),
        ("overdue", "committed", "red", False),
        ("overdue", "statutory", "red", True),
    ]


def test_a_second_run_hangs_nothing(accepted):
    first, second = (actions.issue_cards(at=at("2026-03-09")) for _ in range(2))

    assert (first, second) == (2, 0)


def test_deciding_late_between_two_sweeps_does_not_save_from_the_card(in_approval, approver):
    cases.grant(in_approval, by=approver, at=at("2026-03-10"))

    assert ("overdue", "committed", "red", False) in standing(in_approval)
    assert Card.objects.get(rule="overdue").responsible.username == "colleague"


def test_deciding_on_time_brings_no_card(in_approval, approver):
    cases.grant(in_approval, by=approver, at=at("2026-03-05"))
    actions.issue_cards(at=at("2026-03-20"))

    assert standing(in_approval) == []


def test_a_paused_case_is_not_late(accepted, clerk):
    cases.start_review(accepted, by=clerk, at=at("2026-03-04"))
    cases.pause(accepted, "检测", days_needed=5, reason="抽检", by=clerk, at=at("2026-03-04"))

    actions.issue_cards(at=at("2026-05-20"))

    assert standing(accepted) == []


def test_a_provisional_date_hangs_no_card(accepted):
    Case.objects.filter(pk=accepted.pk).update(
        due_on=None,
        yellow_on=None,
        statutory_due_on=None,
        provisional_due_on=date(2026, 3, 6),
        calendar_missing=True,
    )

    assert actions.issue_cards(at=at("2026-03-20")) == 0


def test_an_unanswered_pre_review_and_papers_kept_in_the_village_are_told(submitted, collected):
    actions.issue_cards(at=at("2026-03-06"))

    assert standing(submitted) == [("pre_review_late", "pre_review", "yellow", False)]
    assert standing(collected) == [("hand_up_late", "hand_up", "yellow", False)]


def test_a_revoked_card_is_kept_counts_no_more_and_is_not_hung_again(accepted, supervisor):
    actions.issue_cards(at=at("2026-03-09"))
    card = Card.objects.get(rule="overdue")

    actions.revoke(card, reason="系统停机", by=supervisor, at=at("2026-03-10"))
    actions.issue_cards(at=at("2026-03-11"))

    assert Card.objects.filter(rule="overdue").count() == 1
    assert Card.objects.standing().filter(rule="overdue").count() == 0


def test_whoever_answers_for_a_card_does_not_revoke_it(accepted, clerk):
    actions.issue_cards(at=at("2026-03-09"))

    with pytest.raises(actions.NotAllowed, match="责任人和申诉人不能撤销自己的牌"):
        actions.revoke(Card.objects.get(rule="overdue"), reason="x", by=clerk, at=at("2026-03-10"))


def test_an_appeal_has_three_working_days(accepted, clerk):
    actions.issue_cards(at=at("2026-03-09"))
    card = Card.objects.get(rule="overdue")

    with pytest.raises(actions.NotAllowed, match="申诉的截止日3月12日（含当天）已过"):
        actions.explain(card, text="停电", is_appeal=True, by=clerk, at=at("2026-03-13"))
    actions.explain(card, text="停电", is_appeal=True, by=clerk, at=at("2026-03-12"))
    with pytest.raises(actions.NotAllowed, match="已有说明"):
        actions.explain(card, text="又停电", is_appeal=False, by=clerk, at=at("2026-03-12"))
