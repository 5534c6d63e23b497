"""接口: the same doors, the same actions, problem documents in Chinese."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from apps.accounts import actions as accounts
from apps.cases import actions
from apps.cases.models import Case
from tests.bulk import copies_of
from tests.cast import PASSWORD, a_scan, at, fill

V1 = "/api/v1"


def test_items_are_found_as_people_say_them(food_permit, permit_with_originals):
    found = APIClient().get(f"{V1}/items/", {"q": "开小吃店"}).json()["results"]

    assert [item["code"] for item in found] == ["XK900"]


def test_the_guide_is_the_published_version_with_its_materials(food_permit):
    guide = APIClient().get(f"{V1}/items/XK900/").json()["guide"]

    assert (guide["version"], guide["committed_amount"]) == (1, 3)
    assert [material["name"] for material in guide["materials"]][:2] == ["申请书", "经营场所平面图"]


def test_the_calendar_says_why_a_day_is_worked(calendar):
    days = {day["date"]: day for day in APIClient().get(f"{V1}/calendar/2026/").json()["days"]}

    assert len(days) == 365
    assert not days["2026-10-01"]["is_workday"]
    assert APIClient().get(f"{V1}/calendar/2030/").json()["state"] == "unknown"


def test_progress_needs_both_numbers_and_tells_no_personal_data(accepted):
    asked = {"number": accepted.number, "last4": "0017"}

    answer = APIClient().post(f"{V1}/progress/", asked)
    wrong = APIClient().post(f"{V1}/progress/", {**asked, "last4": "0018"})

    assert (answer.json()["applicant"], answer.json()["due_on"]) == ("王*明", "2026-03-06")
    assert (wrong.status_code, wrong.json()["title"]) == (404, "没有找到")
    assert wrong["Content-Type"] == "application/problem+json"


def test_guessing_at_progress_is_slowed_down(accepted, monkeypatch):
    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "progress", "20/min")

    answers = [APIClient().post(f"{V1}/progress/", {"number": "1", "last4": "0000"}) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    assert "请求太频繁" in answers[-1].json()["detail"]
    cache.clear()


def test_a_citizen_files_corrects_and_follows(
    api_as, calendar, food_permit, county, citizen, clerk, privacy_notice
):
    client = api_as(citizen)
    filing = {"item": "XK900", "point": county.path, "form": {"shop_name": "小店", "address": "滨江路18号"}}
    case = client.post(f"{V1}/my/cases/", filing, format="json").json()
    mine = f"{V1}/my/cases/{case['key']}"

    incomplete = client.post(f"{mine}/submission/", {"privacy_notice": "2026-01"}, format="json")
    assert (incomplete.status_code, incomplete.json()["errors"]["material-1"]) == (422, ["请上传“申请书”。"])
    for seq in (1, 2):
        assert (
            client.post(f"{mine}/materials/{seq}/", {"file": a_scan()}, format="multipart").status_code == 200
        )
    submitted = client.post(f"{mine}/submission/", {"privacy_notice": "2026-01"}, format="json").json()
    again = client.post(f"{mine}/submission/", {"privacy_notice": "2026-01"}, format="json").json()
    assert (submitted["status"], again["number"]) == ("pre_submitted", submitted["number"])

    staff = api_as(clerk)
    notice = {"faults": [{"material": 2, "text": "看不清"}]}
    assert staff.post(f"{V1}/cases/{submitted['number']}/notices/", notice, format="json").status_code == 200
    fault = client.get(f"{mine}/").json()["faults"][0]
    assert client.post(f"{mine}/answer/", {"answers": {}}, format="json").status_code == 422
    answered = client.post(f"{mine}/answer/", {"answers": {str(fault["id"]): "已重传"}}, format="json")
    assert answered.json()["status"] == "pre_submitted"


def test_the_privacy_notice_on_record_is_the_one_in_force(api_as, draft, citizen, privacy_notice):
    answer = api_as(citizen).post(
        f"{V1}/my/cases/{draft.key}/submission/", {"privacy_notice": "从没有过"}, format="json"
    )

    assert answer.status_code == 422
    assert "现行版本是2026-01" in answer.json()["errors"]["privacy_notice"][0]


def test_what_the_guide_does_not_ask_for_is_refused_aloud(api_as, calendar, food_permit, county, citizen):
    client = api_as(citizen)
    filing = {"item": "XK900", "point": county.path, "form": {"shop_name": "小店", "shopname": "错字"}}

    answer = client.post(f"{V1}/my/cases/", filing, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["form.shopname"])
    assert not Case.objects.exists()


def test_an_idempotency_key_is_never_cut(api_as, calendar, food_permit, county, citizen):
    filing = {"item": "XK900", "point": county.path}

    answer = api_as(citizen).post(f"{V1}/my/cases/", filing, format="json", HTTP_IDEMPOTENCY_KEY="k" * 81)

    assert (answer.status_code, Case.objects.count()) == (422, 0)


def test_the_same_key_makes_one_case_and_another_body_is_refused(
    api_as, calendar, food_permit, county, citizen
):
    client = api_as(citizen)
    filing = {"item": "XK900", "point": county.path}

    first = client.post(f"{V1}/my/cases/", filing, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    second = client.post(f"{V1}/my/cases/", filing, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    other = client.post(
        f"{V1}/my/cases/", {**filing, "form": {"shop_name": "别的"}}, format="json", HTTP_IDEMPOTENCY_KEY="k1"
    )

    assert (first.status_code, second.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["key"] == second.json()["key"]
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_makes_one_case(api_as, calendar, food_permit, county, citizen):
    clients = [api_as(citizen) for _ in range(6)]
    gate, answers = threading.Barrier(len(clients)), []

    def file(client):
        gate.wait()
        filing = {"item": "XK900", "point": county.path}
        answers.append(
            client.post(f"{V1}/my/cases/", filing, format="json", HTTP_IDEMPOTENCY_KEY="race").status_code
        )
        connection.close()

    threads = [threading.Thread(target=file, args=[client]) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(answers) == [200] * 5 + [201]
    assert Case.objects.count() == 1


def test_a_renamed_program_is_refused_with_a_sentence(api_as, draft, citizen):
    answer = api_as(citizen).post(
        f"{V1}/my/cases/{draft.key}/materials/1/",
        {"file": a_scan("a.pdf", b"MZ" + b"\0" * 99)},
        format="multipart",
    )

    assert answer.status_code == 422
    assert "不是允许的类型" in answer.json()["errors"]["file"][0]


def test_staff_act_by_the_same_actions(api_as, submitted, clerk, colleague, approver):
    number = submitted.number
    assert (
        api_as(clerk).post(f"{V1}/cases/{number}/pre-review/", {}, format="json").json()["status"]
        == "accepted"
    )
    again = api_as(colleague).post(f"{V1}/cases/{number}/pre-review/", {}, format="json")
    assert (again.status_code, "周敏已于" in again.json()["detail"]) == (409, True)
    api_as(colleague).post(f"{V1}/cases/{number}/review/", {}, format="json")
    api_as(colleague).post(f"{V1}/cases/{number}/opinion/", {"opinion": "建议准予"}, format="json")

    refused = api_as(approver).post(f"{V1}/cases/{number}/decision/", {"result": "refuse"}, format="json")
    granted = api_as(approver).post(f"{V1}/cases/{number}/decision/", {"result": "grant"}, format="json")

    assert (refused.status_code, granted.json()["status"]) == (422, "granted")
    verbs = [event["verb"] for event in api_as(clerk).get(f"{V1}/cases/{number}/events/").json()]
    assert verbs == ["submitted", "passed_into_acceptance", "review_started", "review_finished", "granted"]


def test_whoever_does_not_handle_cases_reads_names_masked(api_as, submitted, clerk, leader):
    rows = {who.username: api_as(who).get(f"{V1}/cases/").json()["results"] for who in (clerk, leader)}

    assert [rows[who.username][0]["applicant_name"] for who in (clerk, leader)] == ["王小明", "王*明"]


def test_every_door_is_closed_to_whoever_may_not_see(
    api_as, submitted, clerk_of_another_county, other_citizen, system_admin
):
    number = submitted.number
    foreign = api_as(clerk_of_another_county)
    assert foreign.get(f"{V1}/cases/{number}/").status_code == 404
    assert foreign.get(f"{V1}/cases/").json()["results"] == []
    assert foreign.post(f"{V1}/cases/{number}/pre-review/", {}, format="json").status_code == 404
    assert api_as(other_citizen).get(f"{V1}/my/cases/{submitted.key}/").status_code == 404
    assert api_as(system_admin).get(f"{V1}/cases/{number}/").status_code == 403
    assert APIClient().get(f"{V1}/cases/").status_code == 401


@pytest.mark.query_count("api:case-list", "api:desk-list")
def test_staff_lists_cost_the_same_for_one_row_and_for_three(api_as, submitted, clerk, count_queries):
    client = api_as(clerk)
    one = [count_queries(client, f"{V1}/cases/"), count_queries(client, f"{V1}/desk/")]
    copies_of(submitted, 2)

    assert [count_queries(client, f"{V1}/cases/"), count_queries(client, f"{V1}/desk/")] == one
    assert max(one) <= 8


@pytest.mark.query_count("api:my-case-list", "api:item-list", "api:point-list")
def test_other_lists_cost_the_same_for_one_row_and_for_three(
    api_as, draft, submitted, citizen, village, count_queries
):
    client = api_as(citizen)
    addresses = [f"{V1}/my/cases/", f"{V1}/items/", f"{V1}/points/"]
    before = [count_queries(client, address) for address in addresses]
    copies_of(submitted, 2)

    assert [count_queries(client, address) for address in addresses] == before
    assert max(before) <= 8


def test_a_token_is_given_for_the_right_password_only(citizen):
    right = APIClient().post(f"{V1}/tokens/", {"username": "wangxm", "password": PASSWORD}, format="json")
    wrong = APIClient().post(f"{V1}/tokens/", {"username": "wangxm", "password": "x"}, format="json")

    assert len(right.json()["token"]) == 40
    assert (wrong.status_code, wrong.json()["detail"]) == (401, "用户名、密码或令牌不对。")


def test_a_company_is_acted_for_by_its_mandated_person_only(
    api_as, calendar, food_permit, county, citizen, company, other_citizen
):
    filing = {"item": "XK900", "point": county.path, "applicant": "91519999MA00000158"}

    mine = api_as(citizen).post(f"{V1}/my/cases/", filing, format="json")
    theirs = api_as(other_citizen).post(f"{V1}/my/cases/", filing, format="json")

    assert (mine.status_code, mine.json()["applicant_name"]) == (201, "资阳江畔餐饮有限公司")
    assert theirs.status_code == 409


def test_a_list_is_narrowed_by_the_same_filters_as_the_pages(api_as, submitted, at_the_counter, clerk):
    client = api_as(clerk)

    assert [
        row["number"] for row in client.get(f"{V1}/cases/", {"stage": "to_accept"}).json()["results"]
    ] == [at_the_counter.number]
    assert client.get(f"{V1}/cases/", {"stage": "nonsense"}).status_code == 422


def test_a_leader_gets_no_papers(api_as, submitted, leader):
    client = api_as(leader)

    assert client.get(f"{V1}/cases/").json()["results"][0]["number"] == submitted.number
    assert client.get(f"{V1}/cases/{submitted.number}/").status_code == 403


def test_malformed_json_is_a_problem_document(api_as, citizen):
    answer = api_as(citizen).generic("POST", f"{V1}/my/cases/", "{", content_type="application/json")

    assert (answer.status_code, answer.json()["title"]) == (400, "请求无法解析")


def test_the_centre_cannot_decide_through_the_api_either(api_as, in_approval, centre_admin):
    answer = api_as(centre_admin).post(
        f"{V1}/cases/{in_approval.number}/decision/", {"result": "grant"}, format="json"
    )

    assert answer.status_code == 403
    assert actions.deem_accepted(at=at("2026-03-05")) == 0
    assert accounts.administers(centre_admin, in_approval.applicant, on=at("2026-03-05").date()) is False


def test_filing_and_accepting_cost_twenty_statements_with_their_answers(
    api_as, submitted, citizen, clerk, django_assert_max_num_queries
):
    """`submitted` came before: the calendar and the issuing body are read once a process."""
    applicant, desk = api_as(citizen), api_as(clerk)
    one_more = actions.draft(
        submitted.item, applicant=citizen.applicant, at_point=submitted.point, channel=submitted.channel, by=citizen,
        at=at("2026-03-02"),
    )  # fmt: skip
    fill(one_more, by=citizen, at_=at("2026-03-02"))
    ends = 2  # of the transaction: a savepoint and its release here

    with django_assert_max_num_queries(20 + ends):
        filed = applicant.post(f"{V1}/my/cases/{one_more.key}/submission/", {"privacy_notice": "2026-01"})
    with django_assert_max_num_queries(20 + ends):
        accepted = desk.post(f"{V1}/cases/{filed.json()['number']}/pre-review/", {})

    assert (filed.status_code, accepted.status_code) == (200, 200)
