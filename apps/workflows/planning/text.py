"""计划的读写: one JSON object in, one out (docs/plan.md). An optional key that is null counts as not given."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from apps.calendars.workdays import WorkCalendar
from apps.cases.deadlines.reading import (
    BAD_INPUT,
    Refused,
    amount_of,
    bad,
    day_of,
    list_of,
    object_of,
    optional_day,
    part_of,
    pauses_of,
    shown,
    unknown,
)

from ..graph import BrokenGraph
from .network import Branch, NoCalendar, Plan, plan

KEYS = frozenset(["start", "stage_days", "target_on", "today", "branches"])
BRANCH_KEYS = frozenset(["code", "name", "days", "after", "finished_on", "pauses"])


@dataclass(frozen=True, slots=True)
class Question:
    start: date
    stage_days: int
    branches: tuple[Branch, ...]
    target_on: date | None
    today: date | None


def answer(calendar: WorkCalendar, text: bytes) -> dict:
    """The plan as it is written out; with `error` set and every other key null where there is none."""
    try:
        asked = read(text)
        found = plan(
            calendar,
            asked.start,
            asked.stage_days,
            asked.branches,
            target_on=asked.target_on,
            today=asked.today,
        )
    except Refused as refusal:
        return _failed(BAD_INPUT, getattr(refusal, "path", []), refusal)
    except (BrokenGraph, NoCalendar) as refusal:
        return _failed(refusal.error, refusal.path, refusal)
    return {**_written(asdict(found)), "error": None}


def read(text: bytes) -> Question:
    """The project to be planned, or `Refused`."""
    facts = object_of(text, "start、stage_days 和 branches")
    if not KEYS.issuperset(facts):
        raise unknown(facts, KEYS, "")
    asked = Question(
        start=day_of(facts.get("start"), "start"),
        stage_days=amount_of(facts.get("stage_days"), "stage_days"),
        branches=tuple(map(_branch, list_of(facts.get("branches"), "branches"))),
        target_on=optional_day(facts.get("target_on"), "target_on"),
        today=optional_day(facts.get("today"), "today"),
    )
    if asked.target_on and asked.today and asked.target_on < asked.today:
        raise bad(f"目标日期 {asked.target_on} 已经过去（今天是 {asked.today}），请改成今天或以后的日期。")
    return asked


def _branch(value: object) -> Branch:
    facts = part_of(value, "branches", BRANCH_KEYS, "code、name、days 和 after")
    code = _word(facts.get("code"), "code")
    try:
        return Branch(
            code=code,
            name=_word(facts.get("name"), "name"),
            days=amount_of(facts.get("days"), "days"),
            after=tuple(_word(need, "after 里的编号") for need in list_of(facts.get("after"), "after")),
            finished_on=optional_day(facts.get("finished_on"), "finished_on"),
            pauses=pauses_of(facts.get("pauses")),
        )
    except Refused as refusal:
        named = bad(f"分项 {code}：{refusal}")
        named.path = [code]
        raise named from None


def _word(value: object, name: str) -> str:
    if type(value) is str and value.strip():
        return value
    raise bad(f"{name} 要写成不空的文字，现在是 {shown(value)}。")


def _failed(error: str, path: list[str], refusal: Exception) -> dict:
    nothing = dict.fromkeys(Plan.__dataclass_fields__)
    return {**nothing, "error": {"code": error, "path": path, "message": str(refusal)}}


def _written(value):
    """Dates as text, whatever they lie in."""
    if isinstance(value, dict):
        return {key: _written(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def line(found: dict) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "backslashreplace")
