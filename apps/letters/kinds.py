"""文书种类: every letter of a case, the word of its series (类), the layout it is set in, and the verb that issues it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from apps.cases.models import Case, CaseEvent
from apps.cases.states import Verb
from apps.cases.terms import HEARING
from apps.items.models import CaseKind


class Kind(models.TextChoices):
    RECEIPT = "receipt", "收件凭证"
    ANSWER_RECEIPT = "answer_receipt", "收件回执"
    COLLECTION = "collection", "代收凭证"
    HANDOVER = "handover", "材料交接单"
    ACCEPTANCE = "acceptance", "受理通知书"
    TOLERANCE = "tolerance", "容缺受理承诺书"
    PRE_RETURN = "pre_return", "一次性告知书"
    SUPPLEMENT = "supplement", "补正告知书"
    NON_ACCEPTANCE = "non_acceptance", "不予受理通知书"
    SENDING_BACK = "sending_back", "退件通知书"
    SPECIAL = "special", "特别程序告知书"
    EXTENSION = "extension", "延期告知书"
    HEARING_RIGHT = "hearing_right", "听证告知书"
    HEARING_CALL = "hearing_call", "听证通知书"
    HEARING_RECORD = "hearing_record", "听证笔录"
    FORWARDING = "forwarding", "上报材料清单"
    GRANT = "grant", "准予行政许可决定书"
    REFUSAL = "refusal", "不予行政许可决定书"
    DELIVERY = "delivery", "送达回证"
    LAPSE = "lapse", "视为撤回通知书"
    TERMINATION = "termination", "终止办理通知书"
    WITHDRAWAL = "withdrawal", "终止审查通知书"
    RESULTS = "results", "一站式出件清单"


@dataclass(frozen=True)
class Form:
    """`word` stands in the number after the 机关代字; kinds with one word share one series. `layout` is a typst file.

    `of_the_point`: issued by the place that holds the papers, not by the authority that decides.
    """

    word: str
    layout: str = "notice"
    of_the_point: bool = False


FORMS: dict[str, Form] = {
    Kind.RECEIPT: Form("收", "receipt"),
    Kind.ANSWER_RECEIPT: Form("收", "receipt"),
    Kind.COLLECTION: Form("代", "receipt", of_the_point=True),
    Kind.HANDOVER: Form("交", "receipt", of_the_point=True),
    Kind.ACCEPTANCE: Form("受"),
    Kind.TOLERANCE: Form("容", "promise"),
    Kind.PRE_RETURN: Form("补"),
    Kind.SUPPLEMENT: Form("补"),
    Kind.NON_ACCEPTANCE: Form("不受", "decision"),
    Kind.SENDING_BACK: Form("退"),
    Kind.SPECIAL: Form("特"),
    Kind.EXTENSION: Form("延"),
    Kind.HEARING_RIGHT: Form("听告"),
    Kind.HEARING_CALL: Form("听通"),
    Kind.HEARING_RECORD: Form("听录", "record"),
    Kind.FORWARDING: Form("报", "receipt"),
    Kind.GRANT: Form("许", "decision"),
    Kind.REFUSAL: Form("不许", "decision"),
    Kind.DELIVERY: Form("达", "delivery"),
    Kind.LAPSE: Form("撤"),
    Kind.TERMINATION: Form("终"),
    Kind.WITHDRAWAL: Form("终"),
    Kind.RESULTS: Form("出"),
}

ISSUED_BY: dict[str, tuple[Kind, ...]] = {
    Verb.SUBMITTED: (Kind.ANSWER_RECEIPT,),
    Verb.RECEIVED: (Kind.RECEIPT,),
    Verb.HANDED_IN: (Kind.RECEIPT,),
    Verb.COLLECTED: (Kind.COLLECTION,),
    Verb.HANDED_UP: (Kind.RECEIPT, Kind.HANDOVER),
    Verb.SUPPLEMENTED: (Kind.ANSWER_RECEIPT,),
    Verb.GIVEN_BACK: (Kind.SENDING_BACK,),
    Verb.SENT_BACK: (Kind.SENDING_BACK,),
    Verb.PRE_RETURNED: (Kind.PRE_RETURN,),
    Verb.SUPPLEMENT_ASKED: (Kind.SUPPLEMENT,),
    Verb.ACCEPTED: (Kind.ACCEPTANCE,),
    Verb.PASSED_INTO_ACCEPTANCE: (Kind.ACCEPTANCE,),
    Verb.ACCEPTED_TOLERATED: (Kind.ACCEPTANCE, Kind.TOLERANCE),
    Verb.ACCEPTED_JOINTLY: (Kind.ACCEPTANCE,),
    Verb.DEEMED_ACCEPTED: (Kind.ACCEPTANCE,),
    Verb.NOT_ACCEPTED: (Kind.NON_ACCEPTANCE,),
    Verb.OUT_OF_SCOPE: (Kind.NON_ACCEPTANCE,),
    Verb.PAUSED: (Kind.SPECIAL,),
    Verb.EXTENDED: (Kind.EXTENSION,),
    Verb.HEARING_OFFERED: (Kind.HEARING_RIGHT,),
    Verb.HEARING_CALLED: (Kind.HEARING_CALL,),
    Verb.HEARING_HELD: (Kind.HEARING_RECORD,),
    Verb.FORWARDED: (Kind.FORWARDING,),
    Verb.GRANTED: (Kind.GRANT,),
    Verb.REFUSED: (Kind.REFUSAL,),
    Verb.DELIVERED: (Kind.DELIVERY,),
    Verb.LAPSED: (Kind.LAPSE,),
    Verb.TOLERANCE_LAPSED: (Kind.LAPSE,),
    Verb.WITHDRAWN: (Kind.WITHDRAWAL,),
    Verb.TERMINATED: (Kind.TERMINATION,),
}


def kinds_for(event: CaseEvent) -> Iterator[Kind]:
    """Which letters an event issues: those of its verb, but for the exceptions that the trade makes."""
    case: Case = event.case
    for kind in ISSUED_BY.get(event.verb, ()):
        if kind == Kind.ACCEPTANCE and case.kind == CaseKind.IMMEDIATE and event.verb != Verb.DEEMED_ACCEPTED:
            continue  # what is decided on the spot needs no 受理通知书
        if kind == Kind.SPECIAL and (  # a hearing's three letters tell of it
            event.facts.get("kind") == HEARING or not event.facts.get("days_needed")
        ):
            continue  # art. 45 has the time needed told; without it there is nothing to tell
        yield kind
