"""项目的分项: one item at one department. It gets its case the moment it opens."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.cases.models import Case
from apps.items.models import Item, ItemVersion
from apps.points.models import Department, ServicePoint

from ..states import UNSTARTED, Answer, BranchState
from .parts import BundleBranch
from .projects import Project, ProjectStage


class ProjectBranch(models.Model):
    """分项. Which branches it waits for is in the version of the bundle, which never changes.

    `answer` is the department's to the dispatch. `complete_on` is set where it asked for a supplement: the day on which
    the last of what it asked for came in; before that, where it was taken up anew, that day. `notice` is the one letter
    that told the applicant what it asks for, until the branch is taken up anew. `opened_on` is day 0 of its case (R20),
    `finished_on` the day of the decision.
    `case` is the present one: a branch that was refused and taken up again has had others before.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="branches")
    stage = models.ForeignKey(ProjectStage, models.PROTECT, related_name="branches")
    branch = models.ForeignKey(BundleBranch, models.PROTECT, related_name="+")
    code = models.CharField("分项编号", max_length=20)
    name = models.CharField("分项名称", max_length=120)
    item = models.ForeignKey(Item, models.PROTECT, related_name="project_branches")
    item_version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="project_branches")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="project_branches",
        verbose_name="承办部门",
    )
    days = models.PositiveSmallIntegerField("承诺时限（工作日）")
    state = models.CharField("状态", max_length=10, choices=BranchState, default=BranchState.WAITING)
    answer = models.CharField("部门答复", max_length=12, choices=Answer, default=Answer.NONE, blank=True)
    answer_since = models.DateField("答复期限起算日", null=True, blank=True)
    answer_by = models.DateField("答复期限", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_answer_late = models.BooleanField("答复逾期", default=False)
    wants = models.TextField("答复说明", blank=True)
    notice = models.ForeignKey(
        "ProjectNotice",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name="补正告知书",
    )
    complete_on = models.DateField("补正齐全日", null=True, blank=True)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="branch", verbose_name="办件"
    )
    attempt = models.PositiveSmallIntegerField("第几次办理", default=1)
    was_refused = models.BooleanField("曾不予许可", default=False)
    is_paused = models.BooleanField("计时暂停", default=False)
    opened_on = models.DateField("起算日", null=True, blank=True)
    finished_on = models.DateField("办结日", null=True, blank=True)
    reason = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_term_of_an_answer_says_since_when",
                condition=Q(answer_by=None) | Q(answer_since__isnull=False),
            ),
            models.UniqueConstraint(fields=["project", "code"], name="branch_code_unique_per_project"),
            models.CheckConstraint(
                name="a_branch_at_work_has_its_case",
                condition=~Q(state__in=["open", "granted", "refused"])
                | Q(case__isnull=False, opened_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_branch_that_is_decided_has_its_day",
                condition=~Q(state__in=["granted", "refused"]) | Q(finished_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_branch_ends_not_before_it_begins",
                condition=Q(finished_on=None) | Q(opened_on=None) | Q(finished_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="a_branch_left_out_says_why", condition=~Q(state="not_needed") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="what_was_refused_is_not_left_out",
                condition=~Q(state="not_needed") | Q(was_refused=False),
            ),
            models.CheckConstraint(
                name="a_wish_for_a_supplement_says_what_for",
                condition=~Q(answer__in=["supplement", "out_of_scope"]) | ~Q(wants=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "answer_by", "id"],
                name="branch_to_be_answered",
                condition=Q(answer="", answer_by__isnull=False),
            ),
            models.Index(fields=["department", "project"], name="branch_of_department"),
            models.Index(
                fields=["project"],
                name="branch_unfinished",
                condition=Q(state__in=["waiting", "open", "blocked"]),
            ),
            models.Index(fields=["finished_on"], name="branch_by_end"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_told(self) -> bool:
        """已告知补正: once for each time that the branch is taken up."""
        return self.notice_id is not None

    @property
    def awaits_answer(self) -> bool:
        return self.answer == Answer.NONE and self.answer_by is not None and self.state in UNSTARTED

    @property
    def waits_for_papers(self) -> bool:
        """Told what to supplement, and still to begin: not one that ended meanwhile, or was taken up anew."""
        return self.answer == Answer.SUPPLEMENT and self.is_told and self.state in UNSTARTED

    @property
    def was_kept_back(self) -> bool:
        """A wish for a supplement that nobody has told the applicant yet."""
        return self.answer == Answer.SUPPLEMENT and not self.is_told and self.state in UNSTARTED

    @property
    def begins_anew(self) -> bool:
        """Taken up again with another scheme, and not begun yet: the applicant may bring other papers."""
        return self.attempt > 1 and self.state == BranchState.WAITING

    @property
    def is_ready(self) -> bool:
        """Whether nothing of its own papers is outstanding: what a silent department did not ask for, nobody brings."""
        return self.answer not in (Answer.SUPPLEMENT, Answer.OUT_OF_SCOPE)


class BranchAttempt(models.Model):
    """前一次办理: the case of a branch before it was taken up again with another scheme."""

    branch = models.ForeignKey(ProjectBranch, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField("第几次")
    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="branch_attempt")
    state = models.CharField("结果", max_length=10, choices=BranchState)
    opened_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "number"], name="attempt_counted_once_per_branch")
        ]

    def __str__(self):
        return f"{self.branch}第{self.number}次"
