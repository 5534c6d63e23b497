"""红黄牌 (电子监察): a warning hung on a case by a rule and a clock, once, with somebody who answers for it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from apps.cases.models import Case, CaseEvent
from apps.points.models import Department
from apps.workflows.models import Project, ProjectEvent


class Colour(models.TextChoices):
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"


class Rule(models.TextChoices):
    """预警规则 (docs/rules.md)."""

    DUE_SOON = "due_soon", "临期未办结"
    OVERDUE = "overdue", "超期未办结"
    DEEMED_ACCEPTED = "deemed_accepted", "逾期未答复，视为受理"
    PRE_REVIEW_LATE = "pre_review_late", "预审超过答复目标"
    HAND_UP_LATE = "hand_up_late", "代收材料逾期未上交"
    FORWARD_LATE = "forward_late", "超期未上报"
    REPEATED_NOTICE = "repeated_notice", "多次补正"
    SILENT = "silent", "会商或分发逾期未答复"
    STAGE_DEEMED = "stage_deemed", "阶段逾期未受理，视为受理"


class Clock(models.TextChoices):
    COMMITTED = "committed", "承诺期限"
    STATUTORY = "statutory", "法定期限"
    NOTICE = "notice", "一次告知期限"
    PRE_REVIEW = "pre_review", "预审目标"
    HAND_UP = "hand_up", "上交期限"
    FORWARD = "forward", "上报期限"
    CONSULTATION = "consultation", "会商答复期限"


class CardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A card is seen by whoever sees its case, or its joint project."""
        of_cases = Q(case__in=Case.objects.visible_to(user))
        return self.filter(of_cases | Q(project__in=Project.objects.visible_to(user).filed()))

    def under(self, path: str):
        """Of what came in at a place or below it."""
        return self.filter(Q(case__intake_path__startswith=path) | Q(project__path__startswith=path))

    def standing(self):
        """Not revoked; revoked cards are kept, and left out of every count."""
        return self.filter(revoked_at=None)

    def yellow(self):
        return self.filter(colour=Colour.YELLOW)

    def red(self):
        return self.filter(colour=Colour.RED)

    def for_list(self):
        return self.select_related("case__item", "case__point", "project__point", "department", "responsible")


class Card(models.Model):
    """One card per case, rule and clock. `due_on` is the date that was neared or passed.

    A department that kept silent in a joint project gets a card of the `project`, one for each event that says so.

    When a calendar moves that date, the event that moved it withdraws the card (`withdrawn_by`), and the new date may bring
    another. A card that a person revoked is never given again.
    """

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="cards")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="cards")
    noted_by = models.ForeignKey(
        ProjectEvent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录逾期的日志"
    )
    rule = models.CharField("规则", max_length=20, choices=Rule)
    clock = models.CharField("时钟", max_length=12, choices=Clock)
    colour = models.CharField("牌色", max_length=6, choices=Colour)
    is_escalated = models.BooleanField("升级", default=False)
    due_on = models.DateField("期限")
    issued_at = models.DateTimeField("发出时间")
    issued_on = models.DateField("发出日")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="cards")
    responsible = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="cards")
    explanation = models.TextField("说明", blank=True)
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explained_at = models.DateTimeField("说明时间", null=True)
    is_appeal = models.BooleanField("申诉", default=False)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoke_reason = models.TextField("撤销理由", blank=True)
    withdrawn_by = models.ForeignKey(
        CaseEvent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="使期限变动的日志"
    )

    objects = CardQuerySet.as_manager()

    class Meta:
        permissions = [
            ("view_dashboard", "可看监督看板"),
            ("answer_card", "可说明或申诉红黄牌"),
            ("revoke_card", "可撤销红黄牌"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "rule", "clock"],
                condition=Q(withdrawn_by=None),
                name="one_card_per_case_rule_and_clock",
            ),
            models.UniqueConstraint(
                fields=["noted_by", "department"], name="one_card_per_silence_and_department"
            ),
            models.CheckConstraint(
                name="a_card_is_of_a_case_or_of_a_project",
                condition=Q(case__isnull=False, project=None, noted_by=None)
                | Q(case=None, project__isnull=False, noted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_withdrawn_card_is_a_revoked_one",
                condition=Q(withdrawn_by=None) | Q(revoked_at__isnull=False, revoked_by=None),
            ),
            models.CheckConstraint(
                name="a_revoked_card_says_why", condition=Q(revoked_at=None) | ~Q(revoke_reason="")
            ),
        ]
        indexes = [models.Index(fields=["issued_on", "colour"], name="card_by_day")]

    def __str__(self):
        return f"{self.get_colour_display()} {self.get_rule_display()}"

    @property
    def about(self) -> str:
        """What it hangs on: the item of a case, or the project."""
        return self.case.item.name if self.case_id else self.project.name

    @property
    def number(self) -> str:
        return self.case.number if self.case_id else self.project.number

    @property
    def place(self):
        return self.case.point if self.case_id else self.project.point

    @property
    def words(self) -> str:
        return f"{self.get_colour_display()}{'（升级）' if self.is_escalated else ''}"


class DaySeal(models.Model):
    """日封存: the Merkle root over all events of one day, chained to the day before. Written once, never changed.

    `leaves` holds for each event its number (8 bytes) and its hash (32 bytes), in order: it names the row that changed.
    """

    day = models.DateField("日期", unique=True)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="following")
    count = models.PositiveIntegerField("事件数")
    root = models.CharField("当日根", max_length=64)
    seal = models.CharField("封存值", max_length=64)
    leaves = models.BinaryField(editable=False)
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Value(1), condition=Q(previous=None), name="only_one_day_is_the_first_of_all"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="seals_are_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.day} {self.seal[:12]}"
