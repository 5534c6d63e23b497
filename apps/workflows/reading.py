"""读出一个版本: the rows of a version, read once, and the sheet of plain facts that they make."""

import unicodedata
from dataclasses import dataclass

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
    BundleCondition,
    BundleEdge,
    BundleMaterial,
    BundleMaterialUse,
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
    answers: list[BundleAnswer]
    conditions: list[BundleCondition]
    materials: list[BundleMaterial]
    uses: list[BundleMaterialUse]

    @property
    def items(self) -> dict[str, str]:
        """The items of the branches, each with why it cannot be used."""
        return {branch.item.code: why_unusable(branch.item) for branch in self.branches}

    def faults(self) -> list[Fault]:
        return faults_of(self.sheet(), self.items)

    def sheet(self) -> Sheet:
        code_of = {branch.pk: branch.code for branch in self.branches}
        number_of = {stage.pk: stage.number for stage in self.stages}
        brought: dict[int, list[str]] = {}
        for condition in self.conditions:
            brought.setdefault(condition.answer_id, []).append(code_of[condition.branch_id])
        used: dict[int, list[str]] = {}
        for use in self.uses:
            used.setdefault(use.material_id, []).append(code_of[use.branch_id])
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
                        (answer.label, tuple(brought.get(answer.pk, ())))
                        for answer in self.answers
                        if answer.question_id == one.pk
                    ),
                    one.hint,
                )
                for one in self.questions
            ),
            materials=tuple(
                MaterialFacts(one.name, tuple(used.get(one.pk, ())), code_of.get(one.source_id))
                for one in self.materials
            ),
            legal_days=self.version.legal_days,
        )


def parts_of(version: BundleVersion) -> Parts:
    """Eight statements, however large the version is."""
    return Parts(
        version=version,
        stages=list(version.stages.order_by("number")),
        branches=list(version.branches.select_related("item").order_by("stage__number", "id")),
        edges=list(version.edges.order_by("id")),
        questions=list(version.questions.order_by("number")),
        answers=list(version.answers.order_by("question_id", "seq")),
        conditions=list(version.conditions.order_by("id")),
        materials=list(version.materials.order_by("id")),
        uses=list(version.material_uses.order_by("id")),
    )


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
