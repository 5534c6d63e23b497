"""通知的话: what an applicant is told of each event, in one sentence. Verbs that are missing are not told. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from apps.cases.moved import for_applicant, read
from apps.cases.states import Verb

Facts = Mapping[str, Any]
V = Verb

SENTENCES: dict[str, str | Callable[[Facts, str], str]] = {
    V.SUBMITTED: "已收到您的申请",
    V.RECEIVED: "窗口已收到您的材料，收件凭证已开具",
    V.COLLECTED: "代办员已代收您的材料，将上交乡镇窗口",
    V.HANDED_UP: "乡镇窗口已签收您的材料",
    V.HANDED_IN: "窗口已收到您交的原件",
    V.GIVEN_BACK: lambda facts, reason: f"代办员已退还您的材料：{reason}",
    V.PRE_RETURNED: lambda facts, reason: f"有{facts.get('faults', '')}处需要补正{_until(facts, 'answer_by')}",
    V.SUPPLEMENT_ASKED: lambda facts, reason: (
        f"有{facts.get('faults', '')}处需要补正{_until(facts, 'answer_by')}"
    ),
    V.RESUBMITTED: "已收到您的补正",
    V.SUPPLEMENTED: "已收到您的补正",
    V.PRE_PASSED: lambda facts, reason: f"预审通过，请到窗口交原件{_until(facts, 'valid_until')}",
    V.PASSED_INTO_ACCEPTANCE: lambda facts, reason: _accepted(facts),
    V.ACCEPTED: lambda facts, reason: _accepted(facts),
    V.ACCEPTED_TOLERATED: lambda facts, reason: (
        f"{_accepted(facts)}，请补交所缺材料{_until(facts, 'tolerated_until')}"
    ),
    V.ACCEPTED_JOINTLY: lambda facts, reason: _accepted(facts),
    V.DEEMED_ACCEPTED: lambda facts, reason: f"期限内没有答复，依法视为受理。{_accepted(facts)}",
    V.NOT_ACCEPTED: lambda facts, reason: f"不予受理：{reason}",
    V.OUT_OF_SCOPE: lambda facts, reason: f"不予受理：{reason}",
    V.SENT_BACK: lambda facts, reason: f"材料已退还：{reason}",
    V.PAUSED: lambda facts, reason: _paused(facts),
    V.RESUMED: lambda facts, reason: f"{facts.get('kind', '特别程序')}已结束，恢复计时{_by(facts)}",
    V.EXTENDED: lambda facts, reason: (
        f"经批准延长{facts.get('amount', '')}天{_by(facts)}，理由：{reason}"
    ),
    V.HEARING_OFFERED: lambda facts, reason: f"您有权申请听证{_until(facts, 'ask_by_on')}",
    V.HEARING_CALLED: "听证的时间和地点已确定，请查看听证通知书",
    V.FORWARDED: lambda facts, reason: f"已报{facts.get('to', '上级部门')}审查",
    V.GRANTED: lambda facts, reason: f"已准予{_until(facts, 'delivery_due_on')}送达结果",
    V.REFUSED: "不予许可，理由和救济途径见决定书",
    V.DELIVERED: "结果已送达",
    V.WITHDRAWN: "申请已撤回",
    V.LAPSED: lambda facts, reason: reason,
    V.TOLERANCE_LAPSED: lambda facts, reason: reason,
    V.TERMINATED: lambda facts, reason: f"办理已终止：{reason}",
    V.RECOMPUTED: lambda facts, reason: _moved(facts),
}  # fmt: skip


def sentence(verb: str, facts: Facts, reason: str, *, item: str, number: str) -> str:
    """The whole message; empty where this event concerns the authority alone."""
    words = SENTENCES.get(verb, "")
    told = words(facts, reason) if callable(words) else words
    return f"您申请的“{item}”（{number}）：{told.rstrip('。')}。" if told else ""


def _moved(facts: Facts) -> str:
    """因2027年放假安排，承诺办结日由…改为…; nothing where only dates of the authority's own moved."""
    changes = for_applicant(read(facts))
    return f"因{facts['cause']}，{changes}。依据：{facts['source']}" if changes else ""


def _paused(facts: Facts) -> str:
    """What only the guide names stops the promise alone, and the applicant is told so (art. 45)."""
    needed = f"，约需{facts['days_needed']}个工作日" if facts.get("days_needed") else ""
    clock = "办理时限" if facts.get("stops_statutory") else "承诺时限，法定时限照算"
    return f"进入{facts.get('kind', '特别程序')}{needed}，期间不计入{clock}"


def _accepted(facts: Facts) -> str:
    return f"已受理{_by(facts)}"


def _by(facts: Facts) -> str:
    due = _day(facts, "due_on")
    return f"，最迟{due}办结" if due else ""


def _until(facts: Facts, name: str) -> str:
    day = _day(facts, name)
    return f"，最迟{day}" if day else ""


def _day(facts: Facts, name: str) -> str:
    if not facts.get(name):
        return ""
    day = date.fromisoformat(facts[name])
    return f"{day.year}年{day.month}月{day.day}日"
