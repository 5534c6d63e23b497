"""What notices hear of cases, in the same transaction: the applicant is told of each step."""

from django.dispatch import receiver
from django.utils import timezone

from apps.cases.signals import case_moved

from . import actions


@receiver(case_moved)
def tell_applicants(sender, events, **kwargs):
    actions.write(events, now=timezone.now())
