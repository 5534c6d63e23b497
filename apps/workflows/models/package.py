"""一套材料: every paper of a project once, who uses it, its files in versions; and the one notice of what is missing."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from apps.items.models import Material, Necessity

from ..states import UNSTARTED, values_of
from .branches import ProjectBranch
from .projects import Project, ProjectStage


class MaterialQuerySet(models.QuerySet):
    def missing(self):
        """What a branch uses and somebody still has to bring, as `is_missing` says it of one."""
        uses = MaterialUse.objects.filter(material=OuterRef("pk"))
        return self.filter(Exists(uses), necessity=Necessity.REQUIRED, state=ProjectMaterial.State.ABSENT)


class ProjectMaterial(models.Model):
    """项目材料: one line of the material matrix (材料×事项). It is handed in with the earliest stage that needs it.

    With `source` nobody is asked for it: it is what that branch results in.
    """

    class State(models.TextChoices):
        ABSENT = "absent", "未提交"
        UPLOADED = "uploaded", "已上传"
        ON_PAPER = "on_paper", "已交纸质"
        SHARED = "shared", "免提交"
        PROMISED = "promised", "告知承诺"
        NOT_NEEDED = "not_needed", "本次不适用"
        PRODUCED = "produced", "由前置事项产生"

    project = models.ForeignKey(Project, models.CASCADE, related_name="materials")
    stage = models.ForeignKey(ProjectStage, models.CASCADE, related_name="materials")
    seq = models.PositiveSmallIntegerField("序号")
    key = models.CharField(max_length=40)  # which paper of the bundle: shared, or of one branch alone
    name = models.CharField("材料名称", max_length=160)
    necessity = models.CharField("必要性", max_length=12, choices=Necessity)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ABSENT)
    source = models.ForeignKey(
        ProjectBranch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="feeds",
        verbose_name="由哪个分项产生",
    )

    objects = MaterialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "seq"], name="material_seq_unique_per_project"),
            models.UniqueConstraint(fields=["project", "key"], name="a_paper_is_asked_once_per_project"),
            models.CheckConstraint(
                name="what_is_produced_has_a_source", condition=~Q(state="produced") | Q(source__isnull=False)
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_missing(self) -> bool:
        return self.necessity == Necessity.REQUIRED and self.state == self.State.ABSENT

    @property
    def is_asked(self) -> bool:
        """Whether the applicant has to bring it."""
        return self.state not in (self.State.SHARED, self.State.PRODUCED, self.State.NOT_NEEDED)


class MaterialUse(models.Model):
    """用到这份材料的分项, with the line of that item's own list which it fills."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="material_uses")
    material = models.ForeignKey(ProjectMaterial, models.CASCADE, related_name="uses")
    branch = models.ForeignKey(ProjectBranch, models.CASCADE, related_name="uses")
    line = models.ForeignKey(Material, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "line"], name="a_line_of_a_list_is_filled_by_one_paper")
        ]

    def __str__(self):
        return f"{self.material}：{self.branch}"


def paper_path(stored: "ProjectFile", name: str) -> str:
    """Where the cases keep theirs: one content, one file, whoever uses it."""
    return f"papers/{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"


class ProjectFile(models.Model):
    """项目附件: one uploaded version of one paper. A new one takes its place for all who use it; the old ones are kept."""

    material = models.ForeignKey(ProjectMaterial, models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField("第几版")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField("页数", null=True, blank=True)
    content = models.FileField(upload_to=paper_path, max_length=200)
    is_current = models.BooleanField(default=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["material", "number"], name="file_version_unique_per_project_material"
            ),
            models.UniqueConstraint(
                fields=["material"],
                condition=Q(is_current=True),
                name="one_current_file_per_project_material",
            ),
        ]

    def __str__(self):
        return self.name


class WishQuerySet(models.QuerySet):
    def open_of(self, project: Project):
        """What the open notices ask the applicant for, notice by notice; not what a branch wanted that ended meanwhile."""
        still = {"branch__notice": F("notice"), "branch__state__in": values_of(UNSTARTED)}
        return (
            self.filter(branch__project=project, notice__answered_at=None, notice__lapsed_at=None, **still)
            .select_related("notice__stage", "material", "branch__department")
            .order_by("notice__answer_by", "notice", "id")
        )


class SupplementWish(models.Model):
    """补正意见 of one department: what is wrong with one paper, or with the form (no paper)."""

    branch = models.ForeignKey(ProjectBranch, models.CASCADE, related_name="wishes")
    material = models.ForeignKey(
        ProjectMaterial, models.CASCADE, null=True, blank=True, related_name="wishes"
    )
    text = models.CharField("问题", max_length=500)
    remedy = models.CharField("怎么改", max_length=300, blank=True)
    notice = models.ForeignKey("ProjectNotice", models.PROTECT, null=True, blank=True, related_name="wishes")
    answer = models.TextField("答复", blank=True)

    objects = WishQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="a_wish_says_what_is_wrong", condition=~Q(text=""))]

    def __str__(self):
        return self.text[:40]


class NoticeQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None, lapsed_at=None)

    def answered_with(self, project: Project, wishes: Collection[int]):
        """Which open notice of a project is answered by an answer to these wishes; by one to none, that which is due first."""
        waiting = self.open().filter(stage__project=project).order_by("answer_by", "id")
        return (waiting.filter(wishes__in=wishes) if wishes else waiting).first()


class ProjectNotice(models.Model):
    """补正告知书 (art. 32(4)) of a stage: what all its departments want, in one letter. One per stage and package.

    A branch that was taken up with another scheme brings another package: what is wanted of that `is_anew`, and is told in
    a notice of its own, which waits for no other and has its own last day.
    """

    stage = models.ForeignKey(ProjectStage, models.PROTECT, related_name="notices")
    sent_at = models.DateTimeField("告知时间")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer_by = models.DateField("补正期限")
    answered_at = models.DateTimeField("补正时间", null=True, blank=True)
    lapsed_at = models.DateTimeField("逾期未补正", null=True, blank=True)
    is_anew = models.BooleanField("重办分项的补正", default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage"], condition=Q(is_anew=False), name="the_package_of_a_stage_is_told_of_once"
            )
        ]

    def __str__(self):
        return f"{self.stage}补正告知"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.lapsed_at is None
