"""办到哪一步了: a case in the words of the applicant, as a chip and as a timeline. Pure: facts in, words out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from apps.calendars.workdays import WorkCalendar
from apps.cases import moved
from apps.cases.models import Case, CaseEvent, Status, Verb
from apps.cases.states import DECIDED, RUNNING
from apps.cases.terms import remaining_words
from apps.items.models import Unit

S, V = Status, Verb

CHIPS: dict[str, tuple[str, str]] = {
    S.DRAFT: ("new", "草稿"),
    S.COLLECTED: ("info", "代办员已代收"),
    S.PRE_SUBMITTED: ("info", "等窗口预审"),
    S.PRE_RETURNED: ("warn", "请补正"),
    S.PRE_PASSED: ("warn", "请交原件"),
    S.RECEIVED: ("info", "窗口已收件"),
    S.SUPPLEMENT: ("warn", "请补正"),
    S.ACCEPTED: ("ok", "办理中"),
    S.IN_REVIEW: ("ok", "办理中"),
    S.SPECIAL: ("pause", "暂停计时"),
    S.SURVEY: ("ok", "现场踏勘"),
    S.HEARING: ("pause", "听证中，暂停计时"),
    S.FORWARDED: ("ok", "已上报上级"),
    S.IN_APPROVAL: ("ok", "办理中"),
    S.GRANTED: ("ok", "已准予，等送达"),
    S.REFUSED: ("bad", "不予许可"),
    S.DELIVERED: ("done", "已办结"),
    S.ARCHIVED: ("done", "已办结"),
    S.NOT_ACCEPTED: ("bad", "不予受理"),
    S.SENT_BACK: ("done", "已退件"),
    S.WITHDRAWN: ("done", "已撤回"),
    S.LAPSED: ("done", "逾期视为撤回"),
    S.TERMINATED: ("bad", "已终止办理"),
}

TOLD: dict[str, str] = {  # what happened, as it is told to the applicant; verbs that are missing are not told
    V.SUBMITTED: "您提交了申请",
    V.COLLECTED: "代办员代收了材料",
    V.HANDED_UP: "乡镇窗口签收了材料",
    V.GIVEN_BACK: "代办员退还了材料",
    V.PRE_RETURNED: "窗口预审：请补正",
    V.RESUBMITTED: "您提交了补正",
    V.PRE_PASSED: "窗口预审通过",
    V.PASSED_INTO_ACCEPTANCE: "窗口受理了申请",
    V.OUT_OF_SCOPE: "窗口不予受理",
    V.RECEIVED: "窗口收到材料",
    V.HANDED_IN: "窗口核对了原件",
    V.SUPPLEMENT_ASKED: "窗口一次告知：请补正",
    V.SUPPLEMENTED: "您提交了补正",
    V.ACCEPTED: "窗口受理了申请",
    V.ACCEPTED_TOLERATED: "窗口容缺受理了申请",
    V.TOLERATED_BROUGHT: "您补交了容缺材料",
    V.TOLERANCE_LAPSED: "容缺材料逾期未补，视为撤回",
    V.PROMISED: "您签署了告知承诺",
    V.ACCEPTED_JOINTLY: "并联审批受理了申请",
    V.DEEMED_ACCEPTED: "窗口未按期答复，依法视为受理",
    V.NOT_ACCEPTED: "窗口不予受理",
    V.SENT_BACK: "材料已退还给您",
    V.REVIEW_STARTED: "部门开始审查",
    V.PAUSED: "进入特别程序，计时暂停",
    V.RESUMED: "特别程序结束，恢复计时",
    V.SURVEY_OPENED: "部门安排了现场踏勘",
    V.SURVEYED: "现场踏勘完成",
    V.HEARING_OFFERED: "部门告知您可以申请听证",
    V.HEARING_ASKED: "您申请了听证，计时暂停",
    V.HEARING_WAIVED: "您放弃了听证",
    V.HEARING_CALLED: "部门通知了听证的时间地点",
    V.HEARING_HELD: "听证结束，恢复计时",
    V.FORWARDED: "已上报上级部门",
    V.RESULT_BACK: "上级的结果回来了",
    V.EXTENDED: "办理期限依法延长",
    V.REVIEW_FINISHED: "审查完毕，等候决定",
    V.GRANTED: "准予许可",
    V.REFUSED: "不予许可",
    V.DELIVERED: "结果已送达",
    V.WITHDRAWN: "申请已撤回",
    V.LAPSED: "超过期限没有补正，视为撤回",
    V.RECOMPUTED: "日历有变更，日期随之调整",
    V.TERMINATED: "办理终止",
}
WITH_REASON = {
    V.GIVEN_BACK,
    V.OUT_OF_SCOPE,
    V.NOT_ACCEPTED,
    V.SENT_BACK,
    V.PAUSED,
    V.WITHDRAWN,
    V.LAPSED,
    V.EXTENDED,
    V.TERMINATED,
    V.PRE_PASSED,
}

NOW: dict[str, str] = {  # where it stands while it is open
    S.COLLECTED: "等代办员把材料送到乡镇",
    S.PRE_SUBMITTED: "等窗口预审",
    S.PRE_RETURNED: "等您补正",
    S.PRE_PASSED: "等您把原件交到窗口",
    S.RECEIVED: "等窗口答复是否受理",
    S.SUPPLEMENT: "等您补正",
    S.ACCEPTED: "等部门审查",
    S.IN_REVIEW: "部门正在审查",
    S.SPECIAL: "特别程序进行中",
    S.SURVEY: "等现场踏勘",
    S.HEARING: "听证进行中",
    S.FORWARDED: "等上级部门的结果",
    S.IN_APPROVAL: "等部门决定",
    S.GRANTED: "等结果送达",
    S.REFUSED: "等决定书送达",
}
_FIRST = frozenset({S.COLLECTED, S.PRE_SUBMITTED, S.PRE_RETURNED})
_ORIGINALS, _ACCEPTANCE, _REVIEW, _DECISION, _DELIVERY = (
    "到窗口交原件", "受理并出具受理通知书", "审查", "作出决定", "送达结果",
)  # fmt: skip
_ROAD = (  # the steps that still lie ahead, and the states before them
    (_ORIGINALS, _FIRST - {S.COLLECTED}),
    (_ACCEPTANCE, _FIRST | {S.PRE_PASSED, S.RECEIVED, S.SUPPLEMENT}),
    (_REVIEW, _FIRST | {S.PRE_PASSED, S.RECEIVED, S.SUPPLEMENT, S.ACCEPTED}),
    (_DECISION, _FIRST | {S.PRE_PASSED, S.RECEIVED, S.SUPPLEMENT} | RUNNING),
    (_DELIVERY, _FIRST | {S.PRE_PASSED, S.RECEIVED, S.SUPPLEMENT} | RUNNING | DECIDED),
)


@dataclass(frozen=True)
class Chip:
    kind: str
    words: str


@dataclass(frozen=True)
class Step:
    """One line of the timeline: kind is done, now or next."""

    kind: str
    title: str
    when: str = ""
    note: str = ""


def chip_of(case: Case, calendar: WorkCalendar, today: date) -> Chip:
    """A case in one chip. The clock of a decision is told in whole working days, never counted down."""
    kind, words = CHIPS[case.status]
    if case.awaits_applicant and case.wait_until:
        left = (case.wait_until - today).days
        return Chip("bad" if left < 0 else kind, f"{words} · {day_words(left)}")
    if case.status == S.SPECIAL:
        return Chip(kind, f"{words} · {case.pause_kind}")
    if case.is_unanswered and case.notice_due_on:
        return Chip(kind, f"{words} · 最迟 {short(case.notice_due_on)}答复")
    if case.is_running and case.due_on:
        return Chip(
            "bad" if today > case.due_on else kind,
            f"{words} · {remaining_words(calendar, case.due_on, today)}",
        )
    if case.is_running and case.provisional_due_on:
        return Chip(kind, f"{words} · 暂估 {short(case.provisional_due_on)}办结")
    return Chip(kind, words)


def timeline_of(case: Case, events: Iterable[CaseEvent], calendar: WorkCalendar) -> list[Step]:
    """经过、现在、接下来. Staff are told by surname only; what is written for colleagues stays with them."""
    steps = [_past(event) for event in events if event.verb in TOLD and _concerns_applicant(event)]
    if case.status in NOW:
        steps.append(Step("now", NOW[case.status], "现在在这一步", _now_note(case)))
    at_the_counter = case.version.needs_originals or case.version.advisory_pre_review
    for title, before in _ROAD:
        if case.status in before and (title != _ORIGINALS or at_the_counter):
            steps.append(Step("next", title, _expected(case, title, calendar)))
    return steps


def day_words(left: int) -> str:
    if left < 0:
        return f"已过 {-left} 天"
    return "今天截止" if left == 0 else f"还剩 {left} 天"


def short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _concerns_applicant(event: CaseEvent) -> bool:
    """Of dates that moved with the calendar some are the authority's own."""
    return event.verb != V.RECOMPUTED or bool(moved.for_applicant(moved.read(event.facts)))


def _past(event: CaseEvent) -> Step:
    note = event.reason if event.verb in WITH_REASON else ""
    if event.verb == V.RECOMPUTED:
        note = f"因{event.facts['cause']}，{moved.for_applicant(moved.read(event.facts))}"
    if event.verb in (
        V.ACCEPTED,
        V.ACCEPTED_TOLERATED,
        V.PASSED_INTO_ACCEPTANCE,
        V.ACCEPTED_JOINTLY,
        V.DEEMED_ACCEPTED,
    ) and event.facts.get("due_on"):
        note = f"办结截止日 {_iso_short(event.facts['due_on'])}（含当天）"
    return Step("done", TOLD[event.verb], _moment(event.at), note)


def _now_note(case: Case) -> str:
    if case.status == S.PRE_PASSED and case.wait_until:
        return f"请把原件交到{case.intake_point}，截止日 {short(case.wait_until)}（含当天）"
    if case.awaits_applicant:
        return "补正的时间不算在办理时限里"
    if case.is_unanswered and case.notice_due_on:
        return f"最迟 {short(case.notice_due_on)}答复；到期没有答复的，依法视为受理"
    if case.calendar_missing:
        return "所需日期跨入放假安排尚未公布的年份，办结日为暂估，以国务院放假通知为准"
    return ""


def _expected(case: Case, title: str, calendar: WorkCalendar) -> str:
    """When a step that lies ahead is to come: by the stored dates, and before the acceptance by what the guide promises."""
    if title == _ORIGINALS:
        return "预审通过后"
    if title == _ACCEPTANCE:
        return _acceptance_expected(case)
    if title == _DECISION:
        return _decision_expected(case, calendar)
    if title == _DELIVERY and case.delivery_due_on:
        return f"最迟 {short(case.delivery_due_on)}"
    return ""


def _acceptance_expected(case: Case) -> str:
    if case.awaits_applicant:
        return "交原件后 5 个工作日内" if case.status == S.PRE_PASSED else "补正后 5 个工作日内"
    if case.notice_due_on and not (case.status == S.PRE_SUBMITTED and case.version.needs_originals):
        return f"最迟 {short(case.notice_due_on)}"
    return ""


def _decision_expected(case: Case, calendar: WorkCalendar) -> str:
    if case.due_on:
        return f"最迟 {short(case.due_on)}"
    if case.provisional_due_on:
        return f"暂估 {short(case.provisional_due_on)}"
    if case.is_running:
        return ""
    amount, unit = case.version.committed_amount, case.version.committed_unit
    if amount == 0:
        return "受理当天"
    words = f"受理后 {amount} {Unit(unit).label}内"
    answered_by = case.notice_due_on if case.is_unanswered else None
    if unit != Unit.WORKDAY or answered_by is None:
        return words
    due = calendar.add(answered_by, amount)
    return f"{words}，预计最迟 {short(due.on)}" if due.on else words


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _iso_short(text: str) -> str:
    return short(date.fromisoformat(text))
