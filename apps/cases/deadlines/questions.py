"""One line of JSON, read strictly: a date that is wrong because of a misread word is worse than none."""

from dataclasses import dataclass
from datetime import date, datetime

from ..terms import Extension, Pause, Term
from .reading import (
    amount_of,
    bad,
    day_of,
    list_of,
    moment,
    object_of,
    optional_day,
    part_of,
    pauses_of,
    shown,
    unknown,
)  # fmt: skip

UNITS = ("workday", "calendar_day", "half_day")
DIRECTIONS = ("after", "before")
CLOCKS = ("committed", "statutory")
KEYS = frozenset(
    ["start", "amount", "unit", "direction", "pauses", "clock", "extension", "closed_days"]
    + ["calendar_years", "today"]
)
EXTENSION_KEYS = frozenset(["amount", "approved_on"])


@dataclass(slots=True)
class Question:
    start: date
    started_at: datetime | None
    term: Term
    is_backward: bool
    pauses: tuple[Pause, ...]
    statutory: bool
    extension: Extension | None
    closed_days: frozenset[date]
    years: frozenset[int] | None
    today: date | None


def read(line: bytes) -> Question:
    """The question of one line, or `Refused`. An optional key that is null counts as not given."""
    facts = object_of(line, "start、amount 和 unit")
    if not KEYS.issuperset(facts):
        raise unknown(facts, KEYS, "")
    start, started_at = _start(facts.get("start"))
    amount = amount_of(facts.get("amount"), "amount")
    unit = _word(facts, "unit", UNITS)
    is_backward = _word(facts, "direction", DIRECTIONS) == "before"
    if unit == "half_day" and started_at is None:
        raise bad("按半天计算要知道几点开始，start 请写成带时区的时刻，例如 2025-06-06T10:20:00+08:00。")
    question = Question(
        start=start,
        started_at=started_at,
        term=Term(amount, unit),
        is_backward=is_backward,
        pauses=pauses_of(facts.get("pauses")),
        statutory=_word(facts, "clock", CLOCKS) == "statutory",
        extension=_extension(facts.get("extension")),
        closed_days=_closed_days(facts.get("closed_days")),
        years=_years(facts.get("calendar_years")),
        today=optional_day(facts.get("today"), "today"),
    )
    if is_backward:
        _check_backward(question)
    return question


def _start(value: object) -> tuple[date, datetime | None]:
    if value is None:
        raise bad("缺少 start，请写明从哪一天（或哪个时刻）起算，例如 2025-09-22。")
    return moment(value, "start")


def _word(facts: dict, name: str, words: tuple[str, ...]) -> str:
    value = facts.get(name)
    if value is None:
        return words[0]
    if type(value) is str and value in words:
        return value
    raise bad(f"{name} 只能是 {'、'.join(words)}，现在是 {shown(value)}。")


def _extension(value: object) -> Extension | None:
    if value is None:
        return None
    facts = part_of(value, "extension", EXTENSION_KEYS, "amount 和 approved_on")
    return Extension(
        amount_of(facts.get("amount"), "extension 的 amount"),
        day_of(facts.get("approved_on"), "extension 的 approved_on"),
    )


def _closed_days(value: object) -> frozenset[date]:
    if value is None:
        return frozenset()
    return frozenset(day_of(each, "closed_days") for each in list_of(value, "closed_days"))


def _years(value: object) -> frozenset[int] | None:
    if value is None:
        return None
    years = list_of(value, "calendar_years")
    for year in years:
        if type(year) is not int:
            raise bad(f"calendar_years 里要写年份，例如 [2024, 2025]，现在有 {shown(year)}。")
    return frozenset(years)


def _check_backward(question: Question) -> None:
    if question.pauses:
        raise bad("倒算（before）的期限没有暂停，请去掉 pauses，或把 direction 改成 after。")
    if question.extension is not None:
        raise bad("倒算（before）的期限不能延长，请去掉 extension，或把 direction 改成 after。")
    if question.term.unit == "half_day":
        raise bad("半天不能倒算，请把 unit 改成 workday 或 calendar_day。")
