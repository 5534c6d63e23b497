"""`manage.py make_keys`: three strong keys for a production environment file."""

from dataclasses import asdict

from django.core.management.base import BaseCommand

from config import keys


class Command(BaseCommand):
    help = "Prints SECRET_KEY, FIELD_KEY and INDEX_KEY, random and strong, as lines of an environment file."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--export", action="store_true", help="as lines for a shell")

    def handle(self, *, export, **options):
        for name, value in asdict(keys.strong()).items():
            self.stdout.write(f"{'export ' if export else ''}{name.upper()}={value}")
