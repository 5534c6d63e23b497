"""推演: what would become of a project if a branch took longer or stood still, and what a target day asks. Writes nothing."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.calendars import loaded
from apps.cases.terms import day_words
from apps.workflows.board import Board, board_of, facts_of
from apps.workflows.board.what_if import Comparison, Scenario, compare, may_change, moved_words

from ..project_board import VIEWS
from ..what_if_forms import WhatIfForm
from .projects import project_of


@require_safe
@never_cache
@permission("workflows.view_project")
def project_what_if(request: HttpRequest, number: str) -> HttpResponse:
    """The scenario stands in the address: whoever opens it again sees what comes of it today."""
    project, today = project_of(request, number), timezone.localdate()
    board = board_of(facts_of(project, request.user), loaded.current(), today)
    rows = [row for row in board.rows if may_change(board.facts, row.now)]
    form = WhatIfForm(request.GET or None, rows=rows, today=today)
    is_asked = form.is_bound and form.is_valid()
    scenario = form.scenario if is_asked else Scenario()
    found = compare(board, scenario)
    facts = {
        "project": project,
        "board": board,
        "views": VIEWS.items(),
        "form": form,
        "is_asked": is_asked,
        "scenario": scenario,
        "found": found,
        "lines": [(line, form.of(line.row.code)) for line in found.lines],
        "figures": _figures(board, scenario, found),
        "settled": _settled(request, board, form),
    }
    return render(request, "console/project_what_if.html", facts, status=422 if form.errors else 200)


def _figures(board: Board, scenario: Scenario, found: Comparison) -> list[dict]:
    finish = found.then.finish_on
    guessed = "暂估 " if found.then.is_provisional else ""
    figures = [
        {
            "label": "预计办结", "value": finish and f"{guessed}{_day(board, finish)}", "unit": "",
            "note": _against(board, found),
        },
        {
            "label": "总期限余量", "value": found.slack, "unit": "日" if found.slack is not None else "",
            "note": f"总期限 {_day(board, board.total.due_on)}" if board.total.due_on else "总期限现在定不下来",
        },
    ]  # fmt: skip
    if scenario.target_on is not None:
        figures.append(_to_target(board, scenario.target_on, found))
    return figures


def _to_target(board: Board, target_on: date, found: Comparison) -> dict:
    left, label = found.to_target, f"到目标日 {_day(board, target_on)}"
    if left is None:
        return {"label": label, "value": None, "unit": "", "note": "办结时间定不下来"}
    note = f"来不及，{len(found.late)} 项要提早" if found.late else "来得及"
    return {"label": label, "value": f"差 {-left}" if left < 0 else left, "unit": "日", "note": note}


def _against(board: Board, found: Comparison) -> str:
    if found.then.finish_on is None:
        return found.then.why_unknown or "没有在办的分项"
    if found.moved is None:
        return "现在还推算不出"
    return f"现在推算 {_day(board, board.forecast.finish_on)}，{moved_words(found.moved)}"


def _day(board: Board, day: date) -> str:
    year = f"{day.year}年" if day.year != board.today.year else ""
    return f"{year}{day_words(day)}"


def _settled(request: HttpRequest, board: Board, form: WhatIfForm) -> list[str]:
    """By name, what the address assumes something of though nothing of it is still to come: it was kept for some days."""
    return [
        row.now.name
        for row in board.rows
        if not form.of(row.code)
        and any(request.GET.get(f"{kind}-{row.code}") for kind in ("days", "from", "to"))
    ]
