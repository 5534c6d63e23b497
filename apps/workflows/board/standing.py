"""分项的一行: what all three views say of a branch, worded once. Pure.

`kind` is the colour: done, run, warn, late, wait, pause, stop. The words of the chip say the same without it.
"""

from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar
from apps.cases.clockface import SOON
from apps.cases.terms import Term, day_words, elapsed, remaining_words

from ..states import Answer, BranchState, StageState
from .facts import BranchNow, Facts, StageNow
from .forecast import Expected, Forecast

B, S = BranchState, StageState


@dataclass(frozen=True, slots=True)
class Standing:
    """状态: its colour, the kind of its chip, and its words."""

    kind: str
    chip: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """分项 on the board. Dates that are only expected say so; `used` and `left` are working days of its own clock."""

    now: BranchNow
    expected: Expected
    standing: Standing
    used: int
    left: int | None
    awaited: tuple[str, ...] = ()  # by name, what it still waits for

    @property
    def code(self) -> str:
        return self.now.code

    @property
    def start_is_planned(self) -> bool:
        return self.now.opened_on is None

    @property
    def finish_is_planned(self) -> bool:
        return self.now.finished_on is None

    @property
    def due_on(self) -> date | None:
        return self.now.due_on or self.now.provisional_due_on

    @property
    def note(self) -> str:
        """Why it stands still, where the chip does not say it."""
        return self.now.reason if self.now.is_to_settle or self.now.state == B.WITHDRAWN else ""

    @property
    def slack_words(self) -> str:
        """What it can still lose before the whole project is later."""
        if self.now.finished_on is not None or self.expected.slack is None:
            return ""
        return f"可晚 {self.expected.slack} 日" if self.expected.slack else "不能晚"


def row_of(facts: Facts, branch: BranchNow, forecast: Forecast, calendar: WorkCalendar, today: date) -> Row:
    used = 0
    if branch.opened_on is not None:
        until = branch.finished_on or today
        used = elapsed(
            calendar, branch.opened_on, Term(branch.days, "workday"), until,
            pauses=branch.pauses, closed_days=branch.closed,
        )  # fmt: skip
    left = None
    if branch.is_open and branch.due_on is not None:
        left = calendar.count(today, branch.due_on) - calendar.count(branch.due_on, today)
    standing = standing_of(facts, branch, calendar, today)
    return Row(branch, forecast.branches[branch.code], standing, used, left, _awaited(facts, branch))


def _awaited(facts: Facts, branch: BranchNow) -> tuple[str, ...]:
    if branch.state not in (B.WAITING, B.BLOCKED):
        return ()
    needs = [facts.branch(need) for need in branch.needs]
    return tuple(one.name for one in needs if one.state != B.GRANTED)


def standing_of(facts: Facts, branch: BranchNow, calendar: WorkCalendar, today: date) -> Standing:
    if branch.state == B.GRANTED:
        return _granted(branch, calendar)
    if branch.is_open:
        return _running(branch, calendar, today)
    if branch.state == B.WAITING:
        return _waiting(facts, branch, today)
    if branch.state == B.WITHDRAWN:
        return Standing("wait", "done", "已撤回")
    if facts.stage(branch.stage).is_over:
        return Standing("stop", "done", str(B(branch.state).label))
    return Standing(
        "stop", "bad", f"{B(branch.state).label}，待决定" if branch.state != B.BLOCKED else "受阻"
    )


def stage_standing(stage: StageNow, calendar: WorkCalendar, today: date) -> Standing:
    """阶段的一行."""
    words = str(S(stage.state).label)
    if stage.state == S.RUNNING:
        if stage.is_paused:
            return Standing("pause", "pause", "阶段暂停")
        if stage.due_on is None:
            return Standing("run", "info", "日历未公布")
        left = remaining_words(calendar, stage.due_on, today)
        if today > stage.due_on:
            return Standing("late", "bad", left)
        near = calendar.count(today, stage.due_on) <= SOON
        return Standing("warn" if near else "run", "warn" if near else "ok", left)
    if stage.asked and stage.state in (S.RECEIVED, S.DISPATCHED):
        return Standing("pause", "pause", "等申请人补正")
    if stage.accept_by is not None and stage.state in (S.RECEIVED, S.DISPATCHED):
        left = remaining_words(calendar, stage.accept_by, today)
        return Standing("wait", "bad" if today > stage.accept_by else "info", f"受理期{left}")
    return Standing("done" if stage.is_over else "wait", "done" if stage.is_over else "info", words)


def _granted(branch: BranchNow, calendar: WorkCalendar) -> Standing:
    due_on = branch.due_on
    if due_on is None or branch.finished_on is None:
        return Standing("done", "done", "办结")
    late = calendar.count(due_on, branch.finished_on)
    if branch.finished_on > due_on:
        return Standing("late", "bad", f"办结，超 {late} 日" if late else "办结，超期")
    early = calendar.count(branch.finished_on, due_on)
    return Standing("done", "done", f"办结，早 {early} 日" if early else "办结")


def _running(branch: BranchNow, calendar: WorkCalendar, today: date) -> Standing:
    """In the words of the work list and the case page."""
    if branch.is_paused:
        return Standing("pause", "pause", f"暂停 · {branch.pause_kind or '特别程序'}")
    if branch.due_on is None:
        day = branch.provisional_due_on
        return Standing("run", "info", f"暂估 {day_words(day)}" if day else "日历未公布")
    words = remaining_words(calendar, branch.due_on, today)
    if today > branch.due_on:
        return Standing("late", "bad", words)
    near = calendar.count(today, branch.due_on) <= SOON
    return Standing("warn" if near else "run", "warn" if near else "ok", words)


def _waiting(facts: Facts, branch: BranchNow, today: date) -> Standing:
    stage = facts.stage(branch.stage)
    if branch.awaits_answer and stage.state in (S.DISPATCHED, S.RUNNING):
        return (
            Standing("wait", "bad", "答复超期")
            if today > branch.answer_by
            else Standing("wait", "info", "待部门答复")
        )
    if branch.answer == Answer.SUPPLEMENT:
        return (
            Standing("wait", "pause", "等申请人补正")
            if branch.is_told
            else Standing("wait", "info", "待告知补正")
        )
    awaited = _awaited(facts, branch)
    if awaited:
        words = f"等“{shortened(awaited[0])}”" if len(awaited) == 1 else f"等 {len(awaited)} 项前置"
        return Standing("wait", "info", words)
    if stage.accepted_on is None:
        return Standing("wait", "info", f"阶段{S(stage.state).label}")
    return Standing("wait", "info", "未开始")


def shortened(name: str, longest: int = 6) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
