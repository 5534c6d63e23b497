"""文书的文字: what each kind says. A word that is missing among the facts stops the verb, so nothing is half done."""

from collections.abc import Callable

from ..kinds import Kind
from . import acceptance, corrections, decisions, endings, forwarding, procedures, receipts
from .phrases import Told

WORDS: dict[str, Callable[[Told], dict]] = {
    Kind.RECEIPT: receipts.receipt,
    Kind.ANSWER_RECEIPT: receipts.receipt,
    Kind.COLLECTION: receipts.collection,
    Kind.HANDOVER: receipts.handover,
    Kind.ACCEPTANCE: acceptance.acceptance,
    Kind.TOLERANCE: acceptance.tolerance,
    Kind.NON_ACCEPTANCE: acceptance.non_acceptance,
    Kind.PRE_RETURN: corrections.correction,
    Kind.SUPPLEMENT: corrections.correction,
    Kind.SENDING_BACK: corrections.sending_back,
    Kind.SPECIAL: procedures.special,
    Kind.EXTENSION: procedures.extension,
    Kind.HEARING_RIGHT: procedures.hearing_right,
    Kind.HEARING_CALL: procedures.hearing_call,
    Kind.HEARING_RECORD: procedures.hearing_record,
    Kind.FORWARDING: forwarding.forwarding,
    Kind.GRANT: decisions.grant,
    Kind.REFUSAL: decisions.refusal,
    Kind.DELIVERY: decisions.delivery,
    Kind.LAPSE: endings.lapse,
    Kind.TERMINATION: endings.termination,
    Kind.WITHDRAWAL: endings.withdrawal,
}

OF_OTHER_ITEMS = {Kind.GRANT: "准予办理决定书", Kind.REFUSAL: "不予办理决定书"}
"""An item that is no 行政许可 is not decided by a 行政许可决定书."""


def title_of(told: Told) -> str:
    return told.kind.label if told.is_permit else OF_OTHER_ITEMS.get(told.kind, told.kind.label)


__all__ = ["WORDS", "Told", "title_of"]
