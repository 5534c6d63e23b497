"""What projects hear of cases, in the same transaction: a branch follows its case, and dates follow the calendar."""

from django.db import transaction
from django.dispatch import receiver

from apps.cases.signals import calendar_applied, case_moved

from . import actions
from .tasks import reckon_stages


@receiver(case_moved)
def follow_cases(sender, events, **kwargs):
    joint = [event for event in events if event.verb in actions.FOLLOWED and event.case.is_joint]
    if joint:
        actions.follow(joint)


@receiver(calendar_applied)
def follow_the_calendar(sender, amendment, **kwargs):
    """A queue that does not answer costs nobody the act: the nightly run catches up, and no sweep acts on an old date."""
    transaction.on_commit(
        lambda: reckon_stages.apply_async(args=[amendment.pk], retry=False, ignore_result=True), robust=True
    )
