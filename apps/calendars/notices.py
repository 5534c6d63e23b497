"""放假安排通知: the yearly notices that come with the product, readable without a database."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from .workdays import Special, WorkCalendar

CARRIED = Path(__file__).parent / "fixtures" / "notices.json"
PUBLISHED = "published"
FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's arrangement and where it was read; a forecast has no day of publication."""

    year: int
    state: str
    source: str
    url: str
    published_on: date | None
    days: tuple[Special, ...]


@cache
def carried() -> tuple[Notice, ...]:
    """The notices in the fixture, by year."""
    return tuple(_notice(entry) for entry in json.loads(CARRIED.read_text(encoding="utf-8")))


def calendar_of(notices: Iterable[Notice]) -> WorkCalendar:
    notices = tuple(notices)
    return WorkCalendar(
        published=frozenset(notice.year for notice in notices if notice.state == PUBLISHED),
        forecast=frozenset(notice.year for notice in notices if notice.state == FORECAST),
        specials=frozenset(day for notice in notices for day in notice.days),
    )


def _notice(entry: dict) -> Notice:
    off = [
        Special(first + timedelta(days=n), False, name)
        for name, first, last in (
            (name, date.fromisoformat(first), date.fromisoformat(last)) for name, first, last in entry["off"]
        )
        for n in range((last - first).days + 1)
    ]
    worked = [Special(date.fromisoformat(day), True, name) for name, day in entry["worked"]]
    published_on = entry["published_on"] and date.fromisoformat(entry["published_on"])
    return Notice(
        entry["year"],
        entry["state"],
        entry["source"],
        entry["url"],
        published_on,
        tuple(sorted(off + worked)),
    )
