"""办理中: special procedures, extensions and hearings, each told in writing."""

from .phrases import PERMIT_LAW, PROVISIONAL, Told, by, full_stop, term, zh


def special(told: Told) -> dict:
    """特别程序告知书 (art. 45): what is needed and how long it takes; that time is not counted."""
    kind, days = told.facts["kind"], told.facts["days_needed"]
    if told.facts.get("stops_statutory"):
        counted = f"依据{PERMIT_LAW}第四十五条的规定，上述时间不计算在办结期限内。"
    else:
        counted = "依据本事项办事指南，上述时间不计算在承诺办结期限内；不影响法定办结期限。"
    return {
        "paragraphs": [
            f"{told.application}，本机关正在审查。因办理需要，自{zh(told.on)}起进行{kind}，"
            f"所需时间为{days}个工作日。",
            f"理由：{full_stop(told.event.reason)}",
            counted,
        ],
        "tables": [],
        "closing": [f"{kind}结束后，办结日期将相应顺延并另行告知。"],
        "receiver": True,
    }


def extension(told: Told) -> dict:
    """延期告知书 (art. 42): approved by the head before expiry; the reason and the new day."""
    amount, unit = told.facts["amount"], told.facts.get("unit") or told.case.committed_unit
    basis = f"依据{PERMIT_LAW}第四十二条的规定，" if told.is_permit else ""
    new_day = told.facts.get("due_on")
    until = f"（{PROVISIONAL}）" if told.facts.get("provisional") or not new_day else f"至{zh(new_day)}"
    before = told.facts.get("before")
    was = f"原定于{by(before)}办结。" if before and not told.facts.get("provisional") else ""
    return {
        "paragraphs": [
            f"{told.application}，{was}因在期限内不能作出决定，{basis}经本机关负责人批准，"
            f"办结期限延长{term(amount, unit)}{until}。",
            f"延期理由：{full_stop(told.event.reason)}",
        ],
        "tables": [],
        "closing": [],
        "receiver": True,
    }


def hearing_right(told: Told) -> dict:
    """听证告知书 (art. 47): the right to a hearing, to be asked for within five working days, free of charge."""
    until = by(told.facts.get("ask_by_on") or told.hearing.ask_by_on)
    return {
        "paragraphs": [
            f"{told.application}，本机关正在审查。该申请涉及下列重大利益关系："
            f"{full_stop(told.event.reason or told.hearing.subject)}",
            f"依据{PERMIT_LAW}第四十七条的规定，{told.you}及利害关系人享有要求听证的权利。"
            f"要求听证的，应当在{until}（被告知之日起五个工作日内）向本机关提出；逾期未提出的，视为放弃。",
            "本机关在收到听证申请之日起二十个工作日内组织听证。申请人、利害关系人不承担组织听证的费用。",
        ],
        "tables": [],
        "closing": [],
        "receiver": True,
    }


def hearing_call(told: Told) -> dict:
    """听证通知书 (art. 48): time, place and presider, at least seven working days before; public."""
    hearing = told.hearing
    presider = told.facts.get("presider") or (hearing.presider.name if hearing.presider else "")
    return {
        "paragraphs": [
            f"应{hearing.asked_by_name}的申请，本机关决定就“{told.case.item.name}”申请"
            f"（办件编号{told.case.number}）举行听证。现依据{PERMIT_LAW}第四十八条的规定，将有关事项通知如下：",
        ],
        "tables": [
            {
                "caption": "",
                "head": [],
                "widths": [2, 7],
                "rows": [
                    ["听证事项", hearing.subject],
                    _when(told),
                    ["听证地点", told.facts.get("place") or hearing.place],
                    ["听证主持人", presider],
                ],
            }
        ],
        "closing": [
            "听证公开举行。认为主持人与本申请有直接利害关系的，有权申请回避。",
            "请持有效身份证件按时参加，可以委托一至二人代理；无正当理由不参加的，视为放弃听证。",
        ],
        "receiver": True,
    }


def _when(told: Told) -> list[str]:
    """Art. 48(1) has the time told, which is more than the day."""
    day = zh(told.facts.get("held_on") or told.hearing.held_on)
    begins = told.facts.get("begins_at")
    return ["听证时间", f"{day} {begins}"] if begins else ["听证日期", day]


def hearing_record(told: Told) -> dict:
    """听证笔录 (art. 48(5)): signed by those who took part; the decision rests on it."""
    hearing = told.hearing
    return {
        "rows": [
            ["办件编号", told.case.number],
            ["申请事项", told.case.item.name],
            ["听证事项", hearing.subject],
            ["听证申请人", hearing.asked_by_name],
            ["听证日期", zh(hearing.held_on)],
            ["听证地点", hearing.place],
            ["主持人", hearing.presider.name if hearing.presider else ""],
            ["记录人", told.officer],
        ],
        "record": hearing.record,
        "signed_by": hearing.record_signed_by,
        "closing": ["本笔录经参加人确认无误后签名。行政机关根据听证笔录作出决定。"],
        "signatures": ["参加人（签名）", "主持人（签名）", "记录人（签名）"],
    }
