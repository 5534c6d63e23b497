#!/usr/bin/env python3
"""Checks the evidence of one case against the seals a hall has published, without the hall and without a network.

    python verify_case.py case.json roots.jsonl

case.json is what `manage.py export_evidence NUMBER` printed, roots.jsonl what `manage.py export_evidence --roots`
printed or what was kept from the public page of seals. Exit code 0 when every event stands as it was sealed
and each begins where the one before it ended, else 1.
Needs nothing but Python 3.8 or later.
"""

import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
BEGINS = "draft"  # the state in which every case begins


def sha(data):
    return hashlib.sha256(data).digest()


def checked_roots(lines):
    """The root of each day. The chain of the seals must hold from the first line to the last."""
    roots, before = {}, None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        seal = json.loads(line)
        told = f"{seal['day']}|{seal['count']}|".encode() + bytes.fromhex(seal["root"])
        if before is not None and sha(before + told).hex() != seal["seal"]:
            raise SystemExit(
                f"roots, line {number}: the seal of {seal['day']} does not follow from the day before"
            )
        before = bytes.fromhex(seal["seal"])
        roots[seal["day"]] = seal["root"]
    return roots


def root_of(text, proof):
    """What the root of the day must be if this text was sealed in it."""
    reached = sha(b"\x00" + text.encode())
    for side, neighbour in proof:
        pair = bytes.fromhex(neighbour) + reached if side == "left" else reached + bytes.fromhex(neighbour)
        reached = sha(b"\x01" + pair)
    return reached.hex()


def moment(told):
    return datetime.fromisoformat(told["at"]).astimezone(SHANGHAI)


def day_of(told):
    """The Shanghai date of an event: the day in whose seal it must stand."""
    return moment(told).date().isoformat()


def state_of(event, told, roots):
    if event["day"] != day_of(told):
        return "FILED UNDER ANOTHER DAY"
    if event["day"] not in roots:
        is_over = bool(roots) and event["day"] <= max(roots)
        return "NOT SEALED YET" if event["proof"] is None and not is_over else "NO SEAL PUBLISHED FOR ITS DAY"
    if event["proof"] is None:
        return "NOT AMONG THE SEALED"
    return "ok" if root_of(event["text"], event["proof"]) == roots[event["day"]] else "CHANGED"


def faults_of_the_whole(number, told):
    """Each event may be as it was sealed, and yet one be left out, told twice, or of another case."""
    if not told:
        yield "no event at all"
    given = {one["facts"]["number"] for one in told if "number" in one["facts"]}
    if given != {number}:
        yield f"no event gives the case the number {number}; given is {', '.join(sorted(given)) or 'none'}"
    if len({one["case"] for one in told}) > 1:
        yield "events of different cases"
    for number in range(1, len(told)):
        before, after = told[number - 1], told[number]
        if after["id"] <= before["id"] or moment(after) < moment(before):
            yield f"event {after['id']} stands behind event {before['id']}: out of order, or told twice"
    state = BEGINS
    for one in told:
        if one["after"]:
            if one["before"] != state:
                yield f"event {one['id']} moves the case from {one['before']}, which was {state}: an event is missing"
            state = one["after"]


def read(path, of):
    try:
        with open(path, encoding="utf-8") as source:
            return of(source)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise SystemExit(f"{path} cannot be read as evidence: {fault!r}") from None


def events_of(source):
    case = json.load(source)
    events = [(event, json.loads(event["text"])) for event in case["events"]]
    for event, told in events:
        (
            event["day"],
            event["proof"],
            told["id"],
            told["verb"],
            told["case"],
            told["before"],
            told["after"],
            told["facts"].get("number"),
        )
        day_of(told)
    return case["case"], events


def main(case_file, roots_file):
    roots = read(roots_file, checked_roots)
    number, events = read(case_file, events_of)
    wrong = 0
    for event, told in events:
        state = state_of(event, told, roots)
        wrong += state not in ("ok", "NOT SEALED YET")
        print(f"{event['day']}  event {told['id']} ({told['verb']}, {told['at']}): {state}")
    faults = list(faults_of_the_whole(number, [told for _, told in events]))
    for fault in faults:
        print(f"WRONG: {fault}")
    wrong += len(faults)
    print(f"case {number}: {len(events)} events, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
