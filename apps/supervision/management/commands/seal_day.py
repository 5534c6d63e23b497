"""封存: seals every day that is over, or says that a day cannot be sealed yet."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ... import actions


class Command(BaseCommand):
    help = "Seals the events of every day that is over and not sealed yet (or of one day)."

    def add_arguments(self, parser):
        parser.add_argument("day", nargs="?", type=date.fromisoformat, help="only this day, e.g. 2026-11-20")

    def handle(self, *args, day=None, **options):
        if day is None:
            self.stdout.write(f"{actions.seal_days(at=timezone.now())}天已封存")
            return
        try:
            seal = actions.seal_day(day, at=timezone.now())
        except actions.NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{day} {seal.seal}" if seal else f"{day}早已封存")
