from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(ignore_result=True)
def issue_cards():
    now = timezone.now()
    while actions.issue_cards(at=now):
        pass
