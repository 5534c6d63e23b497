"""项目: one undertaking of one applicant, handled by several departments in stages; and the clock of each stage."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from apps.accounts.models import Applicant, Mandate
from apps.cases.models import Channel
from apps.points.models import Department, ServicePoint

from ..querysets import ProjectQuerySet
from ..states import LIVING, ProjectState, StageState, values_of
from .bundles import Bundle, BundleVersion
from .parts import LONGEST, BundleStage

# Year and month stand in front; until 2020 it was the year alone, and what was begun then is still being built.
national_code_is_well_formed = RegexValidator(
    r"^([0-9]{2}(0[1-9]|1[0-2])|201[5-9]|2020)-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}\Z",
    "项目代码形如 2603-512002-04-01-123456：年月、行政区划、类别、行业和顺序号，请照全国投资项目在线审批监管平台赋码填写。",
)


class Project(models.Model):
    """项目. Every change is made in `apps.workflows.actions` and leaves an event.

    `point` is where it is handled, `intake_point` where it came in; a branch may be handled at the level above (D-29).
    `lead` is the department that confirms which branches apply; each stage has its own lead.
    """

    class Handing(models.TextChoices):
        """出件方式, the applicant's choice."""

        AS_READY = "as_ready", "办好一件取一件"
        TOGETHER = "together", "全部办好一起取"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("项目编号", max_length=20, unique=True, null=True, blank=True, db_collation="C")
    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="projects")
    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="projects")
    name = models.CharField("项目名称", max_length=120)
    national_code = models.CharField(
        "项目代码", max_length=30, blank=True, validators=[national_code_is_well_formed]
    )
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="projects")
    path = models.CharField(max_length=12, db_collation="C")
    intake_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="projects_taken_in")
    lead = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects_led",
        verbose_name="牵头部门",
    )
    channel = models.CharField("来源", max_length=1, choices=Channel)
    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="projects")
    applicant_name = models.CharField("申请人", max_length=120)
    applicant_mask = models.CharField("证件号码（掩码）", max_length=18)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="projects")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="projects_filed")
    key_project = models.ForeignKey(
        "KeyProject", models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="重点项目"
    )
    answers = models.JSONField("情形答案", default=dict, blank=True)  # number of the question → answer
    form = models.JSONField("申请表", default=dict, blank=True)
    handing = models.CharField("出件方式", max_length=10, choices=Handing, default=Handing.AS_READY)
    privacy_notice = models.CharField("已告知的隐私条款版本", max_length=20, blank=True)
    state = models.CharField("状态", max_length=10, choices=ProjectState, default=ProjectState.DRAFT)
    drafted_at = models.DateTimeField("起草时间")
    filed_at = models.DateTimeField("申报时间", null=True, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    closed_on = models.DateField("终结日", null=True, blank=True)
    is_sample = models.BooleanField("演示数据", default=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        permissions = [
            ("file_project", "可受理并联项目申报和收件"),
            ("lead_project", "可牵头：确认、分发、受理、会商、出件"),
            ("answer_branch", "可答复分发和会商"),
            ("extend_stage", "可批准阶段延期"),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_a_drafted_project_has_no_number",
                condition=Q(state="draft") | Q(number__isnull=False, filed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["bundle", "national_code"],
                condition=~Q(national_code="") & Q(state__in=values_of(LIVING)) & ~Q(state="draft"),
                name="a_project_code_is_under_way_once_per_bundle",
            ),
            models.CheckConstraint(name="a_project_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="an_ended_project_has_a_last_day",
                condition=~Q(state__in=["closed", "withdrawn", "refused"]) | Q(closed_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["path", "-id"], name="project_by_place"),
            models.Index(fields=["lead", "-id"], name="project_by_lead"),
            models.Index(fields=["applicant", "-id"], name="project_of_applicant"),
            models.Index(
                fields=["path", "id"], name="project_living", condition=Q(state__in=values_of(LIVING))
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.state == ProjectState.DRAFT

    @property
    def is_living(self) -> bool:
        return self.state in LIVING

    @property
    def is_investment(self) -> bool:
        return self.bundle.audience == Bundle.Audience.INVESTMENT


class ProjectStage(models.Model):
    """项目的一个阶段: its own package, dispatch and clock. `accepted_on` is day 0 of all its branches that wait for none.

    `days` is the committed term of the bundle, `legal_days` the ceiling of art. 42(2); both stand still only while no
    branch runs (R20).
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="stages")
    stage = models.ForeignKey(BundleStage, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("第几阶段")
    name = models.CharField("阶段名称", max_length=40)
    lead = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="stages_led", verbose_name="牵头部门"
    )
    state = models.CharField("状态", max_length=10, choices=StageState, default=StageState.WAITING)
    days = models.PositiveSmallIntegerField("承诺时限（工作日）")
    legal_days = models.PositiveSmallIntegerField("法定时限（工作日）")
    extension_days = models.PositiveSmallIntegerField("延期（工作日）", default=0)
    extended_on = models.DateField("延期批准日", null=True, blank=True)
    received_on = models.DateField("收件日", null=True, blank=True)
    accept_since = models.DateField("受理期限起算日", null=True, blank=True)
    accept_by = models.DateField("受理期限", null=True, blank=True)
    dispatched_at = models.DateTimeField("分发时间", null=True, blank=True)
    accepted_on = models.DateField("受理日", null=True, blank=True)
    is_deemed_accepted = models.BooleanField("逾期视为受理", default=False)
    due_on = models.DateField("承诺办结日", null=True, blank=True)
    statutory_due_on = models.DateField("法定办结日", null=True, blank=True)
    calendar_missing = models.BooleanField("日历未公布", default=False)
    paused_since = models.DateField("暂停自", null=True, blank=True)
    finished_on = models.DateField("办结日", null=True, blank=True)
    used_days = models.PositiveIntegerField("用时（工作日）", null=True, blank=True)
    closed_on = models.DateField("出件日", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="stage_number_unique_per_project"),
            models.CheckConstraint(
                name="a_running_stage_has_a_date_or_says_why_not",
                condition=~Q(state="running")
                | Q(due_on__isnull=False)
                | Q(paused_since__isnull=False)
                | Q(calendar_missing=True),
            ),
            models.CheckConstraint(
                name="a_stage_is_received_then_accepted_then_finished",
                condition=(Q(accepted_on=None) | Q(accepted_on__gte=F("received_on")))
                & (Q(finished_on=None) | Q(finished_on__gte=F("accepted_on"))),
            ),
            models.CheckConstraint(
                name="a_term_of_acceptance_says_since_when",
                condition=Q(accept_by=None) | Q(accept_since__isnull=False),
            ),
            models.CheckConstraint(
                name="a_running_stage_was_accepted",
                condition=~Q(state__in=["running", "closing", "closed"]) | Q(accepted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="an_extended_stage_says_since_when",
                condition=Q(extension_days=0) | Q(extended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_project_stage_has_days", condition=Q(days__gte=1, days__lte=LONGEST)
            ),
        ]
        indexes = [
            models.Index(
                fields=["accept_by", "id"],
                name="stage_to_be_accepted",
                condition=Q(state__in=["received", "dispatched"]),
            ),
            models.Index(fields=["due_on", "id"], name="stage_running", condition=Q(state="running")),
        ]

    def __str__(self):
        return f"第{self.number}阶段 {self.name}"


class StagePause(models.Model):
    """阶段暂停: an interval (from, to] in which no branch ran."""

    stage = models.ForeignKey(ProjectStage, models.PROTECT, related_name="pauses")
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage"], condition=Q(to_on=None), name="a_stage_stands_still_once_at_a_time"
            ),
            models.CheckConstraint(
                name="a_standstill_ends_not_before_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
            ),
        ]

    def __str__(self):
        return f"{self.stage_id} {self.from_on}"
