"""读入: values of one JSON text, read strictly: a date that is wrong because of a misread word is worse than none."""

import json
from datetime import date, datetime

from apps.calendars.workdays import SHANGHAI

from ..terms import Pause, stops_statutory

BAD_JSON = "BAD_JSON"
BAD_INPUT = "BAD_INPUT"

PAUSE_KEYS = frozenset(["from", "to", "kind"])
DATE = len("2025-09-22")
MOST_BITS = 4096  # of an amount: more than any date needs, few enough to write sums of them down again
TOO_LONG = "有一个数字长得不像天数，请检查数字。"


class Refused(Exception):
    """The line cannot be answered; the text is a sentence that says what to do."""

    def __init__(self, error: str, message: str):
        super().__init__(message)
        self.error = error


def object_of(text: bytes, needed: str) -> dict:
    """The one JSON object of a text in UTF-8; no key twice, no number that is none."""
    try:
        text = text.decode().removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        raise Refused(BAD_JSON, "内容不是 UTF-8 编码，请把文件另存为 UTF-8 后再试。") from None
    if not text:
        raise Refused(BAD_JSON, "内容是空的，请写上一个 JSON 对象，多余的空行请删去。")
    try:
        facts = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        where = f"第 {error.pos + 1} 个字符处不是合法的 JSON"
        raise Refused(BAD_JSON, f"{where}，请检查引号、逗号和括号，对象要写完整。") from None
    except RecursionError:
        raise Refused(BAD_JSON, "括号嵌套太深，请写成一个简单的 JSON 对象。") from None
    except ValueError:  # an integer of more digits than Python reads
        raise bad(TOO_LONG) from None
    if type(facts) is not dict:
        raise bad(f"这里要写成一个 JSON 对象，至少有 {needed}。")
    return facts


def _once(pairs: list[tuple[str, object]]) -> dict:
    facts = dict(pairs)
    if len(facts) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise bad(f"{shown(twice)}写了两次，请只留一个。")
    return facts


def _no_constant(name: str):
    raise Refused(BAD_JSON, f"JSON 里没有 {name} 这样的数，请改写成整数。")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)


def moment(value: object, name: str) -> tuple[date, datetime | None]:
    """A date, or an instant with its offset as the date it has in Shanghai (R14)."""
    if type(value) is str:
        try:
            if len(value) == DATE and value[4] == value[7] == "-":
                return date.fromisoformat(value), None
            if len(value) > DATE and value[4] == value[7] == "-" and value[DATE] in "T ":
                at = datetime.fromisoformat(value)
                if at.tzinfo is None:
                    raise bad(f"{name} 写了时刻却没有时区，请写成例如 2025-06-06T10:20:00+08:00。")
                return at.astimezone(SHANGHAI).date(), at
        except (ValueError, OverflowError):
            raise bad(f"{name} 的 {shown(value)} 不是日历上有的日期，请核对年月日。") from None
    raise bad(f"{name} 要写成 2025-09-22 这样的日期，现在是 {shown(value)}。")


def day_of(value: object, name: str) -> date:
    if value is None:
        raise bad(f"缺少 {name}，请写成 2025-09-22 这样的日期。")
    return moment(value, name)[0]


def optional_day(value: object, name: str) -> date | None:
    return None if value is None else moment(value, name)[0]


def amount_of(value: object, name: str) -> int:
    if type(value) is int and value >= 0:  # True is no number of days
        if value.bit_length() > MOST_BITS:
            raise bad(TOO_LONG)
        return value
    if value is None:
        raise bad(f"缺少 {name}，请写明期限是多少，例如 10。")
    raise bad(f"{name} 要写成不小于 0 的整数，不加引号和小数点，现在是 {shown(value)}。")


def pauses_of(value: object) -> tuple[Pause, ...]:
    if not value and value in (None, []):
        return ()
    return tuple(_pause(each) for each in list_of(value, "pauses"))


def _pause(value: object) -> Pause:
    facts = part_of(value, "pauses", PAUSE_KEYS, "from、to 和 kind")
    from_on = day_of(facts.get("from"), "暂停的 from")
    to_on = optional_day(facts.get("to"), "暂停的 to")
    kind = facts.get("kind")
    if type(kind) is not str or not kind.strip():
        raise bad("每次暂停要用 kind 写明是什么程序，例如 检验。")
    if to_on is not None and to_on < from_on:
        raise bad(f"暂停到 {to_on} 结束，却从 {from_on} 才开始，请核对 from 和 to。")
    kind = kind.strip()
    return Pause(from_on, to_on, stops_statutory(kind), kind)


def list_of(value: object, name: str) -> list:
    if type(value) is list:
        return value
    raise bad(f"{name} 要写成方括号里的列表，现在是 {shown(value)}。")


def part_of(value: object, name: str, keys: frozenset[str], words: str) -> dict:
    if type(value) is not dict:
        raise bad(f"{name} 要用花括号写明 {words}，现在是 {shown(value)}。")
    if not keys.issuperset(value):
        raise unknown(value, keys, f"{name} 里")
    return value


def unknown(facts: dict, keys: frozenset[str], where: str) -> Refused:
    name = next(name for name in facts if name not in keys)
    return bad(f"{where}不认识 {shown(name)}，能写的是 {'、'.join(sorted(keys))}。")


def bad(message: str) -> Refused:
    return Refused(BAD_INPUT, message)


def shown(value: object) -> str:
    """What was written, short enough for a sentence."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except ValueError:  # an integer of more digits than Python writes
        text = "一个很长的数字"
    return text if len(text) <= 40 else f"{text[:40]}…"
