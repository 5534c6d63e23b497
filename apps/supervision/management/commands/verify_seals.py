"""核验封存: names every event that was changed, removed or put in after its day was sealed."""

import sys
from datetime import date

from django.core.management.base import BaseCommand

from ... import actions


class Command(BaseCommand):
    help = "Verifies every sealed day. Exit code 1 when something was changed after it was sealed."

    def add_arguments(self, parser):
        parser.add_argument(
            "--since", type=date.fromisoformat, help="compare the rows of days from here on only"
        )

    def handle(self, *args, since=None, **options):
        faults = 0
        for fault in actions.verify_seals(since=since):
            faults += 1
            self.stdout.write(str(fault))
        if faults:
            self.stderr.write(f"发现{faults}处不一致")
            sys.exit(1)
        self.stdout.write("全部一致")
