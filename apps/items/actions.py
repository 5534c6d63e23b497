"""What can be done to items: publish a version, shelve, restore, cancel, offer somewhere."""

from datetime import date, datetime

from django.db import transaction

from apps.points.models import Department, Level, ServicePoint

from .models import Item, ItemVersion, Material, Offering
from .search import search_text, sort_key


class NotAllowed(Exception):
    """The catalogue does not allow it; the text is fit to show."""


@transaction.atomic
def enter(*, code: str, name: str, type: str, level: str, synonyms: list[str] | None = None, **facts) -> Item:
    """新增事项: found by its name, synonyms and pinyin from now on; shown once a version is published."""
    synonyms = synonyms or []
    return Item.objects.create(
        code=code,
        name=name,
        type=type,
        level=level,
        synonyms=synonyms,
        search_text=search_text(name, code, synonyms),
        sort_key=sort_key(name),
        **facts,
    )


@transaction.atomic
def draft_version(item: Item, *, effective_on: date, materials: list[dict], **guide) -> ItemVersion:
    """编辑新版本: the next number, with its own list of materials; nothing published changes."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    last = item.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ItemVersion.objects.create(item=item, number=last + 1, effective_on=effective_on, **guide)
    Material.objects.bulk_create(
        Material(version=version, seq=seq, **material) for seq, material in enumerate(materials, start=1)
    )
    return version


@transaction.atomic
def publish(version: ItemVersion, *, on: date, at: datetime) -> ItemVersion:
    """发布: at one moment the old guide and its materials leave every channel, and this one stands (D-44, D-86)."""
    item = Item.objects.select_for_update().get(pk=version.item_id)
    version = ItemVersion.objects.select_for_update().get(pk=version.pk)
    if version.state != ItemVersion.State.DRAFT:
        raise NotAllowed(f"{version}不是编辑中的版本，不能发布。")
    if version.effective_on > on:
        raise NotAllowed(f"{version}自{version.effective_on}起生效，未到日期不能发布。")
    if item.state == Item.State.CANCELLED:
        raise NotAllowed(f"“{item}”已取消，不能发布新版本。")
    if not version.materials.exists():
        raise NotAllowed("没有申请材料清单的指南不能发布。")
    ItemVersion.objects.filter(item=item, state=ItemVersion.State.PUBLISHED).update(
        state=ItemVersion.State.RETIRED, retired_on=on
    )
    version.state, version.published_at = ItemVersion.State.PUBLISHED, at
    version.save(update_fields=["state", "published_at"])
    item.current = version
    item.save(update_fields=["current"])
    return version


@transaction.atomic
def shelve(item: Item, *, reason: str) -> Item:
    """搁置: gone from the portal, still in the catalogue; open drafts keep what was typed but cannot be submitted."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    if item.state != Item.State.ACTIVE:
        raise NotAllowed(f"“{item}”{item.get_state_display()}，不能搁置。")
    if not reason.strip():
        raise NotAllowed("请写明搁置的原因。")
    item.state = Item.State.SHELVED
    item.save(update_fields=["state"])
    return item


@transaction.atomic
def restore(item: Item) -> Item:
    """恢复: a shelved item is open again."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    if item.state != Item.State.SHELVED:
        raise NotAllowed(f"“{item}”{item.get_state_display()}，不需要恢复。")
    item.state = Item.State.ACTIVE
    item.save(update_fields=["state"])
    return item


def offer(
    item: Item,
    *,
    scope: ServicePoint,
    level: str,
    authority: str,
    department: Department | None = None,
    kind: str = "",
) -> Offering:
    """进驻 (D-49): every point of the level within the scope offers the item; with `kind`, only those of the kind."""
    if Level(level) < Level(scope.level):
        raise NotAllowed(f"{scope}之下没有{Level(level).label}服务点。")
    if (
        department is not None
        and not scope.covers(department.point.path)
        and not department.point.covers(scope.path)
    ):
        raise NotAllowed(f"{department}不是{scope.region}的部门。")
    return Offering.objects.create(
        item=item, scope=scope, level=level, kind=kind, authority=authority, department=department
    )
