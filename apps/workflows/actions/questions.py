"""情形问卷和共享材料 of a draft."""

from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ..checking import MaterialFacts, QuestionFacts
from ..models import (
    BundleAnswer,
    BundleCondition,
    BundleMaterial,
    BundleMaterialUse,
    BundleQuestion,
    BundleVersion,
)
from ..reading import key_of
from .editing import NotAllowed, Verb, check, draft_locked, needs_words, record


@transaction.atomic
def ask(version: BundleVersion, question: QuestionFacts, *, by: User | None, at: datetime) -> BundleQuestion:
    """设定情形问题: asked, or asked anew, by its number. An answer brings in the branches that are named with it."""
    parts = draft_locked(version, by=by)
    question = _spoken(question)
    check(parts, parts.sheet().with_question(question))
    BundleQuestion.objects.filter(version=parts.version, number=question.number).delete()
    row = BundleQuestion.objects.create(
        version=parts.version, number=question.number, text=question.text, hint=question.hint
    )
    key_by_code = {branch.code: branch.pk for branch in parts.branches}
    answers = BundleAnswer.objects.bulk_create(
        BundleAnswer(version=parts.version, question=row, seq=seq, label=label)
        for seq, (label, _) in enumerate(question.answers, start=1)
    )
    BundleCondition.objects.bulk_create(
        BundleCondition(version=parts.version, answer=answer, branch_id=key_by_code[code])
        for answer, (_, brought) in zip(answers, question.answers, strict=True)
        for code in brought
    )
    record(parts.version.bundle, Verb.ASKED, version=parts.version, by=by, at=at, facts=asdict(question))
    return row


@transaction.atomic
def unask(version: BundleVersion, number: int, *, by: User | None, at: datetime) -> None:
    """去掉情形问题."""
    parts = draft_locked(version, by=by)
    row = next((one for one in parts.questions if one.number == number), None)
    if row is None:
        raise NotAllowed(f"这一版没有第{number}问，可能刚刚被去掉了。")
    row.delete()
    facts = {"number": number, "text": row.text}
    record(parts.version.bundle, Verb.UNASKED, version=parts.version, by=by, at=at, facts=facts)


@transaction.atomic
def share_material(
    version: BundleVersion, material: MaterialFacts, *, by: User | None, at: datetime
) -> BundleMaterial:
    """设定共享材料: asked for once for all that use it; with a source, the result of that branch and not asked for."""
    parts = draft_locked(version, by=by)
    material = replace(
        material,
        name=needs_words(material.name, "请填写材料名称。", 160),
        used_by=tuple(dict.fromkeys(material.used_by)),
    )
    key = key_of(material.name)
    if any(one.key == key for one in parts.materials):
        raise NotAllowed(f"共享材料里已经有“{material.name}”，要改请先去掉它。")
    if material.source in material.used_by:
        raise NotAllowed("一个分项不能等自己的结果作材料，请去掉它。")
    check(parts, parts.sheet().with_material(material))
    key_by_code = {branch.code: branch.pk for branch in parts.branches}
    row = BundleMaterial.objects.create(
        version=parts.version,
        name=material.name,
        key=key,
        source_id=key_by_code[material.source] if material.source else None,
    )
    BundleMaterialUse.objects.bulk_create(
        BundleMaterialUse(version=parts.version, material=row, branch_id=key_by_code[code])
        for code in material.used_by
    )
    facts = asdict(material)
    record(parts.version.bundle, Verb.SHARED, version=parts.version, by=by, at=at, facts=facts)
    return row


@transaction.atomic
def unshare_material(version: BundleVersion, name: str, *, by: User | None, at: datetime) -> None:
    """去掉共享材料: each branch asks for it by itself again."""
    parts = draft_locked(version, by=by)
    row = next((one for one in parts.materials if one.key == key_of(name)), None)
    if row is None:
        raise NotAllowed(f"共享材料里没有“{name}”，可能刚刚被去掉了。")
    row.delete()
    facts = {"name": row.name}
    record(parts.version.bundle, Verb.UNSHARED, version=parts.version, by=by, at=at, facts=facts)


def _spoken(question: QuestionFacts) -> QuestionFacts:
    if not 1 <= question.number <= 99:
        raise NotAllowed("问题从1编到99。")
    answers = tuple(
        (needs_words(label, "请填写答案。", 60), tuple(dict.fromkeys(brought)))
        for label, brought in question.answers
    )
    labels = [label for label, _ in answers]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise NotAllowed("一个问题要有两个以上不同的答案。")
    return replace(
        question,
        text=needs_words(question.text, "请填写问题。", 160),
        hint=question.hint.strip()[:200],
        answers=answers,
    )
