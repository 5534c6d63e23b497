"""入口和查询参数: where the interface begins, and what it does not take."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_way_in_leads_to_the_documents_and_to_every_group(client):
    answer = client.get("/api/v1/")

    assert answer.status_code == 200
    found = {name: client.get(address).status_code for name, address in answer.json().items()}
    assert found == {
        "docs": 200,
        "schema": 200,
        "tokens": 405,
        "items": 200,
        "points": 200,
        "progress": 405,
        "my_cases": 401,
        "desk": 401,
    }


@pytest.mark.parametrize(
    ("address", "unknown"),
    [
        ("/api/v1/items/?quer=食品", "quer"),
        ("/api/v1/items/XK900/?q=1", "q"),
        ("/api/v1/points/?under=5120&page=2", "page"),
        ("/api/v1/cases/?statsu=received", "statsu"),
        ("/api/v1/desk/?received=2026-03-01", "received"),
    ],
)
def test_a_parameter_that_nobody_knows_is_refused(api_as, clerk, food_permit, address, unknown):
    answer = api_as(clerk).get(address)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(f"不认识查询参数{unknown}。")
    assert set(answer.json()["errors"]) == {unknown}


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/items/?q=食品&type=01&at=512002",
        "/api/v1/points/?under=5120&level=4",
        "/api/v1/cases/?status=received&received_after=2026-03-01&received_before=2026-03-31&first=2026-03-01",
        "/api/v1/desk/?stage=to_accept&cursor=",
    ],
)
def test_what_the_schema_names_is_taken(api_as, clerk, food_permit, calendar, address):
    assert api_as(clerk).get(address).status_code == 200
