"""What can be done about red and yellow cards: issue (by the clock), explain or appeal, revoke."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.calendars import loaded
from apps.cases.models import ON_THEIR_WAY, AmendmentFault, CalendarAmendment, Case, Status
from apps.cases.states import RUNNING
from apps.cases.terms import last_day

from ..models import Card, Clock, Colour, Rule

BATCH = 10_000
BEFORE_FORWARDING = RUNNING - {Status.FORWARDED, Status.IN_APPROVAL}
APPEAL_DAYS = 3  # working days, docs/rules.md


class NotAllowed(Exception):
    """The card does not allow it; the text is fit to show."""


# rule, clock, colour, escalated, the column with the date, the states it holds in, and the comparison with today
CHECKS = [
    (Rule.DUE_SOON, Clock.COMMITTED, Colour.YELLOW, False, "yellow_on", RUNNING, "<="),
    (Rule.OVERDUE, Clock.COMMITTED, Colour.RED, False, "due_on", RUNNING, "<"),
    (Rule.OVERDUE, Clock.STATUTORY, Colour.RED, True, "statutory_due_on", RUNNING, "<"),
    (
        Rule.PRE_REVIEW_LATE,
        Clock.PRE_REVIEW,
        Colour.YELLOW,
        False,
        "pre_review_due_on",
        {Status.PRE_SUBMITTED},
        "<",
    ),
    (Rule.HAND_UP_LATE, Clock.HAND_UP, Colour.YELLOW, False, "hand_up_due_on", {Status.COLLECTED}, "<"),
    (Rule.FORWARD_LATE, Clock.FORWARD, Colour.RED, False, "forward_due_on", BEFORE_FORWARDING, "<"),
]


def issue_cards(*, at: datetime) -> int:
    """发牌: one batch per rule, set-based; a card that stands already is never issued again, by any number of workers.

    A case that somebody has in hand is left to the next run, and so is one whose date is not by the calendar of today yet:
    an amendment has not come to it, or could not recompute it. So no card is hung for a date that is just being moved.

    Returns how many were issued; call again until none is left. A missed night is caught up: dates are compared with
    today, not with yesterday.
    """
    return sum(_issue(*check, at=at) for check in _with_cases_past_their_date(at))


def issue_for_decided(cases: Iterable[Case], *, at: datetime) -> None:
    """Cards of cases decided after their date between two sweeps: finishing late does not save one from the card."""
    cards = []
    for case in cases:
        for rule, clock, colour, escalated, day in (
            (Rule.DUE_SOON, Clock.COMMITTED, Colour.YELLOW, False, case.yellow_on),
            (Rule.OVERDUE, Clock.COMMITTED, Colour.RED, False, case.due_on),
            (Rule.OVERDUE, Clock.STATUTORY, Colour.RED, True, case.statutory_due_on),
        ):
            if day is not None and case.decided_on is not None and day < case.decided_on:
                due_on = case.due_on or day if rule == Rule.DUE_SOON else day
                cards.append(_card(case, rule, clock, colour, escalated, due_on, at=at))
    Card.objects.bulk_create(cards, ignore_conflicts=True)


def issue_for_deemed(cases: Iterable[tuple[Case, object]], *, at: datetime) -> None:
    """视为受理: nobody answered in five working days, so a red, escalated card stands from the same moment (R4)."""
    Card.objects.bulk_create(
        [
            _card(case, Rule.DEEMED_ACCEPTED, Clock.NOTICE, Colour.RED, True, period_end, at=at)
            for case, period_end in cases
        ],
        ignore_conflicts=True,
    )


def issue_for_repeated_notice(case: Case, *, by: User | None, at: datetime) -> None:
    """多次补正 (art. 72): a later notice named what the first one should have; whoever permitted it answers for it."""
    today = timezone.localdate(at)
    Card.objects.bulk_create(
        [
            Card(
                case=case, rule=Rule.REPEATED_NOTICE, clock=Clock.NOTICE, colour=Colour.RED, due_on=today,
                issued_at=at, issued_on=today, department_id=case.department_id, responsible=by,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def explain(card: Card, *, text: str, is_appeal: bool, by: User, at: datetime) -> Card:
    """说明或申诉: once; an appeal within three working days of issue."""
    card = Card.objects.select_for_update(of=["self"]).get(pk=card.pk)
    if card.revoked_at:
        raise NotAllowed("这张牌已撤销，不需要说明。")
    if card.explained_at:
        raise NotAllowed("这张牌已有说明，不能再改。")
    text = text.strip()
    if not text:
        raise NotAllowed("请写明情况。")
    if is_appeal:
        last = loaded.current().add(card.issued_on, APPEAL_DAYS).likely_on
        if timezone.localdate(at) > last:
            raise NotAllowed(f"申诉的截止日{last_day(last)}已过，只能作情况说明。")
    card.explanation, card.is_appeal, card.explained_by, card.explained_at = text, is_appeal, by, at
    card.save(update_fields=["explanation", "is_appeal", "explained_by", "explained_at"])
    return card


@transaction.atomic
def revoke(card: Card, *, reason: str, by: User, at: datetime) -> Card:
    """撤销: with a reason, by another than the one who answers for it; the card is kept."""
    card = Card.objects.select_for_update(of=["self"]).get(pk=card.pk)
    if card.revoked_at:
        raise NotAllowed("这张牌已经撤销。")
    if by.pk in (card.responsible_id, card.explained_by_id):
        raise NotAllowed("责任人和申诉人不能撤销自己的牌。")
    reason = reason.strip()
    if not reason:
        raise NotAllowed("请写明撤销的理由。")
    card.revoked_by, card.revoked_at, card.revoke_reason = by, at, reason
    card.save(update_fields=["revoked_by", "revoked_at", "revoke_reason"])
    return card


def _with_cases_past_their_date(at: datetime) -> list[tuple]:
    """Which rules have anything to look at: one statement, for planning six joins costs more than running them on nothing."""
    table = Case._meta.db_table
    looks = [
        f"EXISTS (SELECT 1 FROM {table} WHERE status IN %s AND {column} {compared} %s)"
        for *_, column, _, compared in CHECKS
    ]
    given = [value for *_, states, _ in CHECKS for value in (_stored(states), timezone.localdate(at))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(looks)}", given)
        return [check for check, is_past in zip(CHECKS, cursor.fetchone(), strict=True) if is_past]


def _stored(states) -> tuple[str, ...]:
    return tuple(sorted(str(state.value) for state in states))


def _issue(rule, clock, colour, escalated, column, states, compared, *, at: datetime) -> int:
    shown = "COALESCE(c.due_on, c.yellow_on)" if column == "yellow_on" else f"c.{column}"
    sql = f"""
        INSERT INTO {Card._meta.db_table} (case_id, rule, clock, colour, is_escalated, due_on, issued_at, issued_on,
            department_id, responsible_id, explanation, is_appeal, revoke_reason)
        SELECT c.id, %(rule)s, %(clock)s, %(colour)s, %(escalated)s, {shown}, %(at)s, %(today)s,
            c.department_id, COALESCE(c.reviewer_id, c.accepted_by_id, c.collected_by_id), '', FALSE, ''
        FROM {Case._meta.db_table} c
        WHERE c.status IN %(states)s AND c.{column} {compared} %(today)s
          AND NOT EXISTS (SELECT 1 FROM {Card._meta.db_table} k
                          WHERE k.case_id = c.id AND k.rule = %(rule)s AND k.clock = %(clock)s
                            AND k.withdrawn_by_id IS NULL)
          AND c.id <= COALESCE((SELECT min(a.last_case) FROM {CalendarAmendment._meta.db_table} a
                                WHERE a.state IN %(on_their_way)s), c.id)
          AND NOT EXISTS (SELECT 1 FROM {AmendmentFault._meta.db_table} f
                          WHERE f.case_id = c.id AND f.settled_at IS NULL)
        ORDER BY c.{column}, c.id LIMIT {BATCH} FOR KEY SHARE OF c SKIP LOCKED
        ON CONFLICT (case_id, rule, clock) WHERE withdrawn_by_id IS NULL DO NOTHING
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "rule": rule.value,
                "clock": clock.value,
                "colour": colour.value,
                "escalated": escalated,
                "at": at,
                "today": timezone.localdate(at),
                "states": _stored(states),
                "on_their_way": tuple(ON_THEIR_WAY),
            },
        )
        return cursor.rowcount


def _card(case: Case, rule, clock, colour, escalated, due_on, *, at: datetime) -> Card:
    return Card(
        case=case,
        rule=rule,
        clock=clock,
        colour=colour,
        is_escalated=escalated,
        due_on=due_on,
        issued_at=at,
        issued_on=timezone.localdate(at),
        department_id=case.department_id,
        responsible_id=case.reviewer_id or case.accepted_by_id or case.collected_by_id,
    )
