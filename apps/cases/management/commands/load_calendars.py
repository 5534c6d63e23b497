"""载入工作日历: brings the carried notices into the database, and every running case to the dates that follow. Safe at every start."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.calendars import notices
from apps.calendars.actions import Changes
from apps.calendars.models import CalendarYear

from ... import actions
from ...models import CalendarAmendment


class Command(BaseCommand):
    help = (
        "载入随软件附带的历年放假安排；已公布的年份保留现有安排。"
        "安排有变的，在办件的期限随即按新日历重算，作为系统的一份日历变更留下记录。"
    )

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
            try:
                changes, amendment = actions.load_year(notice, at=at)
            except actions.NotAllowed as refusal:
                raise CommandError(f"{notice.year}年的安排没有载入：{refusal}") from refusal
            self.stdout.write(f"{notice.year}年：{_words(changes)}")
            if amendment is not None:
                self._recompute(amendment)

    def _recompute(self, amendment: CalendarAmendment) -> None:
        """One year after the other, so that each event names the arrangement that moved its case."""
        while actions.recompute_next(at=timezone.now()):
            pass
        amendment.refresh_from_db()
        if amendment.is_unfinished:
            self.stdout.write(f"  {amendment.total}件在办件由后台重算，进度见“日历变更”第{amendment.pk}号。")
            return
        self.stdout.write(
            f"  核了{amendment.seen}件在办件，{amendment.moved}件的期限随之变动，逐件见“日历变更”第{amendment.pk}号。"
        )
        faults = amendment.faults.open().count()
        if faults:
            self.stderr.write(
                f"  {faults}件没有算成，日期没有动：请看过“日历变更”第{amendment.pk}号，再算一次。"
            )


def _words(changes: Changes) -> str:
    if not changes:
        return "无变化"
    return f"增加{len(changes.added)}天，去掉{len(changes.removed)}天"
