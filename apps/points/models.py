"""服务点: the four-tier tree (市/县/乡镇/村) of places where people are served, and the departments that decide."""

from datetime import date

from django.db import models
from django.db.models import F, Q


class Level(models.TextChoices):
    """行政层级. The value is the code of 行使层级 in GB/T 39046 A.2."""

    CITY = "3", "市级"
    COUNTY = "4", "县级"
    TOWNSHIP = "5", "乡级"
    VILLAGE = "6", "村级"

    @property
    def above(self) -> "Level | None":
        return Level(str(int(self) - 1)) if self != Level.CITY else None


class Kind(models.TextChoices):
    """地方类别: what the register of divisions calls a place. A village and a community take in different things."""

    PREFECTURE = "prefecture", "地级市"
    DISTRICT = "district", "市辖区"
    COUNTY = "county", "县"
    COUNTY_CITY = "county_city", "县级市"
    STREET = "street", "街道"
    TOWN = "town", "镇"
    TOWNSHIP = "township", "乡"
    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"


PATH_LENGTH = {Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}
"""Digits of the 12-digit division code that name a place of this level; they are its path in the tree."""


class ServicePointQuerySet(models.QuerySet):
    def under(self, path: str):
        return self.filter(path__startswith=path)

    def open_on(self, day: date):
        """Places that exist on a day: codes are re-used over the years, so a place has a first and a last day."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day)
        )

    def built(self):
        return self.filter(is_built=True)

    def in_order(self):
        return self.order_by("path", "id")


class ServicePoint(models.Model):
    """服务点: a hall, a township centre or a village agent point (D-01). `path` is the natural prefix of its code."""

    level = models.CharField("层级", max_length=1, choices=Level)
    kind = models.CharField("类别", max_length=12, choices=Kind, blank=True)
    code = models.CharField("行政区划代码", max_length=12)
    path = models.CharField("层级路径", max_length=12, db_collation="C")
    region = models.CharField("辖区", max_length=60)
    name = models.CharField("名称", max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    is_built = models.BooleanField("已建成", default=True)
    address = models.CharField("地址", max_length=120, blank=True)
    phone = models.CharField("咨询电话", max_length=30, blank=True)
    complaint_phone = models.CharField("监督电话", max_length=30, blank=True)
    opening_hours = models.CharField("办公时间", max_length=120, blank=True)
    valid_from = models.DateField("启用日", null=True, blank=True)
    valid_to = models.DateField("停用日", null=True, blank=True)

    objects = ServicePointQuerySet.as_manager()

    class Meta:
        permissions = [("manage_point", "可维护服务点")]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code"],
                condition=Q(valid_to=None),
                name="one_living_point_per_level_and_code",
            ),
            models.CheckConstraint(
                name="only_a_city_has_no_point_above",
                condition=Q(level=Level.CITY, parent=None) | (~Q(level=Level.CITY) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="point_path_begins_its_code", condition=Q(code__startswith=F("path"))
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="point_by_path"),
            models.Index(fields=["parent", "path"], name="point_children"),
        ]

    def __str__(self):
        return self.name

    def covers(self, other_path: str) -> bool:
        """Whether the other place is this one or lies below it."""
        return other_path.startswith(self.path)


class Department(models.Model):
    """部门: an authority with power of its own, of the city or of one county (D-05)."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="departments")
    code = models.CharField("部门编号", max_length=20)
    name = models.CharField("名称", max_length=60)
    former_name = models.CharField("原名称", max_length=60, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    has_approval_power = models.BooleanField("有审批职能", default=True)
    has_approval_office = models.BooleanField("设行政审批科", default=False)
    is_moved_in = models.BooleanField("整建制进驻", default=False)
    is_vertical = models.BooleanField("垂直管理", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["point", "code"], name="department_code_unique_per_point")
        ]

    def __str__(self):
        return self.name


class Closure(models.Model):
    """停办: days on which one hall is closed. They move deadlines only where the centre declares it (R12)."""

    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="closures")
    from_on = models.DateField("首日")
    to_on = models.DateField("末日")
    reason = models.CharField("原因", max_length=200)
    affects_deadline = models.BooleanField("影响办理时限", default=False)

    class Meta:
        permissions = [("declare_closure", "可发布停办公告")]
        constraints = [
            models.CheckConstraint(name="closure_ends_after_it_begins", condition=Q(to_on__gte=F("from_on"))),
        ]

    def __str__(self):
        return f"{self.point} {self.from_on}至{self.to_on}"


class HallRules(models.Model):
    """办事规则: the local numbers of one hall and all below it. Every default is a choice, never a law."""

    point = models.OneToOneField(ServicePoint, models.PROTECT, related_name="rules")
    notice_days = models.PositiveSmallIntegerField("一次告知期限（工作日）", default=5)
    pre_review_days = models.PositiveSmallIntegerField("预审答复目标（工作日）", default=1)
    supplement_days = models.PositiveSmallIntegerField("补正期限（日）", default=30)
    pass_valid_days = models.PositiveSmallIntegerField("预审通过有效期（日）", default=30)
    hand_up_days = models.PositiveSmallIntegerField("代收上交期限（工作日）", default=3)
    delivery_days = models.PositiveSmallIntegerField("送达期限（工作日）", default=10)
    yellow_remaining = models.PositiveSmallIntegerField("黄牌：剩余工作日", default=1)
    yellow_percent = models.PositiveSmallIntegerField("黄牌：用时百分比", default=90)
    reminder_remaining = models.PositiveSmallIntegerField("提醒：剩余工作日", default=3)
    four_eyes_committed = models.BooleanField("承诺件受理与决定分人", default=True)
    four_eyes_immediate = models.BooleanField("即办件受理与决定分人", default=False)
    target_on_time = models.DecimalField("按时办结率目标（%）", max_digits=5, decimal_places=2, default=98)
    hotline = models.CharField("服务热线", max_length=20, default="96196")
    is_historic_sample = models.BooleanField("历史演示数据", default=False)

    class Meta:
        permissions = [("change_rules", "可调整办事规则")]
        constraints = [
            models.CheckConstraint(
                name="notice_period_is_at_most_the_five_days_of_art_32", condition=Q(notice_days__lte=5)
            ),
            models.CheckConstraint(
                name="delivery_is_at_most_the_ten_days_of_art_44", condition=Q(delivery_days__lte=10)
            ),
            models.CheckConstraint(
                name="yellow_share_is_a_percentage",
                condition=Q(yellow_percent__gte=1, yellow_percent__lte=100),
            ),
        ]

    def __str__(self):
        return f"{self.point}办事规则"
