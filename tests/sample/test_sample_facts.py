"""What the sample hall is built from: complete, consistent with itself, and promising nothing unlawful."""

import csv
import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from apps.calendars import notices
from apps.cases.terms import ART_45_KINDS
from apps.items.models import CaseKind, Item, ItemType, Material, Necessity, Offering, Unit
from apps.points.models import Level
from apps.windows.models import Window

SAMPLE = Path(__file__).parents[2] / "config" / "sample"
CALENDAR = notices.calendar_of(notices.carried())
PUBLISHED = [date(2023, 1, 1) + timedelta(days=n) for n in range(1461)]


def rows(name):
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tree(name):
    return json.loads((SAMPLE / name).read_text(encoding="utf-8"))


ITEMS = tree("items.json")["items"]
BY_CODE = {item["code"]: item for item in ITEMS}
CATALOGUE = [item for item in ITEMS if not item.get("is_sample")]


# -- places, departments, windows


def test_the_four_tiers_hold_one_city_four_counties_and_all_below():
    places = rows("divisions.csv")
    by_code = {place["code"]: place for place in places}

    assert Counter(place["level"] for place in places) == {"3": 1, "4": 4, "5": 178, "6": 2992}
    assert len(by_code) == len(places)
    for place in places:
        if place["level"] == Level.CITY:
            assert (place["code"], place["parent"]) == ("5120", "")
            continue
        above = by_code[place["parent"]]
        assert Level(place["level"]).above == above["level"]
        assert place["code"].startswith(above["code"])
    assert len({(place["parent"], place["name"]) for place in places}) == len(places)


def test_departments_and_windows_are_those_of_the_reports():
    departments, city, county = rows("departments.csv"), rows("windows_city.csv"), rows("windows_county.csv")
    flags = ("has_approval_office", "is_moved_in", "is_vertical")

    assert [len(departments), *(sum(row[flag] == "1" for row in departments) for flag in flags)] == [
        38,
        26,
        12,
        7,
    ]
    assert [len(city), sum("approval" in row["types"] for row in city)] == [38, 28]
    assert [len(county), sum("approval" in row["types"] for row in county)] == [33, 27]
    assert [row["number"] for row in city if "parallel" in row["types"]] == ["A28"]
    assert [row["number"] for row in county if "parallel" in row["types"]] == ["A27"]
    assert {kind for row in city + county for kind in row["types"].split()} <= set(Window.Type.values)
    assert {row["department"] for row in city} - {""} <= {row["code"] for row in departments}
    assert {row["department"] for row in county} - {""} <= {
        row["name"] for row in rows("departments_county.csv")
    }


def test_a_window_is_called_after_its_department_of_today():
    windows = [row for row in rows("windows_county.csv") if row["department"]]
    modern = {row["name"] for row in rows("departments_county.csv")}

    assert all(row["name"].startswith(row["department"]) and row["name"].endswith("窗口") for row in windows)
    assert len({row["name"] for row in windows}) == len(windows)
    assert not any(
        row["historic_name"].removesuffix("窗口") in modern for row in windows if row["historic_name"]
    )
    for row in rows("windows_city.csv"):
        department = next((d for d in rows("departments.csv") if d["code"] == row["department"]), None)
        assert department is None or row["name"] == f"{department['name']}窗口"


# -- items


def test_the_catalogue_counts_are_those_of_the_reports():
    assert Counter(re.sub(r"\d", "", item["code"]) for item in CATALOGUE) == {
        "XK": 101, "CG": 26, "GF": 47, "XZ": 28, "SQ": 14, "CJ": 12
    }  # fmt: skip
    assert len([item for item in CATALOGUE if item["code"].startswith("XK") and item["is_core"]]) == 86
    assert [item["state"] for item in ITEMS if item.get("is_sample")] == [Item.State.SHELVED.label] * 6
    assert sorted(item["code"] for item in ITEMS if item["kind"] == "上报件") == ["CG006", "XK027", "XK035"]


def test_every_item_speaks_the_words_of_the_models():
    labels = {
        "type": ItemType.labels,
        "state": Item.State.labels,
        "level": Level.labels,
        "kind": CaseKind.labels,
        "authority": Offering.Authority.labels,
    }
    windows = {row["number"] for row in rows("windows_county.csv")}
    city_windows = {row["number"] for row in rows("windows_city.csv")}
    city_departments = {row["code"] for row in rows("departments.csv")}
    departments = {row["name"] for row in rows("departments_county.csv")}
    for item in ITEMS:
        assert all(item[name] in known for name, known in labels.items()), item["code"]
        assert item["department"] in departments
        assert set(item["accept_at"]) <= set(Level.labels)
        assert set(item.get("prerequisites", [])) <= set(BY_CODE) - {item["code"]}
        assert item.get("county_window", "A27") in windows
        if city := item.get("city"):
            assert city["window"] in city_windows
            assert city["department"] in city_departments
        for name in ("parent", "hands_up_to"):
            assert item.get(name, "XK001") in BY_CODE
        for term in (item["statutory"], item["committed"]):
            assert term is None or term["unit"] in Unit.values


def test_every_material_has_one_of_the_five_necessities():
    materials = [material for item in ITEMS for material in item["materials"]]

    assert {material["necessity"] for material in materials} == set(Necessity.labels)
    assert {material["form"] for material in materials} <= set(Material.Form.labels)
    assert len([m for item in CATALOGUE for m in item["materials"]]) == 975
    for item in ITEMS:
        assert 1 < len(item["materials"]) == len({m["name"] for m in item["materials"]}), item["code"]
    for material in materials:
        assert ("situation" in material) == (material["necessity"] == "情形必要")


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["code"])
def test_no_promise_outlasts_the_law(item):
    """Units that differ are compared on every start day of the published years."""
    promised, statutory = item["committed"], item["statutory"]
    if statutory is None:
        assert item["kind"] == "代办件"
        return
    assert promised["unit"] == Unit.WORKDAY
    if statutory["unit"] == Unit.WORKDAY:
        assert promised["amount"] <= statutory["amount"]
        return
    reckon = {Unit.CALENDAR_DAY: CALENDAR.add_calendar_days, Unit.MONTH: CALENDAR.add_months}[
        statutory["unit"]
    ]
    for day in PUBLISHED:
        latest, kept = reckon(day, statutory["amount"]).on, CALENDAR.add(day, promised["amount"]).on
        assert latest is None or (kept is not None and kept <= latest), day


def test_steps_fit_into_the_promise_and_visits_have_a_reason():
    roles = tree("items.json")["roles"]
    for item in ITEMS:
        special = {procedure["name"] for procedure in item.get("special_procedures", [])}
        own = [days for name, days in item["steps"] if name not in special]
        assert {name for name, _ in item["steps"]} <= set(roles)
        assert sum(own) <= item["committed"]["amount"], item["code"]
        assert item["kind"] != "即办件" or item["committed"]["amount"] == 0
        assert (item["visits"] > 0) == bool(item.get("visit_reason")) == item["needs_originals"]
        assert item["online_depth"] < 4 or item["visits"] == 0


def test_terms_with_a_known_trap_are_loaded_right():
    assert {
        code: BY_CODE[code]["statutory"]["unit"] for code in ("XK007", "XK008", "XK031")
    } == dict.fromkeys(("XK007", "XK008", "XK031"), "month")
    assert BY_CODE["XK018"]["committed"]["amount"] == 1
    kinds = [procedure["kind"] for item in ITEMS for procedure in item.get("special_procedures", [])]
    assert {kind for kind in kinds if kind in ART_45_KINDS} == {"专家评审", "听证"}
    assert kinds.count("专家评审") == 13


def test_village_items_are_handed_up_to_an_item_of_a_higher_level():
    for item in ITEMS:
        if item["level"] != "村级":
            continue
        assert "乡级" in BY_CODE[item["hands_up_to"]]["accept_at"]
        assert item["collected_in"] == {"SQ": "社区", "CJ": "村"}[item["code"][:2]]


# -- forms, words, names, texts


def test_every_item_has_its_form_and_every_form_is_used():
    forms = tree("forms.json")

    assert {item["form"] for item in ITEMS} == set(forms)
    for fields in forms.values():
        names = [field["name"] for field in fields]
        assert len(set(names)) == len(names)
        assert {field["kind"] for field in fields} <= {"text", "textarea", "number", "date", "choice"}
        assert all(("choices" in field) == (field["kind"] == "choice") for field in fields)


def test_plain_speech_finds_the_item_that_is_meant():
    words = tree("words.json")
    found = {
        code: [*words["synonyms"].get(code, []), *words["synonyms"].get(words["same_as"].get(code), [])]
        for code in BY_CODE
    }

    assert all(found[item["code"]] for item in CATALOGUE)
    assert not any(item["name"] in found[item["code"]] for item in CATALOGUE)
    for spoken, code in {
        "开小吃店": "CG015",
        "开饭馆": "CG015",
        "给孩子上户口": "GF005",
        "低保": "XZ003",
        "办社保卡": "GF025",
        "老人补贴": "GF014",
        "盖房子": "XZ025",
        "砍树": "XK077",
        "注册公司": "CG007",
        "老人退休": "GF020",
    }.items():
        assert spoken in found[code]


def test_names_and_texts_are_plentiful_and_belong_to_nobody():
    names, texts = tree("names.json"), tree("texts.json")
    given = set(
        "".join(
            "".join(part.values()) if isinstance(part, dict) else part for part in names["given"].values()
        )
    )
    everything = json.dumps([names, texts], ensure_ascii=False)

    assert len(names["surnames"]) >= 60
    assert len(given) >= 150
    assert {"㐂", "𠮷"} <= given
    assert len(texts["faults"]) >= 30
    assert len(texts["refusals"]) >= 15
    assert all(refusal["law"] and refusal["article"] for refusal in texts["refusals"])
    assert {code for refusal in texts["refusals"] for code in refusal["items"]} <= set(BY_CODE)
    assert set(texts["special_procedures"]) == {*ART_45_KINDS, "其他"}
    assert not re.findall(r"\d{11}", everything)  # neither a telephone nor an ID number


def test_every_material_can_be_found_faulty():
    faults = tree("texts.json")["faults"]
    for item in ITEMS:
        for material in item["materials"]:
            fitting = [
                f for f in faults if not f["about"] or any(word in material["name"] for word in f["about"])
            ]
            assert len(fitting) >= 3
