"""套餐指南: what a bundle comes to for somebody's answers, before anything is filed. Read-only.

The rows are those a draft would get, by the same rules, only that they are not stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from apps.items.models import Item, ItemVersion, Material, Necessity
from apps.points.models import ServicePoint

from .actions.laying_out import WantedPaper, brought_so_far, papers_wanted, sketched
from .checking.days import longest
from .models import Bundle, BundleQuestion, BundleVersion, Project, ProjectBranch
from .one_form import keys_in, merged
from .places import hall_of
from .prerequisites import needs_of
from .reading import Parts, parts_of
from .states import BranchState

HINTS = 3  # bundles that a search or a guide of one item names


@dataclass(frozen=True, slots=True)
class Matter:
    """要办的一件事: a branch that applies, what it results in, and which results it waits for."""

    branch: ProjectBranch
    version: ItemVersion
    department: str
    waits_for: tuple[str, ...]

    @property
    def result(self) -> str:
        return self.version.result_name or self.branch.name


@dataclass(frozen=True, slots=True)
class Paper:
    """要交的一份材料, once, with the names of all who use it. `source` names the branch that makes it."""

    name: str
    line: Material
    necessity: str
    used_by: tuple[str, ...]
    source: str = ""


@dataclass(slots=True)
class BundleGuide:
    """`open_questions` are those without a valid answer; what they could add is not in the lists yet."""

    version: BundleVersion
    parts: Parts
    answers: dict[str, str]
    open_questions: dict[str, str]
    matters: list[Matter]
    papers: list[Paper]
    produced: list[Paper]
    fields: int
    fields_one_by_one: int
    days: int
    days_in_a_row: int

    @property
    def is_complete(self) -> bool:
        return not self.open_questions

    @property
    def to_bring(self) -> list[Paper]:
        """What the applicant has to do with; some of it only where its situation applies."""
        return [paper for paper in self.papers if paper.necessity != Necessity.SHARED]

    @property
    def to_hand_in(self) -> list[Paper]:
        return [paper for paper in self.to_bring if paper.necessity != Necessity.SITUATIONAL]

    @property
    def by_situation(self) -> int:
        return len(self.to_bring) - len(self.to_hand_in)

    @property
    def spared(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.necessity == Necessity.SHARED]

    @property
    def not_asked(self) -> int:
        """How many papers nobody has to bring: what a department looks up, and what comes out of a matter."""
        return len(self.spared) + len(self.produced)

    @property
    def departments(self) -> list[str]:
        return list(dict.fromkeys(matter.department for matter in self.matters))

    @property
    def asked_one_by_one(self) -> int:
        """How many papers the items would ask for, one by one."""
        return sum(len(paper.used_by) for paper in (*self.papers, *self.produced))

    @property
    def questions(self) -> list[tuple[BundleQuestion, list[str], str, str]]:
        """Each question with the answers it offers, the one given, and what is wrong with it."""
        offered: dict[int, list[str]] = {}
        for answer in self.parts.answers:
            offered.setdefault(answer.question_id, []).append(answer.label)
        return [
            (
                one,
                offered.get(one.pk, []),
                self.answers.get(str(one.number), ""),
                self.open_questions.get(f"question-{one.number}", ""),
            )
            for one in self.parts.questions
        ]


def guide_of(
    version: BundleVersion, answers: dict[str, str], *, at_point: ServicePoint | None = None
) -> BundleGuide:
    """By the answers so far. With a place, the departments are those of that hall."""
    parts = parts_of(version)
    sheet = parts.sheet()
    codes, open_questions = brought_so_far(sheet, answers)
    point = hall_of(at_point) if at_point else None
    project = Project(bundle=version.bundle, version=version, point=point, answers=answers)
    work = sketched(project, parts, codes)
    applying = [branch for branch in work.branches if branch.state != BranchState.NOT_NEEDED]
    versions = ItemVersion.objects.in_bulk({branch.item_version_id for branch in work.branches})
    keys = keys_in([(versions[one.item_version_id].form_fields, True) for one in work.branches])
    forms = [versions[branch.item_version_id].form_fields for branch in applying]
    papers = [_paper(wanted) for wanted in papers_wanted(work, parts).values()]
    facts = [one for one in sheet.branches if one.code in codes]
    return BundleGuide(
        version=version,
        parts=parts,
        answers=answers,
        open_questions=open_questions,
        matters=_matters(version, applying, versions),
        papers=[paper for paper in papers if not paper.source],
        produced=[paper for paper in papers if paper.source],
        fields=len(merged(forms, keys)),
        fields_one_by_one=sum(len(form) for form in forms),
        days=longest(facts, sheet.edges).days if facts else 0,
        days_in_a_row=sum(one.days for one in facts),
    )


def with_items(items: Iterable[Item], *, on: date, words: str = "", most: int = HINTS) -> list[BundleVersion]:
    """可以一起办的套餐: those in force that handle one of these items, and those whose name has the words."""
    wanted = Q(branches__item__in=[item.pk for item in items])
    if words:
        wanted |= Q(bundle__name__icontains=words)
    found = BundleVersion.objects.in_force_on(on).filter(wanted).select_related("bundle").distinct()
    return sorted(found, key=lambda one: (words not in one.bundle.name, *_place(one)))[:most]


def on_offer(*, on: date) -> list[BundleVersion]:
    """现在可以办的套餐: one version of each, for citizens first."""
    return sorted(BundleVersion.objects.in_force_on(on).select_related("bundle"), key=_place)


def _place(version: BundleVersion) -> tuple[int, str]:
    audiences = (Bundle.Audience.CITIZEN, Bundle.Audience.COMPANY, Bundle.Audience.INVESTMENT)
    return audiences.index(version.bundle.audience), version.bundle.code


def _matters(
    version: BundleVersion, applying: list[ProjectBranch], versions: dict[int, ItemVersion]
) -> list[Matter]:
    needs, by_branch = needs_of(version.pk), {one.branch_id: one for one in applying}
    results = {pk: versions[one.item_version_id].result_name or one.name for pk, one in by_branch.items()}
    return [
        Matter(
            branch=one,
            version=versions[one.item_version_id],
            department=one.department.name if one.department else one.branch.department,
            waits_for=tuple(results[need] for need in needs.get(one.branch_id, ()) if need in results),
        )
        for one in applying
    ]


def _paper(wanted: WantedPaper) -> Paper:
    return Paper(
        name=wanted.name,
        line=wanted.lines[0][1],
        necessity=wanted.necessity,
        used_by=tuple(branch.name for branch, _ in wanted.lines),
        source=wanted.source.name if wanted.source else "",
    )
