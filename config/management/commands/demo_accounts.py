"""`manage.py demo_accounts`: who can sign in to the sample hall."""

import json
import unicodedata

from django.core.management.base import BaseCommand

from config.sampling.accounts import accounts

COLUMNS = {
    "role": "角色",
    "username": "用户名",
    "password": "密码",
    "name": "姓名",
    "place": "所在",
    "note": "用处",
}


class Command(BaseCommand):
    requires_system_checks = []  # they cost a second, and tests run them
    help = "列出演示账号：角色、用户名、密码。"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args, **options):
        found = accounts()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        elif not found:
            self.stdout.write("数据库里没有演示大厅。")
        else:
            self.stdout.write(table(found))


def table(found: list[dict[str, str]]) -> str:
    rows = [list(COLUMNS.values()), *([account[key] for key in COLUMNS] for account in found)]
    widths = [max(width(row[n]) for row in rows) for n in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell + " " * (widths[n] - width(cell)) for n, cell in enumerate(row)).rstrip()
        for row in rows
    )


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
