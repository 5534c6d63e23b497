"""关键路径的天数: how many working days a stage takes when nothing stands still. Pure.

Reckoned by the planner on a calendar without holidays: a term in working days is as long whenever it runs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar

from ..planning import Branch, plan
from .facts import BranchFacts, EdgeFacts, Sheet

MONDAY = date(2001, 1, 1)
EVERY_WEEK = WorkCalendar(frozenset(range(2001, 2500)), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Longest:
    """最长的一条线: the codes along it and their working days together."""

    path: tuple[str, ...]
    days: int


def longest(branches: Sequence[BranchFacts], edges: Iterable[EdgeFacts]) -> Longest:
    """关键路径 over these branches and the prerequisites among them, which must go in no circle."""
    codes = {branch.code for branch in branches}
    after: dict[str, list[str]] = {code: [] for code in codes}
    for edge in edges:
        if edge.is_hard and edge.branch in codes and edge.needs in codes:
            after[edge.branch].append(edge.needs)
    nodes = [Branch(one.code, one.name, one.days, tuple(after[one.code])) for one in branches]
    total = sum(one.days for one in branches)
    found = plan(EVERY_WEEK, MONDAY, total, nodes)
    return Longest(tuple(found.critical_path), total - found.slack_workdays)


def of_stage(sheet: Sheet, number: int) -> Longest:
    return longest([one for one in sheet.branches if one.stage == number], sheet.edges)


def of_all(sheet: Sheet) -> Longest:
    """The whole way, when every branch applies."""
    return longest(sheet.branches, sheet.edges)


def of_required(sheet: Sheet) -> Longest:
    """The whole way, when no optional branch applies."""
    return longest([one for one in sheet.branches if not one.is_optional], sheet.edges)


def in_a_row(sheet: Sheet) -> int:
    """串联: the days if one branch were handled after the other."""
    return sum(one.days for one in sheet.branches)
