"""时限 by the plainest means: one day after the other, on a calendar from another source. Slow, and meant to be.

It shares no line with the product, so that both can be wrong only in the same way by chance. Years to 2026 are known,
2027 has its statutory days only, as in `tests/calendars/oracle.py`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import chinese_calendar
from hypothesis import strategies as st

from tests.calendars.oracle import LAST, STATUTORY_2027

DAY = timedelta(days=1)
FIRST = date(2007, 1, 1)
ART_45 = {"听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"}

WORKED = {day for n in range((LAST - FIRST).days + 1) if chinese_calendar.is_workday(day := FIRST + n * DAY)}


def works(day: date) -> bool:
    return day in WORKED if day <= LAST else day.weekday() < 5 and day not in STATUTORY_2027


@dataclass
class Asked:
    start: date
    amount: int
    unit: str = "workday"
    at: datetime | None = None
    pauses: list[tuple[date, date | None, str]] = field(default_factory=list)
    clock: str = "committed"
    extension: tuple[int, date] | None = None
    closed: set[date] = field(default_factory=set)
    today: date | None = None

    def stopping(self):
        return [pause for pause in self.pauses if self.clock == "committed" or pause[2] in ART_45]

    def paused(self, day):
        return any(day > a and (b is None or day <= b) for a, b, _ in self.stopping())

    def open_from(self):
        return min((a for a, b, _ in self.stopping() if b is None), default=None)

    def open_day(self, day):
        return works(day) and day not in self.closed

    def counts(self, day):
        """Whether a day counts by the unit of the term."""
        return not self.paused(day) and (self.unit == "calendar_day" or self.open_day(day))

    # -- the last day

    def due(self, amount):
        """(due or None, whether it looked at a year that is not known), or None while a pause is open."""
        if self.unit == "half_day":
            return self._half_days(amount)
        day, left, guessed = self.start, amount, False
        while left:
            day += DAY
            if self._stopped_for_good(day):
                return None
            if self.counts(day):
                left -= 1
            guessed |= self.unit == "workday" and not self.paused(day) and day > LAST
        if self._stopped_for_good(day):
            return None
        if self.unit == "calendar_day" or amount == 0:
            guessed |= day > LAST
            while not self.open_day(day):
                day += DAY
                guessed |= day > LAST
        return day, guessed

    def _half_days(self, halves):
        day, guessed = self.at.date(), False
        is_afternoon = self.at.hour >= 12
        if not self.counts(day):
            is_afternoon, halves = False, max(halves - 1, 0)
            while not self.counts(day):
                if self._stopped_for_good(day):
                    return None
                guessed |= day > LAST and not self.paused(day)
                day += DAY
        for _ in range(halves):
            if is_afternoon:
                day += DAY
                while not self.counts(day):
                    if self._stopped_for_good(day):
                        return None
                    guessed |= day > LAST and not self.paused(day)
                    day += DAY
            is_afternoon = not is_afternoon
        if self._stopped_for_good(day):
            return None
        self.half = "17:00:00" if is_afternoon else "12:00:00"
        return day, guessed or day > LAST

    def _stopped_for_good(self, day):
        return self.open_from() is not None and day > self.open_from()

    # -- the answer

    def answer(self) -> dict:
        self.half = None
        amount, valid, due = self.amount, None, self.due(self.amount)
        if self.extension:
            more, approved = self.extension
            valid = due is None or approved <= due[0]
            if valid:
                amount += more
                due = self.due(amount)
            else:
                due = self.due(amount)
        day, guessed = due or (None, False)
        on = None if guessed else day
        last = day or self.today
        return {
            "due_on": iso(on),
            "due_at": f"{on}T{self.half}+08:00" if on and self.unit == "half_day" else None,
            "error": "CALENDAR_MISSING" if guessed else None,
            "provisional_on": iso(day) if guessed else None,
            "elapsed": self._used(self.today),
            "remaining": None if self.today is None else max(0, amount - self._used(self.today)),
            "paused": self.paused(self.today) if self.today else self.open_from() is not None,
            "yellow_from": None if guessed or self.unit == "half_day" else iso(self._yellow(amount, on)),
            "red_from": None if on is None or self.unit == "half_day" else iso(on + DAY),
            "extension_valid": valid,
            "overdue_workdays": self._late(on),
            "days": self._days(last, amount),
        }

    def _used(self, today):
        return None if today is None else sum(self.counts(day) for day in after(self.start, today))

    def _yellow(self, amount, on):
        day, used = self.start, 0
        while not (amount - used <= 1 or used * 10 >= amount * 9):
            day += DAY
            if self._stopped_for_good(day):
                return None
            used += self.counts(day)
        is_guess = self.unit == "workday" and used and day > LAST
        return None if is_guess or self._stopped_for_good(day) else day

    def _late(self, on):
        if self.today is None:
            return None
        return sum(self.open_day(day) for day in after(on, self.today)) if on else 0

    def _days(self, last, amount):
        left, days = amount, []
        for day in after(self.start, last) if last else ():
            counts = self.counts(day) and (left > 0 or self.unit == "half_day")
            left -= counts
            days.append((iso(day), counts))
        return days


def after(first: date, last: date):
    return [first + n * DAY for n in range(1, (last - first).days + 1)]


def iso(day):
    return day and day.isoformat()


@st.composite
def pauses_near(draw, start, most=4, may_be_open=False):
    found = []
    for _ in range(draw(st.integers(0, most))):
        from_on = start + draw(st.integers(-10, 60)) * DAY
        is_open = may_be_open and draw(st.integers(0, 3)) == 0
        to_on = None if is_open else from_on + draw(st.integers(0, 30)) * DAY
        found.append((from_on, to_on, draw(st.sampled_from(["检验", "专家评审", "现场踏勘", "公示"]))))
    return found
