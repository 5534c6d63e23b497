"""流程图: the same rows as a drawing of who waits for whom. The layout is that of the bundle's own drawing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..checking import BranchFacts, EdgeFacts, Sheet, StageFacts
from ..drawing import Drawing, Node, draw
from .facts import Facts
from .standing import Row, shortened

NAME_LINES, LETTERS = 2, 10


@dataclass(frozen=True, slots=True)
class Spot:
    """One node: where it stands, and its row. `before` and `behind` are the codes that the arrow keys go to."""

    node: Node
    row: Row
    lines: tuple[str, ...]
    before: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def department(self) -> str:
        return shortened(self.row.now.department, LETTERS)

    @property
    def words(self) -> str:
        return shortened(self.row.standing.words, LETTERS + 2)


@dataclass(frozen=True, slots=True)
class Flow:
    drawing: Drawing
    spots: tuple[Spot, ...]


def draw_flow(facts: Facts, rows: Sequence[Row], path: Sequence[str]) -> Flow:
    sheet = Sheet(
        stages=tuple(StageFacts(one.number, one.name, one.lead, one.days) for one in facts.stages),
        branches=tuple(
            BranchFacts(one.code, one.name, "", one.department, one.stage, one.days) for one in facts.branches
        ),
        edges=tuple(EdgeFacts(one.code, need) for one in facts.branches for need in one.needs),
    )
    drawing = draw(sheet, path)
    by_code = {row.code: row for row in rows}
    spots = tuple(
        Spot(
            node,
            by_code[node.code],
            _two_lines(node.lines),
            by_code[node.code].now.needs,
            tuple(one.code for one in facts.branches if node.code in one.needs),
        )
        for node in drawing.nodes
    )
    return Flow(drawing, spots)


def _two_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    if len(lines) <= NAME_LINES:
        return lines
    return (*lines[: NAME_LINES - 1], f"{lines[NAME_LINES - 1][: LETTERS - 1]}…")
