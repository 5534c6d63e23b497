"""撤销（期限变动）: a card hung for a date that a calendar has moved since is withdrawn by what moved it."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from apps.cases.models import Case, CaseEvent
from apps.cases.moved import read, sentences

from ..models import Card, Rule
from .cards import CHECKS

# rule, clock → the column whose date hangs the card, and the comparison with today
_HUNG_BY = {(rule, clock): (column, compared) for rule, clock, _, _, column, _, compared in CHECKS}


def withdraw_moved(events: Sequence[CaseEvent]) -> int:
    """Of the cards of these recomputed cases, those that no longer fit; returns how many. The sweep hangs new ones when due.

    A case decided already keeps its cards: its clocks are history and do not move. What was explained stays on record
    with the card; a card that stands on another ground than a date (视为受理, 多次补正) is not touched.
    """
    event_of = {event.case_id: event for event in events}
    standing = Card.objects.standing().filter(case__in=event_of, rule__in=[rule for rule, _ in _HUNG_BY])
    withdrawn = []
    for card in standing.select_for_update(of=["self"]).order_by("id"):
        event = event_of[card.case_id]
        words = _what_moved(card, event)
        if words and _contradicts(card, event.case, on=timezone.localdate(event.at)):
            card.revoked_at, card.withdrawn_by = event.at, event
            card.revoke_reason = f"因{event.facts['cause']}，{words}。依据：{event.facts['source']}。"
            withdrawn.append(card)
    Card.objects.bulk_update(withdrawn, ["revoked_at", "withdrawn_by", "revoke_reason"], batch_size=500)
    return len(withdrawn)


def _what_moved(card: Card, event: CaseEvent) -> str:
    """承诺办结日由…改为…: of the dates that this card rests on; empty where none of them moved."""
    column, _ = _HUNG_BY[card.rule, card.clock]
    columns = ("due_on", column) if card.rule == Rule.DUE_SOON else (column,)
    changes = read(event.facts)
    return "；".join(sentences(changes, columns)) if any(name in changes for name in columns) else ""


def _contradicts(card: Card, case: Case, *, on: date) -> bool:
    """Whether it names another date than the case has, or a date that has not come by the new reckoning."""
    column, compared = _HUNG_BY[card.rule, card.clock]
    day = getattr(case, column)
    shown = case.due_on or day if card.rule == Rule.DUE_SOON else day
    has_come = day is not None and (day < on or compared == "<=" and day == on)
    return not has_come or card.due_on != shown
