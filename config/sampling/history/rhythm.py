"""大厅的一天: when people come, when staff act. Pure: the calendar comes in, no clock is read."""

import random
from datetime import date, datetime, time, timedelta
from functools import cache

from apps.calendars.workdays import SHANGHAI, WorkCalendar

DAY = timedelta(days=1)
OPENS, NOON, AFTER_NOON, CLOSES = time(9), time(12), time(13, 30), time(17)
_AT_THE_COUNTER = {  # minutes past midnight of each half hour → how many come: ten and three o'clock are the peaks
    540: 6, 570: 11, 600: 14, 630: 11, 660: 7, 690: 3, 810: 5, 840: 9, 870: 12, 900: 12, 930: 8, 960: 4,
}  # fmt: skip
_ONLINE = {
    480: 2, 510: 4, 540: 6, 570: 8, 600: 9, 630: 8, 660: 6, 690: 4, 720: 3, 750: 3, 780: 3, 810: 4, 840: 6, 870: 8,
    900: 8, 930: 7, 960: 5, 990: 3, 1020: 2, 1080: 2, 1140: 4, 1170: 5, 1200: 7, 1230: 7, 1260: 5, 1290: 4, 1320: 2,
}  # fmt: skip
_BY_WEEKDAY = (1.22, 1.08, 1.0, 1.0, 0.88, 1.1, 1.1)  # a make-up Saturday or Sunday is a full day
AFTER_DAYS_OFF = 1.2
ONLINE_ON_A_DAY_OFF = 0.3


class Rhythm:
    """Hall hours over a working calendar; provisional where a year is not published."""

    def __init__(self, calendar: WorkCalendar):
        self.calendar = calendar

    # -- days

    def is_open(self, day: date) -> bool:
        return self.calendar.is_workday(day)

    def weight(self, day: date, *, online: bool) -> float:
        """How much of the traffic falls on a day, against a plain Wednesday."""
        if not self.is_open(day):
            return ONLINE_ON_A_DAY_OFF if online else 0.0
        return _BY_WEEKDAY[day.weekday()] * (1.0 if self.is_open(day - DAY) else AFTER_DAYS_OFF)

    def workday_after(self, day: date, days: int) -> date:
        """The N-th working day after; no days: the day itself, or the next one that is worked."""
        return self.calendar.add(day, days).likely_on

    def workday_before(self, day: date, days: int) -> date:
        """The N-th working day before; no days: the day itself, or the last one that was worked."""
        return self.calendar.before(day, days).likely_on

    # -- moments

    def at_the_counter(self, chance: random.Random, day: date) -> datetime:
        return _moment(chance, day, *_spread(False))

    def online(self, chance: random.Random, day: date) -> datetime:
        return _moment(chance, day, *_spread(True))

    def next_open(self, at: datetime) -> datetime:
        """The moment itself in hall hours, else the next time the hall opens."""
        local = at.astimezone(SHANGHAI)
        day, clock = local.date(), local.time()
        if not self.is_open(day) or clock >= CLOSES:
            return _on(self.workday_after(day, 1), OPENS)
        if clock < OPENS:
            return _on(day, OPENS)
        return _on(day, AFTER_NOON) if NOON <= clock < AFTER_NOON else local

    def later(self, at: datetime, minutes: float) -> datetime:
        """So many minutes of hall time later, over noon, the night and days off."""
        local, left = self.next_open(at), timedelta(minutes=minutes)
        while True:
            until = _on(local.date(), NOON if local.time() < NOON else CLOSES)
            if local + left < until:
                return local + left
            left -= until - local
            local = self.next_open(until)


def _on(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=SHANGHAI)


@cache
def _spread(online: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    shape = _ONLINE if online else _AT_THE_COUNTER
    return tuple(shape), tuple(shape.values())


def _moment(chance: random.Random, day: date, starts, weights) -> datetime:
    minute = chance.choices(starts, weights)[0] + chance.random() * 30
    return _on(day, time(0)) + timedelta(minutes=minute)


def next_quarter(at: datetime) -> datetime:
    """The next quarter of an hour at which the clock checks run, not before this moment."""
    local = at.astimezone(SHANGHAI)
    whole = local.replace(minute=local.minute - local.minute % 15, second=0, microsecond=0)
    return whole if whole == local else whole + timedelta(minutes=15)


def morning_of(day: date) -> datetime:
    """The first check of a day."""
    return _on(day, time(0))
