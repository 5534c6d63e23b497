"""影响清单: what an amendment would move, before it is signed; and what it has moved, from the events it left.

The list before is reckoned when it is asked for and not stored: cases come and go until the signature, a stored list would be
wrong by the next minute, and one of an amendment that is dropped would be litter. What is kept for ever are the events.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from ..models import CalendarAmendment, Case
from ..pages import Page
from .amending import projection_after
from .faults import NOT_OF_A_CASE, why
from .hearing_dates import hearings_moved
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
    faulty: dict[int, str] = field(default_factory=dict)
    """Cases that cannot be reckoned, and why: the amendment would leave them as they are."""

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

    def page(self, *, after: int = 0, before: int = 0, size: int, key: str = "") -> "Page":
        """Some cases behind one or before one, perhaps of one department only; with the cursors of the neighbours."""
        places = [n for n, its in enumerate(self.keys) if its == key] if key else range(len(self.cases))
        if before:
            end = bisect_left(places, before, key=self.cases.__getitem__)
            start = max(0, end - size)
        else:
            start = bisect_right(places, after, key=self.cases.__getitem__)
            end = min(start + size, len(places))
        return Page(
            rows=[(self.cases[n], self.ways[self.way_of[n]]) for n in places[start:end]],
            previous=str(self.cases[places[start]]) if 0 < start < end else None,
            following=str(self.cases[places[end - 1]]) if start < end < len(places) else None,
        )


def impact_of(amendment: CalendarAmendment, *, at: datetime, under: str = "") -> Impact:
    """Every open case at or below a place whose date would move."""
    projection, impact = projection_after(amendment), Impact(at=at)
    known: dict[tuple, int] = {}
    for rows in _chunks(under):
        standing, hearings = standings(rows), hearings_moved(rows, projection)
        impact.seen += len(rows)
        for row in rows:
            try:
                moved = projection.moves(row, standing[row.id])
            except NOT_OF_A_CASE:
                raise
            except Exception as error:  # the list must not fail for one of its lines
                impact.faulty[row.id] = why(error, row)
                continue
            if row.id in hearings:
                moved |= hearings[row.id].moved
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
