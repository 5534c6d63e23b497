"""The hall of the amendment benchmark: open cases in every state, with their events, as the verbs would have left them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import psutil
from django.db import connection

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.calendars.models import SpecialDay
from apps.calendars.workdays import Special
from apps.cases import actions
from apps.cases.actions.checking import Checked
from apps.cases.actions.projection import Projection, rows_of, standings
from apps.cases.actions.recomputing import _write
from apps.cases.models import CalendarAmendment, Case, ClockDifference, ClockPause

from .world import _user, build

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
FIRST, SPREAD = (
    date(2026, 2, 24),
    7,
)  # the cases came in on each of so many days, shortly before: all that run will move
PROMISES = (5, 7, 10, 15, 20, 30)
HOLIDAY = date(2026, 3, 5)


def fill(number: int) -> CalendarAmendment:
    """Open cases only: of twenty, fourteen run, of which one was paused, two are owed an answer, two wait, two are decided."""
    world = build(0)
    _load(number, world)
    admin, leader = (
        _signer(name, role, world) for name, role in (("admin", Role.CENTRE_ADMIN), ("leader", Role.LEADER))
    )
    own = [row.special for row in SpecialDay.objects.filter(year=2026)]
    return actions.enter_notice(
        2026,
        [*own, Special(HOLIDAY, False, "临时放假")],
        source="关于2026年部分节假日安排调整的通知",
        published_on=NOW.date(),
        by=admin,
        at=NOW,
    )


def sign(amendment: CalendarAmendment) -> None:
    leader = User.objects.get(username="leader")
    leader.acting = leader.assignments.get()
    actions.sign_amendment(amendment, by=leader, at=NOW)


def impact(amendment: CalendarAmendment) -> int:
    return len(actions.impact_of(amendment, at=NOW))


def recompute() -> int:
    """All batches, as the worker runs them; a second time over all cases again."""
    CalendarAmendment.objects.filter(state="applied").update(state="signed", last_case=0, moved=0, seen=0)
    while actions.recompute_next(at=NOW + timedelta(minutes=1)):
        pass
    return CalendarAmendment.objects.get().moved


def check() -> Checked:
    return actions.check_clocks(at=NOW + timedelta(hours=15))


def database_seconds() -> float:
    """What the process of the database has used of the processor for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        used = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return used.user + used.system


def plant() -> bool:
    """One date in the middle changed by hand: is it found, alone?"""
    running = Case.objects.running().exclude(due_on=None).order_by("id")
    case = running[running.count() // 2]
    Case.objects.filter(pk=case.pk).update(due_on=case.due_on + timedelta(days=1))
    check()
    found = list(ClockDifference.objects.open().values_list("case", "field"))
    Case.objects.filter(pk=case.pk).update(due_on=case.due_on)
    return found == [(case.pk, "due_on")]


def bare_update() -> None:
    """The floor under the recomputation: the same rows get another date, nothing else is written or reckoned."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET due_on = due_on + 1, statutory_due_on = statutory_due_on + 1 "
            "WHERE id IN (SELECT case_id FROM cases_caseevent WHERE verb = 'recomputed')"
        )


def _signer(name: str, role: str, world: dict) -> User:
    user = _user(name, role, world["city"], None)
    user.acting = user.assignments.get()
    return user


_STATES = """
CASE WHEN share < 7 THEN 'accepted' WHEN share < 12 THEN 'in_review' WHEN share < 14 THEN 'in_approval'
     WHEN share < 15 THEN 'pre_submitted' WHEN share < 16 THEN 'received' WHEN share < 18 THEN 'supplement'
     ELSE 'granted' END
"""

_CASES = f"""
INSERT INTO cases_case (key, number, item_id, version_id, kind, intake_point_id, intake_path, point_id, path,
    department_id, channel, applicant_id, applicant_name, applicant_mask, contact_name, contact_phone, filed_by_id,
    summary, form, privacy_notice, status, created_at, saved_at, submitted_at, received_on, notices_sent, accepted_on,
    is_deemed_accepted, committed_amount, committed_unit, statutory_amount, statutory_unit, extension_amount, due_on,
    calendar_missing, pause_kind, stops_statutory, is_tolerated, has_promise, review_opinion, decided_on, decided_by_id,
    used_days, decision_reasons, decision_remedies, result_number, delivery_way, delivery_proof, archive_number, archive_box,
    fees_due, visits, desk_due_on, is_sample, wait_until)
SELECT gen_random_uuid(), left(d.path, 6) || to_char(r.day, 'YYYYMMDD') || lpad((n %% 100000)::text, 5, '0') || (n %% 10),
    %(item)s, %(version)s, 'committed', d.point_id, d.path, d.point_id, d.path, d.id, '2', a.id, a.name,
    '5199**********0017', a.name, '', %(user)s, '', '{{}}', '2026-01', r.status, r.day, r.day, r.day, r.day,
    (r.status = 'supplement')::int, CASE WHEN r.started THEN r.day END, false,
    CASE WHEN r.started THEN (%(promises)s::int[])[1 + n %% 6] END, CASE WHEN r.started THEN 'workday' ELSE '' END,
    CASE WHEN r.started THEN 20 END, CASE WHEN r.started THEN 'workday' ELSE '' END, 0,
    CASE WHEN r.started THEN r.day + 5 END, false, '', false, false, false, '',
    CASE WHEN r.status = 'granted' THEN r.day + 3 END,
    CASE WHEN r.status = 'granted' THEN %(user)s END, 2, '', '', '', '', '', '', '', false, 0, date '9999-12-31', false,
    CASE WHEN r.status = 'supplement' THEN r.day + 30 END
FROM (SELECT n, n %% 20 AS share, {_STATES.replace("share", "(n %% 20)")} AS status, (n %% 20) < 14 OR (n %% 20) >= 18 AS started,
             %(first)s::date + ((n * 31) %% %(spread)s)::int AS day
      FROM generate_series(1::bigint, %(number)s) n) r
JOIN (SELECT row_number() OVER (ORDER BY d.id) - 1 AS place, d.id, d.point_id, p.path
      FROM points_department d JOIN points_servicepoint p ON p.id = d.point_id) d ON d.place = (n * 104729) %% %(departments)s
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, name FROM accounts_applicant) a
    ON a.place = n %% (SELECT count(*) FROM accounts_applicant)
"""

_EVENTS = """
INSERT INTO cases_caseevent (case_id, verb, by_id, at, before, after, reason, facts)
SELECT c.id, e.verb, c.filed_by_id, e.day + time '09:00', '', e.after, '', e.facts FROM cases_case c
CROSS JOIN LATERAL (VALUES
    ('submitted', c.received_on, 'pre_submitted', '{}'::jsonb, true, 1),
    ('handed_in', c.received_on, 'received', '{}', c.status IN ('received', 'supplement'), 2),
    ('supplement_asked', c.received_on, 'supplement', jsonb_build_object('answer_by', c.wait_until), c.status = 'supplement', 3),
    ('accepted', c.accepted_on, 'accepted', jsonb_build_object('accepted_on', c.accepted_on,
        'committed', jsonb_build_array(c.committed_amount, c.committed_unit),
        'statutory', jsonb_build_array(c.statutory_amount, c.statutory_unit)), c.accepted_on IS NOT NULL, 4),
    ('review_started', c.accepted_on, 'in_review', '{}', c.status IN ('in_review', 'in_approval', 'granted'), 5),
    ('review_finished', c.accepted_on, 'in_approval', '{}', c.status IN ('in_approval', 'granted'), 8),
    ('granted', c.decided_on, 'granted', '{}', c.status = 'granted', 9)
) e(verb, day, after, facts, happened, place)
WHERE e.happened ORDER BY c.id, e.place
"""

_PAUSES = """
INSERT INTO cases_clockpause (case_id, kind, from_on, to_on, stops_statutory, reason, result, opened_by_id)
SELECT id, '检测', accepted_on + 1, accepted_on + 6, true, '', '', filed_by_id FROM cases_case
WHERE status = 'in_review' AND id %% 10 = 0
"""

_PAUSE_EVENTS = """
INSERT INTO cases_caseevent (case_id, verb, by_id, at, before, after, reason, facts)
SELECT p.case_id, e.verb, p.opened_by_id, e.day + time '15:00', '', e.after, '', '{"kind": "检测", "days_needed": 5}'
FROM cases_clockpause p CROSS JOIN LATERAL (VALUES ('paused', p.from_on, 'special'), ('resumed', p.to_on, 'in_review')) e(verb, day, after)
"""


def _load(number: int, world: dict) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Asia/Shanghai'")
        cursor.execute(
            _CASES,
            {
                "item": world["item"].pk, "version": world["version"].pk, "user": world["clerk"].pk, "number": number,
                "departments": len(world["departments"]), "promises": list(PROMISES), "first": FIRST, "spread": SPREAD,
            },
        )  # fmt: skip
        cursor.execute(_EVENTS)
        cursor.execute(_PAUSES.replace("%%", "%"))
        cursor.execute(_PAUSE_EVENTS)
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute("VACUUM ANALYZE")
    _put_right()


def _put_right() -> None:
    """The dates themselves, by the arithmetic that is measured later: the calendar stands as it is."""
    projection, last = Projection(), 0
    while rows := rows_of(Case.objects.filter(pk__gt=last), 5_000):
        standing = standings(rows)
        moves = {row.id: projection.moves(row, standing[row.id]) for row in rows}
        cases = Case.objects.filter(pk__in=[pk for pk, moved in moves.items() if moved])
        _write(list(cases), moves)
        last = rows[-1].id
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    assert ClockPause.objects.exists()
