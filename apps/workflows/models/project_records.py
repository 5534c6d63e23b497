"""项目日志: what was done to a project, by whom, under which role, when and why. Written once, never changed."""

import pgtrigger
from django.conf import settings
from django.db import models

from apps.accounts.models import Assignment

from ..states import Verb
from .branches import ProjectBranch
from .consultations import Consultation
from .projects import Project, ProjectStage


class ProjectEvent(models.Model):
    """项目日志."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="events")
    stage = models.ForeignKey(ProjectStage, models.PROTECT, null=True, related_name="events")
    branch = models.ForeignKey(ProjectBranch, models.PROTECT, null=True, related_name="events")
    consultation = models.ForeignKey(Consultation, models.PROTECT, null=True, related_name="events")
    verb = models.CharField("动作", max_length=20, choices=Verb)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # empty: the system
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    before = models.CharField("原状态", max_length=10, blank=True)
    after = models.CharField("新状态", max_length=10, blank=True)
    reason = models.TextField("说明", blank=True)
    facts = models.JSONField("事实", default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["project", "id"], name="event_of_project"),
            models.Index(fields=["at"], name="event_of_chasing", condition=models.Q(verb="chased")),
        ]
        triggers = [
            pgtrigger.Protect(
                name="project_events_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.project_id} {self.verb}"
