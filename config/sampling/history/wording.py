"""经办人写什么: faults, opinions, reasons and numbers, chosen so that they fit the item and the material."""

import random
from string import Formatter

from apps.cases.actions import Found, Way
from apps.cases.models import Case, CaseMaterial
from apps.items.models import ItemType, Necessity
from apps.points.models import Department

from .. import names
from ..facts import items, rows, tree

_OF_A_FILE = ("上传", "照片模糊", "照片太暗", "一栏")  # faults that only an uploaded file can have
_OF_PAPER = ("只交了1张",)  # and one that only paper can have
_REFUSED = {ItemType.PERMIT: "不予许可", ItemType.GRANT: "不予给付", ItemType.CONFIRMATION: "不予确认"}
_LOOKED_AT_AT_HOME = ("aid", "disability", "elder", "housing")
_COUNTY_SIGNS = {"512002": "雁", "512021": "岳", "512022": "乐", "512081": "简"}


def faults_of(
    chance: random.Random, case: Case, materials: list[CaseMaterial], *, online: bool
) -> list[Found]:
    """One to three faults of different materials, each with what to do about it."""
    wanted = chance.choices([1, 2, 3], [5, 4, 1])[0]
    possible = [m for m in materials if m.necessity == Necessity.REQUIRED] or materials
    chosen = sorted(chance.sample(possible, min(wanted, len(possible))), key=lambda m: m.seq)
    return [_fault_of(chance, material, online=online) for material in chosen]


def _fault_of(chance: random.Random, material: CaseMaterial, *, online: bool) -> Found:
    known = [fault for fault in tree("texts.json")["faults"] if _fits(fault, material.name, online=online)]
    fault = chance.choices(known, [fault["weight"] * (3 if fault["about"] else 1) for fault in known])[0]
    return Found(fault["fault"].format(material=material.name), seq=material.seq, remedy=fault["remedy"])


def _fits(fault: dict, name: str, *, online: bool) -> bool:
    impossible = _OF_PAPER if online else _OF_A_FILE
    if any(words in fault["fault"] for words in impossible):
        return False
    return not fault["about"] or any(word in name for word in fault["about"])


def one(chance: random.Random, kind: str, case: Case) -> str:
    """A sentence of a kind; where the kind is told apart by trade, one that fits the case."""
    texts = tree("texts.json")[kind]
    return chance.choice(texts if isinstance(texts, list) else _of_its_trade(texts, case))


def _of_its_trade(texts: dict[str, list[str]], case: Case) -> list[str]:
    """What a shop, a building site or a family would say, or a person and not a firm."""
    form = items()[case.item.code]["form"]
    trade = next(name for name, forms in tree("texts.json")["groups"].items() if form in forms)
    being = "person" if case.applicant.is_person else "organisation"
    return [*texts.get(trade, []), *texts.get(being, []), *texts["any"]]


def passed(chance: random.Random, case: Case) -> str:
    """What is said of a passed pre-review: with or without a visit to come."""
    coming = case.version.needs_originals
    texts = [
        t for t in tree("texts.json")["pre_review_passed"] if ("窗口" in t) == coming and "短信" not in t
    ]
    return chance.choice(texts)


def answer_to(chance: random.Random, fault: str, *, online: bool = True) -> str:
    """What the applicant says to one fault, where a file is sent or where paper is handed over."""
    answers = tree("texts.json")["answers"]
    fitting = next(row for row in answers if not row["about"] or any(word in fault for word in row["about"]))
    return chance.choice(fitting["sent" if online else "handed_over"])


def department_at(item: dict, path: str) -> str:
    """The code of the department that handles an item in the city or a county; empty where none does."""
    if len(path) == 4:
        return item.get("city", {}).get("department", "")
    return next(row["code"] for row in rows("departments_county.csv") if row["name"] == item["department"])


def opinion(chance: random.Random, case: Case) -> str:
    """审查意见: what was looked at, in the words of the form, and what is proposed."""
    known = tree("opinions.json")
    facts = case.form | {"papers": len(items()[case.item.code]["materials"])}
    checks = [text for text in _of_the_item(known["checks"], case) if _has_facts_for(text, facts)]
    check = chance.choice(checks or known["checks"]["any"]).format_map(facts)
    return f"{check}，{chance.choice(_of_the_item(known['proposals'], case))}。"


def decision(chance: random.Random, case: Case) -> str:
    return chance.choice(_of_the_item(tree("opinions.json")["decisions"], case))


def _of_the_item(texts: dict[str, list[str]], case: Case) -> list[str]:
    """Those of the item itself, of the county's item it belongs to, of its form, of its type; else of any."""
    code = handled_code(case)
    item = items()[code]
    keys = (code, item.get("parent"), item["form"], case.item.type, "any")
    return next(texts[key] for key in keys if key in texts)


def _has_facts_for(text: str, facts: dict) -> bool:
    """Whether the form answers whatever the sentence speaks of."""
    return all(facts.get(name) for _, name, _, _ in Formatter().parse(text) if name)


def handled_code(case: Case) -> str:
    return case.item.hands_up_to.code if case.item.hands_up_to_id else case.item.code


def refusal(chance: random.Random, case: Case) -> str:
    """Reasons with their article: of the item where there are some, else a condition of its trade that is not met."""
    texts = tree("texts.json")
    own = [row for row in texts["refusals"] if handled_code(case) in row["items"]]
    if own:
        row = chance.choice(own)
        words = row["reason"]
    else:
        row = texts["refusals_general"][0]
        details = row["details"].get(items()[handled_code(case)]["form"], []) + row["details"]["any"]
        words = row["text"].format(item=case.item.name, detail=chance.choice(details))
    refused = _REFUSED.get(case.item.type, "不予办理")
    return f"{words}依据《{row['law']}》{row['article']}，决定{refused}。"


def can_be_refused(code: str, item_type: str) -> bool:
    has_reason = any(code in row["items"] for row in tree("texts.json")["refusals"])
    return has_reason or item_type == ItemType.PERMIT.label


def remedies(case: Case) -> str:
    """Where to turn: the people's government and the court of the place that decides."""
    place = "资阳市" if len(case.path) == 4 else _county_name(case.path)
    government = f"{place}人民政府"
    return tree("texts.json")["remedy"].format(review_body=government, court=f"{place}人民法院")


def not_accepted(chance: random.Random, case: Case) -> tuple[str, str]:
    """Why it is not accepted, and where to go (art. 32(1)(2))."""
    none_needed, not_ours = tree("texts.json")["not_accepted"]
    known = {"CG015": 0, "XK077": 1, "XZ026": 1, "XK053": 2, "XK038": 3}
    if case.item.code in known:
        return none_needed["text"].format(detail=none_needed["details"][known[case.item.code]]), "不需要办理"
    where = chance.choice(_of_its_trade(not_ours["details"], case))
    return not_ours["text"].format(where=where), where


def has_a_place_to_see(case: Case) -> bool:
    """Whether two people may go and look: at a shop, a site, or how a family lives."""
    form = items()[case.item.code]["form"]
    return form not in tree("texts.json")["groups"]["family"] or form in _LOOKED_AT_AT_HOME


def place_to_see(case: Case) -> str:
    known = (case.form.get(name) for name in ("premises", "site", "address"))
    return str(next((place for place in known if place), "申请人所在地"))[:200]


def special(chance: random.Random, kind: str, days: int) -> str:
    texts = tree("texts.json")["special_procedures"]
    known = texts[kind] if kind in texts else _of_a_kind(texts["其他"], kind)
    return chance.choice(known).format(kind=kind, days=f"{days}个工作")


def special_result(chance: random.Random, kind: str) -> str:
    return chance.choice(_of_a_kind(tree("texts.json")["special_results"], kind))


def _of_a_kind(texts: dict[str, list[str]], kind: str) -> list[str]:
    """A special procedure is known by a word of its name (公示, 专家, 入户 …)."""
    return next((known for word, known in texts.items() if word in kind), texts["any"])


def result_number(case: Case, serial: int) -> str:
    """文号 of a permit, in the manner of the place; other results carry none."""
    if case.item.type != ItemType.PERMIT:
        return ""
    sign = "资" if len(case.path) == 4 else _COUNTY_SIGNS[case.path[:6]]
    short = (
        _short_of(case.department) if case.department_id else f"{names.short_place(case.point.region)}便民"
    )
    return f"{sign}{short}许〔{case.accepted_on.year}〕{serial}号"


def archive_number(case: Case, serial: int) -> str:
    place = case.department.code if case.department_id else case.path
    return f"{case.path[:6]}-{place}-{case.decided_on.year}-{serial:05d}"


def proof(chance: random.Random, case: Case, way: Way) -> str:
    """送达凭证: how it reached whom."""
    texts = tree("texts.json")["proofs"]
    at_the_counter = "person" if case.applicant.is_person else "organisation"
    words = chance.choice(texts.get(way, texts[at_the_counter]))
    return words.format(name=case.applicant_name[:20], number=chance.randint(10_000_000, 99_999_999))


def _county_name(path: str) -> str:
    return next(row["name"] for row in rows("divisions.csv") if row["code"] == path[:6])


def _short_of(department: Department) -> str:
    for row in rows("departments_county.csv"):
        if row["code"] == department.code:
            return row["short"]
    return names.short_place(department.name.removeprefix("资阳市"))[:2]
