"""What the people of the history write: something fitting for every item, and not always the same."""

import random
from collections import Counter
from datetime import date
from string import Formatter

import pytest

from apps.accounts.models import Applicant
from apps.cases.actions import Way
from apps.cases.models import Case
from apps.items.models import Item, ItemType
from apps.points.models import Level, ServicePoint
from apps.supervision.models import Rule
from config.sampling.facts import items, tree
from config.sampling.history import wording
from config.sampling.history.answers import Filling
from config.sampling.history.subjects import Crowd

COUNTY = ServicePoint(level=Level.COUNTY, path="512002", region="雁江区", name="雁江区政务服务中心")
DAY = date(2026, 11, 20)
TEXTS, OPINIONS = tree("texts.json"), tree("opinions.json")
BY_TRADE = [
    "withdrawn",
    "sent_back",
    "terminations",
    "survey_findings",
    "hearing_subjects",
    "extensions",
    "handovers",
]


def a_case(code, chance):
    """A case as the history would have it, not saved."""
    facts = items()[code]
    subject = Crowd(chance, DAY).somebody(facts, COUNTY, online=False)
    above = Item(pk=1, code=facts["hands_up_to"]) if "hands_up_to" in facts else None
    type_ = ItemType.values[ItemType.labels.index(facts["type"])]
    return Case(
        item=Item(code=code, name=facts["name"], type=type_, hands_up_to=above),
        form=Filling(chance, facts, subject, DAY).application().form,
        applicant=Applicant(kind=subject.kind, name=subject.name),
        applicant_name=subject.name,
        path="512002",
    )


def said(code, speak, times=40):
    return {speak(chance := random.Random(f"{code} {n}"), a_case(code, chance)) for n in range(times)}


@pytest.mark.parametrize("code", items())
def test_opinions_and_decisions_are_whole_and_differ(code):
    opinions, decisions = said(code, wording.opinion), said(code, wording.decision)

    assert len(opinions) >= 4 and len(decisions) >= 2
    for text in opinions | decisions:
        assert text.endswith("。") and "{" not in text and "。，" not in text and "“”" not in text, text


@pytest.mark.parametrize("key", OPINIONS["checks"])
def test_a_check_speaks_only_of_what_its_form_asks(key):
    form = items()[key]["form"] if key in items() else key
    asked = {field["name"] for field in tree("forms.json").get(form, [])} | {"papers"}
    for text in OPINIONS["checks"][key]:
        assert {name for _, name, _, _ in Formatter().parse(text) if name} <= asked, text


def test_every_key_of_the_opinions_is_an_item_a_form_or_a_type():
    known = {*items(), *tree("forms.json"), *ItemType.values, "any"}
    for part in OPINIONS.values():
        assert set(part) <= known
    assert set(tree("forms.json")) <= set(OPINIONS["checks"])


def test_every_form_belongs_to_one_trade():
    counted = Counter(form for forms in TEXTS["groups"].values() for form in forms)

    assert set(counted) == set(tree("forms.json"))
    assert set(counted.values()) == {1}


@pytest.mark.parametrize("kind", BY_TRADE)
def test_reasons_fit_the_trade_and_there_are_several(kind):
    for code in ("CG015", "XZ025", "XK044", "GF009", "GF002", "CJ009"):
        assert len(said(code, lambda chance, case: wording.one(chance, kind, case))) >= 3, (kind, code)


def test_nobody_gives_up_a_shop_when_it_was_a_pension():
    shops = TEXTS["withdrawn"]["business"]

    assert said("CG015", lambda chance, case: wording.one(chance, "withdrawn", case)) & set(shops)
    assert not said("GF018", lambda chance, case: wording.one(chance, "withdrawn", case)) & set(shops)


def test_refusals_name_an_article_and_a_reason_of_the_trade():
    for code, facts in items().items():
        if wording.can_be_refused(code, facts["type"]):
            for text in said(code, wording.refusal, times=5):
                assert "依据《" in text and text.endswith("。") and "决定不予" in text
    assert len(said("XK085", wording.refusal)) >= 4
    assert all(text.endswith("决定不予给付。") for text in said("GF009", wording.refusal))


def test_every_fault_has_an_answer_and_the_last_one_fits_all():
    answers = TEXTS["answers"]

    assert [row["about"] for row in answers].index([]) == len(answers) - 1
    for fault in TEXTS["faults"]:
        text = fault["fault"].format(material="申请表")
        for online in (True, False):
            assert wording.answer_to(random.Random(1), text, online=online)


def test_special_procedures_have_words_for_their_beginning_and_end():
    kinds = {p["kind"] for item in items().values() for p in item.get("special_procedures", [])}
    for kind in kinds:
        for n in range(10):
            begun = wording.special(random.Random(n), kind, 7)
            assert "{" not in begun and "7个工作日" in begun, kind
            assert wording.special_result(random.Random(n), kind)


def test_every_rule_of_a_red_card_has_its_causes():
    red = {Rule.OVERDUE, Rule.DEEMED_ACCEPTED, Rule.PRE_REVIEW_LATE, Rule.HAND_UP_LATE, Rule.FORWARD_LATE}

    assert red | {Rule.REPEATED_NOTICE, "any"} == set(TEXTS["card_causes"])
    assert set(TEXTS["card_appeals"]) <= {*Rule.values, "any"}
    assert len(TEXTS["card_causes"][Rule.OVERDUE]) >= 6


@pytest.mark.parametrize("way", Way.values)
def test_delivery_is_proved_in_words_that_name_nothing_unknown(way):
    for code in ("GF002", "CG015"):
        proofs = said(code, lambda chance, case: wording.proof(chance, case, way))
        assert len(proofs) >= 3 and not any("{" in proof for proof in proofs)


def test_who_is_not_competent_says_where_to_go():
    for code in ("CG007", "XK044", "XZ025", "GF002"):
        for reason, where in said(code, wording.not_accepted):
            assert where in reason and "{" not in reason
    assert {where for _, where in said("CG015", wording.not_accepted)} == {"不需要办理"}
    assert len(said("GF002", wording.not_accepted)) >= 3
