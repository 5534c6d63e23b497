"""经办人写什么: faults, opinions, reasons and numbers, chosen so that they fit the item and the material."""

import random

from apps.cases.actions import Found
from apps.cases.models import Case, CaseMaterial
from apps.items.models import ItemType, Necessity
from apps.points.models import Department

from .. import names
from ..facts import items, rows, tree

_OF_A_FILE = ("上传", "照片模糊", "照片太暗", "一栏")  # faults that only an uploaded file can have
_OF_PAPER = ("只交了1张",)  # and one that only paper can have
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


def one(chance: random.Random, kind: str) -> str:
    """A sentence of a kind that fits everywhere."""
    return chance.choice(tree("texts.json")[kind])


def passed(chance: random.Random, case: Case) -> str:
    """What is said of a passed pre-review: with or without a visit to come."""
    coming = case.version.needs_originals
    texts = [
        t for t in tree("texts.json")["pre_review_passed"] if ("窗口" in t) == coming and "短信" not in t
    ]
    return chance.choice(texts)


_ANSWERS = (  # a word of the fault → what is answered, where a file is sent, and where paper is handed over
    (("签名", "签字", "签授权"), "已补签名，重新上传了全部页面。", "已当场补签名。"),
    (("公章", "印章", "盖章"), "章已补盖，麻烦再看一下。", "章已补盖，交原件一份。"),
    (("模糊", "太暗", "看不清"), "已重新拍照上传，请查收。", "已换清楚的一份。"),
    (("合同",), "合同已续签，新合同附后。", "已交续签的合同复印件。"),
    (("银行卡",), "换了本人银行卡，卡号已更正。", "换了本人银行卡。"),
    (
        ("平面图", "位置图", "选址图", "布局"),
        "按要求补了图，标了面积和距离。",
        "已交重画的图，标了面积和距离。",
    ),
    (("健康证明",), "健康证明已补齐。", "健康证明已补齐。"),
    (("委托书",), "委托书已按样表重写。", "委托书已按样表重写。"),
    (("有效期",), "已换领新证，一并上传。", "已换领新证，交复印件一份。"),
    (("缺", "没有填写", "旧版"), "已补齐，重新上传了全部页面。", "已补齐，交原件一份。"),
)


def answer_to(chance: random.Random, fault: str, *, online: bool = True) -> str:
    """What the applicant says to one fault."""
    for words, sent, handed_over in _ANSWERS:
        if any(word in fault for word in words):
            return sent if online else handed_over
    return (
        chance.choice(["已按要求重新上传，请核对。", "已更正，请查收。"])
        if online
        else "已按要求更正并补交。"
    )


def department_at(item: dict, path: str) -> str:
    """The code of the department that handles an item in the city or a county; empty where none does."""
    if len(path) == 4:
        return item.get("city", {}).get("department", "")
    return next(row["code"] for row in rows("departments_county.csv") if row["name"] == item["department"])


def opinion(chance: random.Random, case: Case) -> str:
    known = tree("applications.json")["opinions"]
    code = handled_code(case)
    return chance.choice(known.get(code) or known.get(items()[code]["form"], known["any"]))


def decision(chance: random.Random, case: Case) -> str:
    known = tree("applications.json")["decisions"]
    return chance.choice(known.get(case.item.type, known["any"]))


def handled_code(case: Case) -> str:
    return case.item.hands_up_to.code if case.item.hands_up_to_id else case.item.code


def refusal(chance: random.Random, case: Case) -> str:
    """Reasons with their article: of the item where there are some, else the condition that is not met."""
    texts = tree("texts.json")
    own = [row for row in texts["refusals"] if handled_code(case) in row["items"]]
    if own:
        row = chance.choice(own)
        return f"{row['reason']}依据《{row['law']}》{row['article']}，决定不予许可。"
    row = texts["refusals_general"][0]
    words = row["text"].format(item=case.item.name, detail=chance.choice(row["details"]))
    return f"{words}依据《{row['law']}》{row['article']}，决定不予许可。"


def can_be_refused(code: str, item_type: str) -> bool:
    has_reason = any(code in row["items"] for row in tree("texts.json")["refusals"])
    return has_reason or item_type == ItemType.PERMIT.label


def remedies(case: Case) -> str:
    """Where to turn: the people's government and the court of the place that decides."""
    place = "资阳市" if len(case.path) == 4 else _county_name(case.path)
    government = f"{place}人民政府"
    return tree("texts.json")["remedy"].format(review_body=government, court=f"{place}人民法院")


def not_accepted(chance: random.Random, code: str) -> tuple[str, str]:
    """Why it is not accepted, and where to go (art. 32(1)(2))."""
    none_needed, not_ours = tree("texts.json")["not_accepted"]
    known = {"CG015": 0, "XK077": 1, "XZ026": 1, "XK053": 2, "XK038": 3}
    if code in known:
        return none_needed["text"].format(detail=none_needed["details"][known[code]]), "不需要办理"
    where = chance.choice(["户籍所在地乡镇便民服务中心", "经营场所（居住地）所在的县级政务服务中心"])
    return not_ours["text"].format(where=where), where


def special(chance: random.Random, kind: str, days: int) -> str:
    texts = tree("texts.json")["special_procedures"]
    fitting = {"公示": 1, "公示听证": 1, "入户调查": 2, "征求公安、交通意见": 3, "征求交警意见": 3}
    text = texts["其他"][fitting.get(kind, 0)] if kind not in texts else chance.choice(texts[kind])
    return text.format(days=f"{days}个工作")


def special_result(kind: str) -> str:
    if kind.startswith("公示"):
        return "公示期满，未收到异议。"
    if kind in ("专家评审", "专家论证", "专家评议", "专家考评"):
        return "专家组出具评审意见，同意通过，修改意见已落实。"
    if kind == "入户调查":
        return "入户调查完成，家庭情况属实。"
    if kind.startswith("征求"):
        return "有关单位已书面答复，无异议。"
    return "现场核查完成，核查记录已由两名工作人员签字。"


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


def proof(chance: random.Random, case: Case, way: str) -> str:
    if way == "mail":
        return f"邮政快递 51990{chance.randint(10_000_000, 99_999_999)}，签收人{case.applicant_name[:20]}"
    if way == "electronic":
        return "电子证照已推送到申请人账户"
    if way == "agent":
        return chance.choice(["上门送达，本人签收", "上门送达，家属代签"])
    return (
        f"{case.applicant_name[:20]}在窗口签收"
        if case.applicant.is_person
        else "经办人在窗口签收，已核对授权书"
    )


def _county_name(path: str) -> str:
    return next(row["name"] for row in rows("divisions.csv") if row["code"] == path[:6])


def _short_of(department: Department) -> str:
    for row in rows("departments_county.csv"):
        if row["code"] == department.code:
            return row["short"]
    return names.short_place(department.name.removeprefix("资阳市"))[:2]
