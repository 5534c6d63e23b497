import structlog
from celery import shared_task
from django.utils import timezone

from . import actions

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def issue_cards():
    now = timezone.now()
    while actions.issue_cards(at=now):
        pass


@shared_task(ignore_result=True)
def seal_days():
    actions.seal_days(at=timezone.now())


@shared_task(ignore_result=True)
def verify_seals():
    """Says in the log what was changed after it was sealed; nothing is put right by a machine."""
    for fault in actions.verify_seals():
        log.error("seal_broken", day=str(fault.day), event_id=fault.event, what=fault.what)
