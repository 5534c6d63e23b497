#!/usr/bin/env python3
"""Checks the evidence of one case against the seals a hall has published, without the hall and without a network.

    python verify_case.py case.json roots.jsonl

case.json is what `manage.py export_evidence NUMBER` printed, roots.jsonl what `manage.py export_evidence --roots`
printed or what was kept from the public page of seals. Exit code 0 when every event stands as it was sealed, else 1.
Needs nothing but Python 3.8 or later.
"""

import hashlib
import json
import sys


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


def main(case_file, roots_file):
    with open(roots_file, encoding="utf-8") as lines:
        roots = checked_roots(lines)
    with open(case_file, encoding="utf-8") as source:
        case = json.load(source)
    wrong = 0
    for event in case["events"]:
        told = json.loads(event["text"])
        name = f"event {told['id']} ({told['verb']}, {told['at']})"
        if event["proof"] is None:
            state = "NOT SEALED YET" if event["day"] not in roots else "NOT AMONG THE SEALED"
        elif event["day"] not in roots:
            state = "NO SEAL PUBLISHED FOR ITS DAY"
        else:
            state = "ok" if root_of(event["text"], event["proof"]) == roots[event["day"]] else "CHANGED"
        wrong += state not in ("ok", "NOT SEALED YET")
        print(f"{event['day']}  {name}: {state}")
    numbers = [json.loads(event["text"])["id"] for event in case["events"]]
    print(f"case {case['case']}: {len(numbers)} events, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
