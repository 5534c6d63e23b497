"""The clock's sweep over many open cases: cards for the tenth that is overdue, beside the bare UPDATE of the same rows; and nothing due."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.hall import hall

ROUNDS = 5
ASKED = 25  # times the sweep looks where nothing is due
FIRST = 1_000  # cases loaded in all their variety; the others are copies of them
OVER = "2026-02-20"
AHEAD = """
UPDATE cases_case SET status = 'in_review', archive_number = '', closed_on = NULL, decided_on = NULL, delivered_on = NULL,
    accepted_on = received_on, yellow_on = date '2026-12-30', notice_due_on = NULL, pre_review_due_on = NULL,
    due_on = date '2026-12-31', statutory_due_on = date '2026-12-31', desk_due_on = date '2026-12-31'
WHERE due_on IS DISTINCT FROM date '2026-12-31'
"""
LEAN = """
DROP TABLE IF EXISTS bench_lean;
CREATE TABLE bench_lean AS SELECT id, status, due_on, NULL::timestamptz AS overdue_at FROM cases_case;
CREATE INDEX ON bench_lean (due_on, id) WHERE overdue_at IS NULL
"""
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def main(sizes: list[int]) -> None:
    with hall():
        print(json.dumps(report(sizes), indent=1))


def report(sizes: list[int]) -> dict:
    from apps.supervision import actions  # noqa: PLC0415
    from benchmarks import world  # noqa: PLC0415

    world.build(FIRST)
    run(AHEAD)
    return {
        "load_average": round(os.getloadavg()[0], 1),
        **{f"{size:,} open cases": _at(size, actions) for size in sizes},
    }


def _at(size: int, actions) -> dict:
    """One size, grown out of the one before: nothing due, then a tenth overdue, then a tenth with its cards."""
    from django.db import transaction  # noqa: PLC0415

    from apps.supervision.models import Card  # noqa: PLC0415

    grow_to(size)
    run("VACUUM ANALYZE")
    seconds: dict[str, list[float]] = {
        name: [] for name in ("nothing_due", "update", "lean_update", "sweep", "all_hung")
    }
    for _ in range(ASKED):
        seconds["nothing_due"].append(timed(lambda: sweep(actions)))
    run(f"UPDATE cases_case SET due_on = date '{OVER}', yellow_on = NULL WHERE id % 10 = 0")
    run(LEAN)
    run("VACUUM ANALYZE cases_case, bench_lean")
    issued = 0
    for number in range(ROUNDS):
        with transaction.atomic():
            bare = f"UPDATE cases_case SET pause_kind = 'x' WHERE due_on = date '{OVER}'"
            seconds["update"].append(timed(lambda bare=bare: run(bare)))
            lean = f"UPDATE bench_lean SET overdue_at = now() WHERE overdue_at IS NULL AND due_on = date '{OVER}'"
            seconds["lean_update"].append(timed(lambda lean=lean: run(lean)))
            transaction.set_rollback(True)
        run("VACUUM cases_case, bench_lean")
        seconds["sweep"].append(timed(lambda: sweep(actions)))
        issued = Card.objects.count()
        run("ANALYZE supervision_card")
        for _ in range(ROUNDS):
            seconds["all_hung"].append(timed(lambda: sweep(actions)))
        run("TRUNCATE supervision_card")
        print(f"{size:,} cases, round {number + 1} of {ROUNDS}", file=sys.stderr)
    run(AHEAD)
    return {
        "cards": issued,
        "ms": {name: round(statistics.median(values) * 1000, 2) for name, values in seconds.items()},
        "sweep_to_bare_update": _ratio(seconds, "update"),
        "sweep_to_lean_update": _ratio(seconds, "lean_update"),
    }


def _ratio(seconds: dict[str, list[float]], beside: str) -> float:
    pairs = zip(seconds["sweep"], seconds[beside], strict=True)
    return round(statistics.median(ours / bare for ours, bare in pairs), 2)


def grow_to(size: int) -> None:
    """The same cases again and again, under keys and numbers of their own."""
    from apps.cases.models import Case  # noqa: PLC0415

    own = {"id", "key", "number"}
    columns = ", ".join(field.column for field in Case._meta.concrete_fields if field.column not in own)
    have = Case.objects.count()
    run(
        f"INSERT INTO cases_case (key, number, {columns}) "
        f"SELECT gen_random_uuid(), '9' || lpad((n * {FIRST} + c.id)::text, 19, '0'), {columns} "
        f"FROM (SELECT * FROM cases_case ORDER BY id LIMIT {FIRST}) c, "
        f"generate_series({have // FIRST}, {size // FIRST - 1}) n"
    )


def run(statement: str) -> int:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def sweep(actions) -> None:
    while actions.issue_cards(at=NOW):
        pass


def timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 1_000_000])
