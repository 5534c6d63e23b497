"""套餐: the six bundles of `bundles.json`, each published as its first version, and the items that only they have."""

from datetime import datetime, time

from django.utils import timezone

from apps.items import actions as items
from apps.items.models import CaseKind, Item, ItemType, Material, Necessity
from apps.points.models import Level
from apps.workflows import actions
from apps.workflows.checking import (
    DATA,
    OPINION,
    PREREQUISITE,
    BranchFacts,
    EdgeFacts,
    MaterialFacts,
    QuestionFacts,
    Sheet,
    StageFacts,
)
from apps.workflows.models import Bundle

from .facts import tree
from .places import SINCE

RELATIONS = [
    ("after", PREREQUISITE, False),
    ("after_if_applicable", PREREQUISITE, True),
    ("hears", OPINION, False),
    ("takes_data_of", DATA, False),
]
LAW = "参照《行政许可法》第四十二条"


def load_bundles() -> None:
    """What stands already is left as it is."""
    at = timezone.make_aware(datetime.combine(SINCE, time(9)))
    known = set(Item.objects.values_list("code", flat=True))
    for facts in tree("bundles.json")["items"]:
        if facts["code"] not in known:
            _enter_item(facts, at=at)
    standing = set(Bundle.objects.values_list("code", flat=True))
    for facts in tree("bundles.json")["bundles"]:
        if facts["code"] not in standing:
            _enter_bundle(facts, at=at)


def _enter_bundle(facts: dict, *, at: datetime) -> None:
    bundle = actions.enter_bundle(
        facts["code"],
        facts["name"],
        audience=_value(Bundle.Audience, facts["audience"]),
        lead=facts["lead"],
        coordinator=facts["coordinator"],
        by=None,
        at=at,
    )
    version = actions.fill_draft(bundle.versions.get(), sheet_of(facts), by=None, at=at)
    actions.publish(version, on=SINCE, by=None, at=at)


def sheet_of(facts: dict) -> Sheet:
    """One bundle of the file as it is checked and filled in."""
    return Sheet(
        stages=tuple(
            StageFacts(number, stage["name"], stage["lead"], stage["days"])
            for number, stage in enumerate(facts["stages"], start=1)
        ),
        branches=tuple(
            BranchFacts(
                code=branch["code"],
                name="",
                item=branch["item"],
                department=branch["department"],
                stage=branch["stage"],
                days=branch["days"],
                is_optional="condition" in branch,
                condition=branch.get("condition", ""),
            )
            for branch in facts["branches"]
        ),
        edges=tuple(
            EdgeFacts(branch["code"], needs, kind, only_if_applicable)
            for branch in facts["branches"]
            for relation, kind, only_if_applicable in RELATIONS
            for needs in branch.get(relation, [])
        ),
        questions=tuple(
            QuestionFacts(
                number,
                question["text"],
                tuple((label, tuple(brought)) for label, brought in question["answers"].items()),
                question.get("hint", ""),
            )
            for number, question in enumerate(facts["questions"], start=1)
        ),
        materials=tuple(
            MaterialFacts(material["name"], tuple(material["used_by"]), material.get("source"))
            for material in facts["materials"]
        ),
    )


def _enter_item(facts: dict, *, at: datetime) -> None:
    """An item of the sample that cannot be applied for by itself; it has its guide all the same."""
    item = items.enter(
        code=facts["code"],
        name=facts["name"],
        type=_value(ItemType, facts["type"]),
        level=Level.COUNTY,
        theme=facts["theme"],
        state=Item.State.BUNDLE_ONLY,
        is_sample=True,
    )
    version = items.draft_version(
        item,
        effective_on=SINCE,
        materials=[_material(material) for material in facts["materials"]],
        kind=CaseKind.COMMITTED if facts["days"] else CaseKind.IMMEDIATE,
        statutory_amount=20,
        statutory_basis=LAW,
        committed_amount=facts["days"],
        service_objects=facts["service_objects"],
        basis=facts["basis"],
        conditions=["随套餐一并申请"],
        result_name=facts["result_name"],
        delivery_ways=["窗口领取", "网上下载"],
        form_fields=tree("forms.json")[facts["form"]],
    )
    items.publish(version, on=SINCE, at=at)


def _material(facts: dict) -> dict:
    if facts.get("shared"):
        held = {"form": Material.Form.COPY, "copies": 1, "necessity": Necessity.SHARED}
        return {"name": facts["name"], "source": "政府部门核发", **held}
    own = {"form": Material.Form.ORIGINAL, "originals": 1, "necessity": Necessity.REQUIRED}
    return {"name": facts["name"], "source": "申请人自备", **own}


def _value(choices, label: str) -> str:
    return choices.values[choices.labels.index(label)]
