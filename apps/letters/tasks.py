"""生成文书: after the commit of the verb, and by beat for what was missed."""

from celery import shared_task
from celery.utils.log import get_task_logger
from django.utils import timezone

from . import actions
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
def render_missed_letters():
    actions.render_missed(at=timezone.now())
