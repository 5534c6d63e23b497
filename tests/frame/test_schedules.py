"""Everything that happens by the clock stands on one page, and beat keeps to it."""

import pytest
from django.conf import settings
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.celery import app
from config.pulse import BeatingScheduler
from config.schedules import SCHEDULES

app.loader.import_default_modules()


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_names_a_task_that_exists(name):
    assert SCHEDULES[name]["task"] in app.tasks


@pytest.mark.django_db(transaction=True)  # beat closes its connection now and then
def test_beat_takes_over_the_page_and_drops_what_has_left_it():
    every_day = IntervalSchedule.objects.create(every=1, period="days")
    PeriodicTask.objects.create(name="从前的任务", task="apps.cases.tasks.gone", interval=every_day)

    BeatingScheduler(app=app, lazy=True).setup_schedule()

    kept = set(PeriodicTask.objects.values_list("name", flat=True))
    assert kept - {"celery.backend_cleanup"} == set(SCHEDULES)


@pytest.mark.django_db(transaction=True)
def test_times_are_those_of_the_hall():
    BeatingScheduler(app=app, lazy=True).setup_schedule()

    nightly = PeriodicTask.objects.select_related("crontab").get(name="清理过期会话")
    assert str(nightly.crontab.timezone) == settings.TIME_ZONE == "Asia/Shanghai"
