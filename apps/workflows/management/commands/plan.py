"""推算并联审批计划: one project as a JSON object in, its plan as a JSON object out (docs/plan.md)."""

import sys

from django.core.management.base import BaseCommand

from apps.calendars import notices
from apps.workflows.planning import answer
from apps.workflows.planning.text import line


class Command(BaseCommand):
    help = "推算并联审批计划：从标准输入读一个 JSON 对象，向标准输出写一个 JSON 对象。不需要数据库和服务。"
    requires_system_checks = []

    def handle(self, *args, **options):
        found = answer(notices.built_in(), sys.stdin.buffer.read())
        self.stdout.buffer.write(line(found) + b"\n")
        self.stdout.buffer.flush()
        if found["error"] is not None:
            sys.exit(1)
