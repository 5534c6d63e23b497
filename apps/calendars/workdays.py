"""工作日推算: from one date to another by the working-day calendar. Pure: no database, no clock.

Rules: the starting day is day 0 and is not counted (民法典 201). A counted day is a working day of the State
Council's yearly notice: make-up weekends (调休上班) count, swapped weekdays do not (行政许可法 82). A date
that needs a year whose notice is not out yet is never promised: it comes back as a provisional one (暂估).
"""

from bisect import bisect_left
from calendar import isleap, monthrange
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR_MISSING = "CALENDAR_MISSING"

NO_CLOSURES: frozenset[date] = frozenset()
DAY = timedelta(days=1)
SATURDAY = 5
MOST_A_YEAR = 262  # working days of a year without holidays
YEARS_HELD = 200  # tables kept per set of closures; a licence "valid until 9999" must not fill the memory
CLOSURES_HELD = 256  # sets of closures kept per calendar, about one per hall that closed lately


@dataclass(frozen=True, slots=True, order=True)
class Special:
    """特殊日: a day off, or a weekend worked (调休上班). A make-up day names the holiday it pays for."""

    date: date
    is_workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """期限: a date to promise, or (with an error) only a provisional one to sort and to remind by."""

    on: date | None
    provisional_on: date | None = None
    error: str | None = None

    @property
    def likely_on(self) -> date:
        return self.on or self.provisional_on


@dataclass(frozen=True, slots=True)
class DueAt:
    """期限到时: like `Due`, for terms in half days; the instants are aware, in Shanghai time."""

    at: datetime | None
    provisional_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class DayNote:
    """One day of the strip that shows where a date comes from."""

    date: date
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class HallHours:
    """办公时间 as far as half-day terms need it: when each half ends."""

    morning_ends: time = time(12, 0)
    afternoon_ends: time = time(17, 0)


@dataclass(frozen=True)
class WorkCalendar:
    """工作日历. Published years carry the official arrangement; forecast years are our own estimate of it.

    `closed_days` of every question are the days on which one hall is shut *and* has declared that its terms
    stand still meanwhile; they count as days off, for rolling too.
    """

    published: frozenset[int]
    forecast: frozenset[int]
    specials: frozenset[Special]
    _special: dict[date, Special] = field(init=False, repr=False, compare=False)
    _open: "_Years" = field(init=False, repr=False, compare=False)
    _closed: dict[frozenset[date], "_Years"] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "_special", {special.date: special for special in self.specials})
        object.__setattr__(self, "_open", _Years(self, NO_CLOSURES))
        object.__setattr__(self, "_closed", {})

    # -- asking about one day

    def covers(self, day: date) -> bool:
        """Whether the official arrangement of the day's year is known."""
        return day.year in self.published

    def is_workday(self, day: date, *, closed_days: Collection[date] = NO_CLOSURES) -> bool:
        return self._works(day) and day not in closed_days

    def why(self, day: date, *, closed_days: Collection[date] = NO_CLOSURES) -> str:
        """工作日, 周末, 国庆节放假, 国庆节调休上班 or 中心停办; with 暂估 where it is a guess."""
        if day in closed_days and self._works(day):
            return "中心停办"
        special = self._special.get(day)
        festival = self._guessed_festival(day)
        if special:
            words = f"{special.name}调休上班" if special.is_workday else f"{special.name}放假"
        elif festival:
            words = f"{festival}放假"
        else:
            words = "周末" if day.weekday() >= SATURDAY else "工作日"
        return words if self.covers(day) else f"{words}（暂估）"

    # -- reckoning forwards

    def add(self, start: date, days: int, *, closed_days: Collection[date] = NO_CLOSURES) -> Due:
        """The last day of a term of `days` working days. No days: the start, or the next working day."""
        if days < 1:
            _refuse_negative(days)
            return self.on_or_after(start, closed_days=closed_days)
        return _forward(self._years(closed_days), start, 1, days)

    def add_calendar_days(
        self, start: date, days: int, *, closed_days: Collection[date] = NO_CLOSURES
    ) -> Due:
        """自然日: plain days, the last of them rolled forward to a working day (民法典 203)."""
        _refuse_negative(days)
        return self.on_or_after(start + timedelta(days=days), closed_days=closed_days)

    def add_months(self, start: date, months: int, *, closed_days: Collection[date] = NO_CLOSURES) -> Due:
        """月: the same day some months on, else the month's last (民法典 202), rolled forward."""
        return self.on_or_after(months_after(start, months), closed_days=closed_days)

    def on_or_after(self, day: date, *, closed_days: Collection[date] = NO_CLOSURES) -> Due:
        """顺延: the day itself when it is worked, else the next day that is."""
        return _forward(self._years(closed_days), day, 0, 1)

    def add_half_days(
        self,
        at: datetime,
        halves: int,
        *,
        closed_days: Collection[date] = NO_CLOSURES,
        hours: HallHours = HallHours(),
    ) -> DueAt:
        """半日: the end of the N-th half after the one in which `at` lies; 12:00 sharp is afternoon.

        From a day off the first half is the next working morning. No halves: the end of the running half.
        """
        _refuse_negative(halves)
        if at.tzinfo is None:
            raise ValueError("起算时刻缺少时区。")
        local = at.astimezone(SHANGHAI)
        day = local.date()
        half = max(halves - 1, 0)  # counted from the morning of the first working day from here on
        if self.is_workday(day, closed_days=closed_days):
            half = halves + (local.time() >= hours.morning_ends)
        due = _forward(self._years(closed_days), day, 0, half // 2 + 1)
        ends = hours.afternoon_ends if half % 2 else hours.morning_ends
        instant = datetime.combine(due.likely_on, ends, tzinfo=SHANGHAI)
        return DueAt(instant) if due.on else DueAt(None, instant, due.error)

    # -- reckoning backwards

    def before(self, expiry: date, days: int, *, closed_days: Collection[date] = NO_CLOSURES) -> Due:
        """倒算: the N-th working day strictly before (行政许可法 48, 50). No days: the last one not after."""
        if days < 1:
            _refuse_negative(days)
            return self.on_or_before(expiry, closed_days=closed_days)
        return _backward(self._years(closed_days), expiry, 1, days)

    def on_or_before(self, day: date, *, closed_days: Collection[date] = NO_CLOSURES) -> Due:
        """The day itself when it is worked, else the working day before it."""
        return _backward(self._years(closed_days), day, 0, 1)

    # -- measuring

    def count(self, after: date, until: date, *, closed_days: Collection[date] = NO_CLOSURES) -> int:
        """Working days in (after, until]; in years not published, by the provisional calendar."""
        if until <= after:
            return 0
        years = self._years(closed_days)
        first, last = years[after.year], years[until.year]
        counted = last.counted_to(until) - first.counted_to(after)
        return counted + sum(map(years.workdays_of, range(after.year, until.year)))

    def covers_all(self, after: date, until: date) -> bool:
        """Whether the official arrangement of every date in (after, until] is known."""
        if until <= after:
            return True
        years = range((after + DAY).year, until.year + 1)
        return len(years) <= len(self.published) and self.published.issuperset(years)

    def limited_to(self, years: Collection[int]) -> "WorkCalendar":
        """The calendar as if of the published years only these were published; forecasts stay."""
        published = self.published.intersection(years)
        known = published | self.forecast
        specials = frozenset(special for special in self.specials if special.date.year in known)
        return WorkCalendar(published, self.forecast, specials)

    def explain(
        self, start: date, end: date, *, closed_days: Collection[date] = NO_CLOSURES
    ) -> list[DayNote]:
        """这个日期怎么来的: every date of (start, end], whether it counts and why."""
        days = (date.fromordinal(n) for n in range(start.toordinal() + 1, end.toordinal() + 1))
        return [
            DayNote(
                day, self.is_workday(day, closed_days=closed_days), self.why(day, closed_days=closed_days)
            )
            for day in days
        ]

    # -- inside

    def _works(self, day: date) -> bool:
        special = self._special.get(day)
        if special:
            return special.is_workday
        return day.weekday() < SATURDAY and not self._guessed_festival(day)

    def _guessed_festival(self, day: date) -> str | None:
        """Of a year that nobody has arranged or forecast, only festivals tied to the sun are known."""
        if day.year in self.published or day.year in self.forecast:
            return None
        return FIXED_FESTIVALS.get((day.month, day.day)) or ("清明节" if day == _qingming(day.year) else None)

    def _years(self, closed_days: Collection[date]) -> "_Years":
        if not closed_days:
            return self._open
        closed_days = frozenset(closed_days)
        years = self._closed.get(closed_days)
        if years is None:
            if len(self._closed) >= CLOSURES_HELD:
                self._closed.clear()
            years = self._closed[closed_days] = _Years(self, closed_days)
        return years


FIXED_FESTIVALS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}


class _Year:
    """One year laid out for look-up: its working days, a ready answer for each, and a running count."""

    __slots__ = ("first", "length", "published", "days", "dues", "counted")

    def __init__(self, calendar: WorkCalendar, closed_days: frozenset[date], year: int):
        self.first = date(year, 1, 1).toordinal()
        self.length = 366 if isleap(year) else 365
        self.published = year in calendar.published
        self.days = [
            day
            for day in map(date.fromordinal, range(self.first, self.first + self.length))
            if calendar.is_workday(day, closed_days=closed_days)
        ]
        self.dues = [
            Due(day) if self.published else Due(None, day, CALENDAR_MISSING) for day in self.days
        ]  # answers are shared: they cannot be changed
        ordinals = [day.toordinal() for day in self.days]
        # counted[k]: working days among the first k days of the year
        self.counted = [bisect_left(ordinals, self.first + k) for k in range(self.length + 1)]

    def counted_to(self, day: date) -> int:
        return self.counted[day.toordinal() - self.first + 1]


class _Years(dict):
    """Tables of years under one set of closures, made when first asked for."""

    def __init__(self, calendar: WorkCalendar, closed_days: frozenset[date]):
        super().__init__()
        self.calendar = calendar
        self.closed_days = closed_days
        self.particular = calendar.published | calendar.forecast  # years unlike any other of their shape
        self.particular |= {special.date.year for special in calendar.specials}
        self.particular |= {day.year for day in closed_days}
        self.sizes: dict[object, int] = {}

    def workdays_of(self, year: int) -> int:
        """How many, without a table for each year that nobody arranged: those of one shape are alike."""
        if year in self:
            return len(self[year].days)
        qingming = _qingming(year)
        shape = (isleap(year), date(year, 1, 1).weekday(), qingming and qingming.weekday())
        key = year if year in self.particular else shape
        if key not in self.sizes:
            self.sizes[key] = len(self[year].days)
        return self.sizes[key]

    def __missing__(self, year: int) -> _Year:
        _refuse_beyond(year)
        if len(self) >= YEARS_HELD:
            self.clear()
        table = self[year] = _Year(self.calendar, self.closed_days, year)
        return table


def _forward(years: _Years, day: date, skip: int, number: int) -> Due:
    """The N-th working day from `day` + skip on; provisional if a year it looked at is missing."""
    year = day.year
    table = years[year]
    passed = day.toordinal() + skip - table.first  # dates of this year that are over before the count
    guessed = not table.published and passed < table.length
    number += table.counted[passed]
    if number > MOST_A_YEAR * (MAXYEAR - year + 1):
        _refuse_beyond(MAXYEAR + 1)
    size = len(table.days)
    while number > size:
        number -= size
        year += 1
        _refuse_beyond(year)
        size = years.workdays_of(year)
        guessed = guessed or year not in years.calendar.published
    return _answer(years[year].dues[number - 1], guessed)


def _backward(years: _Years, day: date, skip: int, number: int) -> Due:
    """The N-th working day among the dates up to `day` - skip, looking back."""
    year = day.year
    table = years[year]
    left = day.toordinal() - skip - table.first + 1  # dates of this year that may count
    guessed = not table.published and left > 0
    number = table.counted[left] - number
    if -number > MOST_A_YEAR * (year - MINYEAR):
        _refuse_beyond(MINYEAR - 1)
    while number < 0:
        year -= 1
        _refuse_beyond(year)
        number += years.workdays_of(year)
        guessed = guessed or year not in years.calendar.published
    return _answer(years[year].dues[number], guessed)


def _answer(due: Due, guessed: bool) -> Due:
    if guessed and due.on:  # a published year behind a missing one
        return Due(None, due.on, CALENDAR_MISSING)
    return due


def months_after(start: date, months: int) -> date:
    """The same day some months on, else the month's last; not rolled."""
    _refuse_negative(months)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    _refuse_beyond(year)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _qingming(year: int) -> date | None:
    """清明: the solar term by the customary formula, which holds for 2000-2099."""
    if not 2000 <= year <= 2099:
        return None
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def _refuse_negative(amount: int) -> None:
    if amount < 0:
        raise ValueError("期限不能为负数。")


def _refuse_beyond(year: int) -> None:
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("期限超出可计算的年份。")
