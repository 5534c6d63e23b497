"""套餐的内容 as plain facts: stages, branches, edges, answers, materials of one version. Pure: no database, no clock.

A sheet is never changed: each `with_…` and `without_…` gives the sheet as it would be, so that it can be checked before
anything is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

PREREQUISITE, OPINION, DATA = "prerequisite", "opinion", "data"


@dataclass(frozen=True, slots=True)
class StageFacts:
    number: int
    name: str
    lead: str
    days: int


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """分项. `item` is the code of an item, `stage` the number of a stage."""

    code: str
    name: str
    item: str
    department: str
    stage: int
    days: int
    level: str = ""
    is_optional: bool = False
    condition: str = ""

    @property
    def called(self) -> str:
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class EdgeFacts:
    """先后关系: `branch` waits for `needs`, hears it, or takes data from it."""

    branch: str
    needs: str
    kind: str = PREREQUISITE
    only_if_applicable: bool = False

    @property
    def is_hard(self) -> bool:
        return self.kind == PREREQUISITE


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """情形问题: each answer with the codes of the branches that it brings in."""

    number: int
    text: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    """共享材料. `source` is the branch whose result it is; None where the applicant brings it."""

    name: str
    used_by: tuple[str, ...]
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """套餐的一个版本, whole."""

    stages: tuple[StageFacts, ...] = ()
    branches: tuple[BranchFacts, ...] = ()
    edges: tuple[EdgeFacts, ...] = ()
    questions: tuple[QuestionFacts, ...] = ()
    materials: tuple[MaterialFacts, ...] = ()
    legal_days: int = 45

    def called(self, code: str) -> str:
        """A branch by its code and name; by the code alone where it is not there."""
        return next((branch.called for branch in self.branches if branch.code == code), code)

    def with_stage(self, stage: StageFacts) -> "Sheet":
        others = [one for one in self.stages if one.number != stage.number]
        return replace(self, stages=tuple(sorted([*others, stage], key=lambda one: one.number)))

    def without_stage(self, number: int) -> "Sheet":
        return replace(self, stages=tuple(one for one in self.stages if one.number != number))

    def with_branch(self, branch: BranchFacts) -> "Sheet":
        """Added, or put in the place of the one with its code."""
        codes = [one.code for one in self.branches]
        if branch.code not in codes:
            return replace(self, branches=(*self.branches, branch))
        kept = tuple(branch if one.code == branch.code else one for one in self.branches)
        return replace(self, branches=kept)

    def without_branch(self, code: str) -> "Sheet":
        """With all that hung on it: its edges, what brought it in, its materials."""
        return replace(
            self,
            branches=tuple(one for one in self.branches if one.code != code),
            edges=tuple(one for one in self.edges if code not in (one.branch, one.needs)),
            questions=tuple(
                replace(
                    one,
                    answers=tuple((label, _without(brought, code)) for label, brought in one.answers),
                )
                for one in self.questions
            ),
            materials=tuple(
                replace(one, used_by=_without(one.used_by, code))
                for one in self.materials
                if one.source != code
            ),
        )

    def with_edge(self, edge: EdgeFacts) -> "Sheet":
        return replace(self, edges=(*self.edges, edge))

    def without_edge(self, branch: str, needs: str) -> "Sheet":
        kept = tuple(one for one in self.edges if (one.branch, one.needs) != (branch, needs))
        return replace(self, edges=kept)

    def with_question(self, question: QuestionFacts) -> "Sheet":
        others = [one for one in self.questions if one.number != question.number]
        return replace(self, questions=tuple(sorted([*others, question], key=lambda one: one.number)))

    def without_question(self, number: int) -> "Sheet":
        return replace(self, questions=tuple(one for one in self.questions if one.number != number))

    def with_material(self, material: MaterialFacts) -> "Sheet":
        return replace(self, materials=(*self.materials, material))

    def without_material(self, name: str) -> "Sheet":
        return replace(self, materials=tuple(one for one in self.materials if one.name != name))


def _without(codes: Iterable[str], code: str) -> tuple[str, ...]:
    return tuple(one for one in codes if one != code)
