"""放假安排通知: the yearly notices that come with the product, readable without a database.

`notices.json` holds the years that a hall works with and loads into its database. `history.json` holds the years
before, for whoever checks an old date: it was put together from the package `holidays` 0.109 (MIT), whose sources
are the notices named in it, and agrees with `chinesecalendar` on every day.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from .workdays import Special, WorkCalendar

CARRIED = Path(__file__).parent / "fixtures" / "notices.json"
HISTORY = CARRIED.with_name("history.json")
PUBLISHED = "published"
FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's arrangement and where it was read; forecasts and history have no day of publication."""

    year: int
    state: str
    source: str
    url: str
    published_on: date | None
    days: tuple[Special, ...]


@cache
def carried() -> tuple[Notice, ...]:
    """The notices that a hall loads, by year."""
    return _read(CARRIED)


@cache
def history() -> tuple[Notice, ...]:
    """The notices of 2007 to the year before the carried ones; no hall loads them."""
    return _read(HISTORY)


@cache
def built_in() -> WorkCalendar:
    """Every year that comes with the product, as one calendar."""
    return calendar_of(history() + carried())


def calendar_of(notices: Iterable[Notice]) -> WorkCalendar:
    notices = tuple(notices)
    return WorkCalendar(
        published=frozenset(notice.year for notice in notices if notice.state == PUBLISHED),
        forecast=frozenset(notice.year for notice in notices if notice.state == FORECAST),
        specials=frozenset(day for notice in notices for day in notice.days),
    )


def _read(path: Path) -> tuple[Notice, ...]:
    return tuple(_notice(entry) for entry in json.loads(path.read_text(encoding="utf-8")))


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
