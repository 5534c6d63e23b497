"""事实还原: what the events of a case say about its clocks is what its rows say."""

import random
from datetime import date

import pytest

from apps.cases import actions, evidence
from apps.cases.actions.clocks import pauses_of
from apps.cases.models import Case
from tests.cast import a_scan, at

pytestmark = pytest.mark.django_db


def facts_of(case) -> evidence.Facts:
    return evidence.read(case.events.select_related("by"))


def spans(pauses) -> list[tuple]:
    return [(pause.kind, pause.from_on, pause.to_on, pause.stops_statutory) for pause in pauses]


@pytest.fixture
def much_travelled(in_review, clerk, colleague, window_head, approver, citizen):
    """Two special procedures that overlap, an extension, a survey and a hearing."""
    actions.extend(in_review, amount=10, reason="检测", by=window_head, at=at("2026-03-05"))
    actions.pause(in_review, "检测", days_needed=5, reason="抽样", by=window_head, at=at("2026-03-05"))
    actions.pause(in_review, "鉴定", days_needed=5, reason="设备", by=window_head, at=at("2026-03-06"))
    actions.resume(in_review, kind="检测", result="合格", by=window_head, at=at("2026-03-09"))
    actions.resume(in_review, result="合格", by=window_head, at=at("2026-03-10"))
    survey = actions.open_survey(
        in_review, planned_on=date(2026, 3, 11), place="现场", first=clerk, second=colleague, by=clerk,
        at=at("2026-03-11"),
    )  # fmt: skip
    actions.add_photo(survey, a_scan(), by=clerk, at=at("2026-03-11"))
    actions.sign_survey(survey, by=clerk, at=at("2026-03-11"), findings="符合", is_passed=True)
    actions.sign_survey(survey, by=colleague, at=at("2026-03-12"))
    hearing = actions.offer_hearing(in_review, subject="油烟", by=colleague, at=at("2026-03-12"))
    return actions.ask_hearing(hearing, asked_by_name="邻居", by=citizen, at=at("2026-03-13"))


def test_the_pauses_and_the_extension_are_told_by_the_events(much_travelled):
    case = Case.objects.get(pk=much_travelled.pk)
    facts = facts_of(case)

    assert spans(facts.pauses) == spans(pauses_of(case))
    assert (facts.accepted_on, facts.committed.amount, facts.amount_added) == (case.accepted_on, 3, 10)
    assert [pause.kind for pause in facts.open_pauses] == ["听证"]
    assert facts.hearing["asked"] is True


def test_the_order_in_which_events_are_read_does_not_matter(much_travelled):
    events = list(much_travelled.events.all())
    straight = evidence.read(events)

    for seed in range(20):
        shuffled = random.Random(seed).sample(events, len(events))
        assert evidence.read(shuffled) == straight


def test_withdrawing_ends_every_pause(much_travelled, citizen):
    actions.withdraw(much_travelled, reason="不办了", by=citizen, at=at("2026-03-16"))
    facts = facts_of(much_travelled)

    assert (facts.stopped_on, facts.open_pauses, facts.hearing) == (date(2026, 3, 16), (), {})
    assert spans(facts.pauses) == spans(pauses_of(much_travelled))


def test_a_request_is_open_until_it_is_answered(in_review, colleague, window_head):
    pause = actions.ask_pause(
        in_review, "检测", days_needed=5, reason="抽样", by=colleague, at=at("2026-03-04")
    )
    longer = actions.ask_extension(in_review, amount=5, reason="检测", by=colleague, at=at("2026-03-04"))
    assert [asked.request for asked in facts_of(in_review).asked] == [pause.pk, longer.pk]

    actions.deny(pause, answer="不用", by=window_head, at=at("2026-03-05"))
    assert [asked.request for asked in facts_of(in_review).asked] == [longer.pk]

    actions.approve(longer, by=window_head, at=at("2026-03-05"))
    assert facts_of(in_review).asked == ()
