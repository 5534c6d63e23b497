"""时限核对: compares the stored dates of every open case with those that its events, the calendar and the rules say."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ... import actions
from ...models import ClockDifference


class Command(BaseCommand):
    help = "核对每一件在办办件的期限：存的日期应等于按日志、日历和规则重算的日期。不一致的逐件列出并记录，退出码为1。"

    def handle(self, *args, **options):
        try:
            checked = actions.check_clocks(at=timezone.now())
        except actions.NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        found = ClockDifference.objects.open().select_related("case").order_by("case", "field")
        for one in found:
            if one.is_not_reckoned:
                self.stdout.write(f"{one.case} 无法推算：{one.recomputed}")
                continue
            self.stdout.write(
                f"{one.case} {one.label}：存的是{one.stored or '无'}，应为{one.recomputed or '无'}"
            )
        self.stdout.write(f"核对了{checked.seen}件，{found.count()}处不一致。")
        if found:
            raise CommandError("有不一致的期限，见上。", returncode=1)
