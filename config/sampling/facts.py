"""样例资料: the files of `config/sample`, each read once per process."""

import csv
import json
from functools import cache
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "sample"


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def tree(name: str):
    return json.loads((SAMPLE / name).read_text(encoding="utf-8"))


@cache
def items() -> dict[str, dict]:
    """The catalogue by code, in the order of the file."""
    return {item["code"]: item for item in tree("items.json")["items"]}
