"""One command for the whole hall: it starts, answers, recovers and leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from config import places, servers

from .halls import CHECKOUT, PATIENCE, RunningUp, clean_environment, manage

ALL_OK = {"database": "ok", "valkey": "ok", "worker": "ok", "beat": "ok"}


def a_checkout(inside: Path | None = None) -> Path:
    """A copy of what runs, so that the notes of a hall which runs in this checkout stay untouched."""
    folder = Path(tempfile.mkdtemp(prefix="yizhan-checkout-", dir=inside))
    folder.chmod(0o755)
    for part in ("apps", "config", "templates"):
        shutil.copytree(CHECKOUT / part, folder / part)  # with its byte code: made anew, it costs seconds
    (folder / "static").symlink_to(CHECKOUT / "static")
    shutil.copy2(CHECKOUT / "manage.py", folder)
    return folder


@pytest.fixture
def folder():
    folder = a_checkout()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def up(folder):
    """Starts halls in the folder; whatever still runs at the end of the test is ended."""
    started = []

    def start(*arguments: str, where: Path = folder, **environment: str) -> RunningUp:
        started.append(RunningUp(where, ("--no-sample", *arguments), environment))
        return started[-1]

    yield start
    for hall in started:
        if hall.process.poll() is None:
            hall.send(signal.SIGTERM)


@pytest.fixture(scope="module")
def hall():
    """One running hall for all tests that leave it as it was."""
    folder = a_checkout()
    hall = RunningUp(folder, ("--no-sample",))
    yield hall
    hall.send(signal.SIGTERM)
    shutil.rmtree(folder)


def say_in_shell(folder: Path, code: str) -> str:
    """What a command of the same checkout prints last, without being told where the servers are."""
    said = manage(folder, "shell", "-c", code)
    assert said.returncode == 0, said.stderr
    return said.stdout.split("\n")[-2]


def until(holds, *, within: float) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def test_everything_answers_and_commands_find_it(hall):
    assert hall.health()[:2] == (200, ALL_OK)
    assert (hall.folder / ".run" / "url").read_text() == f"{hall.url}\n"
    assert (
        say_in_shell(hall.folder, "from apps.points.models import *; print(ServicePoint.objects.count())")
        == "0"
    )


def test_the_worker_does_what_it_is_sent(hall):
    count = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    over = "Session.objects.create(session_key='over', expire_date='2020-01-01T00:00:00+08:00')"
    send = "from config.tasks import clear_sessions; clear_sessions.delay(); print('sent')"

    assert (
        say_in_shell(hall.folder, f"from django.contrib.sessions.models import Session; {over}; {send}")
        == "sent"
    )

    assert until(lambda: say_in_shell(hall.folder, count) == "0", within=30)


def test_the_same_data_are_not_used_twice(hall):
    second = manage(hall.folder, "up", "--no-sample")

    assert second.returncode == 1
    assert f"one runs on this data folder already, at {hall.url}" in second.stderr


def test_a_queue_that_hangs_is_reported_within_two_seconds(hall):
    valkey = hall.process_of("valkey-server")
    valkey.suspend()

    status, report, took = hall.health()

    valkey.resume()
    assert (status, report["database"], report["valkey"]) == (503, "ok", "Valkey does not answer.")
    assert took < 2.5
    assert until(lambda: hall.health()[0] == 200, within=15)


def test_a_database_that_hangs_is_reported_within_two_seconds(hall):
    postmaster = hall.process_of("postgres", "-D")
    postmaster.suspend()

    status, report, took = hall.health()

    postmaster.resume()
    assert (status, report["database"], report["valkey"]) == (503, "The database does not answer.", "ok")
    assert took < 2.5
    assert until(lambda: hall.health()[0] == 200, within=15)


def test_whoever_is_silent_for_half_a_minute_is_dead(hall):
    silent = [hall.process_of("celery", heart) for heart in ("worker", "beat")]
    for process in silent:
        process.suspend()
    early = hall.health()[1]

    died = until(lambda: hall.health()[1]["worker"] == hall.health()[1]["beat"] != "ok", within=36)

    report = hall.health()[1]
    for process in silent:
        process.resume()
    assert (early, died) == (ALL_OK, True)
    assert report == ALL_OK | dict.fromkeys(["worker", "beat"], "No heartbeat for 30 seconds.")
    assert until(lambda: hall.health()[0] == 200, within=15)


def test_servers_from_outside_are_used_and_none_is_started(hall, up):
    facts = json.loads((hall.folder / ".run" / "servers.json").read_text())

    borrower = up(DATABASE_URL=facts["database_url"], REDIS_URL=facts["redis_url"])

    assert borrower.health()[:2] == (200, ALL_OK)
    assert not (borrower.data / "postgres").exists() and not (borrower.data / "valkey").exists()
    assert borrower.send(signal.SIGINT) == 0
    assert hall.health()[1]["database"] == "ok"


def test_it_stops_without_leaving_anything_keeps_its_data_and_survives_being_killed(up, folder):
    first = up()
    say_in_shell(
        folder, "from apps.accounts.models import *; User.objects.create(username='kept', name='留'); print()"
    )
    keys = (first.data / "keys.json").read_text()
    asked = time.monotonic()

    assert first.send(signal.SIGINT) == 0
    assert time.monotonic() - asked < 20
    assert (first.left_behind(), list((folder / ".run").iterdir())) == ([], [])

    second = up()
    crowd = max(1, os.getloadavg()[0] / os.cpu_count())  # others may be working here too
    assert second.ready_after < 10 * crowd
    assert (
        say_in_shell(folder, "from apps.accounts.models import *; print(User.objects.get().username)")
        == "kept"
    )
    assert (second.data / "keys.json").read_text() == keys

    second.send(signal.SIGKILL)
    third = up()
    assert third.health()[:2] == (200, ALL_OK)
    assert third.send(signal.SIGTERM) == 0
    assert third.left_behind() == []


def test_a_stale_note_of_the_database_does_not_stop_a_start(tmp_path):
    """After a crash the number in it may belong to somebody else by now: to this test, say."""
    data = Path(tempfile.mkdtemp(prefix="yizhan-data-"))
    data.chmod(0o755)
    for _ in range(2):
        started = servers.Servers(data, say=lambda name, line: None, quick=True)
        started.start(queue=False)
        started.stop()
        (data / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")

    shutil.rmtree(data)


def test_a_taken_port_is_told_and_the_next_free_one_is_used(up):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        hall = up("--port", str(port))

    assert hall.url != f"http://127.0.0.1:{port}/"
    assert any(f"port {port} is taken" in line for line in hall.lines)


def test_a_process_that_dies_takes_the_hall_with_it_and_is_named(up):
    hall = up()
    hall.process_of("celery", "beat").kill()

    assert hall.process.wait(30) == 1
    assert "beat has ended by itself" in hall.lines[-1]
    assert hall.left_behind() == []


def test_without_servers_a_command_says_so_in_one_sentence(folder):
    refused = manage(folder, "showmigrations")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "No servers run for this checkout: start them with `make run`, or set DATABASE_URL and REDIS_URL."
    ]


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")
@pytest.mark.parametrize("heedless", [False, True], ids=["from a terminal", "in the background"])
def test_make_passes_an_interrupt_on_and_outlives_being_started_in_the_background(folder, heedless):
    """A shell lets what it starts in the background ignore Ctrl-C; make in turn tells nobody of one sent to it."""
    (folder / "Makefile").write_text(f"run:\n\t@exec {sys.executable} manage.py up --no-sample\n")
    # whatever the tests themselves were started with
    inherited = signal.SIG_IGN if heedless else signal.SIG_DFL
    with (folder / "said").open("w") as said:
        make = subprocess.Popen(
            ["make", "run"], cwd=folder, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=said,
            stderr=said, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, inherited),
        )  # fmt: skip
    assert until(lambda: "\nREADY " in (folder / "said").read_text(), within=PATIENCE)

    make.send_signal(signal.SIGINT)
    if heedless:
        time.sleep(3)
        assert make.poll() is None
        make.send_signal(signal.SIGTERM)
    make.wait(20)

    assert not (folder / ".run" / "url").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_in_a_folder_that_nobody_can_reach_leaves_its_mode_alone(up):
    closed = Path(tempfile.mkdtemp(prefix="yizhan-closed-"))  # mode 700, as root's home
    folder = a_checkout(inside=closed)

    hall = up(where=folder)

    assert hall.data == places.refuge(folder) / "data"
    assert hall.process_of("postgres", "-D").username() == places.UNPRIVILEGED
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert hall.health()[:2] == (200, ALL_OK)
    hall.send(signal.SIGINT)
    shutil.rmtree(closed)
    shutil.rmtree(places.refuge(folder))
