"""A whole hall on one machine: servers, web, worker and beat, started in order and stopped in order."""

import fcntl
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg2
from django.db.migrations.loader import MigrationLoader
from redis import Redis

from . import places, processes, pulse, servers
from .processes import MARK, Child

READY_WITHIN = 90  # seconds, on a slow machine
STOP_CHILDREN_WITHIN = 9  # together with the servers below twenty
STOP_SERVERS_WITHIN = 8

Say = Callable[[str, str], None]


class CannotRun(Exception):
    """The hall does not start, or has stopped by itself; the text says why."""


class Hall:
    def __init__(self, *, data: Path, say: Say):
        self.data = data
        self.say = say
        self.port = 0
        self.embedded: servers.Servers | None = None
        self.children: list[Child] = []
        self.environment: dict[str, str] = {}
        self._lock = None
        self._notes: list[Path] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    # ── start ───────────────────────────────────────────────────────────────────────────────────────
    def claim(self) -> None:
        """One hall per data folder; what an earlier one left behind when it was killed ends now."""
        places.make_folder(self.data)
        self._lock = (self.data / "up.lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRun(f"one runs on this data folder already, {_address_in(self.data)}") from None
        left = processes.orphans(self.data)
        if left:
            self.say("up", f"ends {len(left)} processes that an earlier run has left behind")
            processes.end(left, politely_for=5)

    def open_servers(self, *, database_url: str, redis_url: str) -> None:
        """Start what is not given from outside."""
        if not (database_url and redis_url):
            self.embedded = servers.Servers(self.data, say=self.say)
            self.embedded.start(database=not database_url, queue=not redis_url)
        self.environment = {
            "DATABASE_URL": database_url or self.embedded.database_url,
            "REDIS_URL": redis_url or self.embedded.redis_url,
            "YIZHAN_DATA": str(self.data),
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or self.url,
            "PYTHONUNBUFFERED": "1",
            # One machine, one person: a worker that runs as whoever typed the command is meant to.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
            MARK: str(self.data),
        }
        self._leave_note("servers.json", json.dumps(self._facts()))

    def migrate(self) -> None:
        """Bring the database up to date; most starts find that it is, without starting Django once more."""
        written = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
        applied = self._column("django_migrations", "app || '.' || name")
        if not {f"{app}.{name}" for app, name in written} <= applied:
            self.run("migrate", "migrate", "--noinput", "--verbosity", "1")

    def run(self, name: str, *command: str) -> None:
        """One management command, to its end."""
        child = self.start(name, *manage(*command))
        while child.alive():
            time.sleep(0.05)
        self.children.remove(child)
        if child.process.returncode:
            raise CannotRun(f"{' '.join(command)} has failed; what it said stands above")

    def ask(self, *command: str) -> str:
        """What one management command prints."""
        answered = subprocess.run(
            manage(*command),
            cwd=places.CHECKOUT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        if answered.returncode:
            raise CannotRun(f"{' '.join(command)} has failed: {answered.stderr.strip()}")
        return answered.stdout

    def start(self, name: str, *command: str) -> Child:
        child = Child(
            name=name,
            command=list(command),
            say=self.say,
            environment=self.environment,
            folder=places.CHECKOUT,
        )
        child.start()
        self.children.append(child)
        return child

    def start_processes(self) -> None:
        self._forget_heartbeats()
        python = [sys.executable, "-m"]
        web = ["granian", "--interface", "wsgi", "config.wsgi:application", "--no-ws"]
        web += ["--host", "127.0.0.1", "--port", str(self.port)]
        web += ["--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "5"]
        celery = ["celery", "--quiet", "-A", "config"]
        worker = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
        self.start("web", *python, *web)
        self.start("worker", *python, *celery, *worker)
        self.start("beat", *python, *celery, "beat")

    def wait_until_all_answer(self) -> None:
        until = time.monotonic() + READY_WITHIN
        report = "nothing yet"
        while time.monotonic() < until:
            self.check_alive()
            healthy, report = _health(self.url)
            if healthy:
                return
            time.sleep(0.1)
        raise CannotRun(f"not all answered within {READY_WITHIN} seconds: {report}")

    def announce(self) -> None:
        self._leave_note("url", self.url + "\n")

    def is_empty(self) -> bool:
        """Whether the database holds no hall yet."""
        return not self._column("points_servicepoint", "code")

    def _column(self, table: str, column: str) -> set[str]:
        """What stands in a column; nothing where the table is not made yet."""
        connection = psycopg2.connect(self.environment["DATABASE_URL"], connect_timeout=5)
        try:
            with connection.cursor() as cursor:
                cursor.execute("select to_regclass(%s)", [table])
                if cursor.fetchone() == (None,):
                    return set()
                cursor.execute(f"select {column} from {table}")
                return {value for (value,) in cursor}
        finally:
            connection.close()

    # ── run and stop ────────────────────────────────────────────────────────────────────────────────
    def check_alive(self) -> None:
        """A server that ends takes the hall with it; the sample's history is only decoration."""
        for child in [*self.children, *(self.embedded.children if self.embedded else [])]:
            if child.alive():
                continue
            if child.name == "sample":
                self.children.remove(child)
                if child.process.returncode:
                    self.say(
                        "up", "the history is not whole: manage.py load_sample --history goes on with it"
                    )
                continue
            raise CannotRun(f"{child.name} has ended by itself ({child.process.returncode})")

    def stop(self) -> None:
        for note in self._notes:
            note.unlink(missing_ok=True)
        until = time.monotonic() + STOP_CHILDREN_WITHIN
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait(until)
        if self.embedded:
            self.embedded.stop(within=STOP_SERVERS_WITHIN)
        processes.end(processes.orphans(self.data), politely_for=1)
        if self._lock:
            self._lock.close()

    # ── notes for others ────────────────────────────────────────────────────────────────────────────
    def _facts(self) -> dict:
        return {
            "pid": os.getpid(),
            "data": str(self.data),
            "url": self.url,
            "database_url": self.environment["DATABASE_URL"],
            "redis_url": self.environment["REDIS_URL"],
        }

    def _leave_note(self, name: str, text: str) -> None:
        """In the data folder, and for the checkout where no other hall of this checkout has its notes."""
        folders = [self.data]
        if _owner(places.RUN_FOLDER) in (None, os.getpid()):
            folders.append(places.make_folder(places.RUN_FOLDER))
        elif name == "servers.json":
            self.say(
                "up", f"another hall of this checkout runs too: set YIZHAN_DATA={self.data} to reach this one"
            )
        for folder in folders:
            note = folder / name
            draft = folder / f".{name}.{os.getpid()}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
            draft.replace(note)
            self._notes.append(note)

    def _forget_heartbeats(self) -> None:
        with Redis.from_url(self.environment["REDIS_URL"]) as client:
            pulse.forget(client)


def manage(*command: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, str(places.CHECKOUT / "manage.py"), *command]


def _owner(folder: Path) -> int | None:
    """The process whose notes lie in a folder, if it still lives."""
    try:
        pid = json.loads((folder / "servers.json").read_text())["pid"]
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError):
        return None
    return pid


def _address_in(data: Path) -> str:
    try:
        return "at " + (data / "url").read_text().strip()
    except OSError:
        return "or is about to"


def _health(url: str) -> tuple[bool, str]:
    try:
        with urllib.request.urlopen(f"{url}healthz", timeout=5) as answer:
            return True, answer.read().decode()
    except urllib.error.HTTPError as error:
        return False, error.read().decode()
    except OSError as error:
        return False, str(error)
