"""The clock's sweep over many open cases: cards for the tenth that is overdue, beside the bare UPDATE of the same rows."""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROUNDS = 5
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def main(size: int) -> None:
    from config.servers import Servers  # noqa: PLC0415  the environment must be complete before settings are read

    data = Path(tempfile.mkdtemp(prefix="yizhan-bench-"))
    data.chmod(0o755)
    started = Servers(data, say=lambda name, line: None, quick=True)
    started.start(database=True, queue=True)
    os.environ |= {
        "DATABASE_URL": started.database_url, "REDIS_URL": started.redis_url, "YIZHAN_DATA": str(data),
        "YIZHAN_MODE": "test", "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    try:
        import django  # noqa: PLC0415

        django.setup()
        print(json.dumps(report(size), indent=1))
    finally:
        started.stop()


def report(size: int) -> dict:
    from django.db import connection, transaction  # noqa: PLC0415

    from apps.supervision import actions  # noqa: PLC0415
    from apps.supervision.models import Card  # noqa: PLC0415
    from benchmarks import world  # noqa: PLC0415

    world.build(size)

    def run(statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.rowcount

    run(
        "UPDATE cases_case SET status = 'in_review', archive_number = '', closed_on = NULL, decided_on = NULL, "
        "delivered_on = NULL, accepted_on = received_on, yellow_on = NULL, notice_due_on = NULL, "
        "pre_review_due_on = NULL, due_on = CASE WHEN id % 10 = 0 THEN date '2026-02-20' ELSE date '2026-12-31' END, "
        "statutory_due_on = date '2026-12-31'"
    )
    run("VACUUM ANALYZE cases_case")
    seconds: dict[str, list[float]] = {"update": [], "sweep": [], "nothing_due": []}
    issued = 0
    for number in range(ROUNDS):
        with transaction.atomic():
            seconds["update"].append(
                timed(lambda: run("UPDATE cases_case SET pause_kind = 'x' WHERE due_on < date '2026-03-02'"))
            )
            transaction.set_rollback(True)
        run("VACUUM cases_case")
        seconds["sweep"].append(timed(lambda: sweep(actions)))
        issued = Card.objects.count()
        seconds["nothing_due"].append(timed(lambda: sweep(actions)))
        run("TRUNCATE supervision_card")
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
    middle = {name: statistics.median(values) for name, values in seconds.items()}
    return {
        "open_cases": size,
        "cards": issued,
        "seconds": {name: round(value, 4) for name, value in middle.items()},
        "sweep_to_bare_update": round(
            statistics.median(s / u for s, u in zip(seconds["sweep"], seconds["update"], strict=True)), 2
        ),
    }


def sweep(actions) -> None:
    while actions.issue_cards(at=NOW):
        pass


def timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
