"""docker-compose.yml: the very commands that it names, started on real servers with production settings."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml

from config import keys, servers

from .halls import CHECKOUT, PATIENCE, clean_environment
from .test_up import a_checkout, until

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
HOST = "hall.example.cn"


@pytest.fixture(scope="module")
def stage():
    """A checkout with its static files collected, two empty servers, and a complete production environment."""
    folder = a_checkout()
    data = Path(tempfile.mkdtemp(prefix="yizhan-compose-"))
    data.chmod(0o755)
    started = servers.Servers(data, say=lambda name, line: None, quick=True)
    started.start()
    strong = keys.strong()
    environment = clean_environment(
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        YIZHAN_DATA=str(data),
        SECRET_KEY=strong.secret_key,
        FIELD_KEY=strong.field_key,
        INDEX_KEY=strong.index_key,
        ALLOWED_HOSTS=HOST,
        GRANIAN_PORT=str(servers.free_port()),
    )
    environment["YIZHAN_MODE"] = SERVICES["web"]["environment"]["YIZHAN_MODE"]
    environment |= {"DATABASE_URL": started.database_url, "REDIS_URL": started.redis_url}
    collect = ["python", "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=folder, env=environment, check=True)
    yield folder, environment
    started.stop()
    for made in (folder, data):
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def running(stage):
    """migrate to its end, then web, worker and beat as the file names them."""
    folder, environment = stage
    subprocess.run(SERVICES["migrate"]["command"], cwd=folder, env=environment, check=True, timeout=PATIENCE)
    processes = {
        name: subprocess.Popen(
            SERVICES[name]["command"],
            cwd=folder,
            env=environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        for name in ("web", "worker", "beat")
    }
    assert until(lambda: _health(environment) == 200, within=PATIENCE)
    yield processes
    for process in processes.values():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes.values():
        process.wait(PATIENCE)


def ask(environment, path, **headers):
    address = f"http://127.0.0.1:{environment['GRANIAN_PORT']}{path}"
    request = urllib.request.Request(address, headers={"Host": HOST, **headers})
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def alive(stage, name: str) -> bool:
    """By the health check of the container."""
    folder, environment = stage
    kind, *command = SERVICES[name]["healthcheck"]["test"]
    assert kind == "CMD"
    shutil.copytree(CHECKOUT / "deploy", folder / "deploy", dirs_exist_ok=True)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True).returncode == 0


def test_web_worker_and_beat_come_alive_and_stop_when_told(stage, running):
    assert [name for name in running if not alive(stage, name)] == []

    asked = time.monotonic()
    for process in running.values():
        process.send_signal(signal.SIGTERM)
    assert {name: process.wait(30) for name, process in running.items()} == dict.fromkeys(running, 0)
    assert time.monotonic() - asked < 20
    assert not alive(stage, "web")


def test_pages_and_styles_are_served_behind_the_proxy_and_only_by_https(stage, running):
    _, environment = stage

    plain = ask(environment, "/")
    secure = ask(environment, "/", **{"X-Forwarded-Proto": "https"})
    elsewhere = ask(environment, "/", Host="evil.example.cn", **{"X-Forwarded-Proto": "https"})

    assert (plain[0], plain[1]["Location"]) == (301, f"https://{HOST}/")
    assert secure[0] == 200
    assert "max-age=31536000" in secure[1]["Strict-Transport-Security"]
    assert "unsafe" not in secure[1]["Content-Security-Policy"]
    assert elsewhere[0] == 400

    sheets = [part.split('"')[0] for part in secure[2].split('href="')[1:] if ".css" in part.split('"')[0]]
    answers = [ask(environment, sheet, **{"X-Forwarded-Proto": "https"}) for sheet in sheets]
    assert {status for status, _, _ in answers} == {200}
    assert all(
        "immutable" in headers["Cache-Control"] for _, headers, _ in answers
    )  # named after its content


def _health(environment) -> int:
    try:
        return ask(environment, "/healthz")[0]
    except OSError:
        return 0


def test_every_service_is_watched_and_every_volume_is_used():
    long_running = {name for name in SERVICES if name != "migrate"}
    mounted = {
        str(volume).split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])
    }

    assert {name for name in SERVICES if "healthcheck" in SERVICES[name]} == long_running
    assert set(COMPOSE["volumes"]) <= mounted
    assert {"database", "queue", "proxy", *OURS} == set(SERVICES)
    assert SERVICES["database"]["image"] == "postgres:18"


def test_only_the_proxy_has_a_door_to_the_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_nothing_starts_before_the_migration_has_ended():
    waits = {name: SERVICES[name]["depends_on"]["migrate"]["condition"] for name in ("web", "worker", "beat")}

    assert set(waits.values()) == {"service_completed_successfully"}


def test_the_example_names_every_variable_that_must_be_set():
    text = (CHECKOUT / "docker-compose.yml").read_text(encoding="utf-8")
    demanded = {part.split(":?")[0] for part in text.split("${")[1:] if ":?" in part.split("}")[0]}
    example = (CHECKOUT / "deploy" / "env.example").read_text(encoding="utf-8")
    named = {line.split("=")[0] for line in example.splitlines() if "=" in line and not line.startswith("#")}

    assert demanded | {"SECRET_KEY", "FIELD_KEY", "INDEX_KEY", "ALLOWED_HOSTS"} == named
