"""What a change of the calendar costs a hall with many open cases: the list before, the recomputation, the nightly check."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial

from benchmarks.hall import hall


def main(number: int) -> None:
    with hall():
        print(json.dumps(report(number), ensure_ascii=False, indent=1))


def report(number: int) -> dict:
    from benchmarks.amended import (  # noqa: PLC0415  after the settings
        bare_update,
        check,
        database_seconds,
        fill,
        impact,
        plant,
        recompute,
        sign,
    )

    amendment = fill(number)
    timed = partial(measured, database_seconds)
    print(f"{number:,} open cases loaded", file=sys.stderr)
    before = check()
    found, listing = timed(lambda: impact(amendment))
    sign(amendment)
    done, applying = timed(recompute)
    again, repeating = timed(recompute)
    after, checking = timed(check)
    planted = plant()
    _, bare = timed(bare_update)
    return {
        "open_cases": number,
        "load_average": round(os.getloadavg()[0], 1),
        "differences_before": before.differing,
        "list_before": {"moved": found, **listing},
        "recomputation": {
            "moved": done,
            "batches_of": 1_000,
            **applying,
            "cases_a_second": rate(number, applying),
        },
        "a_second_run": {"moved": again, **repeating},
        "nightly_check": {
            "seen": after.seen,
            "differing": after.differing,
            **checking,
            "cases_a_second": rate(number, checking),
        },
        "planted_and_found": planted,
        "bare_update_of_the_same_rows": bare,
        "to_bare_update": round(processor(applying) / processor(bare), 1),
    }


def measured(database_seconds: Callable[[], float], act: Callable[[], object]) -> tuple:
    """What it gives, and what it took: by the clock, and of the processor, on either side of the connection."""
    database, own, wall = database_seconds(), _own(), time.perf_counter()
    given = act()
    wall, own = time.perf_counter() - wall, _own() - own
    return given, {
        "seconds": round(wall, 2),
        "cpu_seconds": round(own, 2),
        "database_cpu_seconds": round(database_seconds() - database, 2),
    }


def processor(took: dict) -> float:
    return took["cpu_seconds"] + took["database_cpu_seconds"]


def rate(number: int, took: dict) -> int:
    return round(number / took["seconds"])


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
