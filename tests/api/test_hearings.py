"""听证 by the API: the same acts as on the page of the case, refused with the same sentences."""

import pytest

from apps.cases import actions
from tests.cast import at

pytestmark = pytest.mark.django_db
V1 = "/api/v1/my/cases"


@pytest.fixture
def told(in_review, colleague, clock):
    actions.offer_hearing(in_review, subject="涉及相邻住户油烟排放", by=colleague, at=at("2026-03-04"))
    clock(at("2026-03-05"))
    return in_review


def test_a_program_reads_until_when_and_asks(api_as, told, citizen):
    client = api_as(citizen)
    right = client.get(f"{V1}/{told.key}/").json()["hearing"]
    assert (right["ask_by_on"], right["asked_on"]) == ("2026-03-11", None)

    answer = client.post(f"{V1}/{told.key}/hearing-request/")

    told.refresh_from_db()
    assert (answer.status_code, answer.json()["status"], told.due_on) == (200, "hearing", None)
    assert answer.json()["hearing"]["hold_by_on"] == "2026-04-02"


def test_a_waiver_must_say_that_it_is_understood(api_as, told, citizen):
    client = api_as(citizen)

    empty = client.post(f"{V1}/{told.key}/hearing-waiver/", {}, format="json")
    unsaid = client.post(f"{V1}/{told.key}/hearing-waiver/", {"understood": False}, format="json")
    said = client.post(f"{V1}/{told.key}/hearing-waiver/", {"understood": True}, format="json")

    assert (empty.status_code, unsaid.status_code, said.status_code) == (422, 422, 200)
    assert unsaid.json()["errors"] == {"understood": ["请先勾选：我知道放弃后不能再申请听证。"]}
    assert said.json()["hearing"] is None


def test_after_the_term_the_refusal_names_the_last_day(api_as, told, citizen, clock):
    clock(at("2026-03-12"))

    late = api_as(citizen).post(f"{V1}/{told.key}/hearing-request/")

    assert late.status_code == 409
    assert late.json()["detail"] == "申请听证的截止日3月11日（含当天）已过，逾期未提出的视为放弃。"


def test_somebody_else_finds_nothing(api_as, told, other_citizen, clerk):
    for stranger in (other_citizen, clerk):
        assert api_as(stranger).post(f"{V1}/{told.key}/hearing-request/").status_code == 404
