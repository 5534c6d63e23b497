"""项目、阶段、分项的状态: which acts lead from where to where. Nothing else writes a state."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


class ProjectState(models.TextChoices):
    """项目状态 (domain 4.2): the stages say how far the work of each is."""

    DRAFT = "draft", "草稿"
    FILED = "filed", "已申报"
    CONFIRMED = "confirmed", "已确认"
    RUNNING = "running", "办理中"
    CLOSING = "closing", "待出件"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"
    REFUSED = "refused", "已终止"


class StageState(models.TextChoices):
    """阶段状态."""

    WAITING = "waiting", "待递交"
    RECEIVED = "received", "已收件"
    DISPATCHED = "dispatched", "已分发"
    RUNNING = "running", "办理中"
    CLOSING = "closing", "待出件"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"
    REFUSED = "refused", "已终止"


class BranchState(models.TextChoices):
    """分项状态. Once open, the branch has a case, and the case says the rest."""

    WAITING = "waiting", "未开始"
    OPEN = "open", "在办"
    GRANTED = "granted", "办结"
    REFUSED = "refused", "不予许可"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤回"
    NOT_NEEDED = "not_needed", "不需要办"
    BLOCKED = "blocked", "受阻"


P, S, B = ProjectState, StageState, BranchState

LIVING = frozenset({P.DRAFT, P.FILED, P.CONFIRMED, P.RUNNING, P.CLOSING})
UNDER_WAY = frozenset({P.CONFIRMED, P.RUNNING})
AT_WORK = frozenset({S.RECEIVED, S.DISPATCHED, S.RUNNING})
BEFORE_WORK = frozenset({S.WAITING, S.RECEIVED, S.DISPATCHED})
STAGE_OVER = frozenset({S.CLOSING, S.CLOSED, S.WITHDRAWN, S.REFUSED})
DONE_WITH = frozenset({B.GRANTED, B.NOT_NEEDED})
"""What a successor may build on."""
FALLEN = frozenset({B.REFUSED, B.RETURNED, B.WITHDRAWN})
"""What blocks whoever waits for it."""
TO_SETTLE = frozenset({B.REFUSED, B.RETURNED, B.BLOCKED})
"""What the lead has to decide about before a stage can end."""
UNSTARTED = frozenset({B.WAITING, B.BLOCKED})


class Answer(models.TextChoices):
    """部门答复 to a dispatch, within one working day (setting)."""

    NONE = "", "待答复"
    ACCEPT = "accept", "同意受理"
    SUPPLEMENT = "supplement", "需要补正"
    OUT_OF_SCOPE = "out_of_scope", "不属本部门职权"


class Verb(models.TextChoices):
    """项目动作."""

    DRAFTED = "drafted", "起草"
    FILED = "filed", "申报"
    CONFIRMED = "confirmed", "确认事项清单"
    DROPPED = "dropped", "去掉分项"
    TAKEN_IN = "taken_in", "补列分项"
    RECEIVED = "received", "收件"
    PAPER_REPLACED = "paper_replaced", "更换材料"
    DISPATCHED = "dispatched", "分发"
    ANSWERED = "answered", "部门答复"
    NOTICE_SENT = "notice_sent", "一次告知补正"
    SUPPLEMENTED = "supplemented", "补正"
    STAGE_ACCEPTED = "stage_accepted", "阶段受理"
    STAGE_DEEMED = "stage_deemed", "逾期视为受理"
    BRANCH_OPENED = "branch_opened", "分项开办"
    BRANCH_ENDED = "branch_ended", "分项办结"
    BRANCH_BLOCKED = "branch_blocked", "分项受阻"
    BRANCH_FREED = "branch_freed", "分项不再受阻"
    BRANCH_REOPENED = "branch_reopened", "调整方案重办"
    BRANCH_WITHDRAWN = "branch_withdrawn", "撤回分项"
    STAGE_PAUSED = "stage_paused", "阶段计时暂停"
    STAGE_RESUMED = "stage_resumed", "阶段计时恢复"
    STAGE_EXTENDED = "stage_extended", "阶段延期"
    RECOMPUTED = "recomputed", "按新日历重算期限"
    STAGE_FINISHED = "stage_finished", "阶段办结"
    STAGE_ENDED = "stage_ended", "阶段终止"
    HANDED_OVER = "handed_over", "一站出件"
    PROJECT_FINISHED = "project_finished", "项目各阶段办结"
    PROJECT_CLOSED = "project_closed", "项目办结"
    WITHDRAWN = "withdrawn", "撤回项目"
    CONVENED = "convened", "发起会商"
    TIME_CHANGED = "time_changed", "改期"
    CALLED_OFF = "called_off", "取消会商"
    REPLIED = "replied", "会商答复"
    SIGNED = "signed", "签署"
    HELD = "held", "会商结束"
    SILENT = "silent", "逾期未答复"
    CHASED = "chased", "催办"


@dataclass(frozen=True)
class Move:
    """`before` → `after`, in the words of what moves: project, stage, or branch."""

    before: frozenset[str]
    after: str


def values_of(states: Iterable[str]) -> list[str]:
    """For a query or a constraint: plain values, in a fixed order."""
    return sorted(str(getattr(state, "value", state)) for state in states)


PROJECT_MOVES: dict[str, Move] = {
    Verb.FILED: Move(frozenset({P.DRAFT}), P.FILED),
    Verb.CONFIRMED: Move(frozenset({P.FILED}), P.CONFIRMED),
    Verb.RECEIVED: Move(frozenset({P.CONFIRMED, P.RUNNING}), P.RUNNING),
    Verb.PROJECT_FINISHED: Move(frozenset({P.RUNNING, P.CONFIRMED}), P.CLOSING),
    Verb.PROJECT_CLOSED: Move(frozenset({P.CLOSING}), P.CLOSED),
    Verb.WITHDRAWN: Move(frozenset({P.FILED, P.CONFIRMED, P.RUNNING}), P.WITHDRAWN),
}

STAGE_MOVES: dict[str, Move] = {
    Verb.RECEIVED: Move(frozenset({S.WAITING}), S.RECEIVED),
    Verb.DISPATCHED: Move(frozenset({S.RECEIVED}), S.DISPATCHED),
    Verb.STAGE_ACCEPTED: Move(frozenset({S.DISPATCHED}), S.RUNNING),
    Verb.STAGE_DEEMED: Move(frozenset({S.RECEIVED, S.DISPATCHED}), S.RUNNING),
    Verb.STAGE_FINISHED: Move(frozenset({S.RUNNING}), S.CLOSING),
    Verb.STAGE_ENDED: Move(frozenset({S.DISPATCHED, S.RUNNING}), S.REFUSED),
    Verb.HANDED_OVER: Move(frozenset({S.CLOSING}), S.CLOSED),
}
