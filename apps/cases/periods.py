"""事实还原（服务期限）: from which day each service date of a case runs, read from its events alone. Pure.

Beside `evidence`, which reads what the two clocks of a running case rest on: here are the answer within five days,
the applicant's own periods, handing up, forwarding and delivery.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from apps.calendars.workdays import SHANGHAI

from .evidence import Told
from .states import Verb

V = Verb
PERIOD_VERBS = frozenset(
    {
        V.SUBMITTED, V.RECEIVED, V.HANDED_IN, V.HANDED_UP, V.RESUBMITTED, V.SUPPLEMENTED, V.COLLECTED, V.PRE_PASSED,
        V.PRE_RETURNED, V.SUPPLEMENT_ASKED, V.ACCEPTED_TOLERATED, V.TOLERATED_BROUGHT, V.FORWARDED, V.GRANTED,
        V.REFUSED, V.RECOMPUTED,
    }
)  # fmt: skip
WAITS = {V.PRE_PASSED: "valid_until", V.PRE_RETURNED: "answer_by", V.SUPPLEMENT_ASKED: "answer_by"}
"""What makes a case wait for the applicant, and where its event says until when."""
_RECEIPTS = frozenset({V.SUBMITTED, V.RECEIVED, V.HANDED_IN, V.HANDED_UP, V.RESUBMITTED, V.SUPPLEMENTED})


@dataclass(frozen=True, slots=True)
class Granted:
    """宽限: a period of the applicant's: why, from which day, and until when the applicant was told it lasts."""

    by: str
    from_on: date
    told_on: date | None


@dataclass(frozen=True, slots=True)
class Begun:
    """From which day each period runs; None where it has not begun or is over."""

    status: str = ""
    answer_from: date | None = None
    collected_on: date | None = None
    wait: Granted | None = None
    tolerance: Granted | None = None
    forwarded_on: date | None = None
    decided_on: date | None = None


def begun(events: Iterable[Told]) -> Begun:
    """The periods of one case from its events, oldest first."""
    known = Begun()
    for event in events:
        known = _told(known, event)
        if event.after:
            known = replace(known, status=event.after)
    return known


def _told(known: Begun, event: Told) -> Begun:
    verb, said, day = event.verb, event.facts, event.at.astimezone(SHANGHAI).date()
    if verb in WAITS:
        return replace(known, wait=Granted(verb, day, _day(said.get(WAITS[verb]))))
    if verb in _RECEIPTS:
        return replace(known, answer_from=day)
    if verb == V.COLLECTED:
        return replace(known, collected_on=day)
    if verb == V.ACCEPTED_TOLERATED:
        return replace(known, tolerance=Granted(verb, day, _day(said.get("tolerated_until"))))
    if verb == V.TOLERATED_BROUGHT and not said.get("left"):
        return replace(known, tolerance=None)
    if verb == V.FORWARDED:
        return replace(known, forwarded_on=day)
    if verb in (V.GRANTED, V.REFUSED):
        return replace(known, decided_on=day)
    if verb == V.RECOMPUTED:
        moved = said.get("moved", {})
        return replace(
            known,
            wait=_told_anew(known.wait, moved.get("wait_until")),
            tolerance=_told_anew(known.tolerance, moved.get("tolerated_until")),
        )
    return known


def _told_anew(granted: Granted | None, moved: list | None) -> Granted | None:
    return replace(granted, told_on=_day(moved[1])) if granted and moved else granted


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
