"""救济: to which body and within which term a decision can be taken further (行政复议法 art. 20, 行政诉讼法 art. 46)."""

import re

from apps.cases.actions import REMEDIES

from .phrases import Told, full_stop

REVIEW_TERM, SUIT_TERM = "六十日", "六个月"

COMPLETE = tuple(
    re.compile(part)
    for part in (
        r"(六十|60)[日天]", r"向[^，。；]{2,40}申请(行政)?复议", r"(六|6)个月", r"向[^，。；]{2,40}法院[^，。；]*(诉讼|起诉)",
    )
)  # fmt: skip
"""Both ways, each with its term and its body."""


def remedies_of(told: Told) -> str:
    """The words of whoever decided, where they wrote their own, and always both bodies with both terms.

    Words that say all of it stand alone: two bodies for one review would leave the reader to guess.
    """
    body = told.body
    full = (
        f"{told.you}如不服本决定，可以自收到本文书之日起{REVIEW_TERM}内向{body.review_body}申请行政复议，"
        f"或者自收到本文书之日起{SUIT_TERM}内向{body.court}提起行政诉讼。"
    )
    own = told.case.decision_remedies.strip()
    if own in ("", REMEDIES):
        return full
    is_complete = all(part.search(own) for part in COMPLETE)
    return full_stop(own) if is_complete else f"{full_stop(own)}{full}"
