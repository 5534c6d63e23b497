"""`manage.py up`: the whole hall on this machine, for development and for showing it to people."""

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import places, servers
from config.hall import CannotRun, Hall, manage

COLOURS = {
    "up": 37,
    "database": 34,
    "queue": 36,
    "migrate": 35,
    "sample": 35,
    "web": 32,
    "worker": 33,
    "beat": 31,
}


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent a signal."""


class Command(BaseCommand):
    help = "Starts PostgreSQL, Valkey, web, worker and beat on this machine, with a sample hall when empty."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="8000, or the next free one")
        parser.add_argument("--data", type=Path, help="data folder; .data in the checkout unless told")
        parser.add_argument("--no-sample", action="store_true", help="leave an empty database empty")

    def handle(self, *, port, data, no_sample, **options):
        if settings.ENVIRONMENT.in_production:
            raise CommandError(
                "up is for one machine; production starts its processes apart (docs/operations)."
            )
        voice = Voice(sys.stdout)
        named = data or (Path(os.environ["YIZHAN_DATA"]) if os.environ.get("YIZHAN_DATA") else None)
        folder = places.data_folder(named)
        try:
            hall = Hall(data=folder, say=voice.say)
            hall.claim()
            with foreground(), stopping_on_signals():
                self._run(hall, voice, port=port, with_sample=not no_sample)
        except (CannotRun, servers.CannotStart) as refusal:
            raise CommandError(f"The hall does not run: {refusal}.") from refusal

    def _port(self, wanted: int, voice: "Voice") -> int:
        port = servers.free_port(wanted)
        if port != wanted:
            voice.say("up", f"port {wanted} is taken, {port} is used instead")
        return port

    def _run(self, hall: Hall, voice: "Voice", *, port: int, with_sample: bool) -> None:
        try:
            hall.port = self._port(port, voice)
            hall.open_servers(
                database_url=os.environ.get("DATABASE_URL", ""), redis_url=os.environ.get("REDIS_URL", "")
            )
            hall.migrate()
            hall.start_processes()
            people = ""
            if with_sample and hall.is_empty():
                voice.say("sample", "loads the sample hall")
                people = hall.ask("load_sample", "--hall", "--accounts")
            elif with_sample:
                people = hall.ask("demo_accounts")
            hall.wait_until_all_answer()
            voice.print(people.rstrip())
            hall.announce()
            voice.print(f"READY {hall.url}")
            if with_sample:
                hall.start("sample", *manage("load_sample", "--history"))
            while not make_gave_up():
                hall.check_alive()
                time.sleep(0.5)
            voice.say("up", "stops")
        except Stopped:
            voice.say("up", "stops")
        finally:
            ignore_signals()
            hall.stop()


class Voice:
    """Everything that anybody says, a line at a time, with the name of who says it."""

    def __init__(self, out):
        self.out = out
        self.in_colour = out.isatty()
        self._one_at_a_time = threading.Lock()

    def say(self, name: str, line: str) -> None:
        mark = f"{name:<8} │"
        if self.in_colour:
            mark = f"\033[{COLOURS.get(name, 37)}m{mark}\033[0m"
        self.print(f"{mark} {line}")

    def print(self, text: str) -> None:
        with self._one_at_a_time:
            self.out.write(text + "\n")
            self.out.flush()


@contextmanager
def stopping_on_signals():
    def stop(signum, frame):
        ignore_signals()
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    yield


def ignore_signals() -> None:
    """A second Ctrl-C must not interrupt the orderly stop, which has its own time limit."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def make_gave_up() -> bool:
    """An interrupt sent to `make` alone: it tells nobody, takes its handler away and waits for us."""
    try:
        facts = Path(f"/proc/{os.getppid()}/status").read_text()
    except OSError:
        return False
    facts = dict(line.split(":\t", 1) for line in facts.splitlines() if ":\t" in line)
    heeds = int(facts.get("SigCgt", "0"), 16) | int(facts.get("SigIgn", "0"), 16)
    return facts.get("Name") == "make" and not heeds & (1 << (signal.SIGINT - 1))


@contextmanager
def foreground():
    """Take the terminal from `make`, so that Ctrl-C reaches us alone and our exit code is the one that counts."""
    if not sys.stdin.isatty() or os.getpgrp() == os.getpid():
        yield
        return
    terminal, before = sys.stdin.fileno(), os.getpgrp()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, before)
