"""重点项目: the register of projects that the government itself pushes, and which of them go by the green channel (D-25)."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.accounts.models import Applicant, Assignment, Mandate
from apps.accounts.roles import Role
from apps.points.models import ServicePoint

from ..milestones import HalfDay
from .projects import Project, national_code_is_well_formed

_OF_THE_SUBTREE = frozenset({Role.CENTRE_ADMIN, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR})
_OF_THE_DEPARTMENT = frozenset({Role.CLERK, Role.WINDOW_HEAD, Role.APPROVER, Role.DEPARTMENT_LEADER})


class Half(models.TextChoices):
    """上午还是下午. The values sort as the halves of a day follow each other."""

    MORNING = "am", "上午"
    AFTERNOON = "pm", "下午"


class KeyProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The subtree for those who lead and watch; own hall and where it takes part for a department; its agent."""
        if not user.is_authenticated:
            return self.none()
        today = timezone.localdate()
        condition = Q(pk__in=self._served_by(user, today))
        if user.is_staff:
            for held in [user.acting] if user.acting else user.assignments_on(today):
                condition |= self._scope(held)
        return self.filter(condition)

    def _scope(self, held) -> Q:
        """Whoever handles a joint project of it sees it too, though it was listed above."""
        if held.role in _OF_THE_SUBTREE:
            below = Project.objects.filter(path__startswith=held.point.path)
            return Q(path__startswith=held.point.path) | Q(pk__in=_linked(below))
        if held.role not in _OF_THE_DEPARTMENT:
            return Q(pk__in=[])
        own_hall = Q(point=held.point_id)
        if held.department_id is None:  # the combined window of a hall
            return own_hall | Q(pk__in=_linked(Project.objects.filter(intake_point=held.point_id)))
        taking_part = Q(lead=held.department_id) | Q(branches__department=held.department_id)
        tasks = self.model._meta.get_field("tasks").related_model.objects
        return (
            own_hall
            | Q(pk__in=_linked(Project.objects.filter(taking_part)))
            | Q(pk__in=tasks.filter(department=held.department_id).values("key_project"))
        )

    def _served_by(self, user, today: date):
        """Of an agent: what is in his hands now. A mandate that was taken back closes the door at once."""
        agents = self.model._meta.get_field("agents").related_model.objects
        valid = Mandate.objects.valid_on(today).filter(agent=user)
        return agents.filter(ended_at=None, user=user, mandate__in=valid).values("key_project")

    def listed(self):
        return self.filter(delisted_on=None)

    def delisted(self):
        return self.filter(delisted_on__isnull=False)

    def green(self):
        return self.filter(is_green=True)

    def listed_in(self, first: date, last: date):
        """On the list on some day between the two."""
        return self.filter(Q(delisted_on=None) | Q(delisted_on__gt=first), listed_on__lte=last)

    def for_list(self):
        return self.select_related("point")


def _linked(projects):
    return projects.filter(key_project__isnull=False).values("key_project")


class KeyProject(models.Model):
    """重点项目. Every change is made in `apps.workflows.actions.key_projects` and leaves an event.

    `green_halves` is the time that the green channel gives itself (a target, no term of the law), in working half days
    from the half day in which it was opened: 0.5 working days is one half (D-28).
    """

    class Rank(models.TextChoices):
        """重点级别: whose list it stands on."""

        PROVINCE = "province", "省重点"
        CITY = "city", "市重点"
        COUNTY = "county", "县重点"

    national_code = models.CharField("项目代码", max_length=30, validators=[national_code_is_well_formed])
    name = models.CharField("项目名称", max_length=120)
    investor = models.ForeignKey(
        Applicant, models.PROTECT, null=True, blank=True, related_name="key_projects", verbose_name="投资人"
    )
    investor_name = models.CharField("投资人名称", max_length=120)
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="key_projects")
    path = models.CharField(max_length=12, db_collation="C")
    rank = models.CharField("重点级别", max_length=10, choices=Rank)
    listed_on = models.DateField("列入日")
    listed_why = models.CharField("列入依据", max_length=200)
    delisted_on = models.DateField("移出日", null=True, blank=True)
    delisted_why = models.CharField("移出理由", max_length=200, blank=True)
    is_green = models.BooleanField("绿色通道", default=False)
    green_since = models.DateField("绿色通道开通日", null=True, blank=True)
    green_half = models.CharField("开通时段", max_length=2, choices=Half, blank=True)
    green_halves = models.PositiveSmallIntegerField("绿色通道时限（半个工作日）", null=True, blank=True)
    target_on = models.DateField("目标日", null=True, blank=True)
    is_sample = models.BooleanField("演示数据", default=False)

    objects = KeyProjectQuerySet.as_manager()

    class Meta:
        permissions = [
            ("keep_key_project", "可维护重点项目和绿色通道"),
            ("serve_key_project", "可代办重点项目：上门服务和交接"),
            ("view_bulletin", "可查看重点项目通报"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["national_code"],
                condition=Q(delisted_on=None),
                name="a_project_code_is_listed_once",
            ),
            models.CheckConstraint(
                name="only_a_listed_project_has_a_green_channel",
                condition=Q(is_green=False) | Q(delisted_on=None),
            ),
            models.CheckConstraint(
                name="a_green_channel_has_its_day_and_its_time",
                condition=Q(is_green=False, green_since=None, green_half="", green_halves=None)
                | Q(
                    is_green=True,
                    green_since__isnull=False,
                    green_half__in=["am", "pm"],
                    green_halves__isnull=False,
                    green_halves__gte=1,
                ),
            ),
            models.CheckConstraint(
                name="a_delisted_project_says_why",
                condition=Q(delisted_on=None, delisted_why="")
                | (Q(delisted_on__isnull=False) & ~Q(delisted_why="")),
            ),
            models.CheckConstraint(
                name="a_project_is_delisted_not_before_it_is_listed",
                condition=Q(delisted_on=None) | Q(delisted_on__gte=F("listed_on")),
            ),
            models.CheckConstraint(
                name="a_key_project_has_a_name_and_an_investor",
                condition=~Q(name="") & ~Q(investor_name="") & ~Q(listed_why=""),
            ),
        ]
        indexes = [
            models.Index(fields=["path", "-id"], name="key_project_by_place"),
            models.Index(fields=["investor", "-id"], name="key_project_of_investor"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_listed(self) -> bool:
        return self.delisted_on is None

    @property
    def green_from(self) -> HalfDay | None:
        return HalfDay(self.green_since, self.green_half == Half.AFTERNOON) if self.is_green else None


class KeyProjectEvent(models.Model):
    """重点项目日志: what was done, by whom, under which role, when and why. Written once, never changed."""

    class Verb(models.TextChoices):
        """重点项目动作."""

        LISTED = "listed", "列入重点"
        CORRECTED = "corrected", "更正登记"
        DELISTED = "delisted", "移出重点"
        CHANNEL_OPENED = "channel_opened", "开通绿色通道"
        CHANNEL_CLOSED = "channel_closed", "关闭绿色通道"
        MILESTONE_SET = "milestone_set", "记里程碑"
        MILESTONE_TAKEN_BACK = "milestone_back", "撤回里程碑"
        ONE_NAMED = "one_named", "落实六个一"
        TARGET_SET = "target_set", "定目标日"
        TASK_SET = "task_set", "安排任务"
        TASK_BEGUN = "task_begun", "任务开始"
        TASK_FINISHED = "task_finished", "任务完成"
        TASK_REOPENED = "task_reopened", "任务重开"
        TASK_DROPPED = "task_dropped", "去掉任务"
        AGENT_NAMED = "agent_named", "指派代办员"
        AGENT_ENDED = "agent_ended", "终止代办"
        VISITED = "visited", "上门服务"
        HANDOVER_GIVEN = "handover_given", "交出材料"
        HANDOVER_TAKEN = "handover_taken", "接收材料"
        HANDOVER_WITHDRAWN = "handover_back", "撤回交接"
        LINKED = "linked", "关联并联项目"
        UNLINKED = "unlinked", "取消关联"

    key_project = models.ForeignKey(KeyProject, models.PROTECT, related_name="events")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+")
    verb = models.CharField("动作", max_length=20, choices=Verb)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # empty: the system
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    reason = models.CharField("说明", max_length=300, blank=True)
    facts = models.JSONField("事实", default=dict)

    class Meta:
        indexes = [models.Index(fields=["key_project", "-id"], name="key_event_of_project")]
        triggers = [
            pgtrigger.Protect(
                name="key_project_events_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.key_project_id} {self.verb}"
