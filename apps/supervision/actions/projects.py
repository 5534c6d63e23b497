"""并联项目的红牌: a department that did not answer in time stays responsible, whatever its silence counts as."""

from collections.abc import Sequence

from django.utils import timezone

from apps.workflows.models import ProjectEvent
from apps.workflows.states import Verb

from ..models import Card, Clock, Colour, Rule


def issue_for_silence(events: Sequence[ProjectEvent]) -> None:
    """A red card for each department that an event names as silent or absent; and for a lead whose stage the law accepted."""
    cards = []
    for event in events:
        if event.verb in (Verb.SILENT, Verb.HELD):
            silent = event.facts.get("silent", [])
            cards += [_card(event, one.get("department"), Rule.SILENT, Clock.CONSULTATION) for one in silent]
        elif event.verb == Verb.STAGE_DEEMED:
            cards.append(_card(event, event.stage.lead_id, Rule.STAGE_DEEMED, Clock.NOTICE))
    if cards:
        Card.objects.bulk_create(cards, ignore_conflicts=True)


def _card(event: ProjectEvent, department: int | None, rule: Rule, clock: Clock) -> Card:
    today = timezone.localdate(event.at)
    return Card(
        project=event.project,
        noted_by=event,
        rule=rule,
        clock=clock,
        colour=Colour.RED,
        is_escalated=rule == Rule.STAGE_DEEMED,
        due_on=today,
        issued_at=event.at,
        issued_on=today,
        department_id=department,
        responsible=event.consultation.called_by if department is None and event.consultation else None,
    )
