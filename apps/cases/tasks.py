"""时限检查: what beat starts for cases. Each call is one batch after another until nothing is left."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import actions
from .models import Batch, BatchLine


@shared_task(ignore_result=True)
def deem_cases_accepted():
    now = timezone.now()
    while actions.deem_accepted(at=now):
        pass


@shared_task(ignore_result=True)
def run_batch(pk: int):
    """批量办理: case by case; started again, it goes on where it stopped."""
    batch = Batch.objects.get(pk=pk)
    for line in batch.lines.filter(state=BatchLine.State.WAITING).order_by("id"):
        actions.run_line(line, at=timezone.now())
    actions.finish_batch(batch, at=timezone.now())


@shared_task(ignore_result=True)
def resume_batches():
    """What a worker that died has left: every unfinished batch of acts that has stood for some minutes."""
    stale = timezone.now() - timedelta(minutes=5)
    waiting = Batch.objects.filter(finished_at=None, started_at__lt=stale).exclude(kind=Batch.Kind.PRINT)
    for pk in waiting.values_list("pk", flat=True):
        run_batch(pk)


@shared_task(ignore_result=True)
def lapse_cases():
    now = timezone.now()
    while actions.lapse(at=now):
        pass
    while actions.lapse_tolerated(at=now):
        pass
