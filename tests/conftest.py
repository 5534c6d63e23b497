"""The servers of the tests: real PostgreSQL, real Valkey, started before Django reads its settings.

`DATABASE_URL` / `REDIS_URL` name servers to use instead. With xdist the first process starts them and the
workers find them in their environment; each worker has its own database and its own two Valkey databases.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "gw0", "gw1", …; empty in the process that starts them


def _say_to(log):
    def say(name, line):
        log.write(f"{name}: {line}\n")
        log.flush()

    return say


def _start_servers() -> None:
    from config import servers  # noqa: PLC0415 - the environment must be complete before our code is read

    data = Path(tempfile.mkdtemp(prefix="yizhan-tests-"))
    data.chmod(0o755)  # PostgreSQL may run as another user
    log = (data / "servers.log").open("w")
    started = servers.Servers(data, say=_say_to(log), quick=True)
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    atexit.register(started.stop)
    database, queue = "DATABASE_URL" not in os.environ, "REDIS_URL" not in os.environ
    started.start(database=database, queue=queue)
    if database:
        os.environ["DATABASE_URL"] = started.database_url
    if queue:
        os.environ["REDIS_URL"] = started.redis_url
    os.environ["YIZHAN_DATA"] = str(data)


def _take_own_queue() -> None:
    """A worker of xdist must not eat another one's tasks, nor read its cache."""
    parts = urlsplit(os.environ["REDIS_URL"])
    number = 2 * (int(WORKER.removeprefix("gw")) + 1)
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=f"/{number}"))


os.environ["YIZHAN_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
if WORKER:
    _take_own_queue()
else:
    _start_servers()
django.setup()
# a worker inherits this environment: with the module named it would read the settings before it takes a queue of its own
del os.environ["DJANGO_SETTINGS_MODULE"]

pytest_plugins = ["tests.cast", "tests.stories", "tests.browser"]
