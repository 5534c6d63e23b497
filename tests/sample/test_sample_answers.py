"""The forms that the history fills in: complete for every item, whoever brings it, wherever and whenever."""

import random
from datetime import date

import pytest

from apps.accounts.models import Applicant
from apps.cases.answers import wrong_answers
from apps.points.models import Level, ServicePoint
from config.sampling import names
from config.sampling.facts import items, tree
from config.sampling.history import subjects
from config.sampling.history.answers import Filling
from config.sampling.history.subjects import Subject

CITY = ServicePoint(level=Level.CITY, path="5120", region="资阳市")
COUNTY = ServicePoint(level=Level.COUNTY, path="512002", region="雁江区", parent=CITY)
TOWN = ServicePoint(level=Level.TOWNSHIP, path="512002103", region="临江镇", parent=COUNTY)
STREET = ServicePoint(level=Level.TOWNSHIP, path="512002001", region="莲花街道", parent=COUNTY)
VILLAGE = ServicePoint(level=Level.VILLAGE, path="512002103214", region="仁里村", parent=TOWN)
COMMUNITY = ServicePoint(level=Level.VILLAGE, path="512002001001", region="雁中社区", parent=STREET)
HOMES = [CITY, COUNTY, TOWN, STREET, VILLAGE, COMMUNITY]
DAYS = [date(2024, 2, 29), date(2026, 11, 20), date(2026, 12, 31), date(2027, 3, 14)]
RARE = tree("names.json")["given"]["rare"]


def filled_in(item, subject, day, chance):
    form = Filling(chance, item, subject, day).application().form
    return wrong_answers(tree("forms.json")[item["form"]], form, phone=subject.phone, on=day)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_is_left_out_whoever_brings_the_item(day):
    chance = random.Random(f"every form {day}")
    crowd = subjects.Crowd(chance, day)

    for item in items().values():
        for home in HOMES:
            for online in (False, True):
                bringers = [crowd.person(item, home, online=online, agent=home.level == Level.VILLAGE)]
                if set(item["service_objects"]) > {Applicant.Kind.PERSON}:
                    bringers.append(crowd.organisation(item, home, online=online))
                for subject in bringers:
                    assert filled_in(item, subject, day, chance) == {}, (item["code"], subject)


@pytest.mark.parametrize("given", RARE)
def test_a_rare_name_leaves_no_answer_empty(given):
    chance = random.Random(given)
    known = Subject(  # as the people with a password are known: without sex and day of birth
        name=f"欧阳{given}", number="", phone=names.phone(1), address="雁江区和平路8号", home=COUNTY,
        account_name=f"欧阳{given}",
    )  # fmt: skip

    for item in items().values():
        assert filled_in(item, known, DAYS[1], chance) == {}, item["code"]


def test_every_answer_that_can_be_chosen_can_be_handed_in():
    """Not only those that chance has picked: each template of each form, by itself."""
    facts = tree("applications.json")["answers"]
    for item in items().values():
        answers = facts[item["form"]] | facts.get(item["code"], {})
        for field in tree("forms.json")[item["form"]]:
            for template in answers[field["name"]]:
                chance = random.Random(f"{item['code']} {template}")
                crowd = subjects.Crowd(chance, DAYS[1])
                filling = Filling(chance, item, crowd.person(item, TOWN, online=False), DAYS[1])
                typed = {field["name"]: filling.answer(template)}
                assert wrong_answers([field], typed, phone="", on=DAYS[1]) == {}, (item["code"], template)


def test_letters_are_found_for_every_character_of_a_name():
    given = tree("names.json")["given"]
    characters = {
        c for era in given.values() for c in ("".join(era.values()) if isinstance(era, dict) else era)
    }

    assert [c for c in sorted(characters) if names.plain(f"李{c}") == "li"] == []
    assert (names.plain("曾㐂"), names.plain("欧阳𠮷")) == ("zengxi", "ouyangji")
