"""载入工作日历: brings the carried notices into the database. Safe to run at every start."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.calendars import actions, notices
from apps.calendars.models import CalendarYear


class Command(BaseCommand):
    help = "载入随软件附带的历年放假安排；已公布的年份保留现有安排。"

    def add_arguments(self, parser):
        parser.add_argument("--replace", action="store_true", help="已公布的年份也改用附带的安排")

    def handle(self, *args, **options):
        at = timezone.now()
        # A hall may have imported an amended notice since: what it published is not undone by a restart.
        published = CalendarYear.objects.filter(state=CalendarYear.State.PUBLISHED)
        published = set(published.values_list("year", flat=True))
        for notice in notices.carried():
            replaces = options["replace"] and notice.state == notices.PUBLISHED
            if notice.year in published and not replaces:
                self.stdout.write(f"{notice.year}年：已公布，保留现有安排")
                continue
            changes = actions.publish(
                notice.year,
                notice.days,
                source=notice.source,
                url=notice.url,
                published_on=notice.published_on,
                state=notice.state,
                at=at,
            )
            self.stdout.write(f"{notice.year}年：{_words(changes)}")


def _words(changes: actions.Changes) -> str:
    if not changes:
        return "无变化"
    return f"增加{len(changes.added)}天，去掉{len(changes.removed)}天"
