"""办件状态: the states of one case and the one table of its moves."""

from dataclasses import dataclass

from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "草稿"
    COLLECTED = "collected", "已代收"
    PRE_SUBMITTED = "pre_submitted", "待预审"
    PRE_RETURNED = "pre_returned", "预审退回"
    PRE_PASSED = "pre_passed", "预审通过"
    RECEIVED = "received", "已收件"
    SUPPLEMENT = "supplement", "待补正"
    ACCEPTED = "accepted", "已受理"
    IN_REVIEW = "in_review", "审查中"
    SPECIAL = "special", "特别程序"
    SURVEY = "survey", "现场踏勘"
    HEARING = "hearing", "听证中"
    FORWARDED = "forwarded", "已上报"
    IN_APPROVAL = "in_approval", "待决定"
    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予许可"
    DELIVERED = "delivered", "已送达"
    ARCHIVED = "archived", "已归档"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    SENT_BACK = "sent_back", "退件"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "视为撤回"
    TERMINATED = "terminated", "终止办理"


S = Status

UNANSWERED = frozenset({S.PRE_SUBMITTED, S.RECEIVED})
"""The authority owes an answer within five working days (art. 32(4), R4)."""
WAITING = frozenset({S.PRE_RETURNED, S.PRE_PASSED, S.SUPPLEMENT})
"""It is the applicant's turn."""
RUNNING = frozenset({S.ACCEPTED, S.IN_REVIEW, S.SPECIAL, S.SURVEY, S.HEARING, S.FORWARDED, S.IN_APPROVAL})
"""Accepted and not yet decided: both clocks run, or are paused."""
DECIDED = frozenset({S.GRANTED, S.REFUSED})
ON_DESK = UNANSWERED | RUNNING | DECIDED | {S.COLLECTED}
"""Staff have something to do."""
OPEN = ON_DESK | WAITING
ENDED = frozenset({S.DELIVERED, S.ARCHIVED, S.NOT_ACCEPTED, S.SENT_BACK, S.WITHDRAWN, S.LAPSED, S.TERMINATED})
TERMINAL = ENDED - {S.DELIVERED}


def values_of(states) -> list[str]:
    """The stored words of some states, in a fixed order: for constraints, indexes and queries."""
    return sorted(Status(state).value for state in states)


class Verb(models.TextChoices):
    """What happened to a case. Those with a row in MOVES change its state, the others are noted."""

    SUBMITTED = "submitted", "网上提交"
    COLLECTED = "collected", "代收材料"
    HANDED_UP = "handed_up", "签收代收材料"
    GIVEN_BACK = "given_back", "退还代收材料"
    PRE_RETURNED = "pre_returned", "预审退回"
    RESUBMITTED = "resubmitted", "改正后重新提交"
    PRE_PASSED = "pre_passed", "预审通过"
    PASSED_INTO_ACCEPTANCE = "passed_into_acceptance", "预审通过并受理"
    OUT_OF_SCOPE = "out_of_scope", "预审不予受理"
    RECEIVED = "received", "窗口收件"
    HANDED_IN = "handed_in", "交验原件"
    SUPPLEMENT_ASKED = "supplement_asked", "一次性告知补正"
    SUPPLEMENTED = "supplemented", "补正"
    ACCEPTED = "accepted", "受理"
    ACCEPTED_TOLERATED = "accepted_tolerated", "容缺受理"
    ACCEPTED_JOINTLY = "accepted_jointly", "并联受理"
    DEEMED_ACCEPTED = "deemed_accepted", "逾期视为受理"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    SENT_BACK = "sent_back", "退件"
    REVIEW_STARTED = "review_started", "开始审查"
    PAUSED = "paused", "进入特别程序"
    ONE_RESUMED = "one_resumed", "其中一项特别程序结束"
    RESUMED = "resumed", "特别程序结束"
    SURVEY_OPENED = "survey_opened", "安排现场踏勘"
    SURVEYED = "surveyed", "踏勘完成"
    HEARING_ASKED = "hearing_asked", "申请听证"
    HEARING_HELD = "hearing_held", "听证结束"
    FORWARDED = "forwarded", "上报"
    RESULT_BACK = "result_back", "上级结果返回"
    REVIEW_FINISHED = "review_finished", "审查完毕"
    GRANTED = "granted", "准予"
    REFUSED = "refused", "不予许可"
    DELIVERED = "delivered", "送达"
    ARCHIVED = "archived", "归档"
    WITHDRAWN = "withdrawn", "撤回申请"
    LAPSED = "lapsed", "逾期视为撤回"
    TOLERANCE_LAPSED = "tolerance_lapsed", "容缺材料逾期未补"
    TERMINATED = "terminated", "终止办理"
    # noted, no move:
    PAUSE_ASKED = "pause_asked", "申请启动特别程序"
    EXTENSION_ASKED = "extension_asked", "申请延期"
    EXTENDED = "extended", "批准延期"
    STEP_DENIED = "step_denied", "负责人不同意"
    PROMISED = "promised", "告知承诺"
    PROMISE_TAKEN_BACK = "promise_taken_back", "撤回承诺"
    PROMISE_CHECKED = "promise_checked", "核查承诺"
    TOLERATED_BROUGHT = "tolerated_brought", "补交容缺材料"
    SURVEY_SIGNED = "survey_signed", "签署踏勘记录"
    HEARING_OFFERED = "hearing_offered", "告知听证权利"
    HEARING_WAIVED = "hearing_waived", "放弃听证"
    HEARING_CALLED = "hearing_called", "通知听证时间地点"
    HANDED_OVER = "handed_over", "移交经办人"
    BORROWED = "borrowed", "借阅档案"
    RETURNED = "returned", "归还档案"
    REVEALED = "revealed", "查看完整证件号码"
    SHARED = "shared", "授权他人查看"
    RECOMPUTED = "recomputed", "按新日历重算期限"
    PAPER_REPLACED = "paper_replaced", "更换并联项目材料"


@dataclass(frozen=True)
class Move:
    before: frozenset[str]
    after: str


def _from(*before: str) -> frozenset[str]:
    return frozenset(before)


MOVES: dict[str, Move] = {
    Verb.SUBMITTED: Move(_from(S.DRAFT), S.PRE_SUBMITTED),
    Verb.RECEIVED: Move(_from(S.DRAFT), S.RECEIVED),
    Verb.COLLECTED: Move(_from(S.DRAFT), S.COLLECTED),
    Verb.HANDED_UP: Move(_from(S.COLLECTED), S.RECEIVED),
    Verb.GIVEN_BACK: Move(_from(S.COLLECTED), S.SENT_BACK),
    Verb.PRE_RETURNED: Move(_from(S.PRE_SUBMITTED), S.PRE_RETURNED),
    Verb.RESUBMITTED: Move(_from(S.PRE_RETURNED), S.PRE_SUBMITTED),
    Verb.PRE_PASSED: Move(_from(S.PRE_SUBMITTED), S.PRE_PASSED),
    Verb.PASSED_INTO_ACCEPTANCE: Move(_from(S.PRE_SUBMITTED), S.ACCEPTED),
    Verb.OUT_OF_SCOPE: Move(_from(S.PRE_SUBMITTED), S.NOT_ACCEPTED),
    Verb.HANDED_IN: Move(_from(S.PRE_PASSED), S.RECEIVED),
    Verb.SUPPLEMENT_ASKED: Move(_from(S.RECEIVED), S.SUPPLEMENT),
    Verb.SUPPLEMENTED: Move(_from(S.SUPPLEMENT), S.RECEIVED),
    Verb.ACCEPTED: Move(_from(S.RECEIVED), S.ACCEPTED),
    Verb.ACCEPTED_TOLERATED: Move(UNANSWERED, S.ACCEPTED),
    Verb.ACCEPTED_JOINTLY: Move(_from(S.DRAFT), S.ACCEPTED),
    Verb.DEEMED_ACCEPTED: Move(UNANSWERED, S.ACCEPTED),
    Verb.NOT_ACCEPTED: Move(_from(S.RECEIVED), S.NOT_ACCEPTED),
    Verb.SENT_BACK: Move(_from(S.RECEIVED), S.SENT_BACK),
    Verb.REVIEW_STARTED: Move(_from(S.ACCEPTED), S.IN_REVIEW),
    Verb.PAUSED: Move(_from(S.IN_REVIEW, S.SPECIAL), S.SPECIAL),
    Verb.ONE_RESUMED: Move(_from(S.SPECIAL), S.SPECIAL),
    Verb.RESUMED: Move(_from(S.SPECIAL), S.IN_REVIEW),
    Verb.SURVEY_OPENED: Move(_from(S.IN_REVIEW), S.SURVEY),
    Verb.SURVEYED: Move(_from(S.SURVEY), S.IN_REVIEW),
    Verb.HEARING_ASKED: Move(_from(S.IN_REVIEW), S.HEARING),
    Verb.HEARING_HELD: Move(_from(S.HEARING), S.IN_REVIEW),
    Verb.FORWARDED: Move(_from(S.IN_REVIEW), S.FORWARDED),
    Verb.RESULT_BACK: Move(_from(S.FORWARDED), S.IN_APPROVAL),
    Verb.REVIEW_FINISHED: Move(_from(S.IN_REVIEW), S.IN_APPROVAL),
    Verb.GRANTED: Move(_from(S.IN_APPROVAL), S.GRANTED),
    Verb.REFUSED: Move(_from(S.IN_APPROVAL), S.REFUSED),
    Verb.DELIVERED: Move(DECIDED, S.DELIVERED),
    Verb.ARCHIVED: Move(_from(S.DELIVERED), S.ARCHIVED),
    Verb.WITHDRAWN: Move(UNANSWERED | WAITING | RUNNING, S.WITHDRAWN),
    Verb.LAPSED: Move(WAITING, S.LAPSED),
    Verb.TOLERANCE_LAPSED: Move(RUNNING, S.LAPSED),
    Verb.TERMINATED: Move(RUNNING, S.TERMINATED),
}

NOTED: dict[str, frozenset[str]] = {
    Verb.PAUSE_ASKED: _from(S.IN_REVIEW, S.SPECIAL),
    Verb.EXTENSION_ASKED: RUNNING,
    Verb.EXTENDED: RUNNING,
    Verb.STEP_DENIED: RUNNING,
    Verb.PROMISED: UNANSWERED | RUNNING,
    Verb.PROMISE_TAKEN_BACK: UNANSWERED | RUNNING,
    Verb.PROMISE_CHECKED: DECIDED | {S.DELIVERED, S.ARCHIVED},
    Verb.TOLERATED_BROUGHT: RUNNING,
    Verb.SURVEY_SIGNED: _from(S.SURVEY),
    Verb.HEARING_OFFERED: _from(S.IN_REVIEW),
    Verb.HEARING_WAIVED: _from(S.IN_REVIEW),
    Verb.HEARING_CALLED: _from(S.HEARING),
    Verb.HANDED_OVER: RUNNING,
    Verb.BORROWED: _from(S.ARCHIVED),
    Verb.RETURNED: _from(S.ARCHIVED),
    Verb.RECOMPUTED: OPEN,
    Verb.PAPER_REPLACED: RUNNING,
}
"""What leaves the state as it is, and in which states it can be done."""
