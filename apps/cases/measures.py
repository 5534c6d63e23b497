"""指标: one definition for a figure and for the list behind it (docs/rules.md). Pure: conditions, no query.

A measure is a condition on cases for a period and a day. The figure counts it, the list filters by it, so the two can
never differ.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from apps.items.models import CaseKind, Unit

from .models import Channel
from .states import OPEN, RUNNING, WAITING, Status, values_of


@dataclass(frozen=True)
class Period:
    """统计期: both days included."""

    first: date
    last: date

    @property
    def before(self) -> "Period":
        """The period of the same length that ended the day before."""
        length = self.last - self.first
        last = self.first - timedelta(days=1)
        return Period(last - length, last)


LABELS = {
    "received": "收件量",
    "accepted": "受理量",
    "finished": "办结量",
    "on_time": "按时办结",
    "late": "超期办结",
    "early": "提前办结",
    "granted": "准予",
    "refused": "不予许可",
    "online": "网上申请",
    "noticed": "告知补正",
    "not_taken": "退件和不予受理",
    "deemed": "逾期视为受理",
    "immediate": "即办件办结",
    "local": "就近办结",
    "open": "在办",
    "running": "已受理在办",
    "waiting": "等申请人",
    "overdue": "超期在办",
    "soon": "临期在办",
    "paused": "暂停",
    "not_handed_up": "代收逾期未上交",
}
OF_THE_DAY = frozenset({"open", "running", "waiting", "overdue", "soon", "paused", "not_handed_up"})
"""Measures of how things stand today; the others are of a period."""

SOON_DAYS = 3  # calendar days ahead that count as near


def condition(name: str, period: Period, today: date) -> Q:
    """The cases a measure counts. Raises KeyError on a name that is no measure."""
    return _OF_TODAY[name](today) if name in _OF_TODAY else _OF_PERIOD[name](period)


def _within(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.first, f"{field}__lte": period.last})


def _finished(period: Period) -> Q:
    return _within("decided_on", period)


_OF_PERIOD = {
    "received": lambda period: _within("received_on", period),
    "accepted": lambda period: _within("accepted_on", period),
    "finished": _finished,
    "on_time": lambda period: _finished(period) & Q(due_on__isnull=False, decided_on__lte=F("due_on")),
    "late": lambda period: _finished(period) & Q(due_on__isnull=False, decided_on__gt=F("due_on")),
    "early": lambda period: (
        _finished(period)
        & Q(kind=CaseKind.COMMITTED, committed_unit=Unit.WORKDAY, used_days__lt=F("committed_amount"))
    ),
    "granted": lambda period: _finished(period) & Q(decision_reasons=""),
    "refused": lambda period: _finished(period) & ~Q(decision_reasons=""),
    "online": lambda period: _within("accepted_on", period) & Q(channel__in=[Channel.ONLINE, Channel.MOBILE]),
    "noticed": lambda period: _within("received_on", period) & Q(notices_sent__gte=1),
    "not_taken": lambda period: (
        _within("received_on", period) & Q(status__in=values_of({Status.SENT_BACK, Status.NOT_ACCEPTED}))
    ),
    "deemed": lambda period: _within("accepted_on", period) & Q(is_deemed_accepted=True),
    "immediate": lambda period: _finished(period) & Q(kind=CaseKind.IMMEDIATE),
    "local": lambda period: _finished(period) & Q(path=F("intake_path")),
}
_OF_TODAY = {
    "open": lambda today: Q(status__in=values_of(OPEN)),
    "running": lambda today: Q(status__in=values_of(RUNNING)),
    "waiting": lambda today: Q(status__in=values_of(WAITING)),
    "overdue": lambda today: Q(status__in=values_of(RUNNING), due_on__lt=today),
    "soon": lambda today: Q(
        status__in=values_of(RUNNING), due_on__gte=today, due_on__lte=today + timedelta(days=SOON_DAYS)
    ),
    "paused": lambda today: Q(status=Status.SPECIAL),
    "not_handed_up": lambda today: Q(status=Status.COLLECTED, hand_up_due_on__lt=today),
}
