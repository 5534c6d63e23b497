"""要盯的: what will be late, or stands still, unless somebody does something. Pure; the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar
from apps.cases.terms import last_day, remaining_words

from ..states import BranchState, StageState
from .facts import Facts
from .standing import Row

B, S = BranchState, StageState


@dataclass(frozen=True, slots=True)
class Watched:
    """One line: of which branch or stage, its chip, and what it means. `can_chase`: its department can be reminded."""

    title: str
    chip: str
    words: str
    text: str
    code: str = ""
    can_chase: bool = False
    row: Row | None = None


def watched(facts: Facts, rows: Sequence[Row], calendar: WorkCalendar, today: date) -> list[Watched]:
    """Late, undecided and unanswered come before what is only near its day."""
    if not facts.is_living:
        return []
    found = [*_stages(facts, calendar, today)]
    for row in rows:
        one = _of_branch(facts, row, today)
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda one: one.chip != "bad")


def _stages(facts: Facts, calendar: WorkCalendar, today: date):
    for stage in facts.stages:
        if stage.state == S.RUNNING and stage.due_on is not None and today > stage.due_on:
            words = remaining_words(calendar, stage.due_on, today)
            yield Watched(
                stage.title,
                "bad",
                words,
                f"阶段承诺的截止日{last_day(stage.due_on)}已过，由{stage.lead}牵头。",
            )


def _of_branch(facts: Facts, row: Row, today: date) -> Watched | None:
    branch, standing, stage = row.now, row.standing, facts.stage(row.now.stage)
    if branch.is_to_settle:
        if stage.is_over:
            return None
        why = f"{branch.reason}。" if branch.reason and not branch.reason.endswith("。") else branch.reason
        text = (
            why
            if branch.state == B.BLOCKED
            else f"{why}由牵头部门{stage.lead}决定：调整方案重办、去掉或终止阶段。"
        )
        return Watched(branch.name, standing.chip, standing.words, text, branch.code, row=row)
    if branch.is_open and standing.kind in ("late", "warn"):
        text = f"{branch.department}，截止日{last_day(branch.due_on)}。{_weight(row)}"
        return Watched(branch.name, standing.chip, standing.words, text, branch.code, can_chase=True, row=row)
    late = branch.awaits_answer and today > branch.answer_by and stage.state in (S.DISPATCHED, S.RUNNING)
    if late:
        text = f"{branch.department}到截止日{last_day(branch.answer_by)}没有答复分发。"
        return Watched(branch.name, "bad", standing.words, text, branch.code, can_chase=True, row=row)
    return None


def _weight(row: Row) -> str:
    if row.expected.slack is None:
        return ""
    if row.expected.slack > 0:
        return f"没有碰到关键路径，还可晚 {row.expected.slack} 日。"
    return "在关键路径上，晚一天，项目晚一天。"
