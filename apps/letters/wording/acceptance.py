"""受理: accepted, accepted with papers to follow, accepted by law, or not at all."""

from apps.cases.states import Verb

from .phrases import ASK, PERMIT_LAW, Told, by, full_stop, within, zh
from .remedies import remedies_of

ART_45 = (
    "依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在上述期限内；"
    "需要时，本机关将所需时间书面告知{you}。"
)


def acceptance(told: Told) -> dict:
    """受理通知书 (art. 32): the day of acceptance, both terms, and how to follow the case."""
    return {
        "paragraphs": [f"{told.application}及有关材料收悉。", _found(told), _terms(told)]
        + ([ART_45.format(you=told.you)] if told.is_permit else []),
        "tables": [_tolerated(told)] if told.facts.get("tolerated") else [],
        "closing": [*_to_follow(told), ASK],
        "receiver": True,
    }


def tolerance(told: Told) -> dict:
    """容缺受理承诺书 (R19): what the applicant promises to bring, and what follows when it does not come."""
    until = by(told.facts["tolerated_until"])
    me = "本人" if told.case.applicant.is_person else "本单位"
    return {
        "paragraphs": [
            f"{me}申请办理“{told.case.item.name}”（办件编号{told.case.number}），已知悉申请条件和全部申请材料。"
            f"下列材料因故暂未提交，{me}申请容缺受理，并承诺：",
            f"一、于{until}补齐下列材料；",
            "二、已提交和补交的材料真实、合法、有效；",
            f"三、逾期未补齐的，视为撤回申请，由此产生的后果由{me}承担。",
        ],
        "tables": [_tolerated(told)],
        "closing": [],
        "signatures": [f"承诺人（签名或盖章）：{told.facts.get('promised_by', '')}"],
    }


def non_acceptance(told: Told) -> dict:
    """不予受理通知书 (art. 32(1)(2)): the reason, where to go, and the remedies."""
    basis = f"依据{PERMIT_LAW}第三十二条的规定，" if told.is_permit else ""
    return {
        "paragraphs": [f"{told.application}及有关材料收悉。经审查，{basis}本机关决定不予受理。"],
        "reasons": full_stop(told.case.decision_reasons or told.event.reason),
        "where_to_go": full_stop(told.facts["where_to_go"]),
        "remedies": remedies_of(told),
        "closing": [],
        "receiver": True,
    }


def _found(told: Told) -> str:
    day, law = zh(told.facts["accepted_on"]), PERMIT_LAW
    if told.event.verb == Verb.DEEMED_ACCEPTED:
        ended = zh(told.facts.get("notice_period_ended_on"))
        basis = f"依据{law}第三十二条第一款第四项的规定，" if told.is_permit else ""
        return (
            f"本机关自收到申请材料之日起五个工作日内（最迟{ended}）没有作出受理、不予受理或者补正告知，"
            f"{basis}自收到申请材料之日{day}起即为受理。"
        )
    if told.facts.get("tolerated"):
        return (
            f"经审查，主要申请材料齐全，尚缺的材料可以容缺后补，{told.you}已书面承诺按期补交。"
            f"本机关决定容缺受理，受理日期为{day}。"
        )
    basis = f"依据{law}第三十二条第一款第五项的规定，" if told.is_permit else ""
    return f"经审查，申请材料齐全、符合法定形式，{basis}本机关决定予以受理，受理日期为{day}。"


def _terms(told: Told) -> str:
    provisional = bool(told.facts.get("provisional"))
    amount, unit = told.facts["committed"]
    words = f"本机关承诺{within(amount, unit, told.facts.get('due_on'), provisional=provisional)}办结"
    legal, legal_unit = told.facts["statutory"]
    if legal is not None and legal_unit:
        until = within(legal, legal_unit, told.facts.get("statutory_due_on"), provisional=provisional)
        words += f"；法定期限为{until}办结"
    return f"{words}。"


def _tolerated(told: Told) -> dict:
    until = zh(told.facts["tolerated_until"])
    listed = [[str(number), name, until] for number, name in enumerate(told.facts["tolerated"], start=1)]
    return {
        "caption": "容缺后补的材料",
        "head": ["序号", "材料名称", "补交期限"],
        "widths": [1, 7, 3],
        "rows": listed,
    }


def _to_follow(told: Told) -> list[str]:
    if not told.facts.get("tolerated"):
        return []
    return [f"请于{by(told.facts['tolerated_until'])}补齐上列材料；逾期未补齐的，依承诺视为撤回申请。"]
