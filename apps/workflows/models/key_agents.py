"""重点项目代办: who goes for the investor, under which mandate; visits; hand-overs with two signatures (D-24)."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.accounts.models import Mandate

from .key_projects import KeyProject


class KeyAgentQuerySet(models.QuerySet):
    def present(self):
        return self.filter(ended_at=None)


class KeyAgent(models.Model):
    """代办员 of a key project, for a time. The mandate decides day by day whether he may act."""

    key_project = models.ForeignKey(KeyProject, models.PROTECT, related_name="agents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="key_projects_served")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="key_agents")
    from_at = models.DateTimeField("自")
    ended_at = models.DateTimeField("至", null=True, blank=True)
    ended_why = models.CharField("终止理由", max_length=200, blank=True)

    objects = KeyAgentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key_project"],
                condition=Q(ended_at=None),
                name="a_key_project_has_one_agent_at_a_time",
            ),
            models.CheckConstraint(
                name="an_agent_ends_after_he_began_and_says_why",
                condition=Q(ended_at=None, ended_why="")
                | (Q(ended_at__isnull=False, ended_at__gte=F("from_at")) & ~Q(ended_why="")),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="key_agent_at_work", condition=Q(ended_at=None)),
        ]

    def __str__(self):
        return f"{self.user}代办{self.key_project_id}"

    def may_act_on(self, day: date) -> bool:
        """Whether he is the agent still and his mandate holds."""
        mandate = self.mandate
        in_time = mandate.valid_from <= day and (mandate.valid_to is None or day <= mandate.valid_to)
        return self.ended_at is None and mandate.revoked_at is None and in_time


class KeyVisit(models.Model):
    """上门服务: written once; what was wrong is put right by another entry."""

    key_project = models.ForeignKey(KeyProject, models.PROTECT, related_name="visits")
    visited_on = models.DateField("上门日期")
    place = models.CharField("地点", max_length=120)
    done = models.CharField("办了什么", max_length=500)
    next_step = models.CharField("下一步", max_length=300)
    next_on = models.DateField("下一步日期", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("记录时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_visit_says_where_what_and_what_next",
                condition=~Q(place="") & ~Q(done="") & ~Q(next_step=""),
            ),
            models.CheckConstraint(
                name="the_next_step_comes_not_before_the_visit",
                condition=Q(next_on=None) | Q(next_on__gte=F("visited_on")),
            ),
        ]
        indexes = [models.Index(fields=["key_project", "-visited_on", "-id"], name="visit_of_key_project")]
        triggers = [
            pgtrigger.Protect(name="visits_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.visited_on} {self.place}"


class KeyHandover(models.Model):
    """代办交接: the papers go from one agent to the next; whoever gave and whoever took each sign for themselves."""

    key_project = models.ForeignKey(KeyProject, models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(KeyAgent, models.PROTECT, related_name="+")
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="接收人"
    )
    note = models.CharField("交接说明", max_length=300, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField("交出签名时间")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField("接收签名时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key_project"],
                condition=Q(taken_at=None, withdrawn_at=None),
                name="one_hand_over_is_open_at_a_time",
            ),
            models.CheckConstraint(
                name="two_people_sign_a_hand_over",
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_at__isnull=False, taken_by__isnull=False, taken_by=F("taker"))
                & ~Q(taken_by=F("given_by")),
            ),
            models.CheckConstraint(
                name="what_was_taken_is_not_withdrawn", condition=Q(taken_at=None) | Q(withdrawn_at=None)
            ),
        ]
        indexes = [models.Index(fields=["key_project", "-id"], name="handover_of_key_project")]

    def __str__(self):
        return f"{self.key_project_id} {self.given_at}"

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.withdrawn_at is None


class KeyHandoverPaper(models.Model):
    """交接材料清单的一行."""

    handover = models.ForeignKey(KeyHandover, models.PROTECT, related_name="papers")
    seq = models.PositiveSmallIntegerField("序号")
    name = models.CharField("材料", max_length=120)
    originals = models.PositiveSmallIntegerField("原件份数")
    copies = models.PositiveSmallIntegerField("复印件份数")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "seq"], name="a_paper_stands_once_on_the_list"),
            models.CheckConstraint(
                name="a_paper_handed_over_is_there",
                condition=(Q(originals__gte=1) | Q(copies__gte=1)) & ~Q(name=""),
            ),
        ]

    def __str__(self):
        return self.name
