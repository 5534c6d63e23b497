"""What can be done about messages: they are written with the events of cases. Sending them is another's office."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects

from apps.cases.models import CaseEvent

from .models import Message
from .wording import SENTENCES, sentence

PAST = timedelta(hours=1)


def write(events: Iterable[CaseEvent], *, now: datetime) -> list[Message]:
    """通知申请人: one message for each event that concerns the applicant, however many, in one statement.

    What a sample tells of earlier days counts as sent then: nobody wants to be told of it today.
    """
    told = [event for event in events if event.verb in SENTENCES]
    if not told:
        return []
    prefetch_related_objects([event.case for event in told], "item")  # a sweep may not have brought it
    return Message.objects.bulk_create(
        Message(
            case=event.case,
            event=event,
            applicant_id=event.case.applicant_id,
            kind=event.verb,
            text=words,
            created_at=event.at,
            sent_at=event.at if event.case.is_sample and event.at < now - PAST else None,
        )
        for event in told
        if (words := _words(event))
    )


def _words(event: CaseEvent) -> str:
    case = event.case
    return sentence(event.verb, event.facts, event.reason, item=case.item.name, number=case.number or "")
