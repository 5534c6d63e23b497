"""假如: what becomes of a plan when one branch is done earlier or later, or stands still for a while. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from apps.calendars.workdays import WorkCalendar
from apps.cases.terms import Pause

from ..graph import UNKNOWN_CODE, BrokenGraph
from .network import Branch, Plan, plan


@dataclass(frozen=True, slots=True)
class Change:
    """One branch otherwise than planned: so many working days `later` (earlier where negative, to no days at most), or paused."""

    code: str
    later: int = 0
    pauses: tuple[Pause, ...] = ()

    def of(self, branch: Branch) -> Branch:
        return replace(branch, days=max(branch.days + self.later, 0), pauses=(*branch.pauses, *self.pauses))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The plan as it is and as it would be; which branches begin or end on other days; by how much the end moves.

    `finish_moves_by` is in working days, negative where all would end earlier, None where one of the two ends is unknown.
    """

    before: Plan
    after: Plan
    moved: tuple[str, ...]
    finish_moves_by: int | None


def what_if(
    calendar: WorkCalendar,
    start: date,
    stage_days: int,
    branches: Sequence[Branch],
    changes: Sequence[Change],
    *,
    target_on: date | None = None,
    today: date | None = None,
) -> WhatIf:
    """假如. A branch that is finished stays as it was finished. Raises what `plan` raises, and UNKNOWN_CODE for a change of no branch."""
    asked = {"target_on": target_on, "today": today}
    changed = _changed(branches, changes)
    before = plan(calendar, start, stage_days, branches, **asked)
    after = plan(calendar, start, stage_days, changed, **asked)
    moved = tuple(
        code for code, planned in after.branches.items() if _days(planned) != _days(before.branches[code])
    )
    return WhatIf(before, after, moved, _moved_by(before, after))


def _changed(branches: Sequence[Branch], changes: Sequence[Change]) -> list[Branch]:
    by_code = {branch.code: branch for branch in branches}
    for change in changes:
        if change.code not in by_code:
            raise BrokenGraph(UNKNOWN_CODE, [change.code], f"计划里没有分项 {change.code}，请核对编号。")
        branch = by_code[change.code]
        by_code[change.code] = branch if branch.finished_on else change.of(branch)
    return [by_code[branch.code] for branch in branches]


def _days(planned) -> tuple[date | None, date | None]:
    return planned.start_on, planned.due_on


def _moved_by(before: Plan, after: Plan) -> int | None:
    """Both plans measure their leeway to the same day of the stage."""
    if before.slack_workdays is None or after.slack_workdays is None:
        return None
    return before.slack_workdays - after.slack_workdays
