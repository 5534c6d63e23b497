"""The page of a consultation: what it is about and who said what come before what one can do, on a phone too."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.workflows import actions
from tests.browser import DESKTOP, PHONE, SMALL_PHONE, faults_of
from tests.cast import at
from tests.workflows.projects import FG, HB, MONDAY, ZR

VISIT = at("2026-03-09", "14:00")


@pytest.fixture
def survey(hall, clock):
    """Called by 自然资源 for two departments; it is the same day."""
    project = hall.running()
    clock(MONDAY)
    return actions.convene(
        project, "survey", subject="看现场", place="城南地块", begins_at=VISIT, stage=hall.stage(project, 1),
        departments=[hall.departments[FG], hall.departments[HB]], by=hall.heads[ZR], at=MONDAY,
    )  # fmt: skip


def address(survey, name="consultation"):
    return reverse(f"console:{name}", args=[survey.project.number, survey.pk])


def seen_by(user, survey):
    client = Client()
    client.force_login(user)
    return client.get(address(survey))


def agree(hall, survey, *names):
    for name in names:
        member = survey.members.select_related("consultation", "department").get(
            department=hall.departments[name]
        )
        actions.reply(member, "confirmed", round=1, by=hall.heads[name], at=MONDAY)


def opened(page) -> list[str]:
    return re.findall(r'<details class="card bundle-forms" id="([a-z-]+)" open>', page.content.decode())


@pytest.mark.django_db
def test_the_facts_stand_before_the_forms(hall, survey):
    page = seen_by(hall.heads[HB], survey).content.decode()
    places = [
        page.index(words) for words in ("会商事项", "3月9日 14:00 周一", "参加部门", "未答复", 'id="reply"')
    ]

    assert places == sorted(places)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [DESKTOP, PHONE, SMALL_PHONE])
def test_on_a_phone_they_stand_above_them(open_page, hall, survey, width):
    page = open_page(address(survey), width=width, user=hall.heads[HB])
    top = {
        name: page.locator(f"#{name}").bounding_box()["y"]
        for name in ("what-title", "members-title", "reply")
    }

    assert top["what-title"] < top["members-title"]
    assert (top["members-title"] < top["reply"]) == (width != DESKTOP)
    assert faults_of(page, [address(survey)]) == {}


@pytest.mark.django_db
def test_the_form_that_is_open_is_the_one_whose_turn_it_is(hall, survey, clock):
    asked, lead = hall.heads[HB], hall.heads[ZR]
    before = opened(seen_by(asked, survey)), opened(seen_by(lead, survey))
    agree(hall, survey, FG, HB)
    answered = opened(seen_by(asked, survey)), opened(seen_by(lead, survey))
    clock(at("2026-03-09", "16:00"))

    assert before == (["reply"], [])
    assert answered == ([], [])
    assert opened(seen_by(lead, survey)) == ["record"]


@pytest.mark.django_db
def test_a_form_that_came_back_is_sent_to_the_same_place_again(hall, survey):
    client = Client()
    client.force_login(hall.heads[HB])

    refused = client.post(address(survey, "consultation-reply"), {"round": "1"})
    page = refused.content.decode()

    assert refused.status_code == 422 and opened(refused) == ["reply"]
    assert f'action="{address(survey, "consultation-reply")}"' in page
    assert "请选择答复。" in page
