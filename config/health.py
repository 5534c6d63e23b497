"""/healthz: whether database, Valkey, worker and beat are alive. No login, no cache, no patience."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from time import monotonic

import psycopg2
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import RedisError

from . import pulse

ADDRESS = "/healthz"
PATIENCE = 1.5  # seconds for all answers together
OK = "ok"

_askers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="health")


def answer_health(get_response: Callable) -> Callable:
    """The outermost middleware: the answer needs no session and no host name, and survives their failure."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path != ADDRESS:
            return get_response(request)
        report = examine()
        healthy = all(state == OK for state in report.values())
        answer = JsonResponse(report, status=200 if healthy else 503, headers={"Cache-Control": "no-store"})
        answer._has_been_logged = True  # who asks every second while we start needs no line for each answer
        return answer

    return middleware


def examine() -> dict[str, str]:
    until = monotonic() + PATIENCE
    database, hearts = _askers.submit(_ask_database), _askers.submit(_ask_valkey)
    report = {"database": _said(database, until, "The database does not answer.")}
    alive = _said(hearts, until, None)
    report["valkey"] = "Valkey does not answer." if alive is None else OK
    for heart in pulse.HEARTS:
        if alive is None:
            report[heart] = "Unknown, because Valkey does not answer."
        elif heart in alive:
            report[heart] = OK
        else:
            report[heart] = f"No heartbeat for {pulse.DEAD_AFTER} seconds."
    return report


def _said(asked: Future, until: float, otherwise):
    try:
        return asked.result(max(0, until - monotonic()))
    except (psycopg2.Error, RedisError, OSError, Late):
        return otherwise


def _ask_database() -> str:
    """By a connection of its own: one that is kept open may look well long after the server has gone."""
    address = connection.get_connection_params() | {"connect_timeout": 2}
    address.pop("cursor_factory", None)
    asking = psycopg2.connect(**address)
    try:
        with asking.cursor() as cursor:
            cursor.execute("select 1")
    finally:
        asking.close()
    return OK


def _ask_valkey() -> set[str]:
    with pulse.valkey() as client:
        return pulse.beating(client)
