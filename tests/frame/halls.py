"""Whole halls for tests: a copy of the checkout, and `manage.py up` running in it."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.processes import leash

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120  # seconds: two cores may be busy with other tests
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "YIZHAN_DATA",
    "YIZHAN_MODE",
    "PYTEST_XDIST_WORKER",
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of somebody who has just cloned the repository."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | more


def manage(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=folder,
        env=clean_environment(**more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@dataclass
class RunningUp:
    """`manage.py up` in a folder, listened to."""

    folder: Path
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*leash(signal.SIGTERM), sys.executable, "manage.py", "up", *self.arguments],
            cwd=self.folder,
            env=clean_environment(**self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._said = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = self._wait_until_ready()
        self.ready_after = time.monotonic() - self.began
        self.data = Path(json.loads((self.folder / ".run" / "servers.json").read_text())["data"])

    def health(self) -> tuple[int, dict, float]:
        """Status, report, and how long the answer took."""
        asked = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.url}healthz", timeout=10) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        return status, json.loads(body), time.monotonic() - asked

    def process_of(self, *words: str) -> psutil.Process:
        """The child that was started with these words."""
        for child in psutil.Process(self.process.pid).children():
            if all(word in " ".join(child.cmdline()) for word in words):
                return child
        raise LookupError(words)

    def send(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def left_behind(self) -> list[str]:
        """Processes that still belong to this hall."""
        left = []
        for process in psutil.process_iter():
            try:
                if str(self.data) in [process.environ().get("YIZHAN_UP"), *process.cmdline()]:
                    left.append(" ".join(process.cmdline()))
            except psutil.Error:
                continue
        return left

    def _listen(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self._said.put(line)
        self._said.put("")

    def _wait_until_ready(self) -> str:
        while line := self._said.get(timeout=PATIENCE):
            if line.startswith("READY "):
                return line.split()[1]
        raise AssertionError("\n".join(self.lines))
