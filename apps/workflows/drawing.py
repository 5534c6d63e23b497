"""流程图: where each branch and each line of a drawing stands. Pure: a sheet in, numbers out.

Columns go with the flow of work, stage by stage; a line that skips columns runs through a lane of its own, which lines
with the same source or the same target share. Who cannot see the drawing reads the same in the table beside it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from .checking import EdgeFacts, Sheet
from .graph import in_order

WIDTH, HEIGHT, LANE = 150, 88, 8  # of a node; of a lane
GAP_X, GAP_Y, EDGE, HEAD = 40, 14, 14, 34
LETTERS, ROWS = 10, 3  # of a name: so many in a line, so many lines
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Node:
    code: str
    name: str
    lines: tuple[str, ...]
    sub: str
    x: int
    y: int
    is_critical: bool
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Line:
    path: str
    kind: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Band:
    """阶段: the columns that it takes up."""

    number: int
    title: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    bands: tuple[Band, ...]
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    node_width: int = WIDTH
    node_height: int = HEIGHT


Cell = tuple[str, str, int]  # "node" or "lane", its code or its bundle of lines, its column


@dataclass(slots=True)
class _Grid:
    """Columns of cells, and which cell follows which."""

    columns: list[list[Cell]]
    before: dict[Cell, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    behind: dict[Cell, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    y: dict[Cell, float] = field(default_factory=dict)

    def link(self, one: Cell, other: Cell) -> None:
        if other not in self.behind[one]:
            self.behind[one].append(other)
            self.before[other].append(one)


def draw(sheet: Sheet, critical: Collection[str] = ()) -> Drawing:
    """The drawing of a version without circles; `critical` is its longest line, drawn thick."""
    column = _columns(sheet)
    grid = _Grid([[] for _ in range(max(column.values(), default=-1) + 1)])
    for branch in sheet.branches:
        grid.columns[column[branch.code]].append(("node", branch.code, column[branch.code]))
    routes = {edge: route for edge in sheet.edges if (route := _route(edge, sheet, column, grid))}
    _put_in_rows(grid)
    height = max((_tall(cells) for cells in grid.columns), default=0)
    steps = list(critical)
    pairs = set(zip(steps, steps[1:], strict=False))
    lines = [
        Line(
            _path([_spot(cell, grid) for cell in routes[edge]])
            if edge in routes
            else _bow(edge, column, grid),
            edge.kind,
            edge.is_hard and (edge.needs, edge.branch) in pairs,
        )
        for edge in sheet.edges
    ]
    return Drawing(
        width=2 * EDGE + max(len(grid.columns) * (WIDTH + GAP_X) - GAP_X, 0),
        height=round(HEAD + height + 2 * EDGE),
        bands=tuple(_bands(sheet, column)),
        nodes=tuple(
            Node(
                branch.code,
                branch.name,
                _in_lines(branch.name),
                f"{_short(branch.department, LETTERS - 3)} · {branch.days or '当场'}{' 日' if branch.days else ''}",
                *(round(value) for value in _spot(("node", branch.code, column[branch.code]), grid)[:2]),
                branch.code in steps,
                branch.is_optional,
            )
            for branch in sheet.branches
        ),
        lines=tuple(sorted(lines, key=lambda line: line.is_critical)),  # the thick ones on top
    )


def _columns(sheet: Sheet) -> dict[str, int]:
    """Behind all that one waits for, and behind the stages before."""
    after = {
        branch.code: [edge.needs for edge in sheet.edges if edge.is_hard and edge.branch == branch.code]
        for branch in sheet.branches
    }
    order, column, first = in_order(list(after.items())), {}, 0
    for stage in sorted({branch.stage for branch in sheet.branches}):
        here = {branch.code for branch in sheet.branches if branch.stage == stage}
        for code in order:
            if code in here:
                column[code] = max([first, *(column[need] + 1 for need in after[code] if need in column)])
        first = max(column.values()) + 1
    return column


def _route(edge: EdgeFacts, sheet: Sheet, column: dict[str, int], grid: _Grid) -> list[Cell] | None:
    """The cells that a line comes past; None for one that does not go forwards."""
    start, end = column[edge.needs], column[edge.branch]
    if start >= end:
        return None
    lanes = _lane_of(edge, sheet, column)
    cells: list[Cell] = [("node", edge.needs, start)]
    for number in range(start + 1, end):
        lane = ("lane", lanes, number)
        if lane not in grid.columns[number]:
            grid.columns[number].append(lane)
        cells.append(lane)
    cells.append(("node", edge.branch, end))
    for one, other in zip(cells, cells[1:], strict=False):
        grid.link(one, other)
    return cells


def _lane_of(edge: EdgeFacts, sheet: Sheet, column: dict[str, int]) -> str:
    """Long lines of a kind run together with those of the same target, or of the same source where these are more."""
    long = [
        one for one in sheet.edges if one.kind == edge.kind and column[one.branch] - column[one.needs] > 1
    ]
    to = sum(one.branch == edge.branch for one in long)
    of = sum(one.needs == edge.needs for one in long)
    return f"{edge.kind} to {edge.branch}" if to >= of else f"{edge.kind} of {edge.needs}"


def _put_in_rows(grid: _Grid) -> None:
    """Each cell near the middle of those it is linked to; swept forwards and backwards a few times."""
    _stack(grid)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        beside = grid.before if forwards else grid.behind
        for cells in grid.columns if forwards else reversed(grid.columns):
            places = {cell: _middle([grid.y[one] for one in beside[cell]], grid.y[cell]) for cell in cells}
            cells.sort(key=places.__getitem__)
            _stack(grid)


def _stack(grid: _Grid) -> None:
    height = max((_tall(cells) for cells in grid.columns), default=0)
    for cells in grid.columns:
        y = HEAD + EDGE + (height - _tall(cells)) / 2
        for cell in cells:
            grid.y[cell] = y + _size(cell) / 2
            y += _size(cell) + GAP_Y


def _middle(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _size(cell: Cell) -> int:
    return HEIGHT if cell[0] == "node" else LANE


def _tall(cells: list[Cell]) -> float:
    return sum(_size(cell) + GAP_Y for cell in cells) - GAP_Y if cells else 0


def _spot(cell: Cell, grid: _Grid) -> tuple[float, float, float]:
    """Left edge, top, and the height in the middle, where lines come in and go out."""
    return EDGE + cell[2] * (WIDTH + GAP_X), grid.y[cell] - _size(cell) / 2, grid.y[cell]


def _path(spots: list[tuple[float, float, float]]) -> str:
    """A curve from column to column, straight through the lanes."""
    x, _, y = spots[0]
    drawn = f"M{x + WIDTH:.0f} {y:.0f}"
    left = x + WIDTH
    for x, _, y_next in spots[1:]:
        half = (left + x) / 2
        drawn += f"C{half:.0f} {y:.0f} {half:.0f} {y_next:.0f} {x:.0f} {y_next:.0f}"
        y, left = y_next, x + WIDTH
        if x != spots[-1][0]:
            drawn += f"H{left:.0f}"
    return drawn


def _bow(edge: EdgeFacts, column: dict[str, int], grid: _Grid) -> str:
    """What does not go forwards bows out to the right of both."""
    x1, _, y1 = _spot(("node", edge.needs, column[edge.needs]), grid)
    x2, _, y2 = _spot(("node", edge.branch, column[edge.branch]), grid)
    out = max(x1, x2) + WIDTH + GAP_X * 0.7
    return f"M{x1 + WIDTH:.0f} {y1:.0f}C{out:.0f} {y1:.0f} {out:.0f} {y2:.0f} {x2 + WIDTH:.0f} {y2:.0f}"


def _bands(sheet: Sheet, column: dict[str, int]):
    for stage in sheet.stages:
        taken = [column[branch.code] for branch in sheet.branches if branch.stage == stage.number]
        if taken:
            x = EDGE + min(taken) * (WIDTH + GAP_X)
            width = (max(taken) - min(taken)) * (WIDTH + GAP_X) + WIDTH
            yield Band(stage.number, _short(f"{stage.number} {stage.name}", LETTERS), x, width)


def _in_lines(name: str) -> tuple[str, ...]:
    name = _short(name, LETTERS * ROWS)
    return tuple(name[start : start + LETTERS] for start in range(0, len(name), LETTERS))


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
