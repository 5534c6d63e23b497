"""上报: the papers go up with the first review (行政许可法 arts 35, 43), to the body that holds the power."""

from apps.cases.models import CaseMaterial

from ..bodies import full_name
from .phrases import PERMIT_LAW, PROVISIONAL, Told, by, zh
from .receipts import papers, whose


def forwarding(told: Told) -> dict:
    """上报材料清单: what goes up, to whom, and both clocks: by when it had to go, by when it is decided above."""
    case, facts = told.case, told.facts
    if case.forwarded_to is None:
        raise ValueError("上报给哪个部门")
    listed = papers(told, "上报的材料")
    listed["rows"].append([str(len(listed["rows"]) + 1), "初步审查意见", "1", "—", "随附"])
    return {
        "rows": [
            *whose(told),
            ["接收机关", full_name(case.forwarded_to)],
            ["受理日期", zh(case.accepted_on)],
            ["上报日期", zh(told.on)],
            ["初审上报期限", _limit(facts.get("due_on"), "受理", facts.get("due_provisional"))],
            ["上级审查期限", _limit(facts["upper_due_on"], "上报", facts.get("upper_provisional"))],
            ["上报人", told.officer],
        ],
        "tables": [listed],
        "closing": [*_to_follow(told), _not_again(told)],
        "signatures": ["上报人（签名）", "接收人（签名）"],
        "stub": [],
    }


def _limit(day: str | None, since: str, provisional: bool | None) -> str:
    """A day that no calendar vouches for yet is not printed (R21)."""
    if not day:
        return "不适用"
    return f"自{since}之日起二十个工作日内，{PROVISIONAL if provisional else by(day)}"


def _to_follow(told: Told) -> list[str]:
    """What was tolerated at the acceptance is not among the papers; it follows when it is brought."""
    missing = [row.name for row in told.materials if row.state == CaseMaterial.State.TOLERATED]
    if not missing:
        return []
    return [
        f"容缺受理的{'、'.join(missing)}，申请人应于{by(told.case.tolerated_until)}补齐，补齐后另行报送。"
    ]


def _not_again(told: Told) -> str:
    basis = f"依据{PERMIT_LAW}第三十五条的规定，" if told.is_permit else ""
    return f"{basis}接收机关不得要求申请人重复提供上列材料。审查决定作出后，请退回本机关告知申请人。"
