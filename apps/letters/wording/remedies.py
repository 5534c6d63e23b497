"""救济: to which body and within which term a decision can be taken further (行政复议法 art. 20, 行政诉讼法 art. 46)."""

from apps.cases.actions import REMEDIES

from .phrases import Told, full_stop

REVIEW_TERM, SUIT_TERM = "六十日", "六个月"


def remedies_of(told: Told) -> str:
    """The words of whoever decided, where they wrote their own, and always both bodies with both terms."""
    body = told.body
    full = (
        f"{told.you}如不服本决定，可以自收到本文书之日起{REVIEW_TERM}内向{body.review_body}申请行政复议，"
        f"或者自收到本文书之日起{SUIT_TERM}内向{body.court}提起行政诉讼。"
    )
    own = told.case.decision_remedies.strip()
    return full if own in ("", REMEDIES) else f"{full_stop(own)}{full}"
