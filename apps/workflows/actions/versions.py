"""套餐的版本: enter a bundle, draft a version, publish it, give a draft up."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from apps.accounts.models import User

from ..checking import Fault
from ..models import (
    Bundle,
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
from ..reading import Parts, parts_of
from .editing import (
    Broken,
    NotAllowed,
    Verb,
    draft_locked,
    fit_for_an_address,
    for_the_whole_hall,
    needs_words,
    record,
)

State = BundleVersion.State
LIMITS = ("legal_days", "extension_days")
RULES = ("answer_days", "opinion_days", "silence_on_opinion", "silence_on_survey", "silence_on_meeting")
"""What a version says of answers and of silence; a permit is never among them."""


@transaction.atomic
def enter_bundle(
    code: str,
    name: str,
    *,
    audience: str,
    lead: str,
    by: User | None,
    at: datetime,
    coordinator: str = "",
) -> Bundle:
    """新建套餐: with an empty draft as its first version."""
    for_the_whole_hall(by)
    facts = {
        "code": fit_for_an_address(needs_words(code, "请填写套餐编码。", 20)),
        "name": needs_words(name, "请填写套餐名称。", 80),
        "lead": needs_words(lead, "请填写牵头部门。", 60),
        "audience": Bundle.Audience(audience),
        "coordinator": coordinator.strip(),
    }
    try:
        with transaction.atomic():
            bundle = Bundle.objects.create(**facts)
    except IntegrityError as error:
        raise NotAllowed(f"已经有编码为“{facts['code']}”的套餐，请换一个编码。") from error
    record(bundle, Verb.ENTERED, by=by, at=at, facts=facts)
    _new_version(bundle, by=by, at=at)
    return bundle


@transaction.atomic
def draft_version(bundle: Bundle, *, by: User | None, at: datetime) -> BundleVersion:
    """起草新版本: a copy of the one in force, to be edited; what runs by the old one is not touched."""
    for_the_whole_hall(by)
    bundle = _locked(bundle.pk)
    draft = bundle.versions.filter(state=State.DRAFT).first()
    if draft is not None:
        raise NotAllowed(f"第{draft.number}版正在编辑，请接着改它，或先作废。")
    current = bundle.versions.filter(state=State.PUBLISHED).first()
    version = _new_version(bundle, by=by, at=at, current=current)
    if current is not None:
        _copy(parts_of(current), version)
    return version


@transaction.atomic
def publish(version: BundleVersion, *, on: date, by: User | None, at: datetime) -> BundleVersion:
    """发布: checked whole; at one moment the old version is superseded. Running projects keep theirs."""
    bundle = _locked(version.bundle_id)
    parts = draft_locked(version, by=by)
    faults: list[Fault] = parts.faults()
    if faults:
        raise Broken(faults)
    version, current = parts.version, bundle.versions.filter(state=State.PUBLISHED).first()
    if current is not None:
        if on < current.effective_on:
            raise NotAllowed(f"{current}自{current.effective_on}起生效，新版本不能更早。")
        current.state, current.superseded_on = State.SUPERSEDED, on
        current.save(update_fields=["state", "superseded_on"])
    version.state, version.effective_on, version.published_at = State.PUBLISHED, on, at
    version.save(update_fields=["state", "effective_on", "published_at"])
    facts = {"effective_on": on.isoformat(), "supersedes": current.number if current else None}
    record(bundle, Verb.PUBLISHED, version=version, by=by, at=at, facts=facts)
    return version


@transaction.atomic
def set_rules(
    version: BundleVersion,
    *,
    answer_days: int,
    opinion_days: int,
    silence_on_opinion: bool,
    silence_on_survey: bool,
    silence_on_meeting: bool,
    by: User | None,
    at: datetime,
) -> BundleVersion:
    """答复和逾期规则: within how many working days departments answer, and whether their silence counts as no objection.

    It never counts as a signature, a vote, or a permit.
    """
    version = draft_locked(version, by=by).version
    if not 1 <= answer_days <= 5:
        raise NotAllowed("分发后的答复期限是1到5个工作日：五日内须一次告知（行政许可法第三十二条）。")
    if not 1 <= opinion_days <= 30:
        raise NotAllowed("征求意见和会签的答复期限是1到30个工作日。")
    version.answer_days, version.opinion_days = answer_days, opinion_days
    version.silence_on_opinion = silence_on_opinion
    version.silence_on_survey, version.silence_on_meeting = silence_on_survey, silence_on_meeting
    version.save(update_fields=RULES)
    facts = {name: getattr(version, name) for name in RULES}
    record(version.bundle, Verb.RULES_SET, version=version, by=by, at=at, facts=facts)
    return version


@transaction.atomic
def withdraw_draft(version: BundleVersion, *, why: str, by: User | None, at: datetime) -> BundleVersion:
    """作废草稿: it stays on record, and the version in force stays in force."""
    version = draft_locked(version, by=by).version
    why = needs_words(why, "请写明作废的理由。", 200)
    version.state = State.WITHDRAWN
    version.save(update_fields=["state"])
    record(version.bundle, Verb.WITHDRAWN, version=version, by=by, at=at, reason=why)
    return version


def _locked(pk: int) -> Bundle:
    """Against a second publisher or drafter; whoever edits holds a version already, and writes an event that points here."""
    return Bundle.objects.select_for_update(no_key=True).get(pk=pk)


def _new_version(bundle: Bundle, *, by: User | None, at: datetime, current: BundleVersion | None = None):
    last = bundle.versions.order_by("-number").values_list("number", flat=True).first() or 0
    limits = {} if current is None else {name: getattr(current, name) for name in (*LIMITS, *RULES)}
    version = BundleVersion.objects.create(bundle=bundle, number=last + 1, drafted_at=at, **limits)
    facts = {"copied_from": current.number} if current is not None else {}
    record(bundle, Verb.DRAFTED, version=version, by=by, at=at, facts=facts)
    return version


def _copy(parts: Parts, version: BundleVersion) -> None:
    """Every part again, for the new version; a statement per table."""
    stages = _again(BundleStage, parts.stages, version)
    branches = _again(BundleBranch, parts.branches, version, stage_id=stages)
    _again(BundleEdge, parts.edges, version, branch_id=branches, needs_id=branches)
    questions = _again(BundleQuestion, parts.questions, version)
    answers = _again(BundleAnswer, parts.answers, version, question_id=questions)
    _again(
        BundleCondition,
        parts.version.conditions.order_by("id"),
        version,
        answer_id=answers,
        branch_id=branches,
    )
    materials = _again(BundleMaterial, parts.materials, version, source_id=branches)
    _again(
        BundleMaterialUse,
        parts.version.material_uses.order_by("id"),
        version,
        material_id=materials,
        branch_id=branches,
    )


def _again(model, rows: Iterable, version: BundleVersion, **moved: dict[int, int]) -> dict[int, int]:
    """Copies of the rows, pointing at the copies of what they pointed at; gives back the new key of each."""
    rows, made = list(rows), []
    for row in rows:
        facts = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
        facts |= {name: keys.get(facts[name]) for name, keys in moved.items()}
        made.append(model(**facts | {"id": None, "version_id": version.pk}))
    model.objects.bulk_create(made)
    return {old.pk: new.pk for old, new in zip(rows, made, strict=True)}
