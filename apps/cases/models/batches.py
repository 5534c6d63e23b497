"""批量办理: one act over a selection, each case by itself, with its result."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Assignment

from .case import Case


class Batch(models.Model):
    """批量办理单: who chose which act for which cases, and when all of them were through."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", "批量受理"
        DISPATCH = "dispatch", "批量分派"
        PRINT = "print", "批量打印"

    kind = models.CharField("类型", max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_dispatch_says_to_whom", condition=~Q(kind="dispatch") | Q(to__isnull=False)
            )
        ]
        indexes = [
            models.Index(
                fields=["started_at"], name="batch_unfinished", condition=Q(finished_at__isnull=True)
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"


class BatchLine(models.Model):
    """One case of a batch: waiting, done, or refused with the sentence that a clerk reads."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "办成"
        REFUSED = "refused", "没有办成"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    state = models.CharField("结果", max_length=8, choices=State, default=State.WAITING)
    sentence = models.CharField("说明", max_length=500, blank=True)
    done_at = models.DateTimeField("办理时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "case"], name="a_case_stands_once_in_a_batch"),
            models.CheckConstraint(
                name="a_refused_line_says_why", condition=~Q(state="refused") | ~Q(sentence="")
            ),
        ]

    def __str__(self):
        return f"{self.batch} {self.case}"
