"""`manage.py demo_accounts`: who can sign in to the sample hall."""

import json

from django.core.management.base import BaseCommand

from config.sampling.accounts import accounts, table


class Command(BaseCommand):
    requires_system_checks = []  # they cost a second, and tests run them
    help = "列出演示账号：角色、用户名、密码。"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args, **options):
        found = accounts()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(table(found) if found else "数据库里没有演示大厅。")
