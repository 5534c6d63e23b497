"""演示大厅: everything that must stand before the first visitor comes; loaded as a whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction

from apps.accounts.models import PrivacyNotice, User
from apps.points.models import HallRules, ServicePoint

from . import passwords
from .bundles import load_bundles
from .catalogue import load_catalogue, load_offerings
from .facts import SAMPLE
from .key_projects import load_key_projects
from .letters import load_bodies
from .people import load_people, usernames_with_password
from .places import SINCE, load_departments, load_points, load_windows
from .whole import all_or_nothing

PRIVACY_VERSION = "2025-01"


class CannotLoad(Exception):
    """The sample does not go into this database; the text says why."""


def stands() -> bool:
    return HallRules.objects.filter(is_historic_sample=True).exists()


def load(*, at: datetime) -> bool:
    """Builds the hall; False when it stands already, and then only lost passwords are made anew."""
    if stands():
        _renew_lost_passwords(at=at)
        return False
    if ServicePoint.objects.exists() or User.objects.exists():
        raise CannotLoad("这个数据库已有自己的服务点或账号，演示大厅只能载入空数据库。")
    with ThreadPoolExecutor(1) as pool, all_or_nothing():
        making = pool.submit(passwords.make, usernames_with_password())  # takes its time beside the database
        call_command("load_calendars", stdout=StringIO())
        PrivacyNotice.objects.create(
            version=PRIVACY_VERSION,
            text=(SAMPLE / "privacy.txt").read_text(encoding="utf-8").strip(),
            published_on=SINCE,
        )
        points = load_points()
        departments = load_departments(points)
        load_bodies(points, departments)
        load_windows(points, departments)
        load_offerings(load_catalogue(), points, departments)
        load_bundles()
        typed, hashed = making.result()
        load_people(points, departments, hashed, at=at)
        with connection.cursor() as cursor:  # the planner must not take these tables for empty
            cursor.execute("ANALYZE")
        load_key_projects(points, departments, at=at)
        passwords.write(typed)  # before the commit: a hall that nobody can enter must not stand
    return True


def _renew_lost_passwords(*, at: datetime) -> None:
    """The database came without its data folder: what nobody knows any more is replaced."""
    wanted = usernames_with_password()
    if wanted.keys() <= passwords.read().keys():
        return
    typed, hashed = passwords.make(wanted)
    with transaction.atomic():
        users = list(User.objects.filter(is_sample=True, username__in=wanted))
        for user in users:
            user.password, user.password_changed_at = hashed[user.username], at
        User.objects.bulk_update(users, ["password", "password_changed_at"])
        passwords.write(typed)
