import os

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("yizhan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["consumer"].add("config.pulse:WorkerHeart")


@setup_logging.connect
def keep_our_logging(**kwargs):
    """Being connected is enough: Celery then leaves the logging of the settings alone."""
