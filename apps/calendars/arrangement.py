"""放假安排表: the yearly notice as it is typed, pasted or uploaded: on each line a date, 休 or 班, and a name. Pure.

Everything that is wrong is named at once, each fault with its line; a table with a fault gives no days at all.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .workdays import SATURDAY, Special

LARGEST = 64 * 1024  # bytes; a notice has about forty lines
LONGEST_NAME = 20
OFF = frozenset({"休", "放假", "休息", "休假"})
ON = frozenset({"班", "上班", "补班"})
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
"""全国年节及纪念日放假办法 art. 2: a notice names them all."""

_COLUMNS = re.compile(r"[,，;；\t]")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CLOSE_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEKDAYS = "一二三四五六日"


class Unreadable(ValueError):
    """The file is no text that can be read; the message is fit to show."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line; line 0 is the table as a whole."""

    line: int
    text: str

    def __str__(self):
        return f"第{self.line}行：{self.text}" if self.line else self.text


@dataclass(frozen=True, slots=True)
class Table:
    """The days of a notice, or what is wrong with them."""

    days: tuple[Special, ...] = ()
    faults: tuple[Fault, ...] = ()


def decoded(content: bytes) -> str:
    """A file as text: UTF-8 with or without mark, what a spreadsheet calls Unicode, else GB18030, which holds GBK."""
    if len(content) > LARGEST:
        raise Unreadable("文件超过64 KB，不像是放假安排表，请检查是否选错了文件。")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("这是表格软件的工作簿，请另存为CSV再上传，或者把表格内容复制粘贴到下面。")
    marked = (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")
    likely = [name for mark, name in marked if content.startswith(mark)] or ["utf-8", "gb18030"]
    for name in likely:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("读不出这个文件里的文字，请另存为UTF-8或GBK编码的CSV再上传。")


def read(text: str, year: int) -> Table:
    """The table of one year. A heading, empty lines and quotes are passed over."""
    days: list[Special] = []
    faults: list[Fault] = []
    first_on: dict[date, int] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        cells = _cells(line)
        if not any(cells) or _is_heading(cells):
            continue
        try:
            day = _day(cells, year)
            if day.date in first_on:
                raise ValueError(f"{day.date}已在第{first_on[day.date]}行列过，一天只能列一次。")
        except ValueError as fault:
            faults.append(Fault(number, str(fault)))
        else:
            first_on[day.date] = number
            days.append(day)
    if not days and not faults:
        faults.append(Fault(0, "表里没有一天，请每行写一个日期、休或班、节日名称。"))
    return Table(faults=tuple(faults)) if faults else Table(days=tuple(sorted(days)))


def unnamed_festivals(days: Iterable[Special]) -> list[str]:
    """节日 that no day off of the table is named after. Two festivals may share their days: 国庆节、中秋节."""
    names = "".join(day.name for day in days if not day.is_workday)
    return [festival for festival in FESTIVALS if festival.removesuffix("节") not in names]


def written(days: Iterable[Special]) -> str:
    """A table as it could be typed again."""
    return "\n".join(f"{day.date},{'班' if day.is_workday else '休'},{day.name}" for day in sorted(days))


def _cells(line: str) -> list[str]:
    parts = _COLUMNS.split(line) if _COLUMNS.search(line) else line.split(maxsplit=2)
    return [part.strip().strip('"“”').strip() for part in parts]


def _is_heading(cells: list[str]) -> bool:
    return "日期" in cells[0]


def _day(cells: list[str], year: int) -> Special:
    """One line; raises ValueError with the sentence that names its fault."""
    if any(cells[3:]):
        raise ValueError(
            f"多出了“{next(cell for cell in cells[3:] if cell)}”，每行只写日期、休或班、节日名称。"
        )
    day, word, name = (*cells[:3], "", "")[:3]
    on = _date(day, year)
    if word not in OFF | ON:
        raise ValueError(f"“{word}”不认识，请写“休”或“班”。" if word else "没有写休还是班。")
    if word in ON and on.weekday() < SATURDAY:
        raise ValueError(f"{on}是星期{_WEEKDAYS[on.weekday()]}，本来就上班，不能列为调休上班。")
    if not name:
        raise ValueError("没有写节日名称；调休上班的写所调的节日。")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"节日名称超过{LONGEST_NAME}个字。")
    return Special(on, word in ON, name)


def _date(typed: str, year: int) -> date:
    text = unicodedata.normalize("NFKC", typed)
    match = _DATE.fullmatch(text) or _CLOSE_DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"“{typed[:20]}”不是日期，请写成{year}-01-31的样子。")
    its_year, month, day = map(int, match.groups())
    if not 1 <= month <= 12:
        raise ValueError(f"没有{month}月。")
    try:
        on = date(its_year, month, day)
    except ValueError:
        raise ValueError(f"{its_year}年{month}月没有{day}日。") from None
    if on.year != year and (on.year, on.month) != (year - 1, 12):
        raise ValueError(f"{on}不在{year}年；{year}年的安排只能列{year}年和上一年12月的日子。")
    return on
