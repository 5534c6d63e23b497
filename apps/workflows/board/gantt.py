"""甘特图: where bars, pauses, sub-deadlines and connectors stand. Pure: rows in, numbers out.

Across, everything is in percent of the axis of working days; down, in rem, as the rows of the style sheet are high. So
the picture grows with its room and with the letters, and needs no measuring.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from .facts import Facts, StageNow
from .standing import Row, Standing, stage_standing
from .term import Axis

GROUP, ROW = 2.6, 2.75  # rem: the height of a stage's line and of a branch's
ELBOW = 0.7  # percent: how far behind its branch a connector turns down
HALF = 0.7  # rem: half a bar
LETTER, DIGIT, ROOM = 12, 6, 12  # pixels of a flag
NEAR = 18  # percent: two flags stand in each other's way
NARROWEST = 1.2  # percent: what is done on the spot is still seen
ROOM_FOR_LABEL = 1.1  # percent of the axis that one letter of a label takes


@dataclass(frozen=True, slots=True)
class Bar:
    """One branch. `did` is the part of the width that is over; `pauses` are places and widths."""

    row: Row
    x: float | None
    width: float
    did: float
    due: float | None
    pauses: tuple[tuple[float, float], ...]
    label: str
    sentence: str

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)


@dataclass(frozen=True, slots=True)
class Group:
    stage: StageNow
    standing: Standing
    due: float | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a connector: across or down."""

    x1: float
    y1: float
    x2: float
    y2: float
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """今天 and 总期限: a line down the whole chart with its words on top. `shift` is where the words begin, in pixels."""

    place: float
    words: str
    width: int
    shift: int
    is_high: bool = False  # up beside the numbers of the days, where the other one stands too near

    @property
    def middle(self) -> int:
        return self.shift + self.width // 2


@dataclass(frozen=True, slots=True)
class Gantt:
    groups: tuple[Group, ...]
    ticks: tuple[tuple[int, float], ...]
    today: Flag | None  # of a project that has ended there is none
    total: Flag | None
    segments: tuple[Segment, ...]
    height: float


def draw_gantt(
    facts: Facts, rows: Sequence[Row], axis: Axis, today: date, total_due_on: date | None, path: Sequence[str]
) -> Gantt:
    groups = tuple(
        Group(
            stage,
            stage_standing(stage, axis.calendar, today),
            axis.place(stage.due_on) if stage.due_on else None,
            tuple(_bar(row, axis, today) for row in rows if row.now.stage == stage.number),
        )
        for stage in facts.stages
        if facts.of_stage(stage.number)
    )
    now = _flag(axis.place(today), f"今天 第 {axis.day(today)} 日") if facts.is_living else None
    total = None
    if total_due_on is not None:
        total = _flag(axis.place(total_due_on), f"总期限 第 {axis.day(total_due_on)} 日")
        if now is not None and abs(total.place - now.place) < NEAR:
            total = replace(total, is_high=True)
    height = sum(GROUP + ROW * len(group.bars) for group in groups)
    return Gantt(groups, tuple(axis.ticks), now, total, tuple(_connectors(groups, path)), round(height, 2))


def _bar(row: Row, axis: Axis, today: date) -> Bar:
    start, end = row.expected.start_on, row.expected.finish_on
    if start is not None and end is None and row.now.opened_on is not None:
        end = max(start, today)  # it runs, and nobody knows how long
    due = axis.place(row.due_on) if row.due_on is not None and row.now.opened_on is not None else None
    if start is None or end is None:
        return Bar(row, None, 0, 0, due, (), "", _sentence(row, axis))
    x, until = axis.place(start), axis.place(end)
    width = max(until - x, NARROWEST)
    did = min(max(axis.place(min(today, end)) - x, 0), width) if row.now.is_open else 0
    label = _label(row)
    if len(label) * ROOM_FOR_LABEL > width:
        label = f"{row.now.days} 日" if width > 4 * ROOM_FOR_LABEL else ""
    pauses = tuple(_pauses(row, axis, today))
    return Bar(row, x, round(width, 2), round(did, 2), due, pauses, label, _sentence(row, axis))


def _pauses(row: Row, axis: Axis, today: date):
    for pause in row.now.pauses:
        opens, closes = axis.place(pause.from_on), axis.place(pause.to_on or max(today, pause.from_on))
        if closes > opens:
            yield opens, round(closes - opens, 2)


def _label(row: Row) -> str:
    if row.now.finished_on is not None:
        return f"{row.used} 日"
    return f"在办 {row.used} / {row.now.days} 日" if row.now.is_open else f"{row.now.days} 日"


def _sentence(row: Row, axis: Axis) -> str:
    """The bar in words, for whoever does not see it."""
    start, end = row.expected.start_on, row.expected.finish_on
    parts = []
    if start is not None:
        parts.append(f"{'预计' if row.start_is_planned else ''}第 {axis.day(start) + 1} 日开始")
    if end is not None:
        parts.append(f"{'预计' if row.finish_is_planned else ''}第 {axis.day(end)} 日办结")
    else:
        parts.append("办结时间待定")
    if row.due_on is not None and row.now.opened_on is not None:
        parts.append(f"子期限第 {axis.day(row.due_on)} 日")
    if row.expected.is_critical:
        parts.append("关键路径")
    return "，".join(parts)


def _connectors(groups: Sequence[Group], path: Sequence[str]):
    """From the end of what is waited for down to the beginning of what waits, the critical ones last and on top."""
    middle, bars, y = {}, {}, 0.0
    for group in groups:
        y += GROUP
        for bar in group.bars:
            middle[bar.row.code], bars[bar.row.code] = round(y + ROW / 2, 2), bar
            y += ROW
    steps = set(zip(path, path[1:], strict=False))
    pairs = [(need, bar) for bar in bars.values() for need in bar.row.now.needs]
    for need, bar in sorted(pairs, key=lambda pair: (pair[0], pair[1].row.code) in steps):
        if bars[need].x is None or bar.x is None:
            continue
        critical = (need, bar.row.code) in steps
        yield from _elbow(bars[need].end, middle[need], bar.x, middle[bar.row.code], critical)


def _elbow(x1: float, y1: float, x2: float, y2: float, critical: bool):
    turn = round(x1 + ELBOW, 2)
    yield Segment(x1, y1, turn, y1, critical)
    if x2 > turn:
        yield Segment(turn, y1, turn, y2, critical)
        yield Segment(turn, y2, x2, y2, critical)
    else:  # it begins where the other ended: the line comes down on its bar
        yield Segment(turn, y1, turn, round(y2 - HALF if y2 > y1 else y2 + HALF, 2), critical)


def _flag(place: float, words: str) -> Flag:
    width = ROOM + sum(LETTER if ord(letter) > 0x2E80 else DIGIT for letter in words)
    shift = 0 if place < 10 else -width if place > 90 else -width // 2
    return Flag(place, words, width, shift)
