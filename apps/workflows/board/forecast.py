"""预计: when what has not begun or ended yet would begin and end, if everybody keeps the promised days. Pure.

A branch that runs ends on the due day of its case, or today where that is past. One that waits begins when all it waits
for has ended, not before its stage is accepted and not before today. A stage that is not accepted yet is taken as accepted on
the first day on which one of its branches could begin by what earlier stages give it; where none waits for an earlier
stage, on the day the stage before it ends. Whatever hangs on an open pause, or on what the lead has to decide about, has
no date. Where the arrangement of a year is not published the dates are provisional (暂估), and promise nothing.

With `changes` it says what would be if a branch took longer or shorter or stood still (推演); with `target_on` also, from that
day backwards, by when each branch must begin and end (倒排).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from apps.calendars.workdays import WorkCalendar
from apps.cases.terms import Pause, Term, elapsed

from ..planning import Branch, NoCalendar, Plan, plan
from ..states import STAGE_OVER, BranchState
from .facts import BranchNow, Facts, StageNow

B = BranchState
DAY = timedelta(days=1)
ENDED = frozenset({B.GRANTED, B.REFUSED, B.RETURNED, B.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Change:
    """如果: so many working days of its own more, or fewer, and a standstill."""

    days: int = 0
    pauses: tuple[Pause, ...] = ()


UNCHANGED: Mapping[str, Change] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Expected:
    """One branch: its day 0 and its end, in fact or as expected; `slack` in working days to the end of the project.

    With a target the slack is to the target, the latest days are those that still meet it, and what cannot is late.
    """

    start_on: date | None = None
    finish_on: date | None = None
    slack: int | None = None
    is_critical: bool = False
    latest_start_on: date | None = None
    latest_finish_on: date | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    branches: dict[str, Expected]
    stages: dict[int, date | None]  # day 0 of each, in fact or as expected
    critical_path: tuple[str, ...] = ()
    finish_on: date | None = None
    is_provisional: bool = False
    why_unknown: str = ""


@dataclass(slots=True)
class _Work:
    """What is reckoned with while the stages are gone through."""

    facts: Facts
    calendar: WorkCalendar
    today: date
    start: date
    changes: Mapping[str, Change]
    stages: dict[int, date | None] = field(default_factory=dict)


def expect(
    facts: Facts,
    calendar: WorkCalendar,
    today: date,
    *,
    changes: Mapping[str, Change] = UNCHANGED,
    target_on: date | None = None,
) -> Forecast:
    """With the published calendar; else by the forecast of the missing years, said to be provisional; else without dates."""
    try:
        return _expected(facts, calendar, today, changes, target_on)
    except NoCalendar:
        pass
    try:
        guessed = _expected(facts, _as_if_published(calendar), today, changes, target_on)
        return replace(guessed, is_provisional=True)
    except NoCalendar:
        known = {one.code: Expected(one.opened_on, one.finished_on) for one in facts.branches}
        stages = {one.number: one.accepted_on for one in facts.stages}
        return Forecast(known, stages, why_unknown="推算用到了尚未公布放假安排的年份，等放假通知公布后再算。")


def _as_if_published(calendar: WorkCalendar) -> WorkCalendar:
    return WorkCalendar(calendar.published | calendar.forecast, frozenset(), calendar.specials)


def _expected(
    facts: Facts,
    calendar: WorkCalendar,
    today: date,
    changes: Mapping[str, Change],
    target_on: date | None,
) -> Forecast:
    accepted = [one.accepted_on for one in facts.stages if one.accepted_on]
    work = _Work(facts, calendar, today, min(accepted, default=today), changes)
    for stage in facts.stages:
        work.stages[stage.number] = stage.accepted_on or _assumed(work, stage)
    found = _plan(work, {stage.number for stage in facts.stages}, target_on)
    path = _whole_path(facts, found)
    branches = {one.code: _of(one, found, path, work.stages[one.stage]) for one in facts.branches}
    if target_on is not None:
        branches = {one.code: _backwards(one, branches[one.code], found, target_on) for one in facts.branches}
    return Forecast(
        branches=branches,
        stages=work.stages,
        critical_path=tuple(path),
        finish_on=found.plan.planned_finish if found.finishes else None,
        why_unknown=_why_unknown(facts) if found.plan.planned_finish is None else "",
    )


def _assumed(work: _Work, stage: StageNow) -> date | None:
    """The day on which a stage that is not accepted yet could begin."""
    if stage.is_over or not work.facts.is_living:
        return None
    before = {one.number for one in work.facts.stages if one.number < stage.number}
    ends = _plan(work, before).finishes
    heads = [
        one for one in work.facts.of_stage(stage.number) if not _within(work.facts, one.needs, stage.number)
    ]
    fed = [[ends.get(need) for need in one.needs] for one in heads if one.needs]
    known = [max(finishes) for finishes in fed if None not in finishes]
    if known:
        return max(min(known), work.today)
    if fed and len(fed) == len(heads):
        return None
    last = max(before, default=0)
    of_last = [end for code, end in ends.items() if work.facts.branch(code).stage == last]
    return None if None in of_last else max([work.today, *of_last])


def _within(facts: Facts, needs: Sequence[str], number: int) -> bool:
    return any(facts.branch(need).stage == number for need in needs)


@dataclass(frozen=True, slots=True)
class _Found:
    """A plan, and when each of its branches ends: in fact, by the dates of its case, or as planned."""

    nodes: list[Branch]
    plan: Plan
    finishes: dict[str, date | None]


def _plan(work: _Work, numbers: set[int], target_on: date | None = None) -> _Found:
    facts = work.facts
    taken = [one for one in facts.branches if one.stage in numbers and _counts(facts, one)]
    known = {one.code for one in taken}
    nodes = [_node(work, one, known) for one in taken]
    found = plan(work.calendar, work.start, 0, nodes, target_on=target_on)
    return _Found(
        nodes, found, {one.code: one.finished_on or found.branches[one.code].due_on for one in nodes}
    )


def _counts(facts: Facts, branch: BranchNow) -> bool:
    """Whether the end of the project hangs on it: not what never began and was given up, nor what a stage ended with."""
    if branch.state == B.WITHDRAWN:
        return branch.opened_on is not None
    over = facts.stage(branch.stage).state in STAGE_OVER or not facts.is_living
    return branch.finished_on is not None and branch.opened_on is not None if over else True


def _node(work: _Work, branch: BranchNow, known: set[str]) -> Branch:
    """As the planner takes it. What has begun is no longer held back by what it waited for."""
    facts, today = work.facts, work.today
    needs = tuple(need for need in branch.needs if need in known)
    over = facts.stage(branch.stage).state in STAGE_OVER or not facts.is_living
    node = Branch(branch.code, branch.name, branch.days, needs)
    if branch.state in ENDED and (over or not branch.is_to_settle):
        return replace(
            node, after=_done(facts, needs), finished_on=branch.finished_on, not_before=branch.opened_on
        )
    if branch.is_to_settle:
        return replace(node, pauses=_endless(work), not_before=branch.opened_on)
    if branch.is_open:
        return _at_work(work, branch, replace(node, after=_done(facts, needs), not_before=branch.opened_on))
    begins, change = work.stages.get(branch.stage), work.changes.get(branch.code, Change())
    if begins is None:
        return replace(node, pauses=_endless(work))
    days = max(branch.days + change.days, 0)
    return replace(node, days=days, pauses=(*_closed(branch), *change.pauses), not_before=max(begins, today))


def _at_work(work: _Work, branch: BranchNow, node: Branch) -> Branch:
    """It ends on its due day, or today where that is past. What is left of its days is changed only where somebody asks."""
    today, change = work.today, work.changes.get(branch.code)
    due_on = branch.due_on or branch.provisional_due_on
    if branch.is_paused:
        if change is None or not change.pauses:
            return replace(node, pauses=_endless(work))
        used = elapsed(
            work.calendar, branch.opened_on, Term(branch.days, "workday"), today,
            pauses=branch.pauses, closed_days=branch.closed,
        )  # fmt: skip
        left = max(branch.days - used, 0)
    elif change is None or due_on is None:
        return replace(node, finished_on=due_on and max(due_on, today))
    else:
        left = work.calendar.count(today, due_on, closed_days=branch.closed)
    days, begins = max(left + change.days, 0), today
    if not days and not any(pause.holds_on(today) for pause in change.pauses):
        return replace(node, finished_on=today)
    if not days:  # what would end today ends on the first day that counts behind the standstill
        days, begins = 1, today - DAY
    return replace(node, days=days, pauses=(*_closed(branch), *change.pauses), not_before=begins)


def _closed(branch: BranchNow) -> tuple[Pause, ...]:
    return tuple(Pause(day - DAY, day, True, "停办") for day in sorted(branch.closed))


def _endless(work: _Work) -> tuple[Pause, ...]:
    """Nobody knows when: as if it had stood still from the beginning."""
    return (Pause(work.start - DAY, None, True, ""),)


def _done(facts: Facts, needs: Sequence[str]) -> tuple[str, ...]:
    return tuple(need for need in needs if facts.branch(need).finished_on is not None)


def _of(branch: BranchNow, found: _Found, path: list[str], stage_on: date | None) -> Expected:
    planned = found.plan.branches.get(branch.code)
    never = branch.opened_on is None and (
        branch.is_to_settle or stage_on is None
    )  # as far as anybody can say
    if planned is None or never:
        return Expected(branch.opened_on, branch.finished_on)
    finish = branch.finished_on if branch.state in ENDED else found.finishes[branch.code]
    critical = planned.critical or branch.code in path
    return Expected(branch.opened_on or planned.start_on, finish, planned.slack, critical)


def _backwards(branch: BranchNow, expected: Expected, found: _Found, target_on: date) -> Expected:
    """倒排: the latest days of what has not ended yet; late is what begins, or ends, behind them."""
    planned = found.plan.branches.get(branch.code)
    if planned is None or branch.state in ENDED:
        return replace(expected, slack=None)
    behind = [one.code for one in found.nodes if branch.code in one.after]
    limits = [found.plan.branches[code].latest_start_on for code in behind]
    begins_late = branch.code in found.plan.late
    return replace(
        expected,
        latest_start_on=planned.latest_start_on if branch.opened_on is None else None,
        latest_finish_on=min([target_on, *(day for day in limits if day is not None)]),
        is_late=begins_late or (planned.slack is not None and planned.slack < 0),
    )


def _whole_path(facts: Facts, found: _Found) -> list[str]:
    """关键路径 of the project: the planner's, and before it what it came after, where a stage was accepted later than that."""
    path, ends = list(found.plan.critical_path), found.finishes
    while path:
        first = facts.branch(path[0])
        begun = found.plan.branches[first.code].start_on
        ended = [one for one in _came_before(facts, first) if ends.get(one.code) and ends[one.code] <= begun]
        if not ended:
            break
        path.insert(0, max(ended, key=lambda one: ends[one.code]).code)
    return path


def _came_before(facts: Facts, branch: BranchNow) -> list[BranchNow]:
    """What it waits for; where it waits for nothing, the stage before its own."""
    if branch.needs:
        return [facts.branch(need) for need in branch.needs]
    return facts.of_stage(max((one.number for one in facts.stages if one.number < branch.stage), default=0))


def _why_unknown(facts: Facts) -> str:
    """What nobody can put a date to, said by name."""
    settle = [one.name for one in facts.branches if one.is_to_settle and not facts.stage(one.stage).is_over]
    if settle:
        return f"{_named(settle)}要由牵头部门决定，之后才能推算。"
    paused = [one.name for one in facts.branches if one.is_paused]
    return f"{_named(paused)}暂停中，恢复后才能推算。" if paused else "现在推算不出。"


def _named(names: list[str]) -> str:
    return f"“{names[0]}”等 {len(names)} 项" if len(names) > 1 else f"“{names[0]}”"
