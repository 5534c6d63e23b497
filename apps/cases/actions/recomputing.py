"""按新日历重算期限: a signed amendment is worked through case by case, each batch whole or not at all.

A worker that is killed loses the batch it was in; the next one goes on behind the last that was kept. A case whose dates
are right already gets neither a write nor an event, so a second run changes nothing.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from ..models import CalendarAmendment, Case, CaseEvent, CaseMaterial, Notice
from ..moved import sentences, stored
from ..states import Verb
from .hearing_dates import hearings_moved, move_hearings
from .moves import record_all
from .projection import DATES, FACTS, Moved, Projection, standings

State = CalendarAmendment.State
BATCH = 1_000  # cases locked at once: a clerk never waits for more than a moment
SLOWEST_ACT = timedelta(minutes=10)
"""No request takes longer: an act that had read the old calendar when the new one was signed has ended after it."""

_held: Projection | None = None  # what was reckoned for one batch serves the next


@transaction.atomic
def recompute_next(*, at: datetime) -> bool:
    """One batch of the oldest unfinished amendment; call again until it says that nothing is left.

    What another worker has in hand is left to it.
    """
    unfinished = CalendarAmendment.objects.unfinished().select_for_update(skip_locked=True, of=["self"])
    amendment = unfinished.select_related("point").order_by("signed_at", "id").first()
    if amendment is None:
        return False
    cases = _locked(Case.objects.filter(pk__gt=amendment.last_case), BATCH)
    if cases:
        amendment.state, amendment.last_case = State.APPLYING, cases[-1].pk
        amendment.seen += len(cases)
    else:
        cases = _locked(Case.objects.filter(pk__in=_touched_meanwhile(amendment)))
        amendment.state, amendment.applied_at = State.APPLIED, at
    moved = _move(cases, amendment, at=at)
    amendment.moved += len(moved)
    tally = Counter(amendment.tally) + Counter(tally_key(case) for case in moved)
    amendment.tally = dict(tally)
    amendment.save(update_fields=["state", "last_case", "seen", "moved", "tally", "applied_at"])
    return True


def tally_key(case) -> str:
    """Whose figure a moved case is: of its department, or of the place where it is handled."""
    return f"d{case.department_id}" if case.department_id else f"p{case.point_id}"


def _locked(cases: QuerySet, most: int | None = None) -> list[Case]:
    rows = cases.open().order_by("id").only(*FACTS, "number", "item_id", "applicant_id", "is_sample")
    return list(rows.select_for_update(of=["self"])[:most])


def _touched_meanwhile(amendment: CalendarAmendment) -> QuerySet:
    """Cases that came or changed while the amendment was signed: an act under way may have read the calendar before it."""
    events = CaseEvent.objects.filter(at__gte=amendment.signed_at - SLOWEST_ACT)
    return events.exclude(verb=Verb.RECOMPUTED).values("case")


def _move(cases: list[Case], amendment: CalendarAmendment, *, at: datetime) -> list[Case]:
    projection = _projection()
    standing = standings(cases)
    hearings = hearings_moved(cases, projection)
    moves: dict[int, Moved] = {}
    said: dict[tuple, dict] = {}
    for case in cases:
        moved = projection.moves(case, standing[case.pk])
        if case.pk in hearings:
            moved |= hearings[case.pk].moved
        if moved:
            moves[case.pk] = moved
    moved_cases = [case for case in cases if case.pk in moves]
    _write(moved_cases, moves)
    move_hearings(hearings.values())
    record_all([_told(case, moves[case.pk], amendment, at, said) for case in moved_cases])
    return moved_cases


def _told(case: Case, moved: Moved, amendment: CalendarAmendment, at: datetime, said: dict) -> dict:
    """The event of one case. Cases that move alike are told alike, so the words are made once for all of them."""
    way = tuple(moved.items())
    if way not in said:
        words = "；".join(sentences(moved)) or "其他期限随之变动"
        said[way] = {
            "reason": f"因{amendment.what}，{words}。依据：{amendment.source}。",
            "facts": {
                "amendment": amendment.pk,
                "cause": amendment.what,
                "source": amendment.source,
                "moved": stored(moved),
            },
        }
    return {"case": case, "verb": Verb.RECOMPUTED, "by": None, "at": at, **said[way]}


def _projection() -> Projection:
    global _held
    if _held is None or not _held.is_still_right():
        _held = Projection()
    return _held


def _write(cases: list[Case], moves: dict[int, Moved]) -> None:
    """All dates of a batch in one statement, and the dates that papers and notices repeat."""
    columns = [name for name in DATES if any(name in moves[case.pk] for case in cases)]
    if not columns:
        return
    for case in cases:
        for column, (_, day) in moves[case.pk].items():
            if column in columns:
                setattr(case, column, day)
    casts = ["%s::boolean[]" if name == "calendar_missing" else "%s::date[]" for name in columns]
    table = connection.ops.quote_name(Case._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(f'{name} = new.{name}' for name in columns)} "
            f"FROM unnest(%s::bigint[], {', '.join(casts)}) "
            f"AS new(id, {', '.join(columns)}) WHERE {table}.id = new.id",
            [[case.pk for case in cases], *([getattr(case, name) for case in cases] for name in columns)],
        )
    for day, ids in _by_day(moves, "wait_until").items():
        Notice.objects.filter(case__in=ids, answered_at=None).update(answer_by=day)
    for day, ids in _by_day(moves, "tolerated_until").items():
        papers = CaseMaterial.objects.filter(case__in=ids, state=CaseMaterial.State.TOLERATED)
        papers.update(tolerated_until=day)


def _by_day(moves: dict[int, Moved], column: str) -> dict:
    found: dict = {}
    for pk, moved in moves.items():
        if column in moved:
            found.setdefault(moved[column][1], []).append(pk)
    return found
