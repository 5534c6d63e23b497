"""核算时限: for auditors. Questions come in and answers go out as lines of JSON (docs/deadlines.md)."""

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

from django.core.management.base import BaseCommand

from apps.calendars import notices
from apps.cases.deadlines import Answers

CHUNK = 1 << 16


class Command(BaseCommand):
    help = "逐行核算时限：从标准输入读 JSON，向标准输出写 JSON。不加 --database 时不需要数据库和服务。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--database", action="store_true", help="使用本大厅数据库里的工作日历")

    def handle(self, *args, **options):
        answers = Answers(_hall_calendar() if options["database"] else notices.built_in())
        try:
            for lines in _arriving(sys.stdin.buffer):
                self.stdout.buffer.write(b"".join(answers.answer(line) + b"\n" for line in lines))
                self.stdout.buffer.flush()
        except BrokenPipeError:  # the reader has seen enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _hall_calendar():
    from apps.calendars import loaded  # noqa: PLC0415  models need settings, which a checkout alone has not

    return loaded.current()


def _arriving(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Whole lines as they come: whoever sends one and waits is answered, a file goes through in large pieces."""
    begun: list[bytes] = []
    while chunk := stream.read1(CHUNK):
        *ended, rest = chunk.split(b"\n")
        if ended:
            ended[0] = b"".join([*begun, ended[0]])
            begun = []
            yield ended
        begun.append(rest)
    if last := b"".join(begun):
        yield [last]
