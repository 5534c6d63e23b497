"""生成文书: after the commit of the verb, and by beat for what was missed."""

from celery import shared_task
from celery.utils.log import get_task_logger
from django.utils import timezone

from apps.cases import actions as cases
from apps.cases.models import Batch, BatchLine

from . import actions
from .actions.rendering import LATE
from .models import Letter

logger = get_task_logger(__name__)


@shared_task(ignore_result=True)
def render_letters(pks: list[int]):
    now = timezone.now()
    for letter in Letter.objects.filter(pk__in=pks).order_by("id"):
        try:
            actions.render(letter, at=now)
        except actions.CannotRender as reason:
            logger.warning("letter not rendered: %s %s", letter.pk, reason)


@shared_task(ignore_result=True)
def prepare_print(pk: int):
    """批量打印: case by case; started again, it goes on where it stopped."""
    batch = Batch.objects.get(pk=pk)
    for line in batch.lines.filter(state=BatchLine.State.WAITING).order_by("id"):
        actions.prepare_line(line, at=timezone.now())
    cases.finish_batch(batch, at=timezone.now())


@shared_task(ignore_result=True)
def render_missed_letters():
    now = timezone.now()
    actions.render_missed(at=now)
    left = Batch.objects.filter(kind=Batch.Kind.PRINT, finished_at=None, started_at__lt=now - LATE)
    for pk in left.values_list("pk", flat=True):
        prepare_print(pk)
