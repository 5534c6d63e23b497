"""变更说明: which dates of a case moved, before and after, in words for staff and for the applicant. Pure."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

WORDS = {
    "due_on": "承诺办结日",
    "statutory_due_on": "法定办结日",
    "notice_due_on": "答复期限",
    "wait_until": "补正或交件期限",
    "tolerated_until": "容缺材料补交期限",
    "ask_by_on": "申请听证期限",
    "hold_by_on": "举行听证期限",
    "hand_up_due_on": "上交期限",
    "forward_due_on": "上报期限",
    "upper_due_on": "上级答复期限",
    "delivery_due_on": "送达期限",
    "pre_review_due_on": "预审答复目标",
    "yellow_on": "黄牌起始日",
}
"""The dates as people call them, the weightiest first."""
PROVISIONAL = {"due_on": "provisional_due_on", "statutory_due_on": "provisional_statutory_on"}
FOR_THE_APPLICANT = (
    "due_on", "statutory_due_on", "notice_due_on", "wait_until", "tolerated_until", "ask_by_on", "delivery_due_on",
)  # fmt: skip

Change = tuple[Any, Any]


def stored(moved: Mapping[str, Change]) -> dict[str, list]:
    """As an event keeps it."""
    return {column: [_iso(before), _iso(after)] for column, (before, after) in moved.items()}


def read(facts: Mapping[str, Any]) -> dict[str, Change]:
    """What an event keeps, as dates again."""
    kept = facts.get("moved", {})
    return {column: (_date(before), _date(after)) for column, (before, after) in kept.items()}


def sentences(moved: Mapping[str, Change], only: Collection[str] = tuple(WORDS)) -> list[str]:
    """承诺办结日由2027年1月5日改为1月7日: one for each date that moved."""
    found = []
    for column in WORDS:
        guess = PROVISIONAL.get(column, "")
        if column in only and (column in moved or guess in moved):
            before, after = moved.get(column, (None, None))
            guessed, guesses = moved.get(guess, (None, None))
            found.append(f"{WORDS[column]}{_change(before, after, guessed, guesses)}")
    return found


def pair(moved: Mapping[str, Change], column: str) -> tuple[str, str] | None:
    """One date before and after, for the columns of a list; None where it stays."""
    guess = PROVISIONAL.get(column, "")
    if column not in moved and guess not in moved:
        return None
    before, after = moved.get(column, (None, None))
    guessed, guesses = moved.get(guess, (None, None))
    was = _day(before) if before else f"暂估{_day(guessed)}" if guessed else "未定"
    shown = _day(after, before or guessed) if after else f"暂估{_day(guesses)}" if guesses else "未定"
    return was, shown


def for_applicant(moved: Mapping[str, Change]) -> str:
    """What the applicant is told; empty where only dates of the authority's own moved."""
    return "；".join(sentences(moved, FOR_THE_APPLICANT))


def _change(before, after, guessed, guesses) -> str:
    was = f"由{_day(before)}" if before else f"由暂估的{_day(guessed)}" if guessed else ""
    if after and after == guessed:
        return f"由暂估转为确定：{_day(after)}"
    if after:
        verb = "确定为" if guessed else "改为" if before else "定为"
        return f"{was}{verb}{_day(after, before or guessed)}"
    return f"{was}改为{f'暂估{_day(guesses, before or guessed)}' if guesses else '未定'}"


def _day(day: date, beside: date | None = None) -> str:
    short = f"{day.month}月{day.day}日"
    return short if beside and beside.year == day.year else f"{day.year}年{short}"


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value
