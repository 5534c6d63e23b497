"""Everything that happens by the clock, on one page. Beat reads it at its start and keeps it in the database.

Each task takes the time itself and is safe to run late, twice, or twice at once.
"""

from celery.schedules import crontab, schedule

__all__ = ["SCHEDULES", "crontab", "schedule"]

SCHEDULES: dict[str, dict] = {}
