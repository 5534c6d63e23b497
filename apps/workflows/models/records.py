"""套餐日志: what was done to a bundle, by whom, when. Written once, never changed."""

import pgtrigger
from django.conf import settings
from django.db import models

from apps.accounts.models import Assignment

from .bundles import Bundle, BundleVersion


class BundleEvent(models.Model):
    """套餐日志."""

    class Verb(models.TextChoices):
        """套餐动作."""

        ENTERED = "entered", "新建套餐"
        DRAFTED = "drafted", "起草新版本"
        FILLED = "filled", "整版填入"
        STAGE_SET = "stage_set", "设定阶段"
        STAGE_DROPPED = "stage_dropped", "去掉阶段"
        BRANCH_ADDED = "branch_added", "增加分项"
        BRANCH_CHANGED = "branch_changed", "修改分项"
        BRANCH_DROPPED = "branch_dropped", "去掉分项"
        CONNECTED = "connected", "连接分项"
        DISCONNECTED = "disconnected", "断开分项"
        ASKED = "asked", "设定情形问题"
        UNASKED = "unasked", "去掉情形问题"
        SHARED = "material_shared", "设定共享材料"
        UNSHARED = "material_unshared", "去掉共享材料"
        RULES_SET = "rules_set", "设定答复和逾期规则"
        PUBLISHED = "published", "发布版本"
        WITHDRAWN = "withdrawn", "作废草稿"

    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="events")
    version = models.ForeignKey(BundleVersion, models.PROTECT, null=True, related_name="events")
    verb = models.CharField("动作", max_length=20, choices=Verb)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # empty: the system
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    reason = models.CharField("说明", max_length=200, blank=True)
    facts = models.JSONField("事实", default=dict)

    class Meta:
        indexes = [models.Index(fields=["version", "id"], name="bundle_event_of_version")]
        triggers = [
            pgtrigger.Protect(
                name="bundle_events_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self):
        return f"{self.bundle_id} {self.verb}"
