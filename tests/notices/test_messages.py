"""通知: what an applicant is told of each step, written with the event, and sent by nobody yet."""

import pytest
from django.db import IntegrityError, transaction

from apps.cases import actions
from apps.cases.models import CaseEvent, Verb
from apps.notices.actions import write
from apps.notices.models import Message
from apps.notices.wording import SENTENCES, sentence
from tests.bulk import copies_of
from tests.cast import at

NAMES = {"item": "食品经营许可", "number": "51200220260302000011"}


def texts(case) -> list[tuple[str, str]]:
    return list(Message.objects.filter(case=case).order_by("id").values_list("kind", "text"))


def test_each_step_that_concerns_the_applicant_is_told(submitted, clerk, colleague, approver, citizen):
    case = actions.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))
    actions.start_review(case, by=colleague, at=at("2026-03-04"))
    case = actions.finish_review(case, opinion="可", by=colleague, at=at("2026-03-04"))
    actions.grant(case, by=approver, at=at("2026-03-05"))

    head = f"您申请的“食品经营许可（含保健食品）”（{case.number}）："
    assert texts(case) == [
        ("submitted", f"{head}已收到您的申请。"),
        ("passed_into_acceptance", f"{head}已受理，最迟2026年3月6日办结。"),
        ("granted", f"{head}已准予，最迟2026年3月19日送达结果。"),
    ]
    assert set(Message.objects.values_list("applicant", "sent_at")) == {(citizen.applicant.pk, None)}


@pytest.mark.parametrize(
    ("verb", "facts", "told"),
    [
        ("pre_returned", {"faults": 2, "answer_by": "2026-04-02"}, "有2处需要补正，最迟2026年4月2日。"),
        (
            "paused",
            {"kind": "检测", "days_needed": 5, "stops_statutory": True},
            "进入检测，约需5个工作日，期间不计入办理时限。",
        ),
        (
            "paused",
            {"kind": "现场踏勘", "days_needed": 2, "stops_statutory": False},
            "进入现场踏勘，约需2个工作日，期间不计入承诺时限，法定时限照算。",
        ),
        ("lapsed", {}, "逾期未补正，视为撤回申请。"),
        (
            "recomputed",
            {
                "cause": "2027年放假安排",
                "source": "通知",
                "moved": {"yellow_on": ["2026-03-05", "2026-03-06"]},
            },
            "",
        ),
        ("review_started", {}, ""),
        ("revealed", {}, ""),
    ],
)
def test_the_words_of_a_step(verb, facts, told):
    words = sentence(verb, facts, "逾期未补正，视为撤回申请。", **NAMES)

    assert words == (f"您申请的“食品经营许可”（{NAMES['number']}）：{told}" if told else "")


@pytest.mark.parametrize("verb", SENTENCES)
def test_no_sentence_stumbles_over_facts_of_old(verb):
    facts = {"cause": "停办", "source": "公告", "moved": {"due_on": ["2026-03-05", "2026-03-06"]}}

    assert sentence(verb, facts if verb == Verb.RECOMPUTED else {}, "理由", **NAMES)


def test_one_event_is_told_once(accepted):
    event = accepted.events.order_by("id").last()

    with pytest.raises(IntegrityError), transaction.atomic():
        write([event], now=at("2026-03-03"))
    assert Message.objects.filter(event=event).count() == 1


def test_a_rolled_back_step_tells_nobody(submitted, clerk):
    before = Message.objects.count()

    with transaction.atomic():
        actions.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))
        transaction.set_rollback(True)

    assert Message.objects.count() == before


def test_what_a_sample_tells_of_earlier_days_counts_as_sent_then(accepted):
    accepted.is_sample = True
    events = [
        CaseEvent.objects.create(case=accepted, verb=Verb.WITHDRAWN, at=at("2026-03-03"), reason="不办了")
        for _ in range(2)
    ]

    past = write(events[:1], now=at("2026-03-06"))
    fresh = write(events[1:], now=at("2026-03-03", "10:30"))

    assert (past[0].sent_at, fresh[0].sent_at) == (at("2026-03-03"), None)


def test_a_message_is_seen_by_whoever_sees_its_case(
    accepted, clerk, citizen, other_citizen, clerk_of_another_county
):
    seen = {
        who.username: Message.objects.visible_to(who).count()
        for who in (clerk, citizen, other_citizen, clerk_of_another_county)
    }

    assert seen == {"clerk": 2, "wangxm": 2, "chenyf": 0, "clerk2": 0}
    assert Message.objects.owned_by(citizen).count() == 2


@pytest.mark.parametrize("number", [2, 40])
def test_a_sweep_tells_all_in_two_statements(accepted, number, django_assert_num_queries):
    cases = copies_of(accepted, number)
    events = CaseEvent.objects.bulk_create(
        CaseEvent(case=case, verb=Verb.LAPSED, at=at("2026-03-03"), reason="逾期") for case in cases
    )
    for event in events:
        event.case._state.fields_cache.pop("item", None)

    with django_assert_num_queries(2):
        assert len(write(events, now=at("2026-03-03"))) == number
