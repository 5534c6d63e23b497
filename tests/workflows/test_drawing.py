"""流程图: branches stand behind what they wait for, nothing lies on anything else, every line has its ends."""

import re

import pytest

from apps.workflows.checking import OPINION, BranchFacts, EdgeFacts, Sheet, StageFacts, of_all
from apps.workflows.drawing import HEIGHT, WIDTH, draw
from config.sampling.bundles import sheet_of
from config.sampling.facts import tree

SAMPLE = {facts["code"]: sheet_of(facts) for facts in tree("bundles.json")["bundles"]}


def ends(line):
    numbers = [float(number) for number in re.findall(r"-?\d+", line.path)]
    return (numbers[0], numbers[1]), (numbers[-2], numbers[-1])


@pytest.mark.parametrize("code", SAMPLE)
def test_every_branch_stands_behind_what_it_waits_for_and_on_no_other(code):
    sheet = SAMPLE[code]
    drawing = draw(sheet, of_all(sheet).path)
    place = {node.code: node for node in drawing.nodes}

    for edge in sheet.edges:
        if edge.is_hard:
            assert place[edge.needs].x + WIDTH < place[edge.branch].x
    for one in drawing.nodes:
        assert 0 <= one.x <= drawing.width - WIDTH and 0 <= one.y <= drawing.height - HEIGHT
        for other in drawing.nodes:
            assert one is other or one.x != other.x or abs(one.y - other.y) >= HEIGHT


@pytest.mark.parametrize("code", SAMPLE)
def test_a_line_leads_from_what_is_waited_for_to_who_waits(code):
    sheet = SAMPLE[code]
    drawing = draw(sheet)
    wanted = []
    place = {node.code: node for node in drawing.nodes}
    for edge in sheet.edges:
        start, end = place[edge.needs], place[edge.branch]
        if start.x < end.x:
            wanted.append(((start.x + WIDTH, start.y + HEIGHT / 2), (end.x, end.y + HEIGHT / 2)))

    drawn = [ends(line) for line in drawing.lines]
    for start, end in wanted:
        assert any(
            abs(a[0] - start[0]) + abs(a[1] - start[1]) + abs(b[0] - end[0]) + abs(b[1] - end[1]) <= 4
            for a, b in drawn
        )
    assert len(drawn) == len(sheet.edges)


def test_stages_stand_one_behind_the_other():
    drawing = draw(SAMPLE["BL-QYTZ-BA"])

    assert [band.number for band in drawing.bands] == [1, 2, 3, 4]
    for one, other in zip(drawing.bands, drawing.bands[1:], strict=False):
        assert one.x + one.width < other.x


def test_the_longest_line_is_drawn_thick_and_last():
    sheet = SAMPLE["BL-QYTZ-BA"]
    drawing = draw(sheet, of_all(sheet).path)

    assert {node.code for node in drawing.nodes if node.is_critical} == set(of_all(sheet).path)
    assert [line.is_critical for line in drawing.lines[-6:]] == [True] * 6
    assert not drawing.lines[0].is_critical


def test_a_long_name_is_cut_into_lines_and_at_last_shortened():
    named = BranchFacts("a", "名" * 34, "I", "文化广播电视和旅游局", 1, 12)
    node = draw(Sheet((StageFacts(1, "一", "局", 20),), (named,))).nodes[0]

    assert node.lines == ("名" * 10, "名" * 10, "名" * 9 + "…")
    assert (node.name, node.sub) == ("名" * 34, "文化广播电视… · 12 日")


def test_an_opinion_may_point_backwards_and_an_empty_version_is_drawn_empty():
    branches = (BranchFacts("a", "甲", "I", "局", 1, 1), BranchFacts("b", "乙", "I", "局", 1, 1))
    sheet = Sheet(
        (StageFacts(1, "一", "局", 5),), branches, (EdgeFacts("b", "a"), EdgeFacts("a", "b", OPINION))
    )

    assert len(draw(sheet).lines) == 2
    assert (draw(Sheet()).nodes, draw(Sheet()).lines) == ((), ())
