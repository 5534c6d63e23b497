"""按新日历重算期限: a signed amendment is worked through case by case, each batch whole or not at all.

A worker that is killed loses the batch it was in; the next one goes on behind the last that was kept. A case whose dates
are right already gets neither a write nor an event, so a second run changes nothing. A case that cannot be recomputed
keeps its dates, is put on record as a fault, and stops nobody else's.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from apps.accounts.models import User

from ..models import AmendmentFault, CalendarAmendment, Case, CaseEvent, CaseMaterial, Notice
from ..moved import sentences, stored
from ..signals import calendar_applied
from ..states import OPEN, Verb, values_of
from .faults import NOT_OF_A_CASE, why
from .hearing_dates import hearings_moved, move_hearings
from .moves import NotAllowed, record_all
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
    cases = _locked(_still_to_do(amendment), BATCH)
    if cases:
        amendment.last_case = cases[-1].pk
        amendment.seen += len(cases)
        amendment.state = State.RERUNNING if amendment.is_rerunning else State.APPLYING
    else:
        cases = _locked(_touched_meanwhile(amendment))
        amendment.state, amendment.applied_at = State.APPLIED, at
    projection = _projection()
    moved, faults = _moved_or_faulty(cases, amendment, projection, at=at)
    _note(faults, amendment, at=at)
    _settle([case.pk for case in cases if case.pk not in faults], at=at)
    amendment.moved += len(moved)
    tally = Counter(amendment.tally) + Counter(tally_key(case) for case in moved)
    amendment.tally = dict(tally)
    amendment.save(update_fields=["state", "last_case", "seen", "moved", "tally", "applied_at"])
    if amendment.is_applied:
        calendar_applied.send(sender=CalendarAmendment, amendment=amendment)
    return True


@transaction.atomic
def rerun_faults(amendment: CalendarAmendment, *, by: User, at: datetime) -> CalendarAmendment:
    """再算一次: those cases that could not be recomputed, by the batches that recomputed the others."""
    amendment = CalendarAmendment.objects.select_for_update(of=["self"]).get(pk=amendment.pk)
    if not amendment.is_applied:
        raise NotAllowed(f"这份变更{amendment.get_state_display()}，不用再算。")
    waiting = CalendarAmendment.objects.unfinished().order_by("id").first()
    if waiting is not None:
        raise NotAllowed(f"“{waiting.what}”还在重算，完成后再算这一份。")
    ended = amendment.faults.open().exclude(case__status__in=values_of(OPEN))
    ended.update(settled_at=at)
    amendment.total, amendment.seen, amendment.last_case = amendment.faults.open().count(), 0, 0
    if not amendment.total:
        raise NotAllowed("没有还要再算的办件。")
    amendment.state, amendment.rerun_by, amendment.rerun_at = State.RERUNNING, by, at
    amendment.save(update_fields=["state", "total", "seen", "last_case", "rerun_by", "rerun_at"])
    return amendment


def tally_key(case) -> str:
    """Whose figure a moved case is: of its department, or of the place where it is handled."""
    return f"d{case.department_id}" if case.department_id else f"p{case.point_id}"


def _locked(cases: QuerySet, most: int | None = None) -> list[Case]:
    rows = cases.open().order_by("id").only(*FACTS, "number", "item_id", "applicant_id", "is_sample")
    return list(rows.select_for_update(of=["self"])[:most])


def _touched_meanwhile(amendment: CalendarAmendment) -> QuerySet:
    """Cases that came or changed while the amendment was signed: an act under way may have read the calendar before it."""
    if amendment.is_rerunning:
        return Case.objects.none()
    events = CaseEvent.objects.filter(at__gte=amendment.signed_at - SLOWEST_ACT)
    return Case.objects.filter(pk__in=events.exclude(verb=Verb.RECOMPUTED).values("case"))


def _still_to_do(amendment: CalendarAmendment) -> QuerySet:
    rest = Case.objects.filter(pk__gt=amendment.last_case)
    return rest.filter(pk__in=amendment.faults.open().values("case")) if amendment.is_rerunning else rest


def _moved_or_faulty(
    cases: list[Case], amendment: CalendarAmendment, projection: Projection, *, at: datetime
) -> tuple[list[Case], dict[int, str]]:
    """The cases that moved, and why others could not be reckoned. What raises is halved until its case stands alone."""
    try:
        with transaction.atomic():
            return _move(cases, amendment, projection, at=at), {}
    except NOT_OF_A_CASE:
        raise
    except Exception as error:  # whatever it is, it must not keep the other cases from their dates
        if len(cases) == 1:
            return [], {cases[0].pk: why(error, cases[0])}
    moved: list[Case] = []
    faults: dict[int, str] = {}
    ids = [case.pk for case in cases]
    for part in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
        # Read anew, locked as they are: what the try has set on its objects is not what is stored.
        again = _locked(Case.objects.filter(pk__in=part))
        some, others = _moved_or_faulty(again, amendment, projection, at=at)
        moved += some
        faults |= others
    return moved, faults


def _note(faults: dict[int, str], amendment: CalendarAmendment, *, at: datetime) -> None:
    AmendmentFault.objects.bulk_create(
        [
            AmendmentFault(amendment=amendment, case_id=pk, reason=reason, failed_at=at)
            for pk, reason in faults.items()
        ],
        update_conflicts=True,
        unique_fields=["amendment", "case"],
        update_fields=["reason", "failed_at", "settled_at"],
    )


def _settle(ids: list[int], *, at: datetime) -> None:
    """Of whatever amendment the fault was: the dates are by the calendar of today now."""
    AmendmentFault.objects.open().filter(case__in=ids).update(settled_at=at)


def _move(
    cases: list[Case], amendment: CalendarAmendment, projection: Projection, *, at: datetime
) -> list[Case]:
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
