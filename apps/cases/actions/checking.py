"""时限核对: proves for every open case that its stored dates are what its events, the calendar and the rules say.

The events are the evidence and the row is the projection: what the row says of acceptance, terms and pauses is not asked.
A difference is noted once for as long as it lasts, and settled when a later check no longer finds it. A case that cannot
be reckoned is a difference of its own kind, and the check goes on with the others.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from ..evidence import Facts
from ..evidence import read as read_evidence
from ..models import AmendmentFault, CalendarAmendment, Case, CaseEvent, ClockDifference
from ..periods import Begun, begun
from ..states import DECIDED, OPEN, RUNNING, Status, values_of
from .clocks import counts_halves
from .faults import NOT_OF_A_CASE, why
from .moves import NotAllowed
from .projection import Projection, Row, Standing, rows_of

BATCH = 1_000
SHOWN = ClockDifference._meta.get_field("recomputed").max_length
logger = logging.getLogger(__name__)

Differences = dict[str, tuple[Any, Any]]
"""Field → (stored, recomputed)."""


class Checked(NamedTuple):
    """How many cases were looked at, and how many of them differ."""

    seen: int
    differing: int


class Happened(NamedTuple):
    """An event as far as it is read."""

    verb: str
    at: datetime
    facts: dict
    after: str
    pk: int


def check_clocks(*, at: datetime) -> Checked:
    """核对: every open case, batch by batch in the order of their keys. Run twice, it finds the same and notes nothing new."""
    if CalendarAmendment.objects.unfinished().exists():
        raise NotAllowed("有一份日历变更正在重算，完成后再核对。")
    projection, behind, seen, differing = Projection(), 0, 0, 0
    while rows := rows_of(Case.objects.filter(pk__gt=behind), BATCH):
        differing += _check(rows, projection, at=at)
        seen, behind = seen + len(rows), rows[-1].id
    _settle_ended(at)
    return Checked(seen, differing)


def _check(rows: list[Row], projection: Projection, *, at: datetime) -> int:
    """Only what seems to differ is locked, for a second look; and what was noted before, which may be right by now."""
    suspected = set(_differences(rows, projection))
    noted = ClockDifference.objects.open().filter(case__gte=rows[0].id, case__lte=rows[-1].id)
    suspected |= set(noted.values_list("case", flat=True))
    return _look_again(suspected, projection, at=at) if suspected else 0


def _settle_ended(at: datetime) -> None:
    """Differences and faults of cases that have ended: their dates count no more, and nobody looks at them again."""
    for noted in (ClockDifference, AmendmentFault):
        noted.objects.open().exclude(case__status__in=values_of(OPEN)).update(settled_at=at)


@transaction.atomic
def _look_again(ids: set[int], projection: Projection, *, at: datetime) -> int:
    """With the cases locked, so that an act between two statements is not taken for a difference."""
    rows = rows_of(Case.objects.filter(pk__in=ids).select_for_update())
    found = _differences(rows, projection)
    open_ones = {
        (noted.case_id, noted.field): noted for noted in ClockDifference.objects.open().filter(case__in=ids)
    }
    for case, differences in found.items():
        for name, (stored, recomputed) in differences.items():
            words = {"stored": _text(name, stored), "recomputed": _text(name, recomputed), "seen_at": at}
            noted = open_ones.pop((case, name), None)
            if noted is None:
                ClockDifference.objects.create(case_id=case, field=name, found_at=at, **words)
                logger.warning("clock difference: case %s, %s, %s, %s", case, name, stored, recomputed)
            else:
                ClockDifference.objects.filter(pk=noted.pk).update(**words)
    unknown = {case for case, differences in found.items() if ClockDifference.NOT_RECKONED in differences}
    settled = [noted.pk for noted in open_ones.values() if noted.case_id not in unknown]
    ClockDifference.objects.filter(pk__in=settled).update(settled_at=at, seen_at=at)
    return len(found)


def _differences(rows: Iterable[Row], projection: Projection) -> dict[int, Differences]:
    """Case → its differences; cases without any are left out."""
    told = _told({row.id for row in rows})
    found = {}
    for row in rows:
        events = sorted(told[row.id], key=lambda event: (event.at, event.pk))
        try:
            differences = _compared(row, begun(events), read_evidence(events), projection)
        except NOT_OF_A_CASE:
            raise
        except Exception as error:  # whatever it is, the other cases are still to be proved
            differences = {ClockDifference.NOT_RECKONED: ("", why(error, row)[:SHOWN])}
        if differences:
            found[row.id] = differences
    return found


def _told(ids: set[int]) -> dict[int, list[Happened]]:
    told = defaultdict(list)
    events = CaseEvent.objects.filter(case__in=ids).order_by()
    for case, *event in events.values_list("case", "verb", "at", "facts", "after", "id"):
        told[case].append(Happened(*event))
    return told


def _compared(row: Row, known: Begun, facts: Facts, projection: Projection) -> Differences:
    expected: dict[str, Any] = {"status": known.status}
    if known.status in OPEN:
        expected |= projection.dates(row, _standing(row, known, facts))
    if known.status in RUNNING | DECIDED:
        expected["accepted_on"] = facts.accepted_on
    if known.status in RUNNING:
        expected["paused_since"] = min((pause.from_on for pause in facts.open_pauses), default=None)
    return {
        name: (getattr(row, name), value) for name, value in expected.items() if getattr(row, name) != value
    }


def _standing(row: Row, known: Begun, facts: Facts) -> Standing:
    """As `projection.standings` makes it of rows, from events. Acceptances of old did not say the terms; the row does."""
    committed, statutory = facts.committed, facts.statutory
    is_told = committed is not None or facts.accepted_on is None
    return Standing(
        known.status,
        row.kind,
        facts.accepted_on,
        (committed.amount, committed.unit) if committed else (row.committed_amount, row.committed_unit),
        (statutory.amount, statutory.unit) if statutory
        else (None, "") if is_told else (row.statutory_amount, row.statutory_unit),
        facts.amount_added,
        facts.pauses,
        known.answer_from,
        known.collected_on,
        known.wait,
        known.tolerance,
        known.forwarded_on,
        known.decided_on,
        facts.accepted_at if counts_halves(row.committed_unit, row.statutory_unit) else None,
    )  # fmt: skip


def _text(name: str, value: Any) -> str:
    """As a page shows it: a state by its name, a date as it is written."""
    if name == "status":
        return Status(value).label if value else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
