"""读出一个版本: the rows of a version, read once, and the sheet of plain facts that they make."""

import unicodedata
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Value

from apps.items.models import Item

from .checking import (
    BranchFacts,
    EdgeFacts,
    Fault,
    MaterialFacts,
    QuestionFacts,
    Sheet,
    StageFacts,
    faults_of,
)
from .models import (
    BundleAnswer,
    BundleBranch,
    BundleEdge,
    BundleMaterial,
    BundleQuestion,
    BundleStage,
    BundleVersion,
)

USABLE = (Item.State.ACTIVE, Item.State.CONVERTED, Item.State.BUNDLE_ONLY)


def key_of(name: str) -> str:
    """材料名称 as names are compared: 营业执照（副本） and 营业执照 (副本) are one paper."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def why_unusable(item: Item) -> str:
    """Why no branch can be made of an item; empty where one can."""
    if item.state not in USABLE:
        return f"事项“{item.name}”{item.get_state_display()}，不能放进套餐。"
    if item.current_id is None:
        return f"事项“{item.name}”还没有发布办事指南，不能放进套餐。"
    return ""


@dataclass(slots=True)
class Parts:
    """一个版本的全部内容, in the order in which it is shown."""

    version: BundleVersion
    stages: list[BundleStage]
    branches: list[BundleBranch]
    edges: list[BundleEdge]
    questions: list[BundleQuestion]
    answers: list[BundleAnswer]  # with `brought`, the keys of the branches that each brings in
    materials: list[BundleMaterial]  # with `used_by`, the keys of the branches that use each

    @property
    def items(self) -> dict[str, str]:
        """The items of the branches, each with why it cannot be used."""
        return {branch.item.code: why_unusable(branch.item) for branch in self.branches}

    def faults(self) -> list[Fault]:
        return faults_of(self.sheet(), self.items)

    def sheet(self) -> Sheet:
        code_of = {branch.pk: branch.code for branch in self.branches}
        number_of = {stage.pk: stage.number for stage in self.stages}
        return Sheet(
            stages=tuple(StageFacts(one.number, one.name, one.lead, one.days) for one in self.stages),
            branches=tuple(_branch(one, number_of[one.stage_id]) for one in self.branches),
            edges=tuple(
                EdgeFacts(code_of[one.branch_id], code_of[one.needs_id], one.kind, one.only_if_applicable)
                for one in self.edges
            ),
            questions=tuple(
                QuestionFacts(
                    one.number,
                    one.text,
                    tuple(
                        (answer.label, tuple(code_of[pk] for pk in answer.brought))
                        for answer in self.answers
                        if answer.question_id == one.pk
                    ),
                    one.hint,
                )
                for one in self.questions
            ),
            materials=tuple(
                MaterialFacts(one.name, tuple(code_of[pk] for pk in one.used_by), code_of.get(one.source_id))
                for one in self.materials
            ),
            legal_days=self.version.legal_days,
        )


def parts_of(version: BundleVersion) -> Parts:
    """Six statements, however large the version is."""
    return Parts(
        version=version,
        stages=list(version.stages.order_by("number")),
        branches=list(version.branches.select_related("item").order_by("stage__number", "id")),
        edges=list(version.edges.order_by("id")),
        questions=list(version.questions.order_by("number")),
        answers=list(_with_branches(version.answers, "brought", "conditions").order_by("question_id", "seq")),
        materials=list(_with_branches(version.materials, "used_by", "uses").order_by("id")),
    )


def _with_branches(rows, name: str, through: str) -> QuerySet:
    keys = ArrayAgg(
        f"{through}__branch_id",
        filter=Q(**{f"{through}__isnull": False}),
        order_by=f"{through}__id",
        default=Value([]),
    )
    return rows.annotate(**{name: keys})


def _branch(row: BundleBranch, stage: int) -> BranchFacts:
    return BranchFacts(
        code=row.code,
        name=row.name,
        item=row.item.code,
        department=row.department,
        stage=stage,
        days=row.days,
        level=row.level,
        is_optional=row.is_optional,
        condition=row.condition,
    )
