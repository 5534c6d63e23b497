"""期限推算: every stored date of a case as its facts, the calendar, the closures and the rules say, for many cases at once.

Cases that stand alike are reckoned once: of a hundred thousand there are some hundred. Nothing is written here.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from apps.calendars import loaded
from apps.calendars.workdays import WorkCalendar
from apps.items.models import CaseKind, ItemVersion
from apps.points.models import HallRules
from apps.points.rules import closed_days_by_path, rules_by_path

from ..evidence import ACCEPTANCES
from ..models import Case, CaseEvent, ClockPause
from ..periods import WAITS, Granted
from ..states import DECIDED, RUNNING, WAITING, Status, Verb
from ..terms import Pause
from .acceptance import FORWARD_DAYS
from .clocks import HallClock, counts_halves, set_clocks, set_desk_due

CLOCKS = (
    "due_on", "statutory_due_on", "provisional_due_on", "provisional_statutory_on", "calendar_missing", "yellow_on",
)  # fmt: skip
PERIODS = (
    "notice_due_on", "pre_review_due_on", "wait_until", "hand_up_due_on", "delivery_due_on", "forward_due_on",
    "upper_due_on", "tolerated_until",
)  # fmt: skip
DATES = (*CLOCKS, *PERIODS, "desk_due_on")
FACTS = (
    "id", "path", "intake_path", "department_id", "point_id", "version_id", "kind", "status", "accepted_on",
    "committed_amount", "committed_unit", "statutory_amount", "statutory_unit", "extension_amount", "received_on",
    "answered_on", "collected_on", "forwarded_on", "decided_on", "is_tolerated", "paused_since", *DATES,
)  # fmt: skip
"""The columns that say how a case stands, and those that are reckoned from them."""

Row = NamedTuple("Row", [(name, Any) for name in FACTS])  # type: ignore[misc]  a case without the price of a model
NO_PAUSES: tuple[Pause, ...] = ()
Dates = dict[str, Any]
Moved = dict[str, tuple[Any, Any]]
"""What changes: column → (before, after)."""


class Standing(NamedTuple):
    """How a case stands: all that its dates depend on, apart from its place and its guide."""

    status: str
    kind: str
    accepted_on: date | None = None
    committed: tuple[int | None, str] = (None, "")
    statutory: tuple[int | None, str] = (None, "")
    extension: int = 0
    pauses: tuple[Pause, ...] = NO_PAUSES
    answer_from: date | None = None
    collected_on: date | None = None
    wait: Granted | None = None
    tolerance: Granted | None = None
    forwarded_on: date | None = None
    decided_on: date | None = None
    accepted_at: datetime | None = None  # of what counts half days


class Guide(NamedTuple):
    """What the guide of an item says of periods."""

    advisory_pre_review: bool
    supplement_days: int | None
    tolerance_days: int


class _PlacedClock(HallClock):
    """The clock of places with the same closures and rules, made of what was fetched for all of them."""

    def __init__(self, calendar: WorkCalendar, closed_days: frozenset[date], rules: HallRules):
        self.calendar, self.closed_days, self.rules = calendar, closed_days, rules


class Projection:
    """推算: by the hall's calendar and closures as they are, or as they would be after an amendment."""

    def __init__(
        self, calendar: WorkCalendar | None = None, closing: tuple[str, frozenset[date]] = ("", frozenset())
    ):
        self.calendar = calendar or loaded.current()
        self._closed, self._rules = closed_days_by_path(), rules_by_path()
        path, days = closing
        if days:
            self._closed[path] = self._closed.get(path, frozenset()) | days
        self._at: dict[str, _PlacedClock] = {}
        self._alike: dict[tuple, _PlacedClock] = {}
        self._known: dict[tuple, Dates] = {}

    def is_still_right(self) -> bool:
        """Whether calendar, closures and rules are what this was made of. Costs three statements."""
        return (
            loaded.current() is self.calendar
            and closed_days_by_path() == self._closed
            and _same_rules(rules_by_path(), self._rules)
        )

    @cached_property
    def guides(self) -> dict[int, Guide]:
        rows = ItemVersion.objects.values_list("id", *Guide._fields)
        return {pk: Guide(*said) for pk, *said in rows}

    def clock_at(self, path: str) -> HallClock:
        """Places that are closed and ruled alike share one clock, and so what was reckoned with it."""
        if path not in self._at:
            above = [path[:length] for length in range(len(path), 0, -1)]
            closed = frozenset().union(*(self._closed[one] for one in above if one in self._closed))
            rules = next((self._rules[one] for one in above if one in self._rules), None) or _NO_RULES
            self._at[path] = self._alike.setdefault(
                (closed, rules.pk), _PlacedClock(self.calendar, closed, rules)
            )
        return self._at[path]

    def dates(self, row: Any, standing: Standing) -> Dates:
        """The dates that live in this state, by column; the others of the row are history and stay."""
        collected = standing.status == Status.COLLECTED
        clock, version = self.clock_at(row.intake_path if collected else row.path), row.version_id
        key = (id(clock), version, standing)
        if key not in self._known:
            self._known[key] = _reckoned(standing, self.guides[version], clock)
        return self._known[key]

    def moves(self, row: Any, standing: Standing) -> Moved:
        """Which stored dates of a row are not those reckoned: column → (stored, reckoned)."""
        return {
            column: (getattr(row, column), day)
            for column, day in self.dates(row, standing).items()
            if getattr(row, column) != day
        }


def rows_of(cases: QuerySet, most: int | None = None) -> list[Row]:
    """Open cases as rows, in the order of their keys."""
    return [Row._make(row) for row in cases.open().order_by("id").values_list(*FACTS)[:most]]


def standings(rows: Iterable[Any]) -> dict[int, Standing]:
    """How some cases stand by their own rows: at most two statements, for those that were paused or wait, and one for half days."""
    rows = list(rows)
    pauses = _pauses_of([row.id for row in rows if row.status in RUNNING])
    waits = _granted([row.id for row in rows if row.status in WAITING or row.is_tolerated])
    began = _accepted_at([row for row in rows if counts_halves(row.committed_unit, row.statutory_unit)])
    return {
        row.id: _standing(row, pauses.get(row.id, NO_PAUSES), waits.get(row.id, {}), began.get(row.id))
        for row in rows
    }


def _standing(
    row: Any, pauses: tuple[Pause, ...], granted: dict[str, date], accepted_at: datetime | None
) -> Standing:
    status = row.status
    if status in RUNNING:
        tolerance = None
        if row.is_tolerated and Verb.ACCEPTED_TOLERATED in granted:
            tolerance = Granted(
                Verb.ACCEPTED_TOLERATED, granted[Verb.ACCEPTED_TOLERATED], row.tolerated_until
            )
        return Standing(
            status,
            row.kind,
            row.accepted_on,
            (row.committed_amount, row.committed_unit),
            (row.statutory_amount, row.statutory_unit),
            row.extension_amount,
            pauses,
            tolerance=tolerance,
            forwarded_on=row.forwarded_on,
            accepted_at=accepted_at,
        )
    if status in WAITING:
        verb = next((verb for verb in granted if verb in WAITS), None)
        wait = Granted(verb, granted[verb], row.wait_until) if verb else None
        return Standing(status, row.kind, wait=wait)
    return Standing(
        status,
        row.kind,
        answer_from=row.answered_on or row.received_on,
        collected_on=row.collected_on,
        decided_on=row.decided_on,
    )


def _reckoned(standing: Standing, guide: Guide, clock: HallClock) -> Dates:
    case = Case(status=standing.status)
    dates: Dates = {}
    if standing.status in RUNNING:
        case.accepted_on, case.extension_amount = standing.accepted_on, standing.extension
        case.committed_amount, case.committed_unit = standing.committed
        case.statutory_amount, case.statutory_unit = standing.statutory
        set_clocks(case, clock, list(standing.pauses), standing.accepted_at)
        dates = {column: getattr(case, column) for column in CLOCKS}
    for column, day in _periods(standing, guide, clock):
        setattr(case, column, day)
        dates[column] = day
    if dates:  # of what waits without an event that says since when, nothing is known better
        set_desk_due(case)
        dates["desk_due_on"] = case.desk_due_on
    return dates


def _periods(standing: Standing, guide: Guide, clock: HallClock):
    """The service dates that run in this state. A period that the applicant was told is never made shorter."""
    rules, status = clock.rules, standing.status
    if status == Status.COLLECTED:
        yield "hand_up_due_on", clock.workdays_after(standing.collected_on, rules.hand_up_days)
    elif status == Status.PRE_SUBMITTED:
        answer_by = clock.workdays_after(standing.answer_from, rules.notice_days)
        yield "notice_due_on", None if guide.advisory_pre_review else answer_by
        yield "pre_review_due_on", clock.workdays_after(standing.answer_from, rules.pre_review_days)
    elif status == Status.RECEIVED:
        yield "notice_due_on", clock.workdays_after(standing.answer_from, rules.notice_days)
    elif status in WAITING and standing.wait:
        days = guide.supplement_days or rules.supplement_days
        if standing.wait.by == Verb.PRE_PASSED:
            days = rules.pass_valid_days
        yield "wait_until", _kept(standing.wait, clock.days_after(standing.wait.from_on, days))
    elif status in DECIDED:
        yield "delivery_due_on", clock.workdays_after(standing.decided_on, rules.delivery_days)
    elif status in RUNNING:
        if status == Status.FORWARDED:
            yield "upper_due_on", clock.workdays_after(standing.forwarded_on, FORWARD_DAYS)
        elif standing.kind == CaseKind.FORWARDED and status != Status.IN_APPROVAL:
            yield "forward_due_on", clock.workdays_after(standing.accepted_on, FORWARD_DAYS)
        if standing.tolerance:
            until = clock.workdays_after(standing.tolerance.from_on, guide.tolerance_days)
            yield "tolerated_until", _kept(standing.tolerance, until)


def _kept(granted: Granted, day: date) -> date:
    return max(day, granted.told_on) if granted.told_on else day


def _pauses_of(ids: list[int]) -> dict[int, tuple[Pause, ...]]:
    found: dict[int, tuple[Pause, ...]] = {}
    rows = ClockPause.objects.filter(case__in=ids).order_by("case", "from_on", "id")
    for case, *pause in rows.values_list("case", "from_on", "to_on", "stops_statutory", "kind"):
        found[case] = (*found.get(case, NO_PAUSES), Pause(*pause))
    return found


def _granted(ids: list[int]) -> dict[int, dict[str, date]]:
    """On which day each of these cases was made to wait, newest first, and was accepted with a paper missing."""
    found: dict[int, dict[str, date]] = {}
    if not ids:
        return found
    verbs = (*WAITS, Verb.ACCEPTED_TOLERATED)
    events = CaseEvent.objects.filter(case__in=ids, verb__in=verbs).order_by("-id")
    for case, verb, at in events.values_list("case", "verb", "at"):
        found.setdefault(case, {}).setdefault(verb, timezone.localdate(at))
    return found


def _accepted_at(rows: list[Any]) -> dict[int, datetime]:
    """Case → the instant of its acceptance, where the count begins on the same day (R13)."""
    days = {row.id: row.accepted_on for row in rows if row.status in RUNNING}
    if not days:
        return {}
    events = CaseEvent.objects.filter(case__in=days, verb__in=ACCEPTANCES).order_by("id")
    found = dict(events.values_list("case", "at"))
    return {case: at for case, at in found.items() if timezone.localdate(at) == days[case]}


def _same_rules(some: dict[str, HallRules], others: dict[str, HallRules]) -> bool:
    return {path: _values(rules) for path, rules in some.items()} == {
        path: _values(rules) for path, rules in others.items()
    }


def _values(rules: HallRules) -> list:
    return [getattr(rules, field.attname) for field in HallRules._meta.concrete_fields]


_NO_RULES = HallRules()
