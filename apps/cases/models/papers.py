"""材料与告知: the papers of a case, the files behind them, and the notices that name their faults."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.items.models import Material, Necessity

from .case import Case


class CaseMaterial(models.Model):
    """办件材料: one line of the check list for one case; where it stands is its state."""

    class State(models.TextChoices):
        ABSENT = "absent", "未提交"
        UPLOADED = "uploaded", "已上传"
        ON_PAPER = "on_paper", "已交纸质"
        SHARED = "shared", "免提交"
        PROMISED = "promised", "告知承诺"
        TOLERATED = "tolerated", "容缺后补"
        NOT_NEEDED = "not_needed", "本次不适用"

    case = models.ForeignKey(Case, models.CASCADE, related_name="materials")
    material = models.ForeignKey(Material, models.PROTECT, related_name="+")
    seq = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    necessity = models.CharField(max_length=12, choices=Necessity)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ABSENT)
    originals = models.PositiveSmallIntegerField("收原件份数", default=0)
    copies = models.PositiveSmallIntegerField("收复印件份数", default=0)
    tolerated_until = models.DateField("补交期限", null=True, blank=True)
    checked_at = models.DateTimeField("审核通过时间", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="material_seq_unique_per_case")]

    def __str__(self):
        return self.name

    @property
    def is_present(self) -> bool:
        """Whether somebody has seen it. What the authorities hold counts once a clerk has looked it up there."""
        if self.state == self.State.SHARED:
            return self.checked_at is not None
        return self.state not in (self.State.ABSENT, self.State.NOT_NEEDED, self.State.TOLERATED)

    @property
    def state_words(self) -> str:
        if self.state == self.State.SHARED:
            return "免提交 · 已核对" if self.checked_at else "免提交 · 待窗口核对"
        return self.get_state_display()

    @property
    def is_missing(self) -> bool:
        """Whether the case is incomplete without it: only a required paper that is nowhere."""
        return self.necessity == Necessity.REQUIRED and self.state == self.State.ABSENT

    @property
    def is_awaited(self) -> bool:
        """容缺待补: the case was accepted without it, and it is to come."""
        return self.state == self.State.TOLERATED

    @property
    def may_be_tolerated(self) -> bool:
        """可容缺而未交: acceptance is possible, but only against a written promise to bring it (容缺受理)."""
        return self.necessity == Necessity.TOLERABLE and self.state == self.State.ABSENT

    @property
    def may_be_promised(self) -> bool:
        """可告知承诺而未交: a written promise stands in its place (告知承诺)."""
        return self.necessity == Necessity.BY_PROMISE and self.state == self.State.ABSENT


def upload_path(case_file: "CaseFile", name: str) -> str:
    """Content-addressed: nothing a person typed becomes a path."""
    return f"papers/{case_file.sha256[:2]}/{case_file.sha256[2:4]}/{case_file.sha256}"


class CaseFile(models.Model):
    """材料附件: one uploaded version of one material; hashed, its type checked by content. Older versions are kept."""

    material = models.ForeignKey(CaseMaterial, models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField("第几版")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField("页数", null=True, blank=True)
    content = models.FileField(upload_to=upload_path, max_length=200)
    is_current = models.BooleanField(default=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["material", "number"], name="file_version_unique_per_material"),
            models.UniqueConstraint(
                fields=["material"], condition=Q(is_current=True), name="one_current_file_per_material"
            ),
        ]

    def __str__(self):
        return self.name


class Notice(models.Model):
    """一次性告知 (art. 32(4)): a pre-review return or a supplement notice, naming every fault at once."""

    class Kind(models.TextChoices):
        PRE_RETURN = "pre_return", "预审退回"
        SUPPLEMENT = "supplement", "补正告知书"

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField("第几次")
    sent_at = models.DateTimeField("告知时间")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer_by = models.DateField("答复期限")
    note = models.TextField("说明", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    new_faults = models.PositiveSmallIntegerField("新增问题数", default=0)
    permitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why_new = models.TextField("再次告知的理由", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="notice_number_unique_per_case"),
            models.CheckConstraint(
                name="a_new_fault_in_a_later_notice_was_permitted_with_a_reason",
                condition=Q(new_faults=0) | (Q(permitted_by__isnull=False) & ~Q(why_new="")),
            ),
        ]

    def __str__(self):
        return f"{self.case} {self.get_kind_display()}"


class Fault(models.Model):
    """问题: what is wrong with one material, or with the form (no material), and how it was answered."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="faults")
    material = models.ForeignKey(CaseMaterial, models.PROTECT, null=True, blank=True, related_name="faults")
    text = models.TextField("问题")
    remedy = models.CharField("怎么改", max_length=300, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.text[:40]


class ClockPause(models.Model):
    """暂停: an interval (from, to] in which the committed clock stops, and for the eight kinds of art. 45 the law's too."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    kind = models.CharField("事由", max_length=20)
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)
    stops_statutory = models.BooleanField("停法定期限")
    days_needed = models.PositiveSmallIntegerField("所需时间（工作日）", null=True, blank=True)
    reason = models.TextField("说明", blank=True)
    result = models.TextField("结果", blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(to_on=None), name="one_open_special_procedure_per_kind"
            ),
            models.CheckConstraint(
                name="pause_ends_not_before_it_begins",
                condition=Q(to_on=None) | Q(to_on__gte=models.F("from_on")),
            ),
        ]

    def __str__(self):
        return f"{self.case_id} {self.kind}"
