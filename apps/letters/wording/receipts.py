"""收件: receipts for papers that were handed over, with their list and two signatures."""

from apps.cases.states import Verb

from ..kinds import Kind
from .phrases import ASK, Told, by, zh

COLUMNS = ["序号", "材料名称", "原件", "复印件", "提交方式"]
WIDTHS = [1, 7, 1.2, 1.4, 2]


def receipt(told: Told) -> dict:
    """收件凭证 and 收件回执: what came in, when, and by when there is an answer (art. 32(4))."""
    case, verb = told.case, told.event.verb
    rows = [
        *whose(told),
        ["收到时间", f"{zh(told.event.at)} {told.event.at.astimezone():%H:%M}"],
    ]
    closing = [ASK]
    due = told.facts.get("notice_due_on") or case.notice_due_on
    if due:
        rows.append(["答复期限", by(due)])
        closing.insert(
            0,
            "本机关在答复期限内作出受理、不予受理或者一次告知补正；逾期未答复的，自收到材料之日起视为受理。",
        )
    elif case.version.advisory_pre_review and verb == Verb.SUBMITTED:
        closing.insert(0, "预审意见不作为受理；办理时限自交验材料之日起算。")
    at_the_counter = told.kind == Kind.RECEIPT
    if told.officer and at_the_counter:
        rows.append(["收件人", told.officer])
    return {
        "rows": rows,
        "tables": [_or_none(papers(told, "收到的材料"))],
        "closing": closing,
        "signatures": ["交件人（签名）", "收件人（签名）"] if at_the_counter else [],
        "stub": [["文号", ""], *rows[:3]] if at_the_counter else [],
    }


def collection(told: Told) -> dict:
    """代收凭证: a village agent took the papers; it is no receipt by the authority yet."""
    rows = [
        *whose(told),
        ["代收日期", zh(told.on)],
        ["上交期限", f"{by(told.case.hand_up_due_on)}送交乡镇窗口"],
        ["代办员", told.officer],
    ]
    return {
        "rows": rows,
        "tables": [_or_none(papers(told, "代收的材料"))],
        "closing": [
            "代收不是受理。乡镇窗口签收后为收件，法定期限自签收之日起计算。",
            f"代办不收取任何费用。{ASK}",
        ],
        "signatures": ["交件人（签名）", "代办员（签名）"],
        "stub": [["文号", ""], *rows[:3]],
    }


def handover(told: Told) -> dict:
    """材料交接单: the papers go from the village to the township, signed by who gave and who took."""
    giver = told.case.collected_by.name if told.case.collected_by else ""
    return {
        "rows": [
            *whose(told),
            ["代收日期", zh(told.case.collected_on)],
            ["交接日期", zh(told.on)],
            ["交件人", giver],
            ["接收人", told.officer],
        ],
        "tables": [_or_none(papers(told, "交接的材料"))],
        "closing": ["自接收人签收之日起，为行政机关收到申请材料之日。"],
        "signatures": ["交件人（签名）", "接收人（签名）"],
        "stub": [],
    }


def whose(told: Told) -> list[list[str]]:
    """Which case, which matter, whose: the number of the applicant masked."""
    case = told.case
    return [
        ["办件编号", case.number],
        ["申请事项", case.item.name],
        ["申请人", f"{case.applicant_name}（{case.applicant_mask}）"],
    ]


def papers(told: Told, caption: str) -> dict:
    """What is there, paper by paper; what is still to come is not listed."""
    listed = [
        [str(row.seq), row.name, _count(row.originals), _count(row.copies), row.get_state_display()]
        for row in told.materials
        if row.is_present
    ]
    return {"caption": caption, "head": COLUMNS, "widths": WIDTHS, "rows": listed}


def _or_none(listed: dict) -> dict:
    """An empty list would leave open whether something was forgotten."""
    if not listed["rows"]:
        listed["rows"] = [["—", "没有收取材料（免提交的材料由窗口核对）", "—", "—", "—"]]
    return listed


def _count(number: int) -> str:
    return str(number) if number else "—"
