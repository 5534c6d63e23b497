"""时限检查: the quarter-hourly checks of one case, at the moments at which beat would have made them.

A case is told from its beginning to today before the next one begins. All cases told so far have been checked up to
today, so a check in the past finds this one case only, and does what it would have done on that day.
"""

from datetime import date, datetime, timedelta

from apps.cases import actions
from apps.cases.models import Case
from apps.cases.states import RUNNING, UNANSWERED, WAITING, Status
from apps.supervision import actions as supervision
from apps.supervision.models import Card, Clock, Rule

from .rhythm import morning_of, next_quarter

DAY = timedelta(days=1)


def check(case: Case, *, since: datetime, until: datetime) -> Case:
    """Everything the clock does to the case after `since` and before `until`; stops once its status has changed."""
    while True:
        due = _next_check(case, since, until)
        if due is None:
            return case
        at, act = due
        act(at=at)
        before = case.status
        case = Case.objects.for_act().get(pk=case.pk)
        since = at
        if case.status != before:
            return case


def _next_check(case: Case, since: datetime, until: datetime):
    """The first moment at which a check finds something, and which check it is; None before `until`."""
    ahead = []
    if case.status in UNANSWERED and case.notice_due_on:
        ahead.append((morning_of(case.notice_due_on + DAY), actions.deem_accepted))
    if case.status in WAITING and case.wait_until:
        ahead.append((morning_of(case.wait_until + DAY), actions.lapse))
    if case.status in RUNNING and case.is_tolerated:
        ahead.append((morning_of(case.tolerated_until + DAY), actions.lapse_tolerated))
    for rule, clock, day in _cards_ahead(case):
        moment = max(morning_of(day), next_quarter(since))
        if moment < until and not Card.objects.filter(case=case, rule=rule, clock=clock).exists():
            ahead.append((moment, supervision.issue_cards))
    return min((pair for pair in ahead if pair[0] < until), key=lambda pair: pair[0], default=None)


def _cards_ahead(case: Case) -> list[tuple[Rule, Clock, date]]:
    """Rule, clock and the first day on which the card hangs."""
    days = []
    if case.status in RUNNING:
        days = [
            (Rule.DUE_SOON, Clock.COMMITTED, case.yellow_on),
            (Rule.OVERDUE, Clock.COMMITTED, _day_after(case.due_on)),
            (Rule.OVERDUE, Clock.STATUTORY, _day_after(case.statutory_due_on)),
        ]
        if case.status in supervision.BEFORE_FORWARDING:
            days.append((Rule.FORWARD_LATE, Clock.FORWARD, _day_after(case.forward_due_on)))
    elif case.status == Status.PRE_SUBMITTED:
        days = [(Rule.PRE_REVIEW_LATE, Clock.PRE_REVIEW, _day_after(case.pre_review_due_on))]
    elif case.status == Status.COLLECTED:
        days = [(Rule.HAND_UP_LATE, Clock.HAND_UP, _day_after(case.hand_up_due_on))]
    return [(rule, clock, day) for rule, clock, day in days if day]


def _day_after(day: date | None) -> date | None:
    return day + DAY if day else None
