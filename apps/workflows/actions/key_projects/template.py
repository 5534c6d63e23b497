"""推进模板: how its fields are called, and 六个一 filled in for one project (D-26)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.actions import audit
from apps.accounts.models import AuditEntry, User

from ...key_template import MOST_ONES, template_fields
from ...models import KeyOne, KeyProject, KeyTemplateField
from ..editing import NotAllowed, for_the_whole_hall
from .keeping import Verb, kept_locked, needs_words, record

Group = KeyTemplateField.Group


@transaction.atomic
def name_field(
    group: str, code: str, *, name: str, hint: str, by: User | None, at: datetime
) -> KeyTemplateField:
    """改栏目名称: for every key project of the city at once; what was filled in stays."""
    for_the_whole_hall(by)
    field = _field(group, code)
    before = [field.name, field.hint]
    field.name = needs_words(name, "请填写栏目名称。", 20)
    field.hint = hint.strip()[:100]
    _saved(field)
    _audited(field, by=by, at=at, detail={"before": before, "after": [field.name, field.hint]})
    return field


@transaction.atomic
def add_one(*, name: str, hint: str, by: User | None, at: datetime) -> KeyTemplateField:
    """增加一个“一”: the list of six is a habit, no rule."""
    for_the_whole_hall(by)
    ones = template_fields(also_unused=True)[Group.ONES.value]
    name = needs_words(name, "请填写栏目名称。", 20)
    if any(field.name == name for field in ones):
        raise NotAllowed(f"已经有一栏叫“{name}”，请换一个名称，或者重新启用它。")
    if len(ones) >= MOST_ONES:
        raise NotAllowed(f"最多{MOST_ONES}栏，请先改用已有的栏目。")
    seq = max(field.seq for field in ones) + 1
    field = KeyTemplateField(
        group=Group.ONES, code=f"own{len(ones)}", seq=seq, name=name, hint=hint.strip()[:100]
    )
    _saved(field)
    _audited(field, by=by, at=at, detail={"added": name})
    return field


@transaction.atomic
def use_field(code: str, is_used: bool, *, by: User | None, at: datetime) -> KeyTemplateField:
    """停用、启用一个“一”: what was filled in under it is kept, and comes back with it."""
    for_the_whole_hall(by)
    field = _field(Group.ONES, code)
    if not is_used and len(template_fields()[Group.ONES.value]) == 1 and field.is_used:
        raise NotAllowed("至少要留一栏。")
    field.is_used = is_used
    _saved(field)
    _audited(field, by=by, at=at, detail={"is_used": is_used})
    return field


@transaction.atomic
def name_one(
    key_project: KeyProject, code: str, *, words: str, owner: str, by: User | None, at: datetime
) -> KeyOne:
    """落实六个一的一栏: what it is, and the one who answers for it."""
    key_project = kept_locked(key_project, by=by)
    field = _field(Group.ONES, code)
    if not field.is_used:
        raise NotAllowed(f"“{field.name}”这一栏已经停用。")
    words = needs_words(words, f"请填写{field.name}的内容。", 200)
    owner = needs_words(owner, f"请填写{field.name}的责任人。", 60)
    if "、" in owner or "，" in owner:
        raise NotAllowed(f"{field.name}只能有一名责任人，请只写一个名字。")
    one, is_new = KeyOne.objects.get_or_create(
        key_project=key_project, code=code, defaults={"words": words, "owner": owner}
    )
    facts = {"code": code, "name": field.name, "words": words, "owner": owner}
    if not is_new:
        facts["before"] = [one.words, one.owner]
        one.words, one.owner = words, owner
        one.save(update_fields=["words", "owner"])
    record(key_project, Verb.ONE_NAMED, by=by, at=at, facts=facts)
    return one


def _field(group: str, code: str) -> KeyTemplateField:
    """The field as it is on record, or as it is built in."""
    fields = template_fields(also_unused=True).get(str(group), [])
    found = next((field for field in fields if field.code == code), None)
    if found is None:
        raise NotAllowed("模板里没有这一栏，请刷新页面再试。")
    return found


def _saved(field: KeyTemplateField) -> None:
    try:
        with transaction.atomic():
            field.save()
    except IntegrityError as error:
        raise NotAllowed("这一栏刚刚被别人改过，请刷新页面再试。") from error


def _audited(field: KeyTemplateField, *, by: User | None, at: datetime, detail: dict) -> None:
    """The template belongs to no project: what was done to it stands in the audit of settings."""
    subject = f"重点项目模板 {field.group}.{field.code}"
    audit(AuditEntry.Kind.CONFIGURED, by=by, at=at, subject=subject, detail=detail)
