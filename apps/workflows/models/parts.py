"""阶段、分项、前置: what a version of a bundle consists of. Every row names its version, and stays within it."""

from django.db import models
from django.db.models import F, Q

from apps.items.models import Item
from apps.points.models import Level

from .bundles import BundleVersion
from .triggers import only_in_a_draft

LONGEST = 366  # working days: more is a typing error, not a term


class BundleStage(models.Model):
    """阶段: a part of the way with a lead department and a clock of its own."""

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField("第几阶段")
    name = models.CharField("阶段名称", max_length=40)
    lead = models.CharField("牵头部门", max_length=60, blank=True)  # asked for when the version is published
    days = models.PositiveSmallIntegerField("承诺时限（工作日）")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="stage_number_unique_per_version"),
            models.UniqueConstraint(fields=["id", "version"], name="stage_belongs_to_one_version"),
            models.CheckConstraint(
                name="a_stage_has_a_number_and_days",
                condition=Q(number__gte=1, number__lte=20, days__gte=1, days__lte=LONGEST),
            ),
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return f"第{self.number}阶段 {self.name}"


class BundleBranch(models.Model):
    """分项: one item of the bundle, at one department. `department` is a name without its region (发展和改革局): the project's
    own place says whose it is. `level` is set where it is handled elsewhere than the project itself (D-29).
    """

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="branches")
    stage = models.ForeignKey(BundleStage, models.PROTECT, related_name="branches")
    code = models.CharField("分项编号", max_length=20)
    name = models.CharField("分项名称", max_length=120)
    item = models.ForeignKey(Item, models.PROTECT, related_name="bundle_branches")
    department = models.CharField("承办部门", max_length=60)
    level = models.CharField("办理层级", max_length=1, choices=Level, blank=True)
    days = models.PositiveSmallIntegerField("承诺时限（工作日）")
    is_optional = models.BooleanField("视情形办理", default=False)
    condition = models.CharField("适用情形", max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="branch_code_unique_per_version"),
            models.UniqueConstraint(fields=["id", "version"], name="branch_belongs_to_one_version"),
            models.CheckConstraint(
                name="a_branch_is_handled_by_the_city_or_a_county",
                condition=Q(level__in=["", Level.CITY, Level.COUNTY]),
            ),
            models.CheckConstraint(
                name="a_branch_has_a_code_a_name_and_a_department",
                condition=~Q(code="") & ~Q(name="") & ~Q(department=""),
            ),
            models.CheckConstraint(name="a_branch_takes_a_year_at_most", condition=Q(days__lte=LONGEST)),
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return f"{self.code} {self.name}"


class BundleEdge(models.Model):
    """先后关系: `branch` waits for `needs`, or only hears it (征求意见), or only takes data from it (数据需要).

    Only 前置 holds anything up. With `only_if_applicable` it holds where the other branch is in the project at all.
    """

    class Kind(models.TextChoices):
        """关系类别."""

        PREREQUISITE = "prerequisite", "前置"
        OPINION = "opinion", "征求意见"
        DATA = "data", "数据需要"

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="edges")
    branch = models.ForeignKey(BundleBranch, models.CASCADE, related_name="edges")
    needs = models.ForeignKey(BundleBranch, models.CASCADE, related_name="needed_by")
    kind = models.CharField("关系", max_length=12, choices=Kind, default=Kind.PREREQUISITE)
    only_if_applicable = models.BooleanField("对方要办才等", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "needs"], name="two_branches_are_connected_once"),
            models.CheckConstraint(name="no_branch_waits_for_itself", condition=~Q(branch=F("needs"))),
            models.CheckConstraint(
                name="only_a_prerequisite_depends_on_whether_it_applies",
                condition=Q(kind="prerequisite") | Q(only_if_applicable=False),
            ),
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return f"{self.branch} {self.get_kind_display()} {self.needs}"
