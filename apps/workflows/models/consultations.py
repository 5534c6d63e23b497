"""会商: what a lead asks of several departments at once, and what each of them said, or did not say."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.points.models import Department

from .branches import ProjectBranch
from .projects import Project, ProjectStage


class ConsultationQuerySet(models.QuerySet):
    def surveys_ahead(self):
        """联合踏勘 that were called and not held yet."""
        return self.filter(kind=Consultation.Kind.SURVEY, state=Consultation.State.OPEN)


class Consultation(models.Model):
    """会商: an opinion asked for, one survey for all, a joint meeting, a countersign sheet, a decision by vote (D-27, D-30).

    `round` counts the times that were set: whoever answers an earlier one is told that it no longer holds. None of them
    decides a permit; `silence_agrees` is the bundle's rule of that day for whoever does not answer by `answer_by`.
    """

    class Kind(models.TextChoices):
        OPINION = "opinion", "征求意见"
        SURVEY = "survey", "联合踏勘"
        MEETING = "meeting", "联审会"
        COUNTERSIGN = "countersign", "会签"
        VOTE = "vote", "集体决策"

    class State(models.TextChoices):
        OPEN = "open", "征询中"
        HELD = "held", "已结束"
        CALLED_OFF = "called_off", "已取消"

    project = models.ForeignKey(Project, models.PROTECT, related_name="consultations")
    stage = models.ForeignKey(
        ProjectStage, models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    kind = models.CharField("类别", max_length=12, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    subject = models.CharField("事由", max_length=200)
    agenda = models.TextField("议题", blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    begins_at = models.DateTimeField("时间", null=True, blank=True)
    round = models.PositiveSmallIntegerField("第几次定时间", default=1)
    answer_by = models.DateField("答复期限")
    silence_agrees = models.BooleanField("逾期视为无意见", default=False)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_at = models.DateTimeField("发起时间")
    record = models.TextField("记录", blank=True)
    outcome = models.CharField("结论", max_length=300, blank=True)
    held_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_consultation_says_what_about", condition=~Q(subject="")),
            models.CheckConstraint(
                name="a_survey_or_meeting_has_a_time",
                condition=~Q(kind__in=["survey", "meeting"]) | Q(begins_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_was_held_is_on_record",
                condition=~Q(state="held") | (Q(held_at__isnull=False) & ~Q(record="")),
            ),
            models.CheckConstraint(
                name="silence_never_signs_and_never_votes",
                condition=~Q(kind__in=["countersign", "vote"]) | Q(silence_agrees=False),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="consultation_of_project"),
            models.Index(fields=["answer_by", "id"], name="consultation_open", condition=Q(state="open")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.subject}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_gathering(self) -> bool:
        """Whether people come together at a place and time."""
        return self.kind in (self.Kind.SURVEY, self.Kind.MEETING)


class ConsultationMember(models.Model):
    """参加部门 and its answer. `answered_round` says to which time it belongs."""

    class Reply(models.TextChoices):
        NONE = "", "未答复"
        CONFIRMED = "confirmed", "按时参加"
        OTHER_TIME = "other_time", "建议改期"
        EXCUSED = "excused", "请假"
        AGREES = "agrees", "同意"
        OBJECTS = "objects", "有意见"
        ABSTAINS = "abstains", "弃权"
        SILENT_AGREES = "silent_agrees", "逾期视为无意见"
        SILENT = "silent", "逾期未答复"
        ABSENT = "absent", "缺席"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="members")
    department = models.ForeignKey(Department, models.PROTECT, related_name="consultations")
    branch = models.ForeignKey(
        ProjectBranch, models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    reply = models.CharField("答复", max_length=14, choices=Reply, default=Reply.NONE, blank=True)
    words = models.TextField("意见", blank=True)
    other_time = models.DateTimeField("建议时间", null=True, blank=True)
    answered_round = models.PositiveSmallIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    was_silent = models.BooleanField("逾期", default=False)
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "department"], name="a_department_is_asked_once_per_consultation"
            ),
            models.CheckConstraint(
                name="another_time_is_named",
                condition=~Q(reply="other_time") | Q(other_time__isnull=False),
            ),
            models.CheckConstraint(
                name="an_objection_says_what", condition=~Q(reply__in=["objects", "excused"]) | ~Q(words="")
            ),
            models.CheckConstraint(
                name="a_signature_has_its_signer",
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["department", "reply"], name="member_to_answer")]

    def __str__(self):
        return f"{self.department}：{self.get_reply_display()}"

    @property
    def has_answered(self) -> bool:
        return self.reply != self.Reply.NONE
