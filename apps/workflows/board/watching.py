"""要盯的: what will be late, or stands still, unless somebody does something. Pure; the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar
from apps.cases.terms import day_words, last_day, remaining_words

from ..states import BranchState, StageState
from .facts import Asked, Facts, StageNow
from .standing import Row

B, S = BranchState, StageState
NEAR = 3  # days to the end of a supplement: they are the applicant's, so days off count


@dataclass(frozen=True, slots=True)
class Watched:
    """One line: of which branch or stage, its chip, and what it means. `can_chase`: its department can be reminded, by
    whoever looks.
    """

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
        if not stage.is_over:
            yield from (_supplement(stage, asked, today) for asked in stage.asked)
        if stage.state in (S.RECEIVED, S.DISPATCHED) and stage.accept_by is not None:
            yield from _acceptance(stage, calendar, today)
        if stage.state == S.RUNNING and stage.due_on is not None and today > stage.due_on:
            words = remaining_words(calendar, stage.due_on, today)
            yield Watched(
                stage.title,
                "bad",
                words,
                f"阶段承诺的截止日{last_day(stage.due_on)}已过，由{stage.lead}牵头。",
            )


def _supplement(stage: StageNow, asked: Asked, today: date) -> Watched:
    """等申请人补正: a notice is out. Nobody here can hurry it but by a word to the applicant."""
    left = (asked.answer_by - today).days
    chip = "pause" if left > NEAR else "warn"
    words = "等申请人补正" if left > NEAR else f"补正剩 {left} 天" if left > 0 else "补正今天到期"
    if left < 0:
        chip, words = "bad", "补正逾期"
    text = f"{day_words(asked.told_on)}发出补正告知书，等申请人补正，截止日{last_day(asked.answer_by)}；逾期不补的分项视为撤回。"
    return Watched(stage.title, chip, words, text)


def _acceptance(stage: StageNow, calendar: WorkCalendar, today: date):
    """受理期限 (art. 32(4)): its last working day, and what comes of letting it pass."""
    if today <= stage.accept_by and calendar.count(today, stage.accept_by) > 1:
        return
    words = remaining_words(calendar, stage.accept_by, today)
    chip = "bad" if today > stage.accept_by else "warn"
    text = (
        f"受理决定的截止日{last_day(stage.accept_by)}，由{stage.lead}牵头；逾期没有决定的，视为受理并发红牌。"
    )
    yield Watched(stage.title, chip, f"受理{words}", text)


def _of_branch(facts: Facts, row: Row, today: date) -> Watched | None:
    branch, standing, stage = row.now, row.standing, facts.stage(row.now.stage)
    if branch.is_to_settle:
        if stage.is_over:
            return None
        why = f"{branch.reason}。" if branch.reason and not branch.reason.endswith("。") else branch.reason
        ways = (
            "调整方案重办，或者终止阶段" if branch.state == B.REFUSED else "调整方案重办、去掉，或者终止阶段"
        )
        text = why if branch.state == B.BLOCKED else f"{why}由牵头部门{stage.lead}决定：{ways}。"
        return Watched(branch.name, standing.chip, standing.words, text, branch.code, row=row)
    if branch.is_open and standing.kind in ("late", "warn"):
        text = f"{branch.department}，截止日{last_day(branch.due_on)}。{_weight(row)}"
        return Watched(
            branch.name, standing.chip, standing.words, text, branch.code, can_chase=stage.is_led, row=row
        )
    late = branch.awaits_answer and today > branch.answer_by and stage.state in (S.DISPATCHED, S.RUNNING)
    if late:
        text = f"{branch.department}到截止日{last_day(branch.answer_by)}没有答复分发。"
        return Watched(branch.name, "bad", standing.words, text, branch.code, can_chase=stage.is_led, row=row)
    return None


def _weight(row: Row) -> str:
    if row.expected.slack is None:
        return ""
    if row.expected.slack > 0:
        return f"没有碰到关键路径，还可晚 {row.expected.slack} 日。"
    return "在关键路径上，晚一天，项目晚一天。"
