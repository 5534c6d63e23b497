"""What can be done to the calendar: a year's arrangement is published, or replaced, as a whole."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from .models import CalendarYear, SpecialDay
from .workdays import SATURDAY, Special

State = CalendarYear.State


class NotAllowed(Exception):
    """The arrangement cannot be taken over like this; the text is fit to show."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a publication changed; false when it changed nothing. An altered day is removed and added."""

    year: int
    added: tuple[Special, ...] = ()
    removed: tuple[Special, ...] = ()
    notice_changed: bool = False

    def __bool__(self):
        return bool(self.added or self.removed or self.notice_changed)


@transaction.atomic
def publish(
    year: int,
    days: Iterable[Special],
    *,
    source: str,
    at: datetime,
    published_on: date | None = None,
    url: str = "",
    state: str = State.PUBLISHED,
) -> Changes:
    """公布: load or replace one year. The same arrangement again changes nothing and wakes nobody."""
    days = frozenset(_checked(year, list(days), state))
    notice = {"state": state, "source": source.strip(), "url": url, "published_on": published_on}
    _check_notice(year, notice)
    row, created = CalendarYear.objects.get_or_create(year=year, defaults=notice | {"loaded_at": at})
    row = CalendarYear.objects.select_for_update().get(pk=year)
    if row.is_published and state == State.FORECAST:
        raise NotAllowed(f"{year}年的放假安排已公布，不能改回预测。")
    _check_other_years(year, days)
    before = frozenset(day.special for day in row.days.all())
    changes = Changes(
        year,
        added=tuple(sorted(days - before)),
        removed=tuple(sorted(before - days)),
        notice_changed=created or any(getattr(row, name) != value for name, value in notice.items()),
    )
    if changes:
        _replace(row, changes, notice, at)
    return changes


def _replace(row: CalendarYear, changes: Changes, notice: dict, at: datetime) -> None:
    row.days.filter(date__in=[day.date for day in changes.removed]).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(date=day.date, year=row, is_workday=day.is_workday, name=day.name) for day in changes.added
    )
    for name, value in notice.items():
        setattr(row, name, value)
    row.loaded_at = at
    row.edition = uuid.uuid4()
    row.save(update_fields=[*notice, "loaded_at", "edition"])


def _checked(year: int, days: list[Special], state: str) -> list[Special]:
    for day, times in Counter(day.date for day in days).items():
        if times > 1:
            raise NotAllowed(f"{day}在{year}年的安排中出现了{times}次。")
    for day in days:
        in_december_before = (day.date.year, day.date.month) == (year - 1, 12) and state == State.PUBLISHED
        if day.date.year != year and not in_december_before:
            raise NotAllowed(f"{day.date}不在{year}年。")
        if day.is_workday and day.date.weekday() < SATURDAY:
            raise NotAllowed(f"{day.date}不是周末，不能列为调休上班日。")
        if not day.name.strip():
            raise NotAllowed(f"{day.date}没有写明节日名称。")
    return days


def _check_notice(year: int, notice: dict) -> None:
    if not 1949 <= year <= 2199:
        raise NotAllowed(f"年份{year}不正确。")
    if notice["state"] == State.PUBLISHED and not (notice["source"] and notice["published_on"]):
        raise NotAllowed(f"{year}年的安排须写明通知标题、文号和印发日期。")
    if notice["state"] == State.FORECAST and notice["published_on"]:
        raise NotAllowed(f"{year}年的安排只是预测，不能有印发日期。")


def _check_other_years(year: int, days: frozenset[Special]) -> None:
    taken = SpecialDay.objects.filter(date__in=[day.date for day in days]).exclude(year=year).order_by("date")
    for day in taken:
        raise NotAllowed(f"{day.date}已列在{day.year_id}年的安排中。")
