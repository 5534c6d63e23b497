"""时限检查: what beat starts for cases. Each call is one batch after another until nothing is left."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(ignore_result=True)
def deem_cases_accepted():
    now = timezone.now()
    while actions.deem_accepted(at=now):
        pass


@shared_task(ignore_result=True)
def lapse_cases():
    now = timezone.now()
    while actions.lapse(at=now):
        pass
    while actions.lapse_tolerated(at=now):
        pass
