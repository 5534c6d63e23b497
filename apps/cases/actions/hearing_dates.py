"""听证期限推算: the dates of open hearings as the calendar says them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..models import Hearing
from ..states import Status
from .hearing import ASK_DAYS, HOLD_DAYS
from .projection import Moved, Projection


@dataclass(frozen=True)
class HearingMoved:
    hearing: Hearing
    moved: Moved


def hearings_moved(rows: Iterable[Any], projection: Projection) -> dict[int, HearingMoved]:
    """Case → its open hearing, where a date of it is not what the calendar says. The applicant's is never made earlier."""
    paths = {row.id: row.path for row in rows if row.status in (Status.IN_REVIEW, Status.HEARING)}
    found = {}
    for hearing in Hearing.objects.filter(case__in=paths, closed_at=None) if paths else ():
        clock = projection.clock_at(paths[hearing.case_id])
        ask_by = max(hearing.ask_by_on, clock.workdays_after(hearing.offered_on, ASK_DAYS))
        hold_by = hearing.asked_on and clock.workdays_after(hearing.asked_on, HOLD_DAYS)
        moved = {
            column: (getattr(hearing, column), day)
            for column, day in (("ask_by_on", ask_by), ("hold_by_on", hold_by))
            if getattr(hearing, column) != day
        }
        if moved:
            found[hearing.case_id] = HearingMoved(hearing, moved)
    return found


def move_hearings(found: Iterable[HearingMoved]) -> None:
    for one in found:
        for column, (_, day) in one.moved.items():
            setattr(one.hearing, column, day)
        one.hearing.save(update_fields=[*one.moved])
