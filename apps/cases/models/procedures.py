"""办理中的程序: what is asked of the head, surveys, hearings, and what became of the file in the archive."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .case import Case
from .papers import ClockPause


class StepRequest(models.Model):
    """审批单: a step that the head must approve: a special procedure (art. 45) or an extension (art. 42).

    `amount` is in working days for a special procedure and in the unit of each clock for an extension.
    """

    class Kind(models.TextChoices):
        PAUSE = "pause", "特别程序"
        EXTENSION = "extension", "延期"

    class State(models.TextChoices):
        OPEN = "open", "待批准"
        APPROVED = "approved", "已批准"
        DENIED = "denied", "未批准"
        DROPPED = "dropped", "已失效"

    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    kind = models.CharField("事由", max_length=10, choices=Kind)
    procedure = models.CharField("程序", max_length=20, blank=True)
    amount = models.PositiveSmallIntegerField("天数")
    reason = models.TextField("理由")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("批复时间", null=True, blank=True)
    answer = models.TextField("批复", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "procedure"],
                condition=Q(state="open"),
                name="one_open_request_per_step",
            ),
            models.CheckConstraint(
                name="who_approves_a_step_is_not_who_asked",
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")) | Q(state="dropped"),
            ),
            models.CheckConstraint(
                name="an_answered_request_says_by_whom_and_when",
                condition=~Q(state__in=["approved", "denied"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.case} {self.get_kind_display()}{self.amount}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Survey(models.Model):
    """现场踏勘 (art. 34(3)): at least two staff look at the place; both sign the record, with photos."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="surveys")
    planned_on = models.DateField("踏勘日期")
    place = models.CharField("地点", max_length=200)
    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    findings = models.TextField("踏勘情况", blank=True)
    is_passed = models.BooleanField("符合条件", null=True)
    first_signed_at = models.DateTimeField("第一人签署", null=True, blank=True)
    second_signed_at = models.DateTimeField("第二人签署", null=True, blank=True)
    closed_at = models.DateTimeField("完成时间", null=True, blank=True)
    pause = models.OneToOneField(ClockPause, models.PROTECT, null=True, blank=True, related_name="survey")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed_at=None), name="one_open_survey_per_case"
            ),
            models.CheckConstraint(name="two_different_people_survey", condition=~Q(first=F("second"))),
            models.CheckConstraint(
                name="a_closed_survey_is_signed_by_both",
                condition=Q(closed_at=None)
                | Q(first_signed_at__isnull=False, second_signed_at__isnull=False, is_passed__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.case} {self.planned_on}"


def photo_path(photo: "SurveyPhoto", name: str) -> str:
    """Content-addressed, like every stored paper."""
    return f"surveys/{photo.sha256[:2]}/{photo.sha256[2:4]}/{photo.sha256}"


class SurveyPhoto(models.Model):
    """踏勘照片: taken on the spot, hashed."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="photos")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to=photo_path, max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("上传时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "sha256"], name="a_photo_stands_once_in_a_survey")
        ]

    def __str__(self):
        return self.name


class Hearing(models.Model):
    """听证 (arts 46-48): told of the right, asked for within five days, held within twenty, called seven days before.

    All day counts are working days (art. 82). The presider is nobody who handles the case.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="hearings")
    subject = models.TextField("听证事项")
    offered_on = models.DateField("告知日")
    ask_by_on = models.DateField("申请期限")
    asked_on = models.DateField("申请日", null=True, blank=True)
    asked_by_name = models.CharField("申请听证人", max_length=120, blank=True)
    hold_by_on = models.DateField("举行期限", null=True, blank=True)
    called_on = models.DateField("通知日", null=True, blank=True)
    held_on = models.DateField("举行日", null=True, blank=True)
    begins_at = models.TimeField("开始时间", null=True, blank=True)
    place = models.CharField("地点", max_length=200, blank=True)
    presider = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    record = models.TextField("听证笔录", blank=True)
    record_signed_by = models.CharField("笔录签名", max_length=200, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    pause = models.OneToOneField(ClockPause, models.PROTECT, null=True, blank=True, related_name="hearing")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed_at=None), name="one_open_hearing_per_case"
            ),
            models.CheckConstraint(
                name="a_hearing_that_ended_has_a_signed_record",
                condition=Q(closed_at=None) | Q(asked_on=None) | (~Q(record="") & ~Q(record_signed_by="")),
            ),
        ]

    def __str__(self):
        return f"{self.case} 听证"

    def may_still_be_asked(self, on: date) -> bool:
        return self.closed_at is None and self.asked_on is None and on <= self.ask_by_on


class ArchiveLoan(models.Model):
    """档案借阅 (D-83): who has the file, what for, until when; one borrower at a time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="loans")
    borrower = models.CharField("借阅人", max_length=60)
    unit = models.CharField("单位", max_length=120)
    purpose = models.CharField("用途", max_length=200)
    borrowed_on = models.DateField("借出日")
    due_on = models.DateField("应还日")
    returned_on = models.DateField("归还日", null=True, blank=True)
    lent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    condition = models.CharField("归还情况", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(returned_on=None), name="a_file_is_lent_to_one_at_a_time"
            ),
            models.CheckConstraint(
                name="a_file_comes_back_after_it_went",
                condition=Q(returned_on=None) | Q(returned_on__gte=F("borrowed_on")),
            ),
            models.CheckConstraint(name="a_loan_ends", condition=Q(due_on__gte=F("borrowed_on"))),
        ]

    def __str__(self):
        return f"{self.case} {self.borrower}"
