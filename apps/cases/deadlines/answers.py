"""The answer to one line: every date of the question, and every day with its reason."""

import json
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate

from apps.calendars.workdays import Due, WorkCalendar

from ..terms import (
    Reckoning,
    backwards,
    elapsed,
    explain,
    is_paused_on,
    overdue_workdays,
    reckon,
    red_from,
    remaining,
    yellow_from,
)
from .questions import Question, read
from .reading import Refused

LONGEST_STRIP = 36_600  # days: a term of a million gets its date, but no list of that length
COMMA = b", "
YEARS_HELD = 400
CALENDARS_HELD = 64


class Answers:
    """What a calendar answers. Lines do not depend on each other; only the days of a year are kept ready."""

    def __init__(self, calendar: WorkCalendar):
        self.calendar = calendar
        self._days: dict[int, tuple[bytes, list[int]]] = {}
        self._limited = lru_cache(maxsize=CALENDARS_HELD)(calendar.limited_to)

    def answer(self, line: bytes) -> bytes:
        """One line of JSON in UTF-8, without its end."""
        try:
            question = read(line)
        except Refused as refusal:
            bad = {"error": refusal.error, "message": str(refusal)}
            return json.dumps(bad, ensure_ascii=False).encode("utf-8", "backslashreplace")
        calendar = self.calendar if question.years is None else self._limited(question.years)
        reckoning = _backward(calendar, question) if question.is_backward else _forward(calendar, question)
        head = _head(calendar, question, reckoning)
        return b'%b, "days": [%b]}' % (head.encode(), self._strip(calendar, question, reckoning))

    def _strip(self, calendar: WorkCalendar, question: Question, reckoning: Reckoning) -> bytes:
        """Every date from start + 1 to the due day, else to the provisional one or to today."""
        last = (reckoning.due and reckoning.due.likely_on) or question.today
        if last is None or last <= question.start:
            return b""
        if (last - question.start).days > LONGEST_STRIP:
            last = question.start + timedelta(days=LONGEST_STRIP)
        is_plain = (
            question.years is None
            and question.term.unit == "workday"
            and question.term.amount > 0
            and not (question.pauses or question.closed_days or question.extension)
        )
        if is_plain:
            return self._ready(question.start, last)
        notes = explain(
            calendar,
            question.start,
            question.term,
            last,
            pauses=question.pauses,
            statutory=question.statutory,
            closed_days=question.closed_days,
            extension=question.extension if reckoning.extension_valid else None,
        )
        return b", ".join(_note(note.date, note.counts, note.why) for note in notes)

    def _ready(self, start: date, last: date) -> bytes:
        """The days of (start, last] as they are without pauses, cut from the years that are written already."""
        text, ends, before = self._year(start.year)
        begin = ends[start.toordinal() - before]
        if start.year == last.year:
            return text[begin : ends[last.toordinal() - before] - len(COMMA)]
        parts = [text[begin:]]
        parts += [self._year(year)[0] for year in range(start.year + 1, last.year)]
        text, ends, before = self._year(last.year)
        parts.append(text[: ends[last.toordinal() - before] - len(COMMA)])
        return b"".join(parts)

    def _year(self, year: int) -> tuple[bytes, list[int], int]:
        """All days of a year in one text, each with a comma; where each ends; the number of the day before."""
        held = self._days.get(year)
        if held is None:
            if len(self._days) >= YEARS_HELD:
                self._days.clear()
            before = date(year, 1, 1).toordinal() - 1
            days = map(date.fromordinal, range(before + 1, date(year, 12, 31).toordinal() + 1))
            calendar = self.calendar
            parts = [_note(day, calendar.is_workday(day), calendar.why(day)) + COMMA for day in days]
            ends = [0, *accumulate(map(len, parts))]
            held = self._days[year] = b"".join(parts), ends, before
        return held


def _forward(calendar: WorkCalendar, question: Question) -> Reckoning:
    return reckon(
        calendar,
        question.start,
        question.term,
        pauses=question.pauses,
        statutory=question.statutory,
        closed_days=question.closed_days,
        started_at=question.started_at,
        extension=question.extension,
    )


def _backward(calendar: WorkCalendar, question: Question) -> Reckoning:
    due = backwards(calendar, question.start, question.term, closed_days=question.closed_days)
    return Reckoning(due, term=question.term)


def _head(calendar: WorkCalendar, question: Question, reckoning: Reckoning) -> str:
    due = reckoning.due or Due(None)
    used, left, late = _standing(calendar, question, reckoning, due.on)
    has_cards = not question.is_backward and question.term.unit != "half_day"
    red = red_from(due.on) if has_cards and due.on is not None else None
    paused = bool(question.pauses) and is_paused_on(
        question.pauses, question.today, statutory=question.statutory
    )
    error = "null" if due.error is None else _text(due.error)
    return (
        f'{{"due_on": {_date(due.on)}, "due_at": {_date(reckoning.at)}, '
        f'"error": {error}, "provisional_on": {_date(due.provisional_on)}, '
        f'"elapsed": {_number(used)}, "remaining": {_number(left)}, "paused": {_truth(paused)}, '
        f'"yellow_from": {_date(_yellow(calendar, question, reckoning))}, "red_from": {_date(red)}, '
        f'"extension_valid": {_truth(reckoning.extension_valid)}, "overdue_workdays": {_number(late)}'
    )


def _standing(calendar: WorkCalendar, question: Question, reckoning: Reckoning, due_on: date | None) -> tuple:
    today = question.today
    if today is None:
        return None, None, None
    used = elapsed(
        calendar,
        question.start,
        question.term,
        today,
        pauses=question.pauses,
        statutory=question.statutory,
        closed_days=question.closed_days,
    )
    late = 0  # nothing is late without a date
    if due_on is not None and today > due_on:
        late = overdue_workdays(calendar, due_on, today, closed_days=question.closed_days)
    return used, remaining(question.start, reckoning.term, used), late


def _yellow(calendar: WorkCalendar, question: Question, reckoning: Reckoning) -> date | None:
    """A card waits for the year to be published, but one that was reached before the pause stays."""
    if question.is_backward or (reckoning.due is not None and reckoning.due.on is None):
        return None
    return yellow_from(
        calendar,
        question.start,
        reckoning.term,
        pauses=question.pauses,
        closed_days=question.closed_days,
        statutory=question.statutory,
    )


def _note(day: date, counts: bool, why: str) -> bytes:
    text = f'{{"date": "{day.isoformat()}", "counts": {_truth(counts)}, "why": {_text(why)}}}'
    return text.encode("utf-8", "backslashreplace")


def _date(value: date | None) -> str:
    return "null" if value is None else f'"{value.isoformat()}"'


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


def _truth(value: bool | None) -> str:
    return "null" if value is None else "true" if value else "false"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
