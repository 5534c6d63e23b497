"""时限: stored dates, recomputed from facts by every verb that changes one. Never counted down."""

from datetime import date, datetime

from django.utils import timezone

from apps.calendars import loaded
from apps.calendars.workdays import WorkCalendar
from apps.items.models import Unit
from apps.points.models import HallRules
from apps.points.rules import closed_days_of, rules_of

from ..evidence import ACCEPTANCES
from ..models import NO_DATE, Case
from ..states import DECIDED, RUNNING, Status
from ..terms import Pause, Reckoning, Term, elapsed, lengthened, yellow_from

CLOCK_FIELDS = [
    "due_on",
    "statutory_due_on",
    "provisional_due_on",
    "provisional_statutory_on",
    "calendar_missing",
    "yellow_on",
    "paused_since",
    "pause_kind",
    "stops_statutory",
    "desk_due_on",
]


class HallClock:
    """What the dates of one place depend on: the calendar, its closures, its rules. Fetched once per verb."""

    def __init__(self, path: str):
        self.path = path
        self.calendar: WorkCalendar = loaded.current()
        self.closed_days: frozenset[date] = closed_days_of(path)
        self.rules: HallRules = rules_of(path)

    def workdays_after(self, day: date, days: int) -> date:
        """A service date (答复、上交、送达): provisional where the year is not out, since it binds only ourselves."""
        return self.calendar.add(day, days, closed_days=self.closed_days).likely_on

    def is_published(self, day: date, days: int) -> bool:
        """Whether the calendar vouches for the day that lies so many working days behind this one (R21)."""
        return self.calendar.add(day, days, closed_days=self.closed_days).on is not None

    def days_after(self, day: date, days: int) -> date:
        return self.calendar.add_calendar_days(day, days, closed_days=self.closed_days).likely_on


def set_clocks(case: Case, clock: HallClock, pauses: list[Pause], started_at: datetime | None = None) -> None:
    """Both clocks of a running case from its facts: the term, the day of acceptance, the pauses, the calendar.

    `started_at` matters to half days only; of a case that is stored it is read from its acceptance.
    """
    if started_at is None and case.pk and counts_halves(case.committed_unit, case.statutory_unit):
        started_at = _accepted_at(case)
    committed = _reckoned(case, clock, pauses, started_at, statutory=False)
    statutory = _reckoned(case, clock, pauses, started_at, statutory=True)
    case.due_on, case.provisional_due_on = _dates(committed)
    case.statutory_due_on, case.provisional_statutory_on = _dates(statutory)
    case.calendar_missing = any(
        r is not None and r.due is not None and r.due.error is not None for r in (committed, statutory)
    )
    open_pauses = [pause for pause in pauses if pause.to_on is None]
    case.paused_since = min((pause.from_on for pause in open_pauses), default=None)
    case.stops_statutory = any(pause.stops_statutory for pause in open_pauses)
    case.yellow_on = yellow_from(
        clock.calendar,
        case.accepted_on,
        Term(case.committed_amount + case.extension_amount, case.committed_unit),
        remaining=clock.rules.yellow_remaining,
        percent=clock.rules.yellow_percent,
        pauses=pauses,
        closed_days=clock.closed_days,
    )
    set_desk_due(case)


def set_desk_due(case: Case) -> None:
    """案头期限: the one date by which somebody must act, in whatever state the case is; it orders the work lists."""
    if case.status in RUNNING:
        day = case.due_on or case.provisional_due_on
    elif case.status in DECIDED:
        day = case.delivery_due_on
    else:
        day = {
            Status.COLLECTED: case.hand_up_due_on,
            Status.PRE_SUBMITTED: case.pre_review_due_on,
            Status.RECEIVED: case.notice_due_on,
            Status.PRE_RETURNED: case.wait_until,
            Status.PRE_PASSED: case.wait_until,
            Status.SUPPLEMENT: case.wait_until,
        }.get(case.status)
    case.desk_due_on = day or NO_DATE


def pauses_of(case: Case) -> list[Pause]:
    return [
        Pause(p.from_on, p.to_on, p.stops_statutory, p.kind) for p in case.pauses.order_by("from_on", "id")
    ]


def open_notice_period(case: Case, clock: HallClock, from_on: date) -> None:
    """The five days of art. 32(4) from a receipt or an answer; none where the pre-review is declared advisory (R4)."""
    advisory = case.version.advisory_pre_review and case.status == Status.PRE_SUBMITTED
    case.notice_due_on = None if advisory else clock.workdays_after(from_on, clock.rules.notice_days)


def used_workdays(case: Case, clock: HallClock, pauses: list[Pause]) -> int:
    """R22: counted working days in (accepted, decided] minus pauses; an immediate case used none."""
    if case.kind == "immediate" and case.decided_on == case.accepted_on:
        return 0
    term = Term(case.committed_amount, "workday")
    return elapsed(
        clock.calendar, case.accepted_on, term, case.decided_on, pauses=pauses, closed_days=clock.closed_days
    )


def close_clocks(case: Case) -> None:
    """The case has ended: no date is due any more, and no clock stands still; what the term was stays on record."""
    case.notice_due_on = case.pre_review_due_on = case.wait_until = None
    case.paused_since, case.pause_kind, case.stops_statutory = None, "", False
    set_desk_due(case)


def wait_for_applicant(case: Case, clock: HallClock, today: date, days: int) -> None:
    case.wait_until = clock.days_after(today, days)


def counts_halves(*units: str) -> bool:
    """Whether it matters at what hour a case was accepted (R13)."""
    return Unit.HALF_DAY in units


def _accepted_at(case: Case) -> datetime | None:
    """None where the count begins on a day before the acceptance itself: then with that day's morning."""
    accepted = case.events.filter(verb__in=ACCEPTANCES).order_by("-id").values_list("at", flat=True).first()
    return accepted if accepted and timezone.localdate(accepted) == case.accepted_on else None


def _reckoned(
    case: Case, clock: HallClock, pauses: list[Pause], started_at: datetime | None, *, statutory: bool
) -> Reckoning | None:
    amount = case.statutory_amount if statutory else case.committed_amount
    if amount is None:
        return None
    unit = case.statutory_unit if statutory else case.committed_unit
    return lengthened(
        clock.calendar,
        case.accepted_on,
        Term(amount, unit),
        Term(case.extension_amount, case.committed_unit),
        pauses=pauses,
        statutory=statutory,
        closed_days=clock.closed_days,
        started_at=started_at,
    )


def _dates(reckoning) -> tuple[date | None, date | None]:
    if reckoning is None or reckoning.due is None:
        return None, None
    return reckoning.due.on, reckoning.due.provisional_on
