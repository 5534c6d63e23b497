"""办件日志与编号: what happened to a case, to whom it is opened, and what keeps numbers and filings single."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Assignment
from apps.points.models import Department

from ..states import Verb
from .case import Case


class CaseEvent(models.Model):
    """办件日志: what happened, to which case, by whom, under which role, when and why. Written once, never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    verb = models.CharField("动作", max_length=24, choices=Verb)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # empty: the system
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    before = models.CharField("原状态", max_length=14, blank=True)
    after = models.CharField("新状态", max_length=14, blank=True)
    reason = models.TextField("说明", blank=True)
    facts = models.JSONField("事实", default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="event_of_case"),
            models.Index(fields=["at", "id"], name="event_by_time"),
            models.Index(
                models.F("facts__amendment"),
                "id",
                name="event_of_amendment",
                condition=Q(verb="recomputed"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="events_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.case_id} {self.verb}"


class CaseShare(models.Model):
    """授权查看: an upper floor opens one case to a department or a person, for a reason and a time."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="shares")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="shared_cases"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="shared_cases"
    )
    why = models.CharField("事由", max_length=200)
    until = models.DateField("至", null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_share_is_with_a_department_or_a_person",
                condition=Q(department__isnull=False, user=None) | Q(department=None, user__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.case_id}"


class DaySerial(models.Model):
    """流水号: the last serial given out for a region on a day; taken by one upsert, so two counters never share one."""

    region = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "day"], name="one_serial_per_region_and_day")
        ]

    def __str__(self):
        return f"{self.region} {self.day}: {self.last}"


class FilingKey(models.Model):
    """幂等键: the same filing sent twice by a machine makes one case; the same key with another body is refused."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="filing_keys")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    case = models.ForeignKey(Case, models.CASCADE, related_name="filing_keys")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_filing_per_user_and_key")]

    def __str__(self):
        return self.key
