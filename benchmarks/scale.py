"""What growth costs: the same pages over 10,000 and over 1,000,000 cases, in one run, as ratios."""

import json
import statistics
import sys
import time
from collections.abc import Callable

from benchmarks.hall import hall

ROUNDS = 6
ASKED = 15  # times each page is asked in a round
WRITES = 8  # filings and acceptances in a round


def main(sizes: list[int]) -> None:
    with hall():
        from benchmarks.pages import Bench  # noqa: PLC0415  after the settings

        print(json.dumps(report(Bench(sizes), sizes), ensure_ascii=False, indent=1))


def report(bench, sizes: list[int]) -> dict:
    for size in sizes:
        begun = time.monotonic()
        bench.load(size)
        print(f"{size:,} cases loaded in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    wall: dict = {size: {} for size in sizes}
    cpu: dict = {size: {} for size in sizes}
    for number in range(ROUNDS):
        for size in sizes if number % 2 == 0 else reversed(sizes):
            bench.use(size)
            for name, ask, times in bench.questions(ASKED, WRITES):
                seconds, own = measured(ask, times)
                wall[size].setdefault(name, []).extend(seconds)
                cpu[size].setdefault(name, []).extend(own)
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
    small, large = sizes[0], sizes[-1]
    ms = {
        size: {name: statistics.median(values) * 1000 for name, values in wall[size].items()}
        for size in sizes
    }
    return {
        "sizes": sizes,
        "ms": {str(size): {name: round(value, 2) for name, value in ms[size].items()} for size in sizes},
        "cpu_ms": {
            str(size): {
                name: round(statistics.median(values) * 1000, 2) for name, values in cpu[size].items()
            }
            for size in sizes
        },
        "statements": bench.statements(),
        "growth": {name: round(ms[large][name] / ms[small][name], 2) for name in ms[small]},
        "to_bare": {
            name: {str(size): round(ms[size][bare] / ms[size][name], 2) for size in sizes}
            for name, bare in bench.BARE.items()
        },
    }


def measured(ask: Callable[[], None], times: int) -> tuple[list[float], list[float]]:
    seconds, own = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        seconds.append(time.perf_counter() - wall)
        own.append(time.process_time() - cpu)
    return seconds, own


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 1_000_000])
