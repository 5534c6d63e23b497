"""时限检查: what beat starts for cases. Each call is one batch after another until nothing is left."""

from datetime import timedelta

from celery import shared_task
from celery.utils.log import get_task_logger
from django.db import transaction
from django.utils import timezone

from . import actions
from .models import Batch, BatchLine

logger = get_task_logger(__name__)


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


@shared_task(ignore_result=True)
def apply_amendments():
    """重算期限: all that is signed and not through yet; a worker that died is followed by the next."""
    while actions.recompute_next(at=timezone.now()):
        pass


def apply_amendments_soon() -> None:
    """After the commit of a signature. A queue that does not answer costs nobody the act: the sweep goes on with it."""
    transaction.on_commit(lambda: apply_amendments.apply_async(retry=False, ignore_result=True), robust=True)


@shared_task(ignore_result=True)
def check_clocks():
    """时限核对, every night; put off while an amendment is being worked through."""
    try:
        checked = actions.check_clocks(at=timezone.now())
    except actions.NotAllowed as refusal:
        logger.warning("clocks not checked: %s", refusal)
    else:
        logger.info("clocks checked: %s cases, %s differ", *checked)
