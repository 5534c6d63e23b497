"""重点项目的推进: milestones, and the template of 六个一、三个量化、三个倒排 as filled in for one project (D-26, D-28)."""

from django.db import models
from django.db.models import F, Q

from apps.points.models import Department

from ..milestones import HalfDay
from .key_projects import Half, KeyProject
from .parts import LONGEST


class KeyMilestone(models.Model):
    """里程碑: what was reached, and in which half of which day. Three kinds there is one of; others have own names."""

    class Kind(models.TextChoices):
        """里程碑类别."""

        SIGNED = "signed", "签约"
        BEGUN = "begun", "开工"
        PERMITTED = "permitted", "全证"
        OWN = "own", "其他里程碑"

    key_project = models.ForeignKey(KeyProject, models.PROTECT, related_name="milestones")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=30)
    on = models.DateField("日期")
    half = models.CharField("上午或下午", max_length=2, choices=Half)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key_project", "name"], name="a_milestone_is_reached_once_per_project"
            ),
            models.UniqueConstraint(
                fields=["key_project", "kind"],
                condition=~Q(kind="own"),
                name="one_signing_one_beginning_one_set_of_permits",
            ),
            models.CheckConstraint(name="a_milestone_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name

    @property
    def when(self) -> HalfDay:
        return HalfDay(self.on, self.half == Half.AFTERNOON)


class KeyTemplateField(models.Model):
    """推进模板的一栏, as the centre calls it. What is not on record here has the name that `key_template` gives it."""

    class Group(models.TextChoices):
        """推进模板的三部分."""

        ONES = "ones", "六个一"
        QUANTITIES = "quantities", "三个量化"
        BACKWARD = "backward", "三个倒排"

    group = models.CharField("部分", max_length=10, choices=Group)
    code = models.CharField("栏目编号", max_length=20)
    seq = models.PositiveSmallIntegerField("序号")
    name = models.CharField("栏目名称", max_length=20)
    hint = models.CharField("填写说明", max_length=100, blank=True)
    is_used = models.BooleanField("使用", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "code"], name="a_field_of_the_template_is_named_once"),
            models.CheckConstraint(name="a_field_of_the_template_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="only_the_ones_can_be_left_out", condition=Q(is_used=True) | Q(group="ones")
            ),
        ]

    def __str__(self):
        return self.name


class KeyOne(models.Model):
    """六个一的一栏: what it is, and the one person who answers for it."""

    key_project = models.ForeignKey(KeyProject, models.PROTECT, related_name="ones")
    code = models.CharField("栏目编号", max_length=20)
    words = models.CharField("内容", max_length=200)
    owner = models.CharField("责任人", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_project", "code"], name="a_one_is_one"),
            models.CheckConstraint(
                name="a_one_has_words_and_an_owner", condition=~Q(words="") & ~Q(owner="")
            ),
        ]

    def __str__(self):
        return f"{self.words}（{self.owner}）"


class KeyTask(models.Model):
    """量化任务: one task, how many working days it takes, and the one department that answers for it.

    A task without a department of the hall (a developer's own, a bank's) names its owner in words.
    """

    key_project = models.ForeignKey(KeyProject, models.PROTECT, related_name="tasks")
    code = models.CharField("任务编号", max_length=20)
    name = models.CharField("任务", max_length=80)
    days = models.PositiveSmallIntegerField("时间（工作日）")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="key_tasks",
        verbose_name="责任部门",
    )
    owner = models.CharField("责任单位", max_length=60)
    needs = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="needed_by")
    begun_on = models.DateField("开始日", null=True, blank=True)
    finished_on = models.DateField("完成日", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_project", "code"], name="task_code_unique_per_key_project"),
            models.CheckConstraint(name="a_task_takes_a_known_time", condition=Q(days__lte=LONGEST)),
            models.CheckConstraint(
                name="a_task_has_a_name_and_an_owner", condition=~Q(name="") & ~Q(owner="")
            ),
            models.CheckConstraint(
                name="a_task_is_finished_after_it_was_begun",
                condition=Q(finished_on=None) | Q(begun_on__isnull=False, finished_on__gte=F("begun_on")),
            ),
        ]
        indexes = [models.Index(fields=["department", "key_project"], name="key_task_of_department")]

    def __str__(self):
        return f"{self.code} {self.name}"
