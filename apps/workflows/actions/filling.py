"""整版填入: a whole sheet into an empty draft, checked once; for what comes from a file."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.items.models import Item

from ..checking import Sheet
from ..models import (
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
from ..reading import key_of, why_unusable
from .editing import NotAllowed, Verb, check, draft_locked, record


@transaction.atomic
def fill_draft(version: BundleVersion, sheet: Sheet, *, by: User | None, at: datetime) -> BundleVersion:
    """整版填入: everything at once, a statement per table; the same checks as piece by piece."""
    parts = draft_locked(version, by=by)
    if parts.stages or parts.branches or parts.questions or parts.materials:
        raise NotAllowed(f"{parts.version}已经有内容，只能逐项修改。")
    items = {item.code: item for item in Item.objects.filter(code__in={one.item for one in sheet.branches})}
    check(parts, sheet, also={code: why_unusable(item) for code, item in items.items()})
    branches = _branches(parts.version, sheet, items)
    BundleEdge.objects.bulk_create(
        BundleEdge(
            version=parts.version,
            branch=branches[one.branch],
            needs=branches[one.needs],
            kind=BundleEdge.Kind(one.kind),
            only_if_applicable=one.only_if_applicable,
        )
        for one in sheet.edges
    )
    _questions(parts.version, sheet, branches)
    _materials(parts.version, sheet, branches)
    facts = {"stages": len(sheet.stages), "branches": len(sheet.branches), "edges": len(sheet.edges)}
    record(parts.version.bundle, Verb.FILLED, version=parts.version, by=by, at=at, facts=facts)
    return parts.version


def _branches(version: BundleVersion, sheet: Sheet, items: dict[str, Item]) -> dict[str, BundleBranch]:
    stages = BundleStage.objects.bulk_create(
        BundleStage(version=version, number=one.number, name=one.name, lead=one.lead, days=one.days)
        for one in sheet.stages
    )
    stage_by_number = {stage.number: stage for stage in stages}
    made = BundleBranch.objects.bulk_create(
        BundleBranch(
            version=version,
            stage=stage_by_number[one.stage],
            code=one.code,
            name=one.name or items[one.item].name,
            item=items[one.item],
            department=one.department,
            level=one.level,
            days=one.days,
            is_optional=one.is_optional,
            condition=one.condition,
        )
        for one in sheet.branches
    )
    return {branch.code: branch for branch in made}


def _questions(version: BundleVersion, sheet: Sheet, branches: dict[str, BundleBranch]) -> None:
    questions = BundleQuestion.objects.bulk_create(
        BundleQuestion(version=version, number=one.number, text=one.text, hint=one.hint)
        for one in sheet.questions
    )
    listed = [
        (question, seq, label, brought)
        for question, facts in zip(questions, sheet.questions, strict=True)
        for seq, (label, brought) in enumerate(facts.answers, start=1)
    ]
    answers = BundleAnswer.objects.bulk_create(
        BundleAnswer(version=version, question=question, seq=seq, label=label)
        for question, seq, label, _ in listed
    )
    BundleCondition.objects.bulk_create(
        BundleCondition(version=version, answer=answer, branch=branches[code])
        for answer, (*_, brought) in zip(answers, listed, strict=True)
        for code in brought
    )


def _materials(version: BundleVersion, sheet: Sheet, branches: dict[str, BundleBranch]) -> None:
    materials = BundleMaterial.objects.bulk_create(
        BundleMaterial(version=version, name=one.name, key=key_of(one.name), source=branches.get(one.source))
        for one in sheet.materials
    )
    BundleMaterialUse.objects.bulk_create(
        BundleMaterialUse(version=version, material=material, branch=branches[code])
        for material, one in zip(materials, sheet.materials, strict=True)
        for code in one.used_by
    )
