"""影响清单: what an amendment would move, before it is signed; and what it has moved, from the events it left.

The list before is reckoned when it is asked for and not stored: cases come and go until the signature, a stored list would be
wrong by the next minute, and one of an amendment that is dropped would be litter. What is kept for ever are the events.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from ..models import CalendarAmendment, Case
from .amending import projection_after
from .projection import Moved, Row, rows_of, standings
from .recomputing import tally_key

CHUNK = 5_000


@dataclass
class Impact:
    """What would move. Cases in the order of their keys; those that move alike share one entry of `ways`."""

    at: datetime
    seen: int = 0
    cases: array = field(default_factory=lambda: array("q"))
    way_of: array = field(default_factory=lambda: array("i"))
    keys: list[str] = field(default_factory=list)
    ways: list[Moved] = field(default_factory=list)

    def __len__(self):
        return len(self.cases)

    def by_department(self) -> Counter:
        return Counter(self.keys)

    def figures(self, today: date) -> dict[str, int]:
        """How many cases move in which way."""
        times = Counter(self.way_of)
        found = Counter({name: 0 for name in ("later", "earlier", "confirmed", "statutory", "newly_late")})
        for way, moved in enumerate(self.ways):
            for name in _kinds_of(moved, today):
                found[name] += times[way]
        return dict(found)

    def page(self, *, after: int, size: int, key: str = "") -> list[tuple[int, Moved]]:
        """The next cases behind one, perhaps of one department only."""
        found = []
        for place in range(self._place_behind(after), len(self.cases)):
            if not key or self.keys[place] == key:
                found.append((self.cases[place], self.ways[self.way_of[place]]))
                if len(found) == size:
                    break
        return found

    def _place_behind(self, case: int) -> int:
        low, high = 0, len(self.cases)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.cases[middle] <= case else (low, middle)
        return low


def impact_of(amendment: CalendarAmendment, *, at: datetime, under: str = "") -> Impact:
    """Every open case at or below a place whose date would move."""
    projection, impact = projection_after(amendment), Impact(at=at)
    known: dict[tuple, int] = {}
    for rows in _chunks(under):
        standing = standings(rows)
        impact.seen += len(rows)
        for row in rows:
            moved = projection.moves(row, standing[row.id])
            if moved:
                way = known.setdefault(tuple(moved.items()), len(known))
                if way == len(impact.ways):
                    impact.ways.append(moved)
                impact.cases.append(row.id)
                impact.way_of.append(way)
                impact.keys.append(tally_key(row))
    return impact


def _chunks(under: str) -> Iterator[list[Row]]:
    last = 0
    while True:
        rows = rows_of(Case.objects.filter(pk__gt=last, path__startswith=under), CHUNK)
        if rows:
            yield rows
            last = rows[-1].id
        if len(rows) < CHUNK:
            return


def _kinds_of(moved: Moved, today: date) -> Iterator[str]:
    before, after = moved.get("due_on", (None, None))
    guessed, _ = moved.get("provisional_due_on", (None, None))
    if after and guessed and not before:
        yield "confirmed"
        before = guessed
    elif before and after:
        yield "later" if after > before else "earlier"
    if after and before and after < today <= before:
        yield "newly_late"
    if "statutory_due_on" in moved or "provisional_statutory_on" in moved:
        yield "statutory"
