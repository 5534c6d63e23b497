"""阶段、分项、先后关系: how a draft is put together. Every edit is checked before it is written."""

from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.items.models import Item
from apps.points.models import Level

from ..checking import BranchFacts, EdgeFacts, StageFacts
from ..models import LONGEST, BundleBranch, BundleEdge, BundleStage, BundleVersion
from ..reading import Parts, why_unusable
from .editing import NotAllowed, Verb, check, draft_locked, fit_for_an_address, needs_words, record


@transaction.atomic
def set_stage(version: BundleVersion, facts: StageFacts, *, by: User | None, at: datetime) -> BundleStage:
    """设定阶段: made, or changed, by its number. The lead may be named later, before publishing."""
    parts = draft_locked(version, by=by)
    facts = replace(facts, name=needs_words(facts.name, "请填写阶段名称。", 40), lead=facts.lead.strip()[:60])
    if not 1 <= facts.number <= 20:
        raise NotAllowed("阶段从1编到20。")
    _sensible(facts.days, least=1)
    check(parts, parts.sheet().with_stage(facts))
    stage, _ = BundleStage.objects.update_or_create(
        version=parts.version,
        number=facts.number,
        defaults={"name": facts.name, "lead": facts.lead, "days": facts.days},
    )
    _record(parts, Verb.STAGE_SET, by=by, at=at, facts=asdict(facts))
    return stage


@transaction.atomic
def drop_stage(version: BundleVersion, number: int, *, by: User | None, at: datetime) -> None:
    """去掉阶段: one in which nothing is left."""
    parts = draft_locked(version, by=by)
    stage = next((one for one in parts.stages if one.number == number), None)
    if stage is None:
        raise NotAllowed(f"这一版没有第{number}阶段。")
    held = [str(branch) for branch in parts.branches if branch.stage_id == stage.pk]
    if held:
        raise NotAllowed(f"第{number}阶段还有分项：{'、'.join(held)}，请先移到别的阶段或去掉。")
    stage.delete()
    _record(parts, Verb.STAGE_DROPPED, by=by, at=at, facts={"number": number, "name": stage.name})


@transaction.atomic
def add_branch(version: BundleVersion, facts: BranchFacts, *, by: User | None, at: datetime) -> BundleBranch:
    """增加分项: an item of the catalogue, at a department, in a stage. Without a name it is called as its item."""
    parts = draft_locked(version, by=by)
    if any(branch.code == facts.code.strip() for branch in parts.branches):
        raise NotAllowed(f"分项编号“{facts.code.strip()}”已经用了，请换一个。")
    facts, item = _checked(parts, facts)
    row = BundleBranch.objects.create(version=parts.version, code=facts.code, **_columns(parts, facts, item))
    _record(parts, Verb.BRANCH_ADDED, by=by, at=at, facts=asdict(facts))
    return row


@transaction.atomic
def change_branch(
    version: BundleVersion, facts: BranchFacts, *, by: User | None, at: datetime
) -> BundleBranch:
    """修改分项: everything but its code."""
    parts = draft_locked(version, by=by)
    row = _branch(parts, facts.code)
    facts, item = _checked(parts, facts)
    columns = _columns(parts, facts, item)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    _record(parts, Verb.BRANCH_CHANGED, by=by, at=at, facts=asdict(facts))
    return row


@transaction.atomic
def drop_branch(version: BundleVersion, code: str, *, by: User | None, at: datetime) -> None:
    """去掉分项: with its relations, its conditions and what was shared as its result."""
    parts = draft_locked(version, by=by)
    row = _branch(parts, code)
    check(parts, parts.sheet().without_branch(code))
    parts.version.materials.filter(source=row).delete()  # what points at it first: the database looks at once
    row.delete()
    _record(parts, Verb.BRANCH_DROPPED, by=by, at=at, facts={"code": code, "name": row.name})


@transaction.atomic
def connect(version: BundleVersion, edge: EdgeFacts, *, by: User | None, at: datetime) -> BundleEdge:
    """连接: `edge.branch` waits for `edge.needs`, hears it, or takes data from it."""
    parts = draft_locked(version, by=by)
    branch, needs = _branch(parts, edge.branch), _branch(parts, edge.needs)
    if edge.kind not in BundleEdge.Kind.values:
        raise NotAllowed("关系只有前置、征求意见和数据需要，请重新选。")
    if branch.pk == needs.pk:
        raise NotAllowed(f"{branch} 不能等它自己，请选另一个分项。")
    if any((one.branch_id, one.needs_id) == (branch.pk, needs.pk) for one in parts.edges):
        raise NotAllowed(f"{branch} 和 {needs} 已经连接，要换关系请先断开。")
    if edge.only_if_applicable and not edge.is_hard:
        raise NotAllowed("“对方要办才等”只用于前置：征求意见和数据需要不影响先后。")
    check(parts, parts.sheet().with_edge(edge))
    row = BundleEdge.objects.create(
        version=parts.version,
        branch=branch,
        needs=needs,
        kind=BundleEdge.Kind(edge.kind),
        only_if_applicable=edge.only_if_applicable,
    )
    _record(parts, Verb.CONNECTED, by=by, at=at, facts=asdict(edge))
    return row


@transaction.atomic
def disconnect(version: BundleVersion, *, branch: str, needs: str, by: User | None, at: datetime) -> None:
    """断开."""
    parts = draft_locked(version, by=by)
    pair = _branch(parts, branch).pk, _branch(parts, needs).pk
    edge = next((one for one in parts.edges if (one.branch_id, one.needs_id) == pair), None)
    if edge is None:
        raise NotAllowed("这两个分项没有连接，可能刚刚被断开了。")
    check(parts, parts.sheet().without_edge(branch, needs))
    edge.delete()
    _record(parts, Verb.DISCONNECTED, by=by, at=at, facts={"branch": branch, "needs": needs})


def _checked(parts: Parts, facts: BranchFacts) -> tuple[BranchFacts, Item]:
    """The facts in good order and the item; every fault of the version that would come of them at once."""
    item = Item.objects.filter(code=facts.item.strip()).first()
    facts = replace(
        facts,
        code=fit_for_an_address(needs_words(facts.code, "请填写分项编号。", 20)),
        item=facts.item.strip(),
        name=needs_words(facts.name.strip() or (item.name if item else facts.item), "请填写分项名称。", 120),
        department=needs_words(facts.department, "请填写承办部门。", 60),
        condition=facts.condition.strip()[:120],
    )
    _sensible(facts.days, least=0)
    if facts.level not in ("", Level.CITY, Level.COUNTY):
        raise NotAllowed("办理层级只有与项目同级、市级和县级，请重新选。")
    known = {item.code: why_unusable(item)} if item else {}
    check(parts, parts.sheet().with_branch(facts), also=known)
    return facts, item


def _columns(parts: Parts, facts: BranchFacts, item: Item) -> dict:
    stage = next(one for one in parts.stages if one.number == facts.stage)
    kept = ("name", "department", "level", "days", "is_optional", "condition")
    return {"stage": stage, "item": item, **{name: getattr(facts, name) for name in kept}}


def _branch(parts: Parts, code: str) -> BundleBranch:
    row = next((one for one in parts.branches if one.code == code), None)
    if row is None:
        raise NotAllowed(f"这一版没有分项“{code}”，可能刚刚被去掉了，请刷新后再试。")
    return row


def _sensible(days: int, *, least: int) -> None:
    if not least <= days <= LONGEST:
        raise NotAllowed(f"承诺时限在{least}到{LONGEST}个工作日之间。")


def _record(parts: Parts, verb: Verb, *, by: User | None, at: datetime, facts: dict) -> None:
    record(parts.version.bundle, verb, version=parts.version, by=by, at=at, facts=facts)
