"""窗口: counters of a hall, who is posted to them, and what they are authorised to decide."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from apps.items.models import Item
from apps.points.models import Department, ServicePoint


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class Window(models.Model):
    """窗口 (D-06). One window may carry two types (综合暨并联) and is still one window (D-07)."""

    class Type(models.TextChoices):
        APPROVAL = "approval", "行政审批"
        COMPREHENSIVE = "comprehensive", "综合"
        PARALLEL = "parallel", "并联审批"
        PUBLIC_SERVICE = "public_service", "公共服务"
        UTILITY = "utility", "便民服务"
        INTERMEDIARY = "intermediary", "中介服务"
        GREEN_CHANNEL = "green_channel", "绿色通道"
        DIFFICULT = "difficult", "办不成事反映"
        CONSULT = "consult", "咨询"

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="windows")
    number = models.CharField("窗口号", max_length=10)
    name = models.CharField("名称", max_length=60)
    types = ArrayField(models.CharField(max_length=16, choices=Type), verbose_name="类型")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="windows")
    is_open = models.BooleanField("启用", default=True)

    class Meta:
        permissions = [("manage_posting", "可管理窗口派驻与授权")]
        constraints = [
            models.UniqueConstraint(fields=["point", "number"], name="window_number_unique_per_point"),
            models.CheckConstraint(name="window_has_a_type", condition=Q(types__len__gte=1)),
        ]

    def __str__(self):
        return f"{self.number} {self.name}"


class PostingQuerySet(models.QuerySet):
    def valid_on(self, day: date):
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)


class Posting(models.Model):
    """派驻 (D-11, D-74): a person at a window for a time; one primary posting at a time, cover (B岗) beside it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    window = models.ForeignKey(Window, models.PROTECT, related_name="postings")
    is_primary = models.BooleanField("A岗", default=True)
    is_temporary = models.BooleanField("聘用人员", default=False)
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_begins", condition=Q(to_on=None) | Q(to_on__gte=F("from_on"))
            ),
            ExclusionConstraint(
                name="one_primary_posting_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateRange(F("from_on"), F("to_on"), models.Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_primary=True),
            ),
        ]

    def __str__(self):
        return f"{self.user}在{self.window}"


class AuthorisationQuerySet(models.QuerySet):
    def valid_on(self, day: date):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, withdrawn_at=None)


class Authorisation(models.Model):
    """授权书 (D-68): a department lets a person decide; without `item` it covers every item of the department."""

    class Power(models.TextChoices):
        REVIEW = "review", "审查"
        DECIDE = "decide", "决定"
        SEAL = "seal", "用印"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="authorisations")
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="authorisations")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="authorisations"
    )
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="authorisations")
    power = models.CharField("权限", max_length=8, choices=Power)
    letter_no = models.CharField("授权书文号", max_length=60, blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    withdrawn_at = models.DateTimeField("收回时间", null=True, blank=True)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="authorisation_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["user", "power"], name="authorisation_by_user")]

    def __str__(self):
        return f"{self.user}{self.get_power_display()}授权"
