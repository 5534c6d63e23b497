"""What letters hear of cases, in the same transaction: each event issues its letters; the paper follows the commit."""

from datetime import timedelta

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from apps.cases.signals import case_moved
from apps.workflows.signals import project_moved

from . import actions
from .models import Letter
from .tasks import render_letters

PAST = timedelta(hours=1)
AT_ONCE = 50


@receiver(case_moved)
def issue_letters(sender, events, **kwargs):
    _render_later(actions.issue(events))


@receiver(project_moved)
def issue_letters_of_projects(sender, events, **kwargs):
    _render_later(actions.issue_for_projects(events))


def _render_later(letters: list[Letter]) -> None:
    history = (
        timezone.now() - PAST
    )  # what a sample tells of earlier days is put on paper when somebody opens it
    fresh = [
        each.pk
        for each in letters
        if not ((each.case or each.project).is_sample and each.issued_at < history)
    ]
    for start in range(0, len(fresh), AT_ONCE):
        _queue(fresh[start : start + AT_ONCE])


def _queue(pks: list[int]) -> None:
    """A queue that does not answer costs nobody the act: the sweep finds what was missed."""
    transaction.on_commit(
        lambda: render_letters.apply_async(args=[pks], retry=False, ignore_result=True), robust=True
    )
