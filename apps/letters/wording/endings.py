"""终结: lapsed, terminated, withdrawn: why the case goes no further, and what can be done."""

from apps.cases.states import Status, Verb

from .phrases import Told, by, full_stop, zh

AGAIN = "条件具备后可以重新申请。已提交的纸质材料，可以到受理窗口领回。"


def lapse(told: Told) -> dict:
    """视为撤回通知书: the period for an answer, or for papers that were to follow, is over."""
    until = by(told.facts.get("until"))
    tolerated = told.event.verb == Verb.TOLERANCE_LAPSED
    missed = "未交验原件" if told.event.before == Status.PRE_PASSED else "未补正"
    why = f"容缺受理的材料未在{until}补齐，依照承诺" if tolerated else f"在{until}{missed}，依照告知"
    return {
        "paragraphs": [f"{told.application}，因{told.you}{why}，视为撤回申请，本机关不再办理。"],
        "tables": [],
        "closing": [AGAIN],
        "receiver": True,
    }


def termination(told: Told) -> dict:
    """终止办理通知书: by the head, with its cause."""
    return {
        "paragraphs": [
            f"{told.application}，本机关决定自{zh(told.on)}起终止办理。",
            f"原因和依据：{full_stop(told.event.reason)}",
        ],
        "tables": [],
        "closing": [AGAIN],
        "receiver": True,
    }


def withdrawal(told: Told) -> dict:
    """终止审查通知书: the applicant withdrew before the decision."""
    return {
        "paragraphs": [
            f"{told.application}，{told.you}于{zh(told.on)}申请撤回，本机关准许撤回，并终止审查。",
            f"撤回原因：{full_stop(told.event.reason)}",
        ],
        "tables": [],
        "closing": [AGAIN],
        "receiver": True,
    }
