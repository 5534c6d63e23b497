"""翻页: keyset pages over an order that ends in `id`. No count and no offset: page 1,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

SIZE = 20
WHOLE = ("id", "rank")  # fields of an order that are numbers; any other is a day


@dataclass(frozen=True)
class Page:
    """One page: its rows, and the cursors of its neighbours (None at an end)."""

    rows: list
    previous: str | None
    following: str | None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)


def page_of(
    rows: QuerySet, *, by: Sequence[str], after: str = "", before: str = "", size: int = SIZE
) -> Page:
    """The page after or before a cursor. `by` names the order, e.g. ("desk_due_on", "id"), ("-rank", "-id") or ("-id",).

    An order may have two fields at the most, all ascending or all descending. A cursor that cannot be read is taken
    as none: an old link then shows the first page.
    """
    descending = by[0].startswith("-")
    names = [name.lstrip("-") for name in by]
    mark = _read(before or after, names)
    backwards = bool(before) and mark is not None
    if mark is not None:
        rows = rows.filter(_beyond(names, mark, up=descending == backwards))
    order = [name if descending == backwards else f"-{name}" for name in names]
    found = list(rows.order_by(*order)[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first, last = (found[0], found[-1]) if found else (None, None)
    return Page(
        rows=found,
        previous=_write(first, names)
        if first is not None and (has_more if backwards else mark is not None)
        else None,
        following=_write(last, names) if last is not None and (has_more or backwards) else None,
    )


def _beyond(names: list[str], mark: list, *, up: bool) -> Q:
    then = "gt" if up else "lt"
    if len(names) == 1:
        return Q(**{f"{names[0]}__{then}": mark[0]})
    # the first comparison alone is redundant, but gives the index a bound to start from
    return Q(**{f"{names[0]}__{then}e": mark[0]}) & (
        Q(**{f"{names[0]}__{then}": mark[0]}) | Q(**{names[0]: mark[0], f"{names[1]}__{then}": mark[1]})
    )


def _write(row: Any, names: list[str]) -> str:
    return "_".join(str(getattr(row, name)) for name in names)


def _read(text: str, names: list[str]) -> list | None:
    parts = text.split("_")
    if not text or len(parts) != len(names):
        return None
    try:
        return [
            int(part) if name in WHOLE else date.fromisoformat(part)
            for part, name in zip(parts, names, strict=True)
        ]
    except ValueError:
        return None
