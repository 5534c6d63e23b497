"""What supervision hears in the same transaction: deemed acceptances, late decisions, dates that moved; silence in projects."""

from datetime import date

from django.dispatch import receiver

from apps.cases.signals import case_moved
from apps.cases.states import Verb
from apps.workflows.signals import project_moved

from . import actions


@receiver(case_moved)
def hang_cards(sender, events, **kwargs):
    deemed = [event for event in events if event.verb == Verb.DEEMED_ACCEPTED]
    if deemed:
        ended = [(event.case, date.fromisoformat(event.facts["notice_period_ended_on"])) for event in deemed]
        actions.issue_for_deemed(ended, at=deemed[0].at)
    for event in events:
        if event.facts.get("new_faults"):
            actions.issue_for_repeated_notice(event.case, at=event.at, by=event.by)
    recomputed = [event for event in events if event.verb == Verb.RECOMPUTED]
    if recomputed:
        actions.withdraw_moved(recomputed)
    decided = [event for event in events if event.verb in (Verb.GRANTED, Verb.REFUSED)]
    if decided:
        actions.issue_for_decided([event.case for event in decided], at=decided[0].at)


@receiver(project_moved)
def hang_cards_of_projects(sender, events, **kwargs):
    actions.issue_for_silence(events)
