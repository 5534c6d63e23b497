"""The one place that reads the environment, into one typed value. Everything else asks the settings.

Three modes. `production` refuses to start without its addresses and strong keys. `development` (the default)
listens to this machine only and finds the servers that `manage.py up` has started. `test` is development with
cheap passwords and no redirects.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import environ
from environ.fileaware_mapping import FileAwareMapping

from . import keys, places

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"  # refuses at once: no servers run for this checkout
NO_QUEUE = "redis://127.0.0.1:1/0"


class Env(environ.FileAwareEnv):
    """Each variable may also be named with `_FILE`, and then holds the path of a file with its value."""

    ENVIRON = FileAwareMapping(cache=False)


class Mode(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


class Unfit(SystemExit):
    """The environment does not allow a start; the text is one sentence for whoever starts us."""


@dataclass(frozen=True)
class Environment:
    mode: Mode
    debug: bool
    keys: keys.Keys
    database_url: str
    redis_url: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    public_url: str  # where citizens reach the hall, without a slash at its end
    https: bool
    proxies: int  # reverse proxies in front of the web process
    data: Path
    log_level: str

    @property
    def in_production(self) -> bool:
        return self.mode is Mode.PRODUCTION

    @property
    def in_test(self) -> bool:
        return self.mode is Mode.TEST


def read() -> Environment:
    env = Env()
    mode = _mode(env)
    running = {} if mode is Mode.PRODUCTION else _running(env)
    data = _data(env, running)
    if mode is Mode.PRODUCTION:
        _refuse_gaps(env)
    hosts = tuple(env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"]))
    https = mode is Mode.PRODUCTION and env.bool("HTTPS", default=True)
    return Environment(
        mode=mode,
        debug=mode is Mode.DEVELOPMENT and env.bool("DEBUG", default=False),
        keys=_keys(env, mode, data),
        database_url=env.str("DATABASE_URL", default="") or running.get("database_url", NOWHERE),
        redis_url=env.str("REDIS_URL", default="") or running.get("redis_url", NO_QUEUE),
        allowed_hosts=hosts,
        trusted_origins=tuple(env.list("CSRF_TRUSTED_ORIGINS", default=[])),
        public_url=_public_url(env, mode, hosts, https=https),
        https=https,
        proxies=env.int("PROXIES", default=1 if mode is Mode.PRODUCTION else 0),
        data=data,
        log_level=env.str("LOG_LEVEL", default="INFO").upper(),
    )


def _mode(env: Env) -> Mode:
    named = env.str("YIZHAN_MODE", default=Mode.DEVELOPMENT)
    try:
        return Mode(named)
    except ValueError:
        raise Unfit(f"YIZHAN_MODE is {named!r}: it must be one of {', '.join(Mode)}.") from None


def _data(env: Env, running: dict) -> Path:
    named = env.str("YIZHAN_DATA", default="")
    if not named and "data" in running:
        return Path(running["data"])
    return places.data_folder(Path(named) if named else None)


def _public_url(env: Env, mode: Mode, hosts: tuple[str, ...], *, https: bool) -> str:
    """The address on letters: as named, else the first of the hosts; on one machine, where `manage.py up` serves."""
    named = env.str("PUBLIC_URL", default="").rstrip("/")
    if named:
        return named
    if mode is not Mode.PRODUCTION:
        return "http://127.0.0.1:8000"
    first = next((host.lstrip(".") for host in hosts if host.strip(".*")), "localhost")
    return f"{'https' if https else 'http'}://{first}"


def _running(env: Env) -> dict:
    """What `manage.py up` left for the other commands of this checkout, or of the data folder named."""
    named = env.str("YIZHAN_DATA", default="")
    folder = places.data_folder(Path(named)) if named else places.RUN_FOLDER
    try:
        return json.loads((folder / "servers.json").read_text())
    except (OSError, ValueError):
        return {}


def _refuse_gaps(env: Env) -> None:
    needed = ["SECRET_KEY", "FIELD_KEY", "INDEX_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS"]
    missing = [name for name in needed if not env.str(name, default="").strip()]
    if missing:
        raise Unfit(f"Production needs {', '.join(missing)} in the environment; see docs/operations.")


def _keys(env: Env, mode: Mode, data: Path) -> keys.Keys:
    if mode is not Mode.PRODUCTION:
        return keys.of_folder(data)
    given = keys.Keys(env.str("SECRET_KEY"), env.str("FIELD_KEY"), env.str("INDEX_KEY"))
    try:
        keys.check(given)
    except keys.Weak as weakness:
        raise Unfit(f"Production refuses to start: {weakness}; see docs/operations.") from None
    return given
