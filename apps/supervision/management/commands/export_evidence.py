"""证据导出: one case with the proofs of its events, or the roots that the hall publishes."""

import json

from django.core.management.base import BaseCommand, CommandError

from apps.cases.models import Case

from ... import actions
from ...models import DaySeal


class Command(BaseCommand):
    help = "Prints the evidence of one case as JSON, or with --roots the published seals as JSON lines."

    def add_arguments(self, parser):
        parser.add_argument("number", nargs="?", help="the number of the case")
        parser.add_argument("--roots", action="store_true", help="the seal of every day, one a line")

    def handle(self, *args, number=None, roots=False, **options):
        if roots:
            for seal in actions.published(DaySeal.objects.all()):
                self.stdout.write(json.dumps(seal))
            return
        case = Case.objects.filter(number=number).first()
        if case is None:
            raise CommandError("没有这个编号的办件。")
        self.stdout.write(json.dumps(actions.bundle_of(case), ensure_ascii=False, indent=1))
