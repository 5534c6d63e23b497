"""Housekeeping of the frame itself."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions():
    """Sessions that have ended leave the database: they say who was here and when."""
    call_command("clearsessions")
