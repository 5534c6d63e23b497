"""A history told in a year whose holidays are not published, on a night of Sunday: it still works, and says so."""

import pytest

from apps.calendars import loaded
from apps.cases.models import Case, CaseEvent
from apps.cases.states import Status
from config.sampling.history import telling
from tests.cast import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_hall")]

SUNDAY_NIGHT = at("2027-03-14", "02:10")


def test_without_a_published_calendar_dates_are_provisional_and_nothing_breaks():
    assert not loaded.current().covers(SUNDAY_NIGHT.date())
    said = []

    telling.tell(now=SUNDAY_NIGHT, say=said.append, cases=20, days=20)

    told = Case.objects.filter(is_joint=False).count()
    assert said[-1] == f"历史办件载入完成，共{told}件"
    assert set(Case.objects.values_list("status", flat=True)) == set(Status.values)
    running = Case.objects.running().filter(paused_since=None, accepted_on__year=2027)
    assert running.exists()
    assert not running.filter(calendar_missing=False).exists()
    assert not running.filter(provisional_due_on=None).exists()
    assert not CaseEvent.objects.filter(at__gt=SUNDAY_NIGHT).exists()
