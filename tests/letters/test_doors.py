"""谁能看文书: only who sees the case, on every door; and what a page of letters costs."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from apps.letters import actions, typesetting
from apps.letters.kinds import Kind
from apps.letters.models import IssuingBody, Letter
from tests.cast import a_scan, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(accepted, newest) -> Letter:
    return newest(accepted, Kind.ACCEPTANCE)


@pytest.fixture
def ask(client):
    def get(user, name: str, *args, **asked):
        client.force_login(user)
        return client.get(reverse(name, args=args), asked)

    return get


def read_all(answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


# ── the console ──────────────────────────────────────────────────────────────────────────────────────
def test_the_case_page_lists_its_letters_with_the_newest_under_p(ask, clerk, accepted, letter):
    page = ask(clerk, "console:case-detail", accepted.number).content.decode()

    assert page.index("受理通知书") < page.index("收件回执")
    assert f'href="{reverse("console:letter", args=[letter.pk])}" data-kb="P"' in page
    assert letter.number in page


def test_a_letter_nobody_opened_is_put_on_paper_by_its_first_opening(ask, clerk, letter):
    assert not letter.is_on_paper

    answer = ask(clerk, "console:letter-file", letter.pk)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("inline")
    assert read_all(answer)[:5] == b"%PDF-"
    letter.refresh_from_db()
    assert letter.is_on_paper


def test_a_letter_that_cannot_be_set_says_what_to_do_and_loses_nothing(
    ask, clerk, letter, monkeypatch, tmp_path
):
    monkeypatch.setattr(typesetting, "LAYOUTS", tmp_path)

    page = ask(clerk, "console:letter", letter.pk)
    file = ask(clerk, "console:letter-file", letter.pk)

    assert (page.status_code, file.status_code) == (409, 409)
    assert "没有第1版的版式文件“notice.typ”" in page.content.decode()
    assert "iframe" not in page.content.decode()


@pytest.mark.parametrize("person", ["clerk", "colleague", "approver", "supervisor", "auditor"])
def test_who_sees_the_case_and_its_papers_opens_its_letters(ask, letter, request, person):
    assert ask(request.getfixturevalue(person), "console:letter-file", letter.pk).status_code == 200


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("clerk_of_another_county", 404),
        ("township_clerk", 404),
        ("village_agent", 403),
        ("system_admin", 403),
        ("citizen", 403),
        ("leader", 403),
        ("centre_admin", 403),
    ],
)
@pytest.mark.parametrize("door", ["console:letter", "console:letter-file"])
def test_nobody_else_does(ask, letter, request, door, person, status):
    assert ask(request.getfixturevalue(person), door, letter.pk).status_code == status


def test_a_head_revokes_a_wrong_letter_and_a_clerk_cannot(client, letter, clerk, window_head):
    address = reverse("console:letter-revocation", args=[letter.pk])
    client.force_login(clerk)
    assert client.post(address, {"reason": "写错"}).status_code == 403

    client.force_login(window_head)
    empty = client.post(address, {"reason": " "})
    done = client.post(address, {"reason": "姓名写错"})
    twice = client.post(address, {"reason": "再撤"})

    assert (empty.status_code, done.status_code, twice.status_code) == (409, 302, 409)
    assert "请写明撤销这份文书的理由" in empty.content.decode()
    assert "再撤" in twice.content.decode() or "已经撤销" in twice.content.decode()
    assert "已撤销" in client.get(reverse("console:letter", args=[letter.pk])).content.decode()


def test_whoever_sees_the_case_elsewhere_cannot_revoke(client, letter, other_county, other_bureau):
    head = make_user("head2", "钱进", "window_head", point=other_county, department=other_bureau)
    client.force_login(head)

    answer = client.post(reverse("console:letter-revocation", args=[letter.pk]), {"reason": "写错"})

    assert answer.status_code == 404


def test_the_case_page_costs_the_same_for_two_letters_and_for_twenty(
    client, clerk, in_approval, count_queries
):
    client.force_login(clerk)
    address = reverse("console:case-detail", args=[in_approval.number])
    two = count_queries(client, address)
    _more_letters(in_approval, 18)

    assert count_queries(client, address) == two <= 12


# ── the seal ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def at_settings(client, township_director):
    client.force_login(township_director)
    return client


def test_a_director_sets_what_the_township_s_letters_say(at_settings, township):
    answer = at_settings.post(
        reverse("console:issuing-body"),
        {"short_name": "临府", "court": "资阳市雁江区人民法院", "seal": a_scan("章.png")},
    )

    row = IssuingBody.objects.get(point=township)
    assert (answer.status_code, row.short_name, row.court) == (302, "临府", "资阳市雁江区人民法院")
    assert default_storage.exists(row.seal.name)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"short_name": ""}, "请填写机关代字"),
        ({"short_name": "LF 1"}, "机关代字用汉字"),
        ({"short_name": "临府", "seal": a_scan("章.jpg", b"\xff\xd8\xff")}, "印章图须是PNG图片"),
    ],
)
def test_a_setting_that_does_not_fit_is_said_beside_its_field_with_what_was_typed(
    at_settings, sent, sentence
):
    answer = at_settings.post(reverse("console:issuing-body"), {"court": "某人民法院", **sent})

    assert answer.status_code == 422
    assert sentence in answer.content.decode() and "某人民法院" in answer.content.decode()
    assert not IssuingBody.objects.exists()


def test_a_clerk_does_not_touch_the_seal(client, clerk):
    client.force_login(clerk)

    assert client.get(reverse("console:issuing-body")).status_code == 403


# ── citizens and agents ──────────────────────────────────────────────────────────────────────────────
def test_a_citizen_reads_own_letters_and_nobody_else_s(ask, citizen, other_citizen, accepted, letter):
    page = ask(citizen, "portal:case-detail", accepted.number).content.decode()
    address = reverse("portal:letter", args=[accepted.number, letter.pk])

    assert address in page and "受理通知书" in page
    assert ask(citizen, "portal:letter", accepted.number, letter.pk)["Content-Type"] == "application/pdf"
    assert ask(other_citizen, "portal:letter", accepted.number, letter.pk).status_code == 404


def test_a_letter_of_one_case_is_not_had_under_the_number_of_another(
    ask, citizen, at_the_counter, accepted, newest
):
    foreign = newest(at_the_counter)

    assert ask(citizen, "portal:letter", accepted.number, foreign.pk).status_code == 404
    assert ask(citizen, "portal:letter", at_the_counter.number, foreign.pk).status_code == 404


def test_the_addresses_of_letters_name_nobody(letter):
    for address in (
        reverse("console:letter", args=[letter.pk]),
        reverse("portal:verified", args=[letter.token]),
    ):
        assert not any(mark in address for mark in ("王", "5199", letter.check_code))


def test_the_citizen_s_page_costs_the_same_for_two_letters_and_for_twenty(
    client, citizen, accepted, count_queries
):
    client.force_login(citizen)
    address = reverse("portal:case-detail", args=[accepted.number])
    two = count_queries(client, address)
    _more_letters(accepted, 18)

    assert count_queries(client, address) == two <= 12


def test_an_agent_prints_the_receipt_for_the_villager(ask, village_agent, collected, newest, other_citizen):
    receipt = newest(collected, Kind.COLLECTION)

    page = ask(village_agent, "portal:agent-case-detail", collected.number).content.decode()
    file = ask(village_agent, "portal:agent-letter", collected.number, receipt.pk)

    assert reverse("portal:agent-letter", args=[collected.number, receipt.pk]) in page
    assert file["Content-Type"] == "application/pdf"
    assert ask(other_citizen, "portal:agent-letter", collected.number, receipt.pk).status_code == 403


def test_an_agent_sees_no_letter_of_what_another_collected(ask, village_agent, accepted, letter):
    assert ask(village_agent, "portal:agent-letter", accepted.number, letter.pk).status_code == 404


# ── the interface ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def api():
    def of(user) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
        return client

    return of


def test_the_interface_lists_letters_and_hands_out_their_pdf(api, clerk, citizen, accepted, letter):
    for user, base in (
        (clerk, f"/api/v1/cases/{accepted.number}/letters/"),
        (citizen, f"/api/v1/my/cases/{accepted.key}/letters/"),
    ):
        listed = api(user).get(base)
        file = api(user).get(f"{base}{letter.pk}/file/", HTTP_ACCEPT="application/pdf")

        assert [row["kind"] for row in listed.json()] == ["acceptance", "answer_receipt"]
        assert listed.json()[0]["standing"] == "目前有效。"
        assert (file.status_code, file["Content-Type"], file.content[:5]) == (
            200,
            "application/pdf",
            b"%PDF-",
        )


def test_the_interface_shows_no_letter_outside_the_scope(
    api, clerk_of_another_county, other_citizen, accepted, letter
):
    base, mine = f"/api/v1/cases/{accepted.number}/letters/", f"/api/v1/my/cases/{accepted.key}/letters/"

    answers = [api(clerk_of_another_county).get(base), api(clerk_of_another_county).get(f"{base}{letter.pk}/file/"),
               api(other_citizen).get(mine), api(other_citizen).get(f"{mine}{letter.pk}/file/")]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 4


def test_the_interface_says_why_a_letter_cannot_be_had(api, clerk, accepted, letter, monkeypatch, tmp_path):
    monkeypatch.setattr(typesetting, "LAYOUTS", tmp_path)

    answer = api(clerk).get(f"/api/v1/cases/{accepted.number}/letters/{letter.pk}/file/")

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert "版式文件" in answer.json()["detail"]


def test_a_key_larger_than_any_finds_nothing(api, clerk, accepted):
    assert api(clerk).get(f"/api/v1/cases/{accepted.number}/letters/{'9' * 25}/file/").status_code == 404


def test_the_list_of_the_interface_costs_the_same_for_two_and_for_twenty(api, clerk, accepted, count_queries):
    client, address = api(clerk), f"/api/v1/cases/{accepted.number}/letters/"
    two = count_queries(client, address)
    _more_letters(accepted, 18)

    assert count_queries(client, address) == two


def _more_letters(case, number: int) -> None:
    event = case.events.get(verb="passed_into_acceptance")
    for _ in range(number):
        event.pk = None
        event.save(force_insert=True)
        actions.issue([event])
