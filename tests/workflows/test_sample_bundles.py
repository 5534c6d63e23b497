"""The six bundles of the sample: sound, as long as they say, and loaded once."""

from collections import Counter

import pytest

from apps.items.models import Item
from apps.workflows.checking import DATA, OPINION, Sheet, faults_of, in_a_row, of_all, of_required, of_stage
from apps.workflows.models import Bundle, BundleEvent, BundleVersion
from apps.workflows.reading import parts_of
from config.sampling.bundles import load_bundles, sheet_of
from config.sampling.catalogue import load_catalogue
from config.sampling.facts import items, tree

FILE = tree("bundles.json")
BUNDLES = {facts["code"]: facts for facts in FILE["bundles"]}
CODES = {*items(), *(facts["code"] for facts in FILE["items"])}


def sheet(code: str) -> Sheet:
    return sheet_of(BUNDLES[code])


@pytest.mark.parametrize("code", BUNDLES)
def test_a_bundle_of_the_file_has_no_fault(code):
    assert faults_of(sheet(code), dict.fromkeys(CODES, "")) == []


@pytest.mark.parametrize(
    ("code", "branches", "required", "longest", "in_row"),
    [
        ("BL-QYTZ-BA", 14, 20, 39, 92),
        ("BL-QYTZ-HZ", 14, 30, 49, 102),
        ("YJS-CANYIN", 6, 5, 8, 21),
        ("YJS-QYKB", 6, 0, 0, 0),
        ("LHYS-JG", 7, 8, 8, 33),
        ("YJS-XSE", 5, 15, 15, 15),
    ],
)
def test_how_long_it_takes(code, branches, required, longest, in_row):
    facts = sheet(code)

    assert len(facts.branches) == branches
    assert (of_required(facts).days, of_all(facts).days, in_a_row(facts)) == (required, longest, in_row)


def test_the_longest_line_of_a_filed_project_and_of_its_stages():
    facts = sheet("BL-QYTZ-BA")

    assert of_all(facts).path == ("ba", "yd", "yg", "ww", "gg", "xf", "sg")
    assert [(of_stage(facts, one.number).days, one.days) for one in facts.stages] == [
        (12, 15), (19, 20), (7, 10), (1, 5),
    ]  # fmt: skip


@pytest.mark.parametrize("code", BUNDLES)
def test_a_branch_promises_no_more_days_than_its_item_alone(code):
    alone = {code: facts["committed"] for code, facts in items().items()}
    slower = [
        branch.code
        for branch in sheet(code).branches
        if branch.item in alone
        and alone[branch.item]["unit"] == "workday"
        and branch.days > alone[branch.item]["amount"]
    ]

    assert slower == []


def test_hard_and_soft_relations_are_told_apart():
    kinds = Counter(edge.kind for edge in sheet("BL-QYTZ-BA").edges)

    assert (kinds[OPINION], kinds[DATA]) == (1, 1)
    assert kinds["prerequisite"] == 23


@pytest.mark.django_db
def test_loading_makes_six_published_bundles_and_loading_again_nothing():
    load_catalogue()
    load_bundles()
    stored = {
        version.bundle.code: parts_of(version).sheet()
        for version in BundleVersion.objects.select_related("bundle").filter(state="published")
    }
    counted = Bundle.objects.count(), BundleEvent.objects.count(), Item.objects.count()

    load_bundles()

    assert stored.keys() == BUNDLES.keys()
    for code, facts in stored.items():
        expected = sheet(code)
        assert (facts.stages, facts.questions, facts.materials) == (
            expected.stages,
            expected.questions,
            expected.materials,
        )
        assert set(facts.edges) == set(expected.edges) and len(facts.branches) == len(expected.branches)
    assert (Bundle.objects.count(), BundleEvent.objects.count(), Item.objects.count()) == counted
    only_here = Item.objects.filter(state=Item.State.BUNDLE_ONLY)
    assert only_here.count() == 11
    assert not only_here.filter(current=None).exists()
    assert not Item.objects.on_offer().filter(pk__in=only_here).exists()
