"""默克尔树 over the events of a day. Pure: bytes in, hashes out.

A leaf is SHA-256 of 0x00 and the event's text, a node SHA-256 of 0x01 and its two children; the last of an odd row
goes up as it is. The root of nothing is SHA-256 of nothing. `tools/verify_case.py` says the same in its own words.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

EMPTY = hashlib.sha256(b"").digest()
BEGINNING = bytes(32)
"""What the first day of all is chained to."""


def event_text(
    *, id: int, case: int, verb: str, by: int | None, assignment: int | None, at: datetime, before: str,
    after: str, reason: str, facts: dict[str, Any],
) -> str:  # fmt: skip
    """One event as it is sealed: every column of its own, in one fixed form."""
    told = {
        "id": id,
        "case": case,
        "verb": verb,
        "by": by,
        "assignment": assignment,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "before": before,
        "after": after,
        "reason": reason,
        "facts": facts,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def leaf(text: str) -> bytes:
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    row = list(leaves)
    if not row:
        return EMPTY
    while len(row) > 1:
        row = _above(row)
    return row[0]


def proof(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """The way from one leaf to the root: at each step the neighbour, and on which side it stands."""
    row, way = list(leaves), []
    while len(row) > 1:
        neighbour = index ^ 1
        if neighbour < len(row):
            way.append(("left" if neighbour < index else "right", row[neighbour]))
        row, index = _above(row), index // 2
    return way


def chained(previous: bytes, day: date, count: int, day_root: bytes) -> bytes:
    """The seal of a day, which holds the one before it: to change a day is to change every day after it."""
    return hashlib.sha256(previous + f"{day.isoformat()}|{count}|".encode() + day_root).digest()


def _above(row: list[bytes]) -> list[bytes]:
    pairs = [row[n : n + 2] for n in range(0, len(row), 2)]
    return [
        hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0] for pair in pairs
    ]
