"""Child processes: each in a group of its own, heard line by line, stopped politely and then not."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psutil

MARK = "YIZHAN_UP"  # in the environment of every child: whose it is, for whoever cleans up after a crash


@dataclass
class Child:
    """One process of the hall. `say` gets each line it prints."""

    name: str
    command: list[str]
    say: Callable[[str, str], None]
    environment: dict[str, str] = field(default_factory=dict)
    identity: dict = field(default_factory=dict)  # user, group and extra_groups for Popen, when not our own
    folder: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    typed_in: str = ""  # what the process reads from its standard input
    process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*leash(self.stop_signal), *self.command],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE if self.typed_in else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches us alone: we stop the others in order
            **self.identity,
        )
        if self.typed_in:
            self.process.stdin.write(self.typed_in)
            self.process.stdin.close()
        threading.Thread(target=self._listen, daemon=True).start()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.alive():
            self.process.send_signal(self.stop_signal)

    def wait(self, until: float) -> None:
        """Wait for the end; past the moment (of `time.monotonic`) the whole group is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.say(self.name, "did not stop in time and is killed")
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.say(self.name, line.rstrip())


@cache
def leash(how: signal.Signals) -> tuple[str, ...]:
    """Where Linux offers it, a child is told to stop the moment we die, even by SIGKILL."""
    prefix = ("setpriv", "--pdeathsig", how.name.removeprefix("SIG"), "--")
    try:
        works = subprocess.run([*prefix, "true"], capture_output=True, timeout=5).returncode == 0
    except (OSError, subprocess.SubprocessError):
        works = False
    return prefix if works else ()


def orphans(owner: Path) -> list[psutil.Process]:
    """Children that an earlier start for the same data folder left behind when it was killed."""
    left = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(owner):
                left.append(process)
        except psutil.Error:
            continue
    return left


def end(processes: Iterable[psutil.Process], *, politely_for: float) -> None:
    processes = list(processes)
    for process in processes:
        _quietly(process.terminate)
    _, stubborn = psutil.wait_procs(processes, timeout=politely_for)
    for process in stubborn:
        _quietly(process.kill)
    psutil.wait_procs(stubborn, timeout=5)


def _quietly(act: Callable[[], None]) -> None:
    with suppress(psutil.Error):
        act()
