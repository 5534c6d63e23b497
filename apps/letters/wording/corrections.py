"""一次告知: everything that is missing or wrong, in one letter (art. 32(4)); and papers that go back."""

from apps.cases.states import Verb

from ..kinds import Kind
from .phrases import PERMIT_LAW, Told, by, full_stop


def correction(told: Told) -> dict:
    """补正告知书, and the 一次性告知书 of a pre-review: each fault with its paper, and how to put it right."""
    notice = told.faults[0].notice if told.faults else None
    basis = f"依据{PERMIT_LAW}第三十二条第一款第四项的规定，" if told.is_permit else ""
    looked = "网上预审" if told.kind == Kind.PRE_RETURN else "审查"
    return {
        "paragraphs": [
            f"{told.application}及有关材料收悉。经{looked}，申请材料不齐全或者不符合法定形式，"
            f"{basis}现将需要补正的全部内容一次告知如下：",
        ],
        "tables": [
            {
                "caption": "需要补正的内容",
                "head": ["序号", "材料", "存在的问题", "如何补正"],
                "widths": [1, 3.2, 5, 3.4],
                "rows": [
                    [
                        str(number),
                        fault.material.name if fault.material else "申请表",
                        fault.text,
                        fault.remedy or "按要求重新提交",
                    ]
                    for number, fault in enumerate(told.faults, start=1)
                ],
            }
        ],
        "closing": _after(told, notice),
        "receiver": True,
    }


def sending_back(told: Told) -> dict:
    """退件通知书: the papers go back before acceptance, with the reason."""
    taken = [row for row in told.materials if row.originals or row.copies]
    collected = told.event.verb == Verb.GIVEN_BACK
    tables = []
    if taken:
        tables = [
            {
                "caption": "退还的材料",
                "head": ["序号", "材料名称", "原件", "复印件"],
                "widths": [1, 7, 1.5, 1.5],
                "rows": [
                    [str(row.seq), row.name, str(row.originals or "—"), str(row.copies or "—")]
                    for row in taken
                ],
            }
        ]
    return {
        "paragraphs": [
            f"{told.application}及有关材料，现予以退件。",
            f"退件原因：{full_stop(told.event.reason)}",
        ],
        "tables": tables,
        "closing": [
            "代收材料尚未交行政机关收件，退还后代办终止。"
            if collected
            else "本次申请尚未受理，退件后不再计时。",
            "条件具备后可以重新申请；对退件有异议的，可以向政务服务中心反映。",
        ],
        "receiver": True,
    }


def _after(told: Told, notice) -> list[str]:
    until = by(told.facts.get("answer_by") or (notice.answer_by if notice else told.case.wait_until))
    lines = [
        f"请于{until}一次补正全部内容。补正后，受理审查的五个工作日自收到补正材料之日起重新计算；"
        "逾期未补正的，视为撤回申请。",
        "除上列内容外，本机关不再要求补正其他内容。",
    ]
    if notice is not None and notice.note.strip():
        lines.insert(0, f"说明：{full_stop(notice.note)}")
    if notice is not None and notice.why_new.strip():
        lines.insert(0, f"本次提出首次告知以外的问题，理由：{full_stop(notice.why_new)}")
    return lines
