"""套餐检查: pure, every fault of a version in one answer, each with its path."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.workflows.checking import (
    DATA,
    OPINION,
    BranchFacts,
    EdgeFacts,
    MaterialFacts,
    QuestionFacts,
    Sheet,
    StageFacts,
    faults_of,
    in_a_row,
    of_all,
    of_required,
    of_stage,
)

ITEMS = {"I1": "", "I2": "", "I3": ""}


def branch(code, days=3, stage=1, item="I1", **more):
    return BranchFacts(code, f"{code}证", item, "住建局", stage, days, **more)


def sheet(*branches, edges=(), stages=((1, 20), (2, 20)), **more):
    filled = {one.stage for one in branches}
    return Sheet(
        stages=tuple(
            StageFacts(number, f"{number}段", "发改局", days) for number, days in stages if number in filled
        ),
        branches=branches,
        edges=tuple(EdgeFacts(*edge) for edge in edges),
        **more,
    )


def told(facts, items=None):
    return [(fault.code, fault.path) for fault in faults_of(facts, ITEMS if items is None else items)]


def test_a_sound_version_has_no_fault():
    assert told(sheet(branch("a"), branch("b"), branch("c", stage=2), edges=[("b", "a"), ("c", "b")])) == []


def test_a_circle_is_named_along_the_flow_with_codes_and_names():
    found = faults_of(
        sheet(branch("a"), branch("b"), branch("c"), edges=[("b", "a"), ("c", "b"), ("a", "c")]), ITEMS
    )

    assert [(fault.code, fault.path) for fault in found] == [("CIRCLE", ("a", "b", "c", "a"))]
    assert found[0].message == "前置关系绕成了一圈：a a证 → b b证 → c c证 → a a证，请去掉其中一条。"


def test_two_circles_are_both_named():
    facts = sheet(*(branch(code) for code in "abcd"), edges=[("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")])

    assert told(facts) == [("CIRCLE", ("a", "b", "a")), ("CIRCLE", ("c", "d", "c"))]


def test_an_opinion_goes_round_in_circles_without_harm():
    assert told(sheet(branch("a"), branch("b"), edges=[("b", "a"), ("a", "b", OPINION)])) == []


def test_data_of_what_waits_for_oneself_come_too_late():
    facts = sheet(branch("a"), branch("b"), edges=[("b", "a"), ("a", "b", DATA)])

    assert told(facts) == [("DATA_TOO_LATE", ("b", "a"))]


def test_an_earlier_stage_cannot_wait_for_a_later_one():
    facts = sheet(branch("a"), branch("b", stage=2), edges=[("a", "b")])

    assert told(facts) == [("WRONG_STAGE", ("b", "a"))]
    assert "第1阶段的 a a证 不能等第2阶段的 b b证" in faults_of(facts, ITEMS)[0].message


def test_an_item_that_is_not_there_or_not_to_be_used_is_named():
    facts = sheet(branch("a", item="I9"), branch("b", item="I2"))

    assert told(facts, {"I2": "事项已取消。"}) == [("UNKNOWN_ITEM", ("a",)), ("UNUSABLE_ITEM", ("b",))]


@pytest.mark.parametrize(("days", "faults"), [(20, []), (21, [("BRANCH_TOO_LONG", ("a",))])])
def test_a_branch_is_at_most_as_long_as_its_stage(days, faults):
    assert told(sheet(branch("a", days=days))) == faults


@pytest.mark.parametrize(("days", "faults"), [(10, []), (11, [("CHAIN_TOO_LONG", ("a", "b"))])])
def test_branches_one_behind_the_other_are_at_most_as_long_as_their_stage(days, faults):
    assert told(sheet(branch("a", days=10), branch("b", days=days), edges=[("b", "a")])) == faults


def test_a_chain_over_two_stages_is_measured_in_each():
    assert told(sheet(branch("a", days=20), branch("b", days=20, stage=2), edges=[("b", "a")])) == []


def test_a_stage_promises_no_more_than_the_law_gives():
    assert told(sheet(branch("a"), stages=[(1, 45)])) == []
    assert told(sheet(branch("a"), stages=[(1, 46)])) == [("STAGE_BEYOND_LAW", ("1",))]


def test_a_stage_without_lead_and_one_without_branches_are_named():
    facts = Sheet(
        stages=(StageFacts(1, "一", " ", 20), StageFacts(2, "二", "发改局", 20)), branches=(branch("a"),)
    )

    assert told(facts) == [("NO_LEAD", ("1",)), ("EMPTY_STAGE", ("2",))]


def test_what_is_not_there_is_named_wherever_it_is_used():
    facts = sheet(
        branch("a"),
        branch("b", stage=3),
        edges=[("a", "x")],
        questions=(QuestionFacts(1, "要吗", (("是", ("y",)), ("否", ()))),),
        materials=(MaterialFacts("图纸", ("a", "z")),),
    )

    assert told(facts) == [
        ("UNKNOWN_CODE", ("a", "x")),
        ("UNKNOWN_CODE", ("y",)),
        ("UNKNOWN_CODE", ("z",)),
        ("UNKNOWN_STAGE", ("b",)),
    ]


def test_a_code_used_twice_is_named_and_the_rest_is_checked_all_the_same():
    facts = sheet(branch("a"), branch("a"), branch("b", days=30))

    assert told(facts) == [("DUPLICATE_CODE", ("a",)), ("BRANCH_TOO_LONG", ("b",))]


YES = (QuestionFacts(1, "占用林地吗", (("是", ("b",)), ("否", ()))),)


def test_an_optional_branch_needs_an_answer_that_brings_it_in():
    lacking = sheet(branch("a"), branch("b", is_optional=True))
    asked = sheet(branch("a"), branch("b", is_optional=True), questions=YES)

    assert (told(lacking), told(asked)) == ([("NO_QUESTION", ("b",))], [])


def test_a_conditional_prerequisite_needs_its_question():
    edge = EdgeFacts("a", "b", only_if_applicable=True)
    lacking = sheet(branch("a"), branch("b")).with_edge(edge)
    asked = sheet(branch("a"), branch("b", is_optional=True), questions=YES).with_edge(edge)

    assert (told(lacking), told(asked)) == ([("CONDITION_WITHOUT_QUESTION", ("b", "a"))], [])


def test_nobody_waits_for_good_for_what_may_not_come():
    optional = branch("b", is_optional=True)
    certain = sheet(branch("a"), optional, edges=[("a", "b")], questions=YES)
    both = (QuestionFacts(1, "占用林地吗", (("是", ("a", "b")), ("否", ()))),)
    together = sheet(branch("a", is_optional=True), optional, edges=[("a", "b")], questions=both)

    assert (told(certain), told(together)) == ([("BLOCKED_FOR_GOOD", ("b", "a"))], [])


def test_who_uses_a_result_waits_for_it():
    material = (MaterialFacts("备案表", ("b", "c"), source="a"),)
    branches = [branch("a"), branch("b"), branch("c")]
    lacking = sheet(*branches, edges=[("b", "a")], materials=material)
    at_second_hand = sheet(*branches, edges=[("b", "a"), ("c", "b")], materials=material)

    assert (told(lacking), told(at_second_hand)) == ([("RESULT_TOO_LATE", ("a", "c"))], [])


def test_all_faults_come_in_one_answer():
    facts = Sheet(
        stages=(StageFacts(1, "一", "", 5), StageFacts(2, "二", "发改局", 5)),
        branches=(
            branch("a"), branch("b", item="I9"), branch("c", days=9, stage=2), branch("d", is_optional=True),
        ),
        edges=(EdgeFacts("a", "b"), EdgeFacts("b", "a"), EdgeFacts("a", "c")),
    )  # fmt: skip

    assert {code for code, _ in told(facts)} == {
        "NO_LEAD", "UNKNOWN_ITEM", "CIRCLE", "WRONG_STAGE", "BRANCH_TOO_LONG", "CHAIN_TOO_LONG", "NO_QUESTION",
    }  # fmt: skip


# -- against brute force


@st.composite
def graphs(draw):
    codes = "abcdef"[: draw(st.integers(1, 6))]
    days = {code: draw(st.integers(0, 9)) for code in codes}
    pairs = [pair for pair in itertools.permutations(codes, 2)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=9)) if pairs else []
    return days, edges


def chains(days, edges):
    """Every way along the prerequisites that comes past no branch twice; and whether one comes back."""
    after = {code: [branch for branch, needs in edges if needs == code] for code in days}
    found, comes_back = [], False

    def walk(path):
        nonlocal comes_back
        found.append(path)
        for follower in after[path[-1]]:
            if follower in path:
                comes_back = True
            else:
                walk([*path, follower])

    for code in days:
        walk([code])
    return found, comes_back


@settings(max_examples=200, deadline=None)
@given(graphs(), st.integers(1, 30))
def test_circles_and_long_chains_are_found_exactly_where_they_are(graph, stage_days):
    days, edges = graph
    facts = sheet(*(branch(code, days=days[code]) for code in days), edges=edges, stages=[(1, stage_days)])

    found, comes_back = chains(days, edges)

    faults = faults_of(facts, ITEMS)
    circles = [fault.path for fault in faults if fault.code == "CIRCLE"]
    assert bool(circles) == comes_back
    for path in circles:
        assert path[0] == path[-1]
        assert all((branch, needs) in edges for needs, branch in itertools.pairwise(path))
    if not comes_back:
        longest = max(sum(days[code] for code in path) for path in found)
        too_long = {"BRANCH_TOO_LONG", "CHAIN_TOO_LONG"} & {fault.code for fault in faults}
        assert of_all(facts).days == of_stage(facts, 1).days == longest
        assert sum(days[code] for code in of_all(facts).path) == longest
        assert bool(too_long) == (longest > stage_days)


def test_the_three_lengths_of_a_version():
    facts = sheet(
        branch("a", days=2), branch("b", days=12, is_optional=True), branch("c", days=5), edges=[("b", "a"), ("c", "b")]
    )  # fmt: skip

    assert (of_all(facts).days, of_required(facts).days, in_a_row(facts)) == (19, 5, 19)
