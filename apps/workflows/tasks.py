"""Scheduled for projects: what falls due without anybody's act."""

from celery import shared_task
from django.utils import timezone

from apps.cases.models import CalendarAmendment

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
def reckon_stages(amendment: int | None = None) -> int:
    """期限核对: as soon as a change of the calendar is in force, and every night."""
    of = CalendarAmendment.objects.filter(pk=amendment).first() if amendment else None
    return actions.reckon_stages(at=timezone.now(), amendment=of)
