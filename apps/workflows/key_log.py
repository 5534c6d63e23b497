"""重点项目日志 in words: what an act was about, out of the facts that it left. Pure."""

from collections.abc import Callable, Mapping
from datetime import date

from apps.cases.terms import day_words

from .milestones import in_days
from .models import Half, KeyProject, KeyProjectEvent

V = KeyProjectEvent.Verb
Facts = Mapping[str, object]
CORRECTED = {"name": "项目名称", "rank": "级别", "investor_name": "投资人"}


def about(event: KeyProjectEvent) -> str:
    """What it was that was begun, linked, set or corrected; empty where the verb says it all."""
    words = WORDS.get(event.verb)
    return words(event.facts) if words and event.facts else ""


def _named(facts: Facts) -> str:
    return str(facts.get("name") or facts.get("code", ""))


def _corrected(facts: Facts) -> str:
    return "，".join(
        f"{CORRECTED[field]}由“{_rank(field, was)}”改为“{_rank(field, now)}”"
        for field, (was, now) in facts.items()
    )


def _rank(field: str, value: str) -> str:
    return KeyProject.Rank(value).label if field == "rank" else value


def _target(facts: Facts) -> str:
    return (
        _day(facts["after"])
        if facts["after"]
        else f"取消（原为{_day(facts['before'])}）"
        if facts["before"]
        else ""
    )


def _milestone(facts: Facts) -> str:
    return f"{facts['name']}，{_day(facts['on'])}{Half(facts['half']).label}"


def _day(written: object) -> str:
    return day_words(date.fromisoformat(str(written)))


WORDS: Mapping[str, Callable[[Facts], str]] = {
    V.LISTED: _named,
    V.CORRECTED: _corrected,
    V.CHANNEL_OPENED: lambda facts: f"时限{in_days(facts['halves'])}个工作日",
    V.MILESTONE_SET: _milestone,
    V.MILESTONE_TAKEN_BACK: _milestone,
    V.ONE_NAMED: _named,
    V.TARGET_SET: _target,
    V.TASK_SET: _named,
    V.TASK_BEGUN: _named,
    V.TASK_FINISHED: _named,
    V.TASK_REOPENED: _named,
    V.TASK_DROPPED: _named,
    V.VISITED: lambda facts: _day(facts["on"]),
    V.HANDOVER_GIVEN: lambda facts: f"{facts['papers']}份",
    V.LINKED: lambda facts: str(facts["number"]),
    V.UNLINKED: lambda facts: str(facts["number"]),
}
