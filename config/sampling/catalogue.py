"""事项: the catalogue with its guides, and who offers what where."""

from datetime import datetime, time

from django.utils import timezone

from apps.items import actions
from apps.items.models import CaseKind, Item, ItemType, Material, Necessity, Offering, Prerequisite
from apps.points.models import Kind, Level, ServicePoint

from .facts import items, rows, tree
from .places import SINCE, Departments, Points, counties


def load_catalogue() -> dict[str, Item]:
    """228 items, each entered and its guide published; six more that are shelved with their reason."""
    published_at = timezone.make_aware(datetime.combine(SINCE, time(9)))
    known = {code: _enter(facts) for code, facts in items().items()}
    for code, facts in items().items():
        item = known[code]
        version = actions.draft_version(
            item, effective_on=SINCE, materials=_materials(facts), **_guide(facts)
        )
        item.current = actions.publish(version, on=SINCE, at=published_at)
        if facts["state"] == Item.State.SHELVED.label:
            actions.shelve(item, reason=facts["shelved_reason"])
    _link(known)
    return known


def load_offerings(known: dict[str, Item], points: Points, departments: Departments) -> None:
    """What each point takes in and who decides it, a row per item and place (rules of `Offering`)."""
    offered = {code: facts for code, facts in items().items() if not facts.get("is_sample")}
    done_by_townships = {
        facts["parent"] for facts in offered.values() if facts["level"] == Level.TOWNSHIP.label
    }
    codes = {row["name"]: row["code"] for row in rows("departments_county.csv")}
    wanted = []
    for code, facts in offered.items():
        if "city" in facts:
            department = departments["5120", facts["city"]["department"]]
            wanted.append(_decides(known[code], points["5120"], Level.CITY, department))
        for county in counties(points):
            wanted += _in_county(
                known[code],
                facts,
                county,
                departments[county.path, codes[facts["department"]]],
                also_townships=code not in done_by_townships,
            )
    Offering.objects.bulk_create(wanted)


def _in_county(item: Item, facts: dict, county: ServicePoint, department, *, also_townships: bool):
    """A county item is decided in the county, and taken in by townships that have no item of their own for it."""
    if facts["level"] == Level.TOWNSHIP.label:
        yield _decides(item, county, Level.TOWNSHIP, None)
    elif facts["level"] == Level.VILLAGE.label:
        kind = {"村": Kind.VILLAGE, "社区": Kind.COMMUNITY}[facts["collected_in"]]
        yield Offering(
            item=item, scope=county, level=Level.VILLAGE, kind=kind, authority=Offering.Authority.COLLECT
        )
    else:
        yield _decides(item, county, Level.COUNTY, department)
        if "乡级" in facts["accept_at"] and also_townships:
            yield Offering(
                item=item, scope=county, level=Level.TOWNSHIP, authority=Offering.Authority.RECEIVE
            )


def _decides(item: Item, scope: ServicePoint, level: str, department) -> Offering:
    return Offering(
        item=item, scope=scope, level=level, department=department, authority=Offering.Authority.DECIDE
    )


def _enter(facts: dict) -> Item:
    return actions.enter(
        code=facts["code"],
        name=facts["name"],
        type=_value(ItemType, facts["type"]),
        level=_value(Level, facts["level"]),
        theme=facts["theme"],
        synonyms=_synonyms(facts["code"]),
        is_core=facts["is_core"],
        is_sample=facts.get("is_sample", False),
    )


def _link(known: dict[str, Item]) -> None:
    """What villages collect, for which item; which permits need another one first."""
    collected = []
    for code, facts in items().items():
        if "hands_up_to" in facts:
            known[code].hands_up_to = known[facts["hands_up_to"]]
            collected.append(known[code])
    Item.objects.bulk_update(collected, ["hands_up_to"])
    Prerequisite.objects.bulk_create(
        Prerequisite(item=known[code], needs=known[needed])
        for code, facts in items().items()
        for needed in facts.get("prerequisites", [])
    )


def _synonyms(code: str) -> list[str]:
    words = tree("words.json")
    own = words["synonyms"].get(code, [])
    return list(dict.fromkeys([*own, *words["synonyms"].get(words["same_as"].get(code), [])]))


def _guide(facts: dict) -> dict:
    statutory = facts["statutory"] or {"amount": None, "unit": "workday", "basis": ""}
    return {
        "kind": _value(CaseKind, facts["kind"]),
        "statutory_amount": statutory["amount"],
        "statutory_unit": statutory["unit"],
        "statutory_basis": statutory["basis"],
        "committed_amount": facts["committed"]["amount"],
        "committed_unit": facts["committed"]["unit"],
        "service_objects": facts["service_objects"],
        "basis": facts["basis"],
        "conditions": facts["conditions"],
        "steps": _steps(facts),
        "special_procedures": facts.get("special_procedures", []),
        "fee": facts["fee"],
        "fee_basis": facts.get("fee_basis", ""),
        "result_name": facts["result_name"],
        "result_validity": facts.get("result_validity", ""),
        "online_depth": facts["online_depth"],
        "visits": facts["visits"],
        "visit_reason": facts.get("visit_reason", ""),
        "needs_originals": facts["needs_originals"],
        "delivery_ways": facts["delivery_ways"],
        "form_fields": tree("forms.json")[facts["form"]],
        "faq": facts.get("faq", []),
    }


def _steps(facts: dict) -> list[dict]:
    """The way through the house; a special procedure, and the review by the body above, are not in the promise."""
    roles = tree("items.json")["roles"]
    uncounted = {procedure["name"] for procedure in facts.get("special_procedures", [])}
    steps = [
        {"name": name, "role": roles[name], "days": days, "counted": name not in uncounted}
        for name, days in facts["steps"]
    ]
    if "forward_to" in facts:
        above = facts["forward_to"]
        steps.append(
            {
                "name": f"报{above['body']}审查",
                "role": above["body"],
                "days": above["review_days"],
                "counted": False,
            }
        )
    return steps


def _materials(facts: dict) -> list[dict]:
    return [
        {
            "name": row["name"],
            "form": _value(Material.Form, row["form"]),
            "originals": row.get("copies", 1) if row["form"] == "原件" else 0,
            "copies": row.get("copies", 1) if row["form"] == "复印件" else 0,
            "source": row.get("source", "申请人自备"),
            "necessity": _value(Necessity, row["necessity"]),
            "situation": row.get("situation", ""),
            "has_template": row.get("has_template", False),
        }
        for row in facts["materials"]
    ]


def _value(choices, label: str) -> str:
    return choices.values[choices.labels.index(label)]
