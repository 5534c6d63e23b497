"""`manage.py load_sample`: the sample hall, and two months of its history."""

import os
from argparse import SUPPRESS

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.sampling import hall, history
from config.sampling.accounts import accounts, table
from config.sampling.projects import load_projects


class Command(BaseCommand):
    requires_system_checks = []  # they cost a second, and tests run them
    help = "载入演示大厅（--hall）和它最近两个月的办件（--history）。都可以重复运行。"

    def add_arguments(self, parser):
        parser.add_argument("--hall", action="store_true", help="服务点、事项、窗口、人员")
        parser.add_argument("--accounts", action="store_true", help="随后列出演示账号")
        parser.add_argument("--history", action="store_true", help="最近两个月的办件；中断后再运行会接着载入")
        parser.add_argument("--second-share", action="store_true", help=SUPPRESS)

    def handle(self, *args, **options):
        if options["second_share"]:
            return history.tell_second_share(say=self.stdout.write)
        if not (options["hall"] or options["history"]):
            raise CommandError("请指定 --hall 或 --history。")
        if options["hall"]:
            try:
                made = hall.load(at=timezone.now())
            except hall.CannotLoad as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write("演示大厅已载入" if made else "演示大厅已存在，没有改动")
        if options["accounts"]:
            self.stdout.write(table(accounts()))
        if options["history"]:
            os.nice(5)  # whoever uses the hall meanwhile comes first
            if hall.stands():  # a few seconds, and the pages of joint projects are filled
                load_projects(now=timezone.now(), say=self.stdout.write)
            history.tell(now=timezone.now(), say=self.stdout.write, alone=(os.cpu_count() or 1) == 1)
