"""筛选: the words by which a list of cases is narrowed, the same in the console, the dashboard and the API."""

from datetime import date, timedelta

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils import timezone

from apps.items.models import CaseKind
from apps.points.models import Department

from .measures import LABELS, Period, condition
from .models import Case, Channel
from .states import DECIDED, ENDED, OPEN, RUNNING, WAITING, Status, values_of


class Stage:
    """环节: how staff group the states of a case."""

    CHOICES = (
        ("collected", "待上交"),
        ("pre_review", "待预审"),
        ("to_accept", "待受理"),
        ("in_review", "审查中"),
        ("to_decide", "待决定"),
        ("to_deliver", "待送达"),
        ("waiting", "等申请人"),
    )
    STATES = {
        "collected": {Status.COLLECTED},
        "pre_review": {Status.PRE_SUBMITTED},
        "to_accept": {Status.RECEIVED},
        "in_review": {Status.ACCEPTED, Status.IN_REVIEW, Status.SPECIAL},
        "to_decide": {Status.IN_APPROVAL},
        "to_deliver": set(DECIDED),
        "waiting": set(WAITING),
    }

    @classmethod
    def of(cls, status: str) -> str:
        return next((name for name, states in cls.STATES.items() if status in states), "ended")


class PeriodForm(forms.Form):
    """A period that ends before it begins counts nothing: it is said, not shown as an empty list."""

    def clean(self):
        entered = super().clean()
        first, last = entered.get("first"), entered.get("last")
        if first and last and first > last:
            self.add_error("first", "统计期的首日不能晚于末日。")
        return entered


class CaseFilter(django_filters.FilterSet):
    stage = django_filters.ChoiceFilter(label="环节", choices=Stage.CHOICES, method="in_stage")
    status = django_filters.MultipleChoiceFilter(label="状态", choices=Status.choices)
    state = django_filters.ChoiceFilter(
        label="在办情况",
        choices=[("open", "在办"), ("running", "已受理未办结"), ("ended", "已终结")],
        method="in_state",
    )
    due = django_filters.ChoiceFilter(
        label="时限",
        choices=[("late", "超期"), ("soon", "临期"), ("paused", "暂停"), ("provisional", "暂估")],
        method="in_time",
    )
    channel = django_filters.ChoiceFilter(label="来源", choices=Channel.choices)
    kind = django_filters.ChoiceFilter(label="办件类型", choices=CaseKind.choices)
    item = django_filters.CharFilter(label="事项编码", field_name="item__code")
    department = django_filters.ModelChoiceFilter(label="部门", queryset=Department.objects.all())
    window = django_filters.NumberFilter(label="窗口", field_name="window_id")
    under = django_filters.CharFilter(label="办理地（区划代码）", method="handled_under")
    intake_under = django_filters.CharFilter(label="收件地（区划代码）", method="taken_in_under")
    received = django_filters.DateFromToRangeFilter(label="收件日", field_name="received_on")
    accepted = django_filters.DateFromToRangeFilter(label="受理日", field_name="accepted_on")
    decided = django_filters.DateFromToRangeFilter(label="决定日", field_name="decided_on")
    on_time = django_filters.BooleanFilter(label="按时办结", method="decided_on_time")

    measure = django_filters.ChoiceFilter(label="指标", choices=list(LABELS.items()), method="counted_by")
    first = django_filters.DateFilter(label="统计期首日", method="of_the_period")
    last = django_filters.DateFilter(label="统计期末日", method="of_the_period")

    class Meta:
        model = Case
        form = PeriodForm
        fields: list[str] = []

    def __init__(self, *args, today: date | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today or timezone.localdate()

    def in_stage(self, cases, name, value):
        return cases.filter(status__in=values_of(Stage.STATES[value]))

    def in_state(self, cases, name, value):
        states = {"open": OPEN, "running": RUNNING, "ended": ENDED}[value]
        return cases.filter(status__in=values_of(states))

    def in_time(self, cases, name, value):
        if value == "late":
            return cases.overdue(on=self.today)
        if value == "soon":
            return cases.due_within(on=self.today, until=self.today + timedelta(days=3))
        if value == "paused":
            return cases.paused()
        return cases.running().filter(calendar_missing=True)

    def handled_under(self, cases, name, value):
        return cases.filter(path__startswith=_digits(value))

    def taken_in_under(self, cases, name, value):
        return cases.filter(intake_path__startswith=_digits(value))

    def counted_by(self, cases, name, value):
        """The cases that a figure of the dashboard counted: the same condition, so the same number."""
        return cases.filter(condition(value, self.period, self.today))

    def of_the_period(self, cases, name, value):
        return cases  # read with the measure: a period alone narrows nothing

    @property
    def period(self) -> Period:
        entered = self.form.cleaned_data
        last = entered.get("last") or self.today
        return Period(entered.get("first") or last.replace(day=1), last)

    def decided_on_time(self, cases, name, value):
        timely = Q(decided_on__isnull=False, due_on__isnull=False, decided_on__lte=F("due_on"))
        late = Q(decided_on__isnull=False, due_on__isnull=False, decided_on__gt=F("due_on"))
        return cases.filter(timely if value else late)


def _digits(value: str) -> str:
    return "".join(digit for digit in value if digit.isdigit())[:12] or "-"
