"""看板的数字: the six figures on top of the board, its one chip, and the links between its views."""

from collections import Counter

from django.http import HttpRequest

from apps.cases.clockface import Chip
from apps.cases.terms import day_words
from apps.workflows.board import Board
from apps.workflows.models import BranchState, Project

B = BranchState
VIEWS = {"gantt": "甘特", "flow": "流程图", "table": "表格"}
OTHERS = {
    B.OPEN: "在办", B.WAITING: "未开始", B.BLOCKED: "受阻", B.REFUSED: "不予许可", B.RETURNED: "退回", B.WITHDRAWN: "撤回",
}  # fmt: skip


def view_asked(request: HttpRequest) -> str:
    """Which of the three; the Gantt chart where none is asked for that exists."""
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "gantt"


def figures_of(board: Board) -> list[dict]:
    return [
        {
            "label": "承诺总时限", "value": board.total.days, "unit": "个工作日",
            "note": f"串联办理需 {board.in_a_row} 日",
        },
        {"label": "已用", "value": board.total.used, "unit": "日", "note": _stood_still(board)},
        _finish(board),
        _progress(board),
        _slack(board),
        _sharing(board),
    ]  # fmt: skip


def chip_of(board: Board, project: Project) -> Chip:
    """One chip for the whole project: what is late, near its day or waits for the applicant, and whether it costs a day."""
    if not project.is_living:
        return Chip("done", project.get_state_display())
    kinds = Counter(one.chip for one in board.watched)
    if not kinds:
        return Chip("ok", "没有要盯的")
    words = [f"{kinds['bad']} 件要处理"] if kinds["bad"] else []
    words += [f"{kinds['warn']} 项临期"] if kinds["warn"] else []
    words += ["等申请人补正"] if kinds["pause"] else []
    critical = any(one.row is None or one.row.expected.is_critical for one in board.watched)
    spared = board.forecast.finish_on is not None and not critical
    kind = next(kind for kind in ("bad", "warn", "pause") if kinds[kind])
    return Chip(kind, f"{'，'.join(words)}{'，未碰关键路径' if spared else ''}")


def _stood_still(board: Board) -> str:
    if board.total.start_on is None:
        return "还没有受理，时限未起算"
    words = f"另依法暂停 {board.total.paused} 日" if board.total.paused else "没有暂停"
    return f"{words}，等材料 {board.total.idle} 日" if board.total.idle else words


def _finish(board: Board) -> dict:
    finish, slack = board.forecast.finish_on, board.slack
    ended = all(row.now.finished_on for row in board.rows)
    figure = {"label": "办结" if ended else "预计办结", "value": None, "unit": ""}
    if finish is None:
        return figure | {"note": board.forecast.why_unknown or "没有在办的分项"}
    against = ""
    if slack is not None:
        against = f"，比承诺{'早' if slack > 0 else '晚'} {abs(slack)} 日" if slack else "，正好是承诺的那天"
    year = f"{finish.year}年" if finish.year != board.today.year else ""
    guessed = "暂估 " if board.forecast.is_provisional and not ended else ""
    return figure | {
        "value": f"第 {board.axis.day(finish)} 日",
        "note": f"{guessed}{year}{day_words(finish)}{against}",
    }


def _progress(board: Board) -> dict:
    states = board.states
    note = " · ".join(f"{states[state]} {words}" for state, words in OTHERS.items() if states[state])
    return {
        "label": "事项进度", "value": states[B.GRANTED], "unit": f"/ {len(board.rows)} 办结", "note": note or "全部办结",
    }  # fmt: skip


def _slack(board: Board) -> dict:
    due_on, finish = board.total.due_on, board.forecast.finish_on
    figure = {"label": "关键路径余量", "value": board.slack, "unit": "日" if board.slack is not None else ""}
    if board.total.is_paused:
        return figure | {"note": "阶段暂停中，恢复后再算"}
    if due_on is None or finish is None:
        return figure | {"note": "预计办结时间还定不下来"}
    guessed = "暂估" if board.total.is_provisional else ""
    return figure | {
        "note": f"总期限{guessed}第 {board.axis.day(due_on)} 日，预计第 {board.axis.day(finish)} 日"
    }


def _sharing(board: Board) -> dict:
    sharing = board.facts.sharing
    fields = ""
    if sharing.fields_one_by_one > sharing.fields:
        fields = f"，{sharing.fields_one_by_one} 个填写项只填 {sharing.fields} 个"
    return {
        "label": "共享材料", "value": sharing.papers_one_by_one, "unit": "份次",
        "note": f"申请人只交 {sharing.papers} 份{fields}",
    }  # fmt: skip
