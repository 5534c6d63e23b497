"""钟面: a case's time in words and in a drawing, for whoever handles it. Pure: facts in, words and places out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from apps.calendars.workdays import WorkCalendar

from .models import NO_DATE, Case
from .states import RUNNING, Status
from .terms import Pause, remaining_words

SOON = 2  # working days left at which a chip turns amber

_ENDED = {
    Status.DELIVERED: "已送达",
    Status.ARCHIVED: "已归档",
    Status.NOT_ACCEPTED: "不予受理",
    Status.SENT_BACK: "已退件",
    Status.WITHDRAWN: "已撤回",
    Status.LAPSED: "视为撤回",
    Status.TERMINATED: "已终止",
    Status.DRAFT: "草稿",
}
_WAITING = {
    Status.PRE_RETURNED: "等申请人改正",
    Status.SUPPLEMENT: "等申请人补正",
    Status.PRE_PASSED: "等申请人交原件",
}


@dataclass(frozen=True)
class Chip:
    """时限标: `kind` is ok, warn, bad, pause, info or done; colour is never alone."""

    kind: str
    words: str


def chip_of(case: Case, calendar: WorkCalendar, today: date) -> Chip:
    """One chip for one case, as staff read it (design: 正常 / 临期 / 超时 / 暂停 / 答复期 / 办结)."""
    if case.status in RUNNING:
        return _running_chip(case, calendar, today)
    if case.status in (Status.PRE_SUBMITTED, Status.RECEIVED):
        if case.notice_due_on is None:
            return Chip("info", "预审 · 不作为受理")
        chip = _term_chip("答复期", case.notice_due_on, calendar, today)
        if chip.kind != "info" or case.pre_review_due_on is None:
            return chip
        if today > case.pre_review_due_on:
            return Chip("warn", f"预审超目标，{chip.words}")
        return _term_chip("预审", case.pre_review_due_on, calendar, today)  # the date that stands in the row
    if case.status == Status.COLLECTED:
        return _term_chip("上交", case.hand_up_due_on, calendar, today)
    if case.status in (Status.GRANTED, Status.REFUSED):
        return _term_chip("送达期", case.delivery_due_on, calendar, today)
    if case.status in _WAITING:
        return Chip("pause", _WAITING[case.status])
    return Chip("done", _ENDED[case.status])


def group_of(case: Case, calendar: WorkCalendar, today: date) -> str:
    """The heading under which a work list shows the case; groups follow the order of the list."""
    if case.desk_due_on == NO_DATE:
        return "没有期限在走"
    if case.desk_due_on < today:
        return "超期"
    if calendar.count(today, case.desk_due_on) <= 1:
        return "今天和下一个工作日到期"
    return "未到期"


def drawn(
    case: Case,
    pauses: Iterable[Pause],
    calendar: WorkCalendar,
    today: date,
    closed_days: frozenset[date],
) -> dict | None:
    """The clock bar: segments and marks in percent of the way, and one full sentence. None before acceptance."""
    if case.accepted_on is None:
        return None
    pauses = list(pauses)
    dates = [
        case.due_on or case.provisional_due_on,
        case.statutory_due_on or case.provisional_statutory_on,
        case.decided_on or min(today, case.closed_on or today),
    ]
    end = max([day for day in dates if day] + [case.accepted_on + timedelta(days=1)])
    span = (end - case.accepted_on).days
    place = lambda day: 100 * (day - case.accepted_on).days / span  # noqa: E731  one expression, used throughout
    now = case.decided_on or min(today, case.closed_on or today)
    paused = {
        pause.from_on + timedelta(days=n)
        for pause in pauses
        for n in range(1, ((pause.to_on or now) - pause.from_on).days + 1)
    }
    return {
        "segments": _segments(case, calendar, now, paused, closed_days, span),
        "marks": _marks(case, now, place, today),
        "sentence": _sentence(case, pauses, calendar, now, paused, closed_days),
        "used": calendar.count(case.accepted_on, now, closed_days=closed_days | paused),
        "paused": sum(calendar.is_workday(day, closed_days=closed_days) for day in paused if day <= now),
    }


def _running_chip(case: Case, calendar: WorkCalendar, today: date) -> Chip:
    if case.paused_since is not None and case.due_on is None:
        return Chip("pause", f"暂停 · {case.pause_kind or '特别程序'}")
    if case.due_on is None:
        day = case.provisional_due_on
        return Chip("info", f"暂估 {day.month}月{day.day}日" if day else "日历未公布")
    words = remaining_words(calendar, case.due_on, today)
    if today > case.due_on:
        return Chip("bad", words)
    return Chip("warn" if calendar.count(today, case.due_on) <= SOON else "ok", words)


def _term_chip(name: str, due_on: date, calendar: WorkCalendar, today: date) -> Chip:
    if today > due_on:
        return Chip("bad", f"{name}{remaining_words(calendar, due_on, today)}")
    return Chip("warn" if today == due_on else "info", f"{name}{remaining_words(calendar, due_on, today)}")


def _segments(
    case: Case, calendar: WorkCalendar, now: date, paused: set, closed_days, span: int
) -> list[dict]:
    """Runs of days of one kind: worked, paused, or past the promise; days off stay empty."""
    segments: list[dict] = []
    for n in range(1, (now - case.accepted_on).days + 1):
        day = case.accepted_on + timedelta(days=n)
        if day in paused:
            kind = "pause"
        elif not calendar.is_workday(day, closed_days=closed_days):
            kind = ""
        else:
            kind = "over" if case.due_on and day > case.due_on else "run"
        if segments and segments[-1]["kind"] == kind and segments[-1]["last"] == n - 1:
            segments[-1]["last"] = n
        else:
            segments.append({"kind": kind, "first": n, "last": n})
    return [
        {
            "kind": segment["kind"],
            "start": 100 * (segment["first"] - 1) / span,
            "width": 100 * (segment["last"] - segment["first"] + 1) / span,
        }
        for segment in segments
        if segment["kind"]
    ]


ROOM = 15  # percent of the bar that the words of one mark take
NARROW_ROOM = 38  # the same on a bar as narrow as a phone
_WEIGHT = {
    "start": 0,
    "now": 1,
    "legal": 2,
    "promise": 3,
}  # when two stand on one spot, the heavier keeps its words


def _marks(case: Case, now: date, place, today: date) -> list[dict]:
    """Marks above and below the bar; where words would overlap, the lighter one changes sides or goes.

    `is_tight`: its words overlap another's on a narrow bar; the style sheet hides them there.
    """
    promised, legal = case.shown_due_on, case.statutory_due_on or case.provisional_statutory_on
    guess = "暂估 " if case.calendar_missing else ""
    words = "决定" if case.decided_on else "现在" if now == today else "终结"
    wanted = [("now", "now", place(now), "down", f"{words} {_md(now)}")]
    wanted.append(("start", "start", 0, "up", f"{_md(case.accepted_on)} 受理"))
    if promised:
        wanted.append(("promise", "dead", place(promised), "up", f"{guess}承诺 {_md(promised)}"))
    if legal and legal != promised:
        wanted.append(("legal", "dead", place(legal), "down", f"{guess}法定 {_md(legal)}"))
    marks: list[dict] = []
    for _, kind, at, side, text in sorted(wanted, key=lambda mark: -_WEIGHT[mark[0]]):
        sides = [side, "down" if side == "up" else "up"]
        free = next(
            (s for s in sides if all(m["side"] != s or abs(m["at"] - at) >= ROOM for m in marks)), None
        )
        if free:
            near = any(m["side"] == free and abs(m["at"] - at) < NARROW_ROOM for m in marks)
            marks.append({"kind": kind, "at": at, "side": free, "text": text, "is_tight": near})
    return sorted(marks, key=lambda mark: mark["at"])


def _sentence(case: Case, pauses: list, calendar: WorkCalendar, now: date, paused: set, closed_days) -> str:
    used = calendar.count(case.accepted_on, now, closed_days=closed_days | paused)
    parts = [f"{_md(case.accepted_on)}受理", f"已用 {used} 个工作日"]
    for pause in pauses:
        until = f"至{_md(pause.to_on)}" if pause.to_on else "起，尚未结束"
        parts.append(
            f"{_md(pause.from_on)}{until}因{pause.kind}暂停{'' if pause.stops_statutory else '（不影响法定期限）'}"
        )
    if case.due_on:
        parts.append(f"承诺 {_md(case.due_on)}办结")
    elif case.provisional_due_on:
        parts.append(f"承诺办结日暂估 {_md(case.provisional_due_on)}，以国务院放假通知为准")
    if case.statutory_due_on:
        parts.append(f"法定期限到 {_md(case.statutory_due_on)}")
    return "；".join(parts) + "。"


def _md(day: date) -> str:
    return f"{day.month}月{day.day}日"
