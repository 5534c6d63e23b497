"""Scheduled for projects: what falls due without anybody's act."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def keep_projects_moving() -> int:
    """到期处理: deemed acceptances, late answers, lapsed notices, silence."""
    at = timezone.now()
    return (
        actions.deem_stages(at=at)
        + actions.note_late_answers(at=at)
        + actions.lapse_notices(at=at)
        + actions.note_silence(at=at)
    )


@shared_task
def reckon_stages() -> int:
    """阶段时限核对, after calendars changed."""
    return actions.reckon_stages(at=timezone.now())
