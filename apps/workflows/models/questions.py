"""情形问卷和共享材料: which answers bring which branches in, and which papers are asked for once."""

from django.db import models
from django.db.models import Q

from .bundles import BundleVersion
from .parts import BundleBranch
from .triggers import only_in_a_draft


class BundleQuestion(models.Model):
    """情形问题: asked once at the intake; without it nobody knows whether an optional branch applies."""

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField("第几问")
    text = models.CharField("问题", max_length=160)
    hint = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="question_number_unique_per_version"),
            models.UniqueConstraint(fields=["id", "version"], name="question_belongs_to_one_version"),
            models.CheckConstraint(name="a_question_asks_something", condition=~Q(text="")),
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return self.text


class BundleAnswer(models.Model):
    """可选答案 of one question."""

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="answers")
    question = models.ForeignKey(BundleQuestion, models.CASCADE, related_name="answers")
    seq = models.PositiveSmallIntegerField("序号")
    label = models.CharField("答案", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "seq"], name="answer_seq_unique_per_question"),
            models.UniqueConstraint(fields=["question", "label"], name="a_question_offers_an_answer_once"),
            models.UniqueConstraint(fields=["id", "version"], name="answer_belongs_to_one_version"),
            models.CheckConstraint(name="an_answer_says_something", condition=~Q(label="")),
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return self.label


class BundleCondition(models.Model):
    """适用条件: this answer brings this branch in. Of several, one is enough."""

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="conditions")
    answer = models.ForeignKey(BundleAnswer, models.CASCADE, related_name="conditions")
    branch = models.ForeignKey(BundleBranch, models.CASCADE, related_name="conditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "branch"], name="an_answer_brings_a_branch_in_once")
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return f"{self.answer}：{self.branch}"


class BundleMaterial(models.Model):
    """共享材料: asked for once for all branches that use it, or (with `source`) not at all, being the result of a branch.

    `key` is the name as names are compared: without blanks, brackets and letters in one width.
    """

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="materials")
    name = models.CharField("材料名称", max_length=160)
    key = models.CharField("比对名称", max_length=160)
    source = models.ForeignKey(
        BundleBranch,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="results",
        verbose_name="由哪个分项产生",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="a_material_is_shared_once_per_version"),
            models.UniqueConstraint(fields=["id", "version"], name="material_belongs_to_one_version"),
            models.CheckConstraint(name="a_material_has_a_name", condition=~Q(name="") & ~Q(key="")),
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return self.name


class BundleMaterialUse(models.Model):
    """用到共享材料的分项."""

    version = models.ForeignKey(BundleVersion, models.PROTECT, related_name="material_uses")
    material = models.ForeignKey(BundleMaterial, models.CASCADE, related_name="uses")
    branch = models.ForeignKey(BundleBranch, models.CASCADE, related_name="material_uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["material", "branch"], name="a_branch_uses_a_material_once")
        ]
        triggers = [only_in_a_draft()]

    def __str__(self):
        return f"{self.material}：{self.branch}"
