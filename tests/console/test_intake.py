"""窗口收件: a walk-in, from the item to the slip."""

import pytest
from django.urls import reverse

from apps.accounts.models import Applicant
from apps.cases.models import Case


@pytest.fixture
def at_desk(client, clerk, calendar, food_permit, permit_with_originals, privacy_notice):
    client.force_login(clerk)
    return client


WALK_IN = {
    "item": "XK901",
    "kind": "1",
    "name": "罗大明",
    "number": "51999920080229123x",
    "phone": "138 0000 0004",
}


def test_the_counter_finds_its_items_as_people_say_them(at_desk):
    found = at_desk.get(reverse("console:intake"), {"q": "开小吃店"}).context["found"]

    assert [item.name for item in found] == ["食品经营许可（含保健食品）"]


def test_a_walk_in_is_noted_and_received_with_the_same_check_list(at_desk):
    draft = at_desk.post(reverse("console:intake"), WALK_IN)
    response = at_desk.post(
        draft.url,
        {
            "shop_name": "大明食品厂",
            "address": "城南路2号",
            "originals-1": "1",
            "copies-1": "２",
            "originals-2": "1",
        },
    )

    case = Case.objects.get()
    assert response.url == reverse("console:case-detail", args=[case.number])
    assert (case.status, case.applicant_name, case.channel, case.privacy_notice) == (
        "received",
        "罗大明",
        "1",
        "2026-01",
    )
    assert list(case.materials.order_by("seq").values_list("originals", "copies"))[:2] == [(1, 2), (1, 0)]


def test_a_wrong_check_digit_is_said_beside_the_field_and_nothing_is_lost(at_desk):
    response = at_desk.post(reverse("console:intake"), {**WALK_IN, "number": "519999200802291231"})

    assert response.status_code == 422
    assert "身份证号校验位不对" in response.content.decode()
    assert 'value="罗大明"' in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "number", "name"),
    [
        ("1", "51999920080229123x", "罗大明😀"),
        ("1", "51999920080229123x", "罗3"),
        ("2", "91519999MA00000158", "大明\u200b食品厂"),
    ],
)
def test_a_name_that_nobody_bears_is_not_put_on_record(at_desk, kind, number, name):
    response = at_desk.post(
        reverse("console:intake"), {**WALK_IN, "kind": kind, "number": number, "name": name}
    )

    assert response.status_code == 422
    assert "name" in response.context["form"].errors
    assert not Applicant.objects.exists()


@pytest.mark.parametrize("name", ["㐂𠮷", "阿依古丽·买买提", "O'Neil"])
def test_a_rare_name_is_taken_as_it_is(at_desk, name):
    assert at_desk.post(reverse("console:intake"), {**WALK_IN, "name": name}).status_code == 302
    assert Applicant.objects.get().name == name


def test_a_bad_count_comes_back_with_everything_typed(at_desk):
    draft = at_desk.post(reverse("console:intake"), WALK_IN)

    response = at_desk.post(
        draft.url, {"shop_name": "大明食品厂", "address": "城南路2号", "originals-1": "一份"}
    )

    content = response.content.decode()
    assert response.status_code == 422
    assert "份数请填0到999的整数" in content
    assert "大明食品厂" in content
    assert 'value="一份"' in content


def test_a_second_click_shows_the_case_the_first_one_made(at_desk):
    draft = at_desk.post(reverse("console:intake"), WALK_IN)
    papers = {"shop_name": "大明食品厂", "address": "城南路2号", "originals-1": "1"}

    first, second = at_desk.post(draft.url, papers), at_desk.post(draft.url, papers)

    assert first.url == second.url
    assert Case.objects.count() == 1


def test_an_item_of_another_department_is_not_taken_in(at_desk, client, clerk_of_another_county):
    client.force_login(clerk_of_another_county)

    response = client.post(reverse("console:intake"), WALK_IN)

    assert response.status_code == 422
    assert Case.objects.count() == 0


def test_a_list_that_was_cut_says_how_much_is_left(at_desk, monkeypatch):
    monkeypatch.setattr("apps.console.views.intake.LISTED", 1)

    page = at_desk.get(reverse("console:intake")).content.decode()

    assert "只列前 1 项，还有 1 项没有列出" in page


def test_a_list_that_is_whole_says_nothing(at_desk):
    assert "没有列出" not in at_desk.get(reverse("console:intake")).content.decode()
