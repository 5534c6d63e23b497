"""The first and the last beat of every verb: lock and check the move; write the event and tell the floors above."""

from datetime import date, datetime

from django.db import connection

from apps.accounts.models import User

from ..models import Case, CaseEvent, DaySerial
from ..numbers import make
from ..signals import case_moved
from ..states import MOVES, NOTED, Status, Verb


class NotAllowed(Exception):
    """The case is not at a step where this can be done; the text is fit to show."""


class Stale(NotAllowed):
    """The case has moved on since the page was shown; the text says what happened meanwhile."""


class Incomplete(NotAllowed):
    """Something is missing or wrong in what was handed in. `faults` maps a field or material key to a sentence."""

    def __init__(self, message: str, faults: dict[str, str]):
        super().__init__(message)
        self.faults = faults


def seen(case: Case, event: int | None) -> Case:
    """The newest event on the page from which somebody acts: an act on this case is refused when there is a newer one."""
    case.seen_event = event
    return case


def begin(case: Case, verb: Verb) -> Case:
    """Locks the case and checks the move; raises NotAllowed with a sentence when the case has moved on."""
    seen_event = getattr(case, "seen_event", None)
    case = locked(case)
    if case.status not in before(verb):
        raise NotAllowed(f"办件{case}现在是“{case.get_status_display()}”，不能{verb.label}。{_latest(case)}")
    if seen_event is not None:
        _nothing_happened_since(case, seen_event)
    return case


def before(verb: str) -> frozenset[str]:
    """The states in which this can be done."""
    return MOVES[verb].before if verb in MOVES else NOTED[verb]


def locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=["self"]).for_act().get(pk=case.pk)


def record(
    case: Case,
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    before: str = "",
    reason: str = "",
    facts: dict | None = None,
) -> CaseEvent:
    """One event row, then the signal, in the transaction of the verb. `by=None` is the system."""
    event = CaseEvent.objects.create(
        **_event(case, verb, by=by, at=at, before=before, reason=reason, facts=facts)
    )
    case_moved.send(sender=Case, events=[event])
    return event


def record_all(entries: list[dict]) -> list[CaseEvent]:
    """Events of a sweep, in one statement and one signal. Each entry holds the arguments of `record`."""
    events = CaseEvent.objects.bulk_create(CaseEvent(**_event(**entry)) for entry in entries)
    if events:
        case_moved.send(sender=Case, events=events)
    return events


def take_serials(region: str, day: date, number: int = 1) -> range:
    """The next serials of a region and day, by one upsert: it waits for, and never repeats, a neighbour's."""
    table = connection.ops.quote_name(DaySerial._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (region, day, last) VALUES (%s, %s, %s) "
            f"ON CONFLICT (region, day) DO UPDATE SET last = {table}.last + excluded.last RETURNING last",
            [region, day, number],
        )
        last = cursor.fetchone()[0]
    return range(last - number + 1, last + 1)


def take_number(region: str, day: date) -> str:
    """办件编号 or 项目编号: both are of one series, so that one number is never two things."""
    return make(region, day, take_serials(region, day)[0])


def needs_words(text: str, sentence: str) -> str:
    """A text that the law wants: stripped; what is missing is a fault of the form, not of the case's step."""
    text = text.strip()
    if not text:
        raise Incomplete(sentence, {"words": sentence})
    return text


def _event(case, verb, *, by, at, before="", reason="", facts=None) -> dict:
    return {
        "case": case,
        "verb": verb,
        "by": by,
        "assignment": by.acting if by else None,
        "at": at,
        "before": before,
        "after": case.status if before else "",
        "reason": reason,
        "facts": facts or {},
    }


QUIET = frozenset({Verb.REVEALED, Verb.SHARED})
"""What may happen beside an act without making its page stale."""


def _nothing_happened_since(case: Case, seen_event: int) -> None:
    newer = case.events.filter(pk__gt=seen_event).exclude(verb__in=QUIET).select_related("by").order_by("id")
    happened = [
        f"{event.by.name if event.by else '系统'}于{event.at.astimezone():%m月%d日 %H:%M}{Verb(event.verb).label}"
        for event in newer
    ]
    if happened:
        raise Stale(f"您打开这一页之后，{'；'.join(happened)}。请看过再办，您填的内容还在。")


def _latest(case: Case) -> str:
    if case.status == Status.DRAFT:
        return ""
    last = case.events.exclude(after="").select_related("by").order_by("-id").first()
    if last is None:
        return ""
    who = last.by.name if last.by else "系统"
    return f"（{who}已于{last.at.astimezone():%m月%d日 %H:%M}{Verb(last.verb).label}）"
