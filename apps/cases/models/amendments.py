"""日历变更: what moves the dates of running cases from outside, signed by two; and where stored dates were found wrong."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from apps.calendars.workdays import Special
from apps.points.models import ServicePoint

from .case import Case

ON_THEIR_WAY = ["signed", "applying"]
UNFINISHED = [*ON_THEIR_WAY, "rerunning"]


class AmendmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What is of the whole hall, and the closures of the places that one is responsible for."""
        held = user.acting or next(iter(user.assignments_on(timezone.localdate())), None)
        if held is None or held.point is None:
            return self.none()
        return self.filter(Q(point=None) | Q(point__path__startswith=held.point.path))

    def unfinished(self):
        """Signed, and not every date recomputed yet; or tried again for what could not be recomputed."""
        return self.filter(state__in=UNFINISHED)

    def on_their_way(self):
        """Worked through from case to case: those behind `last_case` still have the dates of before."""
        return self.filter(state__in=ON_THEIR_WAY)

    def with_faults(self):
        open_ones = Count("faults", filter=Q(faults__settled_at=None))
        return self.annotate(open_faults=open_ones)

    def for_list(self):
        return self.with_faults().select_related("point", "entered_by", "signed_by").defer("days", "tally")


class CalendarAmendment(models.Model):
    """日历变更: entered by one, signed by another, then worked through case by case from `last_case` on.

    Its RECOMPUTED events are the list of what it moved; `tally` counts them by department. One that came with a release
    is the system's own: nobody entered it and nobody signed it. What it could not recompute are its `faults`.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", "年度放假安排"
        CLOSURE = "closure", "停办"
        CORRECTION = "correction", "按现行规则重算"

    class State(models.TextChoices):
        ENTERED = "entered", "待签发"
        SIGNED = "signed", "已签发"
        APPLYING = "applying", "正在重算"
        APPLIED = "applied", "已生效"
        RERUNNING = "rerunning", "正在再算"
        DROPPED = "dropped", "已作废"

    kind = models.CharField("类别", max_length=10, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ENTERED)
    source = models.CharField("依据", max_length=120)
    url = models.URLField("网址", blank=True)
    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    published_on = models.DateField("印发日期", null=True, blank=True)
    days = models.JSONField("放假和调休上班", default=list, blank=True)
    point = models.ForeignKey(
        ServicePoint, models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name="服务点"
    )
    from_on = models.DateField("首日", null=True, blank=True)
    to_on = models.DateField("末日", null=True, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    affects_deadline = models.BooleanField("影响办理时限", default=False)

    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("录入时间")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField("作废时间", null=True, blank=True)
    why_dropped = models.CharField("作废的理由", max_length=200, blank=True)

    total = models.PositiveIntegerField("应核办件", default=0)
    seen = models.PositiveIntegerField("已核办件", default=0)
    moved = models.PositiveIntegerField("已变办件", default=0)
    last_case = models.BigIntegerField("核到", default=0)
    tally = models.JSONField("各部门已变办件", default=dict, blank=True)
    applied_at = models.DateTimeField("生效时间", null=True, blank=True)
    rerun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rerun_at = models.DateTimeField("再算时间", null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        permissions = [
            ("view_amendment", "可查看日历变更"),
            ("enter_amendment", "可录入日历变更"),
            ("sign_amendment", "可签发日历变更"),
        ]
        constraints = [
            models.CheckConstraint(
                name="who_signs_an_amendment_is_not_who_entered_it",
                condition=Q(signed_by=None) | ~Q(signed_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="an_amendment_in_force_was_signed",
                condition=Q(state__in=["entered", "dropped"])
                | Q(signed_at__isnull=False) & (Q(signed_by__isnull=False) | Q(entered_by=None)),
            ),
            models.CheckConstraint(
                name="what_nobody_entered_nobody_signs",
                condition=Q(entered_by__isnull=False) | Q(signed_by=None, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_dropped_amendment_says_why",
                condition=~Q(state="dropped") | (Q(dropped_by__isnull=False) & ~Q(why_dropped="")),
            ),
            models.CheckConstraint(name="an_amendment_names_its_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="a_notice_has_its_year_and_days",
                condition=~Q(kind="notice")
                | (Q(year__isnull=False, published_on__isnull=False, point=None) & ~Q(days=[])),
            ),
            models.CheckConstraint(
                name="a_closure_says_where_from_when_to_when_and_why",
                condition=~Q(kind="closure")
                | (Q(point__isnull=False, from_on__isnull=False, to_on__gte=F("from_on")) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(state__in=["entered", *ON_THEIR_WAY]),
                name="one_amendment_of_a_year_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["signed_at"],
                name="amendment_unfinished",
                condition=Q(state__in=UNFINISHED),
            )
        ]

    def __str__(self):
        return self.what

    @property
    def what(self) -> str:
        """What it is, in a few words: 2027年放假安排."""
        if self.kind == self.Kind.NOTICE:
            return f"{self.year}年放假安排"
        if self.kind == self.Kind.CLOSURE:
            first, last = (f"{day.month}月{day.day}日" for day in (self.from_on, self.to_on))
            return f"{self.point}{first}{'' if first == last else f'至{last}'}停办"
        return self.get_kind_display()

    @property
    def specials(self) -> list[Special]:
        """The proposed days of a notice."""
        return [Special(date.fromisoformat(day), is_workday, name) for day, is_workday, name in self.days]

    @property
    def closed_days(self) -> frozenset[date]:
        """The days on which a closure stops the terms of its point; none where it does not."""
        if self.kind != self.Kind.CLOSURE or not self.affects_deadline:
            return frozenset()
        return frozenset(
            self.from_on + timedelta(days=n) for n in range((self.to_on - self.from_on).days + 1)
        )

    @property
    def is_entered(self) -> bool:
        return self.state == self.State.ENTERED

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def is_rerunning(self) -> bool:
        return self.state == self.State.RERUNNING

    @property
    def is_applied(self) -> bool:
        return self.state == self.State.APPLIED


class AmendmentFaultQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A fault is seen by whoever sees its case."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self):
        return self.filter(settled_at=None)


class AmendmentFault(models.Model):
    """没有算成的办件: a case that an amendment could not recompute, and why. Its dates stay as they were.

    Settled when a later try succeeds, of this amendment or the next, or when the case has ended.
    """

    amendment = models.ForeignKey(CalendarAmendment, models.PROTECT, related_name="faults")
    case = models.ForeignKey(Case, models.PROTECT, related_name="amendment_faults")
    reason = models.CharField("原因", max_length=200)
    failed_at = models.DateTimeField("最近一次")
    settled_at = models.DateTimeField("消除时间", null=True, blank=True)

    objects = AmendmentFaultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["amendment", "case"], name="one_fault_per_amendment_and_case"),
            models.CheckConstraint(name="a_fault_says_why", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["case"], name="fault_open_of_case", condition=Q(settled_at=None)),
        ]

    def __str__(self):
        return f"{self.case}：{self.reason}"


class ClockDifferenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A difference is seen by whoever sees its case."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self):
        return self.filter(settled_at=None)


class ClockDifference(models.Model):
    """时限差异: a stored date of a case that is not what its events, the calendar and the rules say.

    A case that cannot be reckoned at all is a difference too, of a `field` of its own: its dates are proved by nothing.
    """

    NOT_RECKONED = "not_reckoned"

    case = models.ForeignKey(Case, models.PROTECT, related_name="differences")
    field = models.CharField("字段", max_length=40)
    stored = models.CharField("存的", max_length=40)
    recomputed = models.CharField("重算的", max_length=200)
    found_at = models.DateTimeField("发现时间")
    seen_at = models.DateTimeField("最近核对")
    settled_at = models.DateTimeField("消除时间", null=True, blank=True)

    objects = ClockDifferenceQuerySet.as_manager()

    class Meta:
        permissions = [("check_clocks", "可查看时限核对")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "field"],
                condition=Q(settled_at=None),
                name="one_open_difference_per_case_and_field",
            ),
            models.CheckConstraint(name="a_difference_differs", condition=~Q(stored=F("recomputed"))),
        ]

    def __str__(self):
        return f"{self.case} {self.field}"

    @property
    def is_not_reckoned(self) -> bool:
        return self.field == self.NOT_RECKONED

    @property
    def label(self) -> str:
        """Which date it is, as people call it."""
        return "无法推算" if self.is_not_reckoned else str(Case._meta.get_field(self.field).verbose_name)
