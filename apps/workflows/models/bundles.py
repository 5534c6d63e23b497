"""套餐: which items one project needs, of which departments, in which order; in versions that projects keep."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Prefetch, Q

from apps.windows.models import DateRange

from .triggers import only_its_end_is_written

LEGAL_DAYS, EXTENSION_DAYS = (
    45,
    15,
)  # joint handling, 行政许可法 42(2); the extension needs the government's approval


class BundleQuerySet(models.QuerySet):
    def for_list(self):
        """Investment projects first, then companies, then citizens; with `shown_versions`, the newest first.

        Versions that were given up are left out.
        """
        places = [models.When(audience=audience, then=n) for n, audience in enumerate(Bundle.Audience)]
        order = models.Case(*places, output_field=models.IntegerField())
        versions = BundleVersion.objects.exclude(state=BundleVersion.State.WITHDRAWN)
        versions = versions.annotate(branch_count=models.Count("branches")).order_by("-number")
        shown = Prefetch("versions", versions, to_attr="shown_versions")
        return self.prefetch_related(shown).order_by(order, "code", "id")


class Bundle(models.Model):
    """套餐: one kind of project that several departments handle together. What it consists of is in its versions."""

    class Audience(models.TextChoices):
        """面向: for whom one form stands for several items."""

        INVESTMENT = "investment", "投资项目"
        COMPANY = "company", "企业一件事"
        CITIZEN = "citizen", "个人一件事"

    code = models.CharField("套餐编码", max_length=20, unique=True)
    name = models.CharField("套餐名称", max_length=80)
    audience = models.CharField("面向", max_length=10, choices=Audience)
    lead = models.CharField("牵头部门", max_length=60)
    coordinator = models.CharField("协调窗口", max_length=60, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        permissions = [("edit_bundle", "可编辑套餐"), ("publish_bundle", "可发布套餐")]
        constraints = [
            models.CheckConstraint(
                name="a_bundle_has_a_code_a_name_and_a_lead",
                condition=~Q(code="") & ~Q(name="") & ~Q(lead=""),
            ),
        ]

    def __str__(self):
        return self.name


class BundleVersionQuerySet(models.QuerySet):
    def in_force_on(self, day: date):
        """At most one of each bundle."""
        return self.filter(
            Q(superseded_on=None) | Q(superseded_on__gt=day),
            state__in=[BundleVersion.State.PUBLISHED, BundleVersion.State.SUPERSEDED],
            effective_on__lte=day,
        )


class BundleVersion(models.Model):
    """套餐的一个版本: edited as a draft, then published and never changed. A project keeps the one it was taken in under."""

    class State(models.TextChoices):
        DRAFT = "draft", "编辑中"
        PUBLISHED = "published", "已发布"
        SUPERSEDED = "superseded", "已被取代"
        WITHDRAWN = "withdrawn", "已作废"

    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    legal_days = models.PositiveSmallIntegerField("法定时限（工作日）", default=LEGAL_DAYS)
    extension_days = models.PositiveSmallIntegerField("经批准可延长（工作日）", default=EXTENSION_DAYS)
    answer_days = models.PositiveSmallIntegerField("分发后几个工作日内答复", default=1)
    opinion_days = models.PositiveSmallIntegerField("征求意见和会签几个工作日内答复", default=3)
    silence_on_opinion = models.BooleanField("征求意见逾期未答复视为无意见", default=True)
    silence_on_survey = models.BooleanField("无故缺席联合踏勘视为同意", default=True)
    silence_on_meeting = models.BooleanField("无故缺席联审会视为同意", default=True)
    effective_on = models.DateField("生效日", null=True, blank=True)
    superseded_on = models.DateField("被取代日", null=True, blank=True)
    drafted_at = models.DateTimeField("起草时间")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects = BundleVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "number"], name="version_number_unique_per_bundle"),
            models.UniqueConstraint(
                fields=["bundle"], condition=Q(state="published"), name="one_published_version_per_bundle"
            ),
            models.UniqueConstraint(
                fields=["bundle"], condition=Q(state="draft"), name="one_draft_of_a_bundle_at_a_time"
            ),
            ExclusionConstraint(
                name="one_version_of_a_bundle_in_force_on_a_day",
                expressions=[
                    ("bundle", RangeOperators.EQUAL),
                    (
                        DateRange(F("effective_on"), F("superseded_on"), models.Value("[)")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["published", "superseded"]),
            ),
            models.CheckConstraint(
                name="a_version_says_since_when_and_until_when_it_holds",
                condition=Q(
                    state="published",
                    effective_on__isnull=False,
                    published_at__isnull=False,
                    superseded_on=None,
                )
                | Q(
                    state="superseded",
                    effective_on__isnull=False,
                    published_at__isnull=False,
                    superseded_on__gte=F("effective_on"),
                )
                | Q(
                    state__in=["draft", "withdrawn"], effective_on=None, published_at=None, superseded_on=None
                ),
            ),
            models.CheckConstraint(
                name="departments_have_days_to_answer",
                condition=Q(
                    answer_days__gte=1, answer_days__lte=5, opinion_days__gte=1, opinion_days__lte=30
                ),
            ),
            models.CheckConstraint(
                name="joint_handling_takes_at_most_the_45_and_15_days_of_art_42",
                condition=Q(
                    legal_days__gte=1, legal_days__lte=LEGAL_DAYS, extension_days__lte=EXTENSION_DAYS
                ),
            ),
        ]
        triggers = [only_its_end_is_written()]

    def __str__(self):
        return f"{self.bundle}第{self.number}版"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED
