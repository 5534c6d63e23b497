"""事实还原: what a case's clocks depend on, read from its events alone. Pure: no database, no clock.

The stored dates of a case are a projection of these facts and the calendar; a nightly check proves that they still
are (`actions.checking`), and the case page shows from them which step is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from apps.calendars.workdays import SHANGHAI

from .states import Verb
from .terms import HEARING, Extension, Pause, Term, stops_statutory

V = Verb
CLOCK_VERBS = frozenset(
    {
        V.ACCEPTED, V.PASSED_INTO_ACCEPTANCE, V.ACCEPTED_TOLERATED, V.ACCEPTED_JOINTLY, V.DEEMED_ACCEPTED, V.PAUSED,
        V.ONE_RESUMED, V.RESUMED, V.SURVEY_OPENED, V.SURVEYED, V.HEARING_ASKED, V.HEARING_HELD, V.EXTENDED, V.WITHDRAWN,
        V.TERMINATED, V.TOLERANCE_LAPSED, V.GRANTED, V.REFUSED,
    }
)  # fmt: skip
"""The events that move a clock; the others may be left out when only the clocks are asked for."""

ACCEPTANCES = frozenset(
    {V.ACCEPTED, V.PASSED_INTO_ACCEPTANCE, V.ACCEPTED_TOLERATED, V.ACCEPTED_JOINTLY, V.DEEMED_ACCEPTED}
)
_RESUMPTIONS = frozenset({V.RESUMED, V.ONE_RESUMED})
_ENDS = frozenset({V.WITHDRAWN, V.TERMINATED, V.TOLERANCE_LAPSED})
SURVEY = "现场踏勘"


class Told(Protocol):
    """What is read of an event."""

    verb: str
    at: datetime
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that waits for the head: the number of its request, what it is, and for how long."""

    request: int
    verb: str
    kind: str
    amount: int
    at: datetime
    by: Any = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the events say. `accepted_on` is None before acceptance; the clocks stop on `stopped_on`.

    `accepted_at` is the instant of an acceptance that counts from its own day: half days run from it (R13).
    """

    accepted_on: date | None = None
    accepted_at: datetime | None = None
    committed: Term | None = None
    statutory: Term | None = None
    pauses: tuple[Pause, ...] = ()
    extension: Extension | None = None
    stopped_on: date | None = None
    asked: tuple[Asked, ...] = ()
    survey: dict[str, Any] = field(default_factory=dict)
    hearing: dict[str, Any] = field(default_factory=dict)

    @property
    def open_pauses(self) -> tuple[Pause, ...]:
        return tuple(pause for pause in self.pauses if pause.to_on is None)

    @property
    def amount_added(self) -> int:
        return self.extension.amount if self.extension else 0


def read(events: Iterable[Told]) -> Facts:
    """The facts of one case from its events, oldest first or not: they are put into their order by time."""
    facts = Facts()
    for event in sorted(events, key=_moment):
        facts = _told(facts, event)
    return facts


def _moment(event: Told) -> tuple:
    return event.at, getattr(event, "pk", None) or 0


def _told(facts: Facts, event: Told) -> Facts:
    verb, said, day = event.verb, event.facts, event.at.astimezone(SHANGHAI).date()
    if verb in ACCEPTANCES:
        accepted_on = date.fromisoformat(said["accepted_on"])
        return replace(
            facts,
            accepted_on=accepted_on,
            accepted_at=event.at if accepted_on == day else None,
            committed=_term(said.get("committed")),
            statutory=_term(said.get("statutory")),
        )
    if verb == V.EXTENDED:
        facts = replace(facts, extension=Extension(said["amount"], day))
        return replace(facts, asked=tuple(a for a in facts.asked if a.verb != V.EXTENSION_ASKED))
    if verb in (V.PAUSE_ASKED, V.EXTENSION_ASKED):
        asked = Asked(
            said["request"], verb, said.get("kind", ""), said["amount"], event.at,
            getattr(event, "by", None), getattr(event, "reason", ""),
        )  # fmt: skip
        return replace(facts, asked=(*facts.asked, asked))
    if verb == V.STEP_DENIED:
        return replace(facts, asked=tuple(a for a in facts.asked if a.request != said["request"]))
    if verb == V.PAUSED:
        asked = tuple(a for a in facts.asked if (a.verb, a.kind) != (V.PAUSE_ASKED, said["kind"]))
        return _paused(replace(facts, asked=asked), said["kind"], day)
    if verb in _RESUMPTIONS:
        return _resumed(facts, said["kind"], day)
    if verb == V.SURVEY_OPENED:
        facts = replace(facts, survey={**said, "signed": []})
        return _paused(facts, SURVEY, day) if said.get("pauses") else facts
    if verb == V.SURVEY_SIGNED:
        return replace(
            facts, survey={**facts.survey, "signed": [*facts.survey.get("signed", []), said.get("by")]}
        )
    if verb == V.SURVEYED:
        return _resumed(replace(facts, survey={}), SURVEY, day)
    if verb in (V.HEARING_OFFERED, V.HEARING_CALLED):
        return replace(facts, hearing={**facts.hearing, **said})
    if verb == V.HEARING_ASKED:
        return _paused(replace(facts, hearing={**facts.hearing, **said, "asked": True}), HEARING, day)
    if verb == V.HEARING_HELD:
        return _resumed(replace(facts, hearing={}), HEARING, day)
    if verb == V.HEARING_WAIVED:
        return replace(facts, hearing={})
    if verb in _ENDS:
        facts = replace(facts, stopped_on=day, asked=(), survey={}, hearing={})
        return replace(facts, pauses=tuple(p if p.to_on else replace(p, to_on=day) for p in facts.pauses))
    if verb in (V.GRANTED, V.REFUSED):
        return replace(facts, stopped_on=day, asked=(), hearing={})
    return facts


def _paused(facts: Facts, kind: str, day: date) -> Facts:
    return replace(facts, pauses=(*facts.pauses, Pause(day, None, stops_statutory(kind), kind)))


def _resumed(facts: Facts, kind: str, day: date) -> Facts:
    return replace(
        facts,
        pauses=tuple(
            replace(p, to_on=day) if p.kind == kind and p.to_on is None else p for p in facts.pauses
        ),
    )


def _term(said: list | None) -> Term | None:
    return Term(said[0], said[1]) if said and said[0] is not None else None
