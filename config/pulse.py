"""Heartbeats of worker and beat, kept in Valkey: whoever has been silent for half a minute is dead.

The worker's heart beats in the event loop that also hands out its tasks, and beat's in the very loop that
looks for what is due: a process that hangs stops beating, which a thread of its own would hide.
"""

import structlog
from celery import bootsteps
from django.conf import settings
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler
from redis import Redis, RedisError

EVERY = 5  # seconds
DEAD_AFTER = 30  # seconds
HEARTS = ("worker", "beat")

log = structlog.get_logger(__name__)


def valkey() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)


def beat(heart: str) -> None:
    try:
        with valkey() as client:
            client.set(_key(heart), 1, ex=DEAD_AFTER)
    except RedisError:
        log.warning("heartbeat_not_written", heart=heart)


def beating(client: Redis) -> set[str]:
    marks = client.mget([_key(heart) for heart in HEARTS])
    return {heart for heart, mark in zip(HEARTS, marks, strict=True) if mark is not None}


def forget(client: Redis) -> None:
    """Take the marks away, so that a start cannot mistake the last breath of an earlier run for its own."""
    client.delete(*[_key(heart) for heart in HEARTS])


def _key(heart: str) -> str:
    return f"yizhan:heartbeat:{heart}"


class WorkerHeart(bootsteps.StartStopStep):
    """Beats from the moment the worker takes tasks; a worker that has lost its queue does not."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer, **options):
        super().__init__(consumer, **options)
        self.beats = None

    def start(self, consumer):
        beat("worker")
        self.beats = consumer.timer.call_repeatedly(EVERY, beat, ("worker",), priority=10)

    def stop(self, consumer):
        if self.beats:
            self.beats.cancel()


class BeatingScheduler(DatabaseScheduler):
    """The schedules of the database; each look for due tasks (at least every five seconds) is a heartbeat."""

    def setup_schedule(self):
        """What has left the page of schedules leaves the database too."""
        super().setup_schedule()
        kept = [*self.app.conf.beat_schedule, "celery.backend_cleanup"]
        PeriodicTask.objects.exclude(name__in=kept).delete()

    def tick(self, *args, **kwargs):
        pause = super().tick(*args, **kwargs)
        beat("beat")
        return min(pause, EVERY)
