"""One line of JSON, read strictly: a date that is wrong because of a misread word is worse than none."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from apps.calendars.workdays import SHANGHAI

from ..terms import Extension, Pause, Term, stops_statutory

BAD_JSON = "BAD_JSON"
BAD_INPUT = "BAD_INPUT"

UNITS = ("workday", "calendar_day", "half_day")
DIRECTIONS = ("after", "before")
CLOCKS = ("committed", "statutory")
KEYS = frozenset(
    ["start", "amount", "unit", "direction", "pauses", "clock", "extension", "closed_days"]
    + ["calendar_years", "today"]
)
PAUSE_KEYS = frozenset(["from", "to", "kind"])
EXTENSION_KEYS = frozenset(["amount", "approved_on"])
DATE = len("2025-09-22")
MOST_BITS = 4096  # of an amount: more than any date needs, few enough to write sums of them down again
TOO_LONG = "有一个数字长得不像天数，请检查这一行的数字。"


class Refused(Exception):
    """The line cannot be answered; the text is a sentence that says what to do."""

    def __init__(self, error: str, message: str):
        super().__init__(message)
        self.error = error


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
    facts = _object_of(line)
    if not KEYS.issuperset(facts):
        raise _unknown(facts, KEYS, "")
    start, started_at = _start(facts.get("start"))
    amount = _amount(facts.get("amount"), "amount")
    unit = _word(facts, "unit", UNITS)
    is_backward = _word(facts, "direction", DIRECTIONS) == "before"
    if unit == "half_day" and started_at is None:
        raise _bad("按半天计算要知道几点开始，start 请写成带时区的时刻，例如 2025-06-06T10:20:00+08:00。")
    question = Question(
        start=start,
        started_at=started_at,
        term=Term(amount, unit),
        is_backward=is_backward,
        pauses=_pauses(facts.get("pauses")),
        statutory=_word(facts, "clock", CLOCKS) == "statutory",
        extension=_extension(facts.get("extension")),
        closed_days=_closed_days(facts.get("closed_days")),
        years=_years(facts.get("calendar_years")),
        today=_optional_day(facts.get("today"), "today"),
    )
    if is_backward:
        _check_backward(question)
    return question


def _object_of(line: bytes) -> dict:
    try:
        text = line.decode().removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        raise Refused(BAD_JSON, "这一行不是 UTF-8 编码，请把文件另存为 UTF-8 后再试。") from None
    if not text:
        raise Refused(BAD_JSON, "这一行是空的，请删去空行，或写上一个 JSON 对象。")
    try:
        facts = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"第 {error.pos + 1} 个字符处不是合法的 JSON"
        raise Refused(BAD_JSON, f"{where}，请检查引号、逗号和括号；每行写一个完整的对象。") from None
    except RecursionError:
        raise Refused(BAD_JSON, "括号嵌套太深，请把每行写成一个简单的 JSON 对象。") from None
    except ValueError:  # an integer of more digits than Python reads
        raise _bad(TOO_LONG) from None
    if type(facts) is not dict:
        raise _bad("这一行要写成一个 JSON 对象，至少有 start、amount 和 unit。")
    return facts


def _once(pairs: list[tuple[str, object]]) -> dict:
    facts = dict(pairs)
    if len(facts) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _bad(f"{_shown(twice)}写了两次，请只留一个。")
    return facts


def _no_constant(name: str):
    raise Refused(BAD_JSON, f"JSON 里没有 {name} 这样的数，请改写成整数。")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def _start(value: object) -> tuple[date, datetime | None]:
    if value is None:
        raise _bad("缺少 start，请写明从哪一天（或哪个时刻）起算，例如 2025-09-22。")
    return _moment(value, "start")


def _moment(value: object, name: str) -> tuple[date, datetime | None]:
    """A date, or an instant with its offset as the date it has in Shanghai (R14)."""
    if type(value) is str:
        try:
            if len(value) == DATE and value[4] == value[7] == "-":
                return date.fromisoformat(value), None
            if len(value) > DATE and value[4] == value[7] == "-" and value[DATE] in "T ":
                at = datetime.fromisoformat(value)
                if at.tzinfo is None:
                    raise _bad(f"{name} 写了时刻却没有时区，请写成例如 2025-06-06T10:20:00+08:00。")
                return at.astimezone(SHANGHAI).date(), at
        except (ValueError, OverflowError):
            raise _bad(f"{name} 的 {_shown(value)} 不是日历上有的日期，请核对年月日。") from None
    raise _bad(f"{name} 要写成 2025-09-22 这样的日期，现在是 {_shown(value)}。")


def _day(value: object, name: str) -> date:
    if value is None:
        raise _bad(f"缺少 {name}，请写成 2025-09-22 这样的日期。")
    return _moment(value, name)[0]


def _optional_day(value: object, name: str) -> date | None:
    return None if value is None else _moment(value, name)[0]


def _amount(value: object, name: str) -> int:
    if type(value) is int and value >= 0:  # True is no number of days
        if value.bit_length() > MOST_BITS:
            raise _bad(TOO_LONG)
        return value
    if value is None:
        raise _bad(f"缺少 {name}，请写明期限是多少，例如 10。")
    raise _bad(f"{name} 要写成不小于 0 的整数，不加引号和小数点，现在是 {_shown(value)}。")


def _word(facts: dict, name: str, words: tuple[str, ...]) -> str:
    value = facts.get(name)
    if value is None:
        return words[0]
    if type(value) is str and value in words:
        return value
    raise _bad(f"{name} 只能是 {'、'.join(words)}，现在是 {_shown(value)}。")


def _pauses(value: object) -> tuple[Pause, ...]:
    if not value and value in (None, []):
        return ()
    return tuple(_pause(each) for each in _list(value, "pauses"))


def _pause(value: object) -> Pause:
    facts = _part(value, "pauses", PAUSE_KEYS, "from、to 和 kind")
    from_on = _day(facts.get("from"), "暂停的 from")
    to_on = _optional_day(facts.get("to"), "暂停的 to")
    kind = facts.get("kind")
    if type(kind) is not str or not kind.strip():
        raise _bad("每次暂停要用 kind 写明是什么程序，例如 检验。")
    if to_on is not None and to_on < from_on:
        raise _bad(f"暂停到 {to_on} 结束，却从 {from_on} 才开始，请核对 from 和 to。")
    kind = kind.strip()
    return Pause(from_on, to_on, stops_statutory(kind), kind)


def _extension(value: object) -> Extension | None:
    if value is None:
        return None
    facts = _part(value, "extension", EXTENSION_KEYS, "amount 和 approved_on")
    return Extension(
        _amount(facts.get("amount"), "extension 的 amount"),
        _day(facts.get("approved_on"), "extension 的 approved_on"),
    )


def _closed_days(value: object) -> frozenset[date]:
    if value is None:
        return frozenset()
    return frozenset(_day(each, "closed_days") for each in _list(value, "closed_days"))


def _years(value: object) -> frozenset[int] | None:
    if value is None:
        return None
    years = _list(value, "calendar_years")
    for year in years:
        if type(year) is not int:
            raise _bad(f"calendar_years 里要写年份，例如 [2024, 2025]，现在有 {_shown(year)}。")
    return frozenset(years)


def _check_backward(question: Question) -> None:
    if question.pauses:
        raise _bad("倒算（before）的期限没有暂停，请去掉 pauses，或把 direction 改成 after。")
    if question.extension is not None:
        raise _bad("倒算（before）的期限不能延长，请去掉 extension，或把 direction 改成 after。")
    if question.term.unit == "half_day":
        raise _bad("半天不能倒算，请把 unit 改成 workday 或 calendar_day。")


def _list(value: object, name: str) -> list:
    if type(value) is list:
        return value
    raise _bad(f"{name} 要写成方括号里的列表，现在是 {_shown(value)}。")


def _part(value: object, name: str, keys: frozenset[str], words: str) -> dict:
    if type(value) is not dict:
        raise _bad(f"{name} 要用花括号写明 {words}，现在是 {_shown(value)}。")
    if not keys.issuperset(value):
        raise _unknown(value, keys, f"{name} 里")
    return value


def _unknown(facts: dict, keys: frozenset[str], where: str) -> Refused:
    name = next(name for name in facts if name not in keys)
    return _bad(f"{where}不认识 {_shown(name)}，能写的是 {'、'.join(sorted(keys))}。")


def _bad(message: str) -> Refused:
    return Refused(BAD_INPUT, message)


def _shown(value: object) -> str:
    """What was written, short enough for a sentence."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except ValueError:  # an integer of more digits than Python writes
        text = "一个很长的数字"
    return text if len(text) <= 40 else f"{text[:40]}…"
