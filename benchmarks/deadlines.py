"""How fast dates are reckoned: plain due dates beside the package `holidays`, and whole lines of the command."""

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from apps.calendars.notices import built_in
from apps.cases.terms import Term, reckon

try:
    import holidays
except ImportError:
    sys.exit("The other side of this ratio is the package `holidays`: install it beside the rest first.")

CHECKOUT = Path(__file__).resolve().parent.parent
ROUNDS = 7
DATES = 20_000  # asked of each side in a round
FIRST, LAST = date(2007, 1, 1), date(2026, 6, 30)
TERMS = (5, 7, 10, 15, 20, 30, 45)

Questions = list[tuple[date, int]]


def main(lines: int) -> None:
    rng = random.Random(20)
    asked = questions(rng, DATES)
    sides = {"holidays": by_holidays(), "add": by_calendar(), "reckon": by_terms()}
    answers = {name: [ask(start, days) for start, days in asked] for name, ask in sides.items()}
    if any(found != answers["holidays"] for found in answers.values()):
        sys.exit("The sides do not agree on every date: there is nothing to compare.")
    text = "".join(
        json.dumps({"start": start.isoformat(), "amount": days, "unit": "workday"}) + "\n"
        for start, days in questions(rng, lines)
    ).encode()
    rates: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        for name in sides if number % 2 == 0 else reversed(sides):
            rates.setdefault(name, []).append(rate(sides[name], asked))
        for name, value in command(text, lines).items():
            rates.setdefault(name, []).append(value)
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
    print(json.dumps(report(rates, lines), ensure_ascii=False, indent=1))


def questions(rng: random.Random, number: int) -> Questions:
    span = (LAST - FIRST).days
    return [(FIRST + timedelta(days=rng.randrange(span)), rng.choice(TERMS)) for _ in range(number)]


def by_holidays() -> Callable[[date, int], date]:
    return holidays.China(years=range(FIRST.year, LAST.year + 2)).get_nth_working_day


def by_calendar() -> Callable[[date, int], date]:
    calendar = built_in()
    return lambda start, days: calendar.add(start, days).on


def by_terms() -> Callable[[date, int], date]:
    calendar = built_in()
    return lambda start, days: reckon(calendar, start, Term(days)).due.on


def rate(ask: Callable[[date, int], date], asked: Questions) -> float:
    """Dates in a second of the process's own time."""
    begun = time.process_time()
    for start, days in asked:
        ask(start, days)
    return len(asked) / (time.process_time() - begun)


def command(text: bytes, lines: int) -> dict[str, float]:
    """Lines in a second of the whole command, its start included, every day with its reason written out."""
    cpu, wall = _cpu_of_children(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "deadlines"], input=text, cwd=CHECKOUT, capture_output=True, check=True
    )
    wall, cpu = time.perf_counter() - wall, _cpu_of_children() - cpu
    if done.stdout.count(b"\n") != lines:
        sys.exit("The command did not answer every line.")
    return {"command": lines / cpu, "command_by_the_clock": lines / wall, "megabytes": len(done.stdout) / 1e6}


def report(rates: dict[str, list[float]], lines: int) -> dict:
    middle = {name: statistics.median(values) for name, values in rates.items()}
    to_holidays = {
        name: statistics.median(
            ours / theirs for ours, theirs in zip(rates[name], rates["holidays"], strict=True)
        )
        for name in ("add", "reckon", "command")
    }
    return {
        "lines": lines,
        "megabytes_answered": round(middle.pop("megabytes")),
        "a_second": {name: round(value) for name, value in middle.items()},
        "to_holidays": {name: round(value, 1) for name, value in to_holidays.items()},
    }


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
