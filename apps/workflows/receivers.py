"""What projects hear of cases, in the same transaction: a branch follows its case."""

from django.dispatch import receiver

from apps.cases.signals import case_moved

from . import actions


@receiver(case_moved)
def follow_cases(sender, events, **kwargs):
    joint = [event for event in events if event.verb in actions.FOLLOWED and event.case.is_joint]
    if joint:
        actions.follow(joint)
