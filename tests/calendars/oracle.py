"""The truth about working days, from an independent source, and the plainest way to reckon with it."""

from datetime import date, timedelta

import chinese_calendar

DAY = timedelta(days=1)
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
DATES = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
WORKED = {day for day in DATES if chinese_calendar.is_workday(day)}

# 全国年节及纪念日放假办法: the thirteen statutory days of 2027; nobody knows yet how they will be arranged.
STATUTORY_2027 = {
    date(2027, month, day)
    for month, days in {1: [1], 2: [5, 6, 7, 8], 4: [5], 5: [1, 2], 6: [9], 9: [15], 10: [1, 2, 3]}.items()
    for day in days
}


def works(day: date) -> bool:
    """2023-2026 as arranged; 2027 from Monday to Friday without the statutory days."""
    if day <= LAST:
        return day in WORKED
    return day.weekday() < 5 and day not in STATUTORY_2027


def step(start: date, days: int, *, closed: frozenset[date] = frozenset(), by: timedelta = DAY) -> date:
    day = start
    while days:
        day += by
        days -= works(day) and day not in closed
    return day
