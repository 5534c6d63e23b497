"""What a date depends on, and what it comes to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from apps.calendars.workdays import Due

HEARING = "听证"
ART_45_KINDS = (HEARING, "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审")
"""The eight special procedures that stop the statutory clock (行政许可法 art. 45). The list is closed."""


@dataclass(frozen=True, slots=True)
class Term:
    """期限 of `amount` units: workday, calendar_day, month or half_day."""

    amount: int
    unit: str = "workday"

    @property
    def counts_workdays(self) -> bool:
        return self.unit in ("workday", "half_day")


@dataclass(frozen=True, slots=True)
class Pause:
    """暂停 (from, to]: the first day still counts, the last does not; without `to_on` it is still open."""

    from_on: date
    to_on: date | None
    stops_statutory: bool
    kind: str = ""

    def stops(self, *, statutory: bool) -> bool:
        return self.stops_statutory or not statutory

    def holds_on(self, day: date) -> bool:
        return self.from_on < day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Extension:
    """延期 (行政许可法 42): `amount` more of the same unit, if approved in time."""

    amount: int
    approved_on: date


class Reckoning(NamedTuple):
    """What a term comes to: a due date, or none because it is paused, or only a provisional one.

    `term` is the one in force, extended where the extension is valid; `at` the end of a half day. A tuple,
    because recomputing a hall makes a hundred thousand of them.
    """

    due: Due | None
    is_paused: bool = False
    at: datetime | None = None
    term: Term | None = None
    extension_valid: bool | None = None


def stops_statutory(kind: str) -> bool:
    return kind in ART_45_KINDS
