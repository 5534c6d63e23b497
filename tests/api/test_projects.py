"""一件事 over the interface: the guide for given answers, and a whole project from its draft to its withdrawal."""

import uuid

import pytest
from rest_framework.test import APIClient

from apps.workflows import actions
from apps.workflows.models import Project
from apps.workflows.one_form import answers_of
from tests.cast import a_scan
from tests.workflows.projects import hall
from tests.workflows.restaurants import MONDAY, SCJG, publish_anew, street

__all__ = ["hall", "street"]
pytestmark = pytest.mark.django_db
V1 = "/api/v1"
FORM = {"shop_name": "江畔小吃店", "address": "滨江路18号"}


@pytest.fixture
def me(api_as, citizen, clock):
    clock(MONDAY)
    return api_as(citizen)


def begin(client, street, **facts):
    wanted = {"bundle": "CANYIN", "point": street.county.path, "answers": {"1": "要"}} | facts
    return client.post(f"{V1}/my/projects/", wanted, format="json", headers={"Idempotency-Key": "k1"})


@pytest.mark.query_count("api:bundle-list")
def test_what_is_on_offer_is_read_without_signing_in(street, count_queries):
    rows = APIClient().get(f"{V1}/bundles/").json()

    assert [(row["code"], row["audience"], row["version"]) for row in rows] == [("CANYIN", "citizen", 1)]
    assert count_queries(APIClient(), f"{V1}/bundles/") <= 2


def test_the_guide_is_that_of_the_answers_given(street):
    guide = APIClient().get(f"{V1}/bundles/CANYIN/", {"answer": "1:要", "point": street.county.path}).json()

    assert guide["is_complete"]
    assert [matter["code"] for matter in guide["matters"]] == ["zz", "sp", "hw"]
    assert guide["matters"][1]["waits_for"] == ["营业执照"]
    assert [paper["name"] for paper in guide["papers"]] == ["经营场所证明", "健康证明", "招牌效果图"]
    assert [paper["source"] for paper in guide["produced"]] == ["个体工商户登记"]
    assert (guide["days"], guide["days_in_a_row"], guide["form_fields"]) == (6, 9, 2)


def test_what_an_investment_project_says_itself_is_no_field_of_its_form(api_as, hall, clock, privacy_notice):
    clock(MONDAY)
    hall.asks_for_the_project("ba")
    me = api_as(hall.owner)
    wanted = {"bundle": "TZ", "point": hall.county.path, "name": "新厂房", "answers": {"1": "否"}}
    key = me.post(f"{V1}/my/projects/", wanted, format="json", headers={"Idempotency-Key": "k1"}).json()[
        "key"
    ]
    address = f"{V1}/my/projects/{key}/"
    code = "2603-512002-04-01-123456"

    filled = me.put(
        address, {"form": {"investment": "6000", "site": "城南"}, "national_code": code}, format="json"
    ).json()
    twice = me.put(address, {"form": {"project_name": "另一个名称"}}, format="json")
    for paper in filled["papers"]:
        if paper["necessity"] == "required" and not paper["source"]:
            me.post(f"{address}materials/{paper['seq']}/", {"file": a_scan()}, format="multipart")
    filed = me.post(f"{address}submission/", {"privacy_notice": "2026-01"})

    assert [field["name"] for field in filled["form_fields"]] == ["investment", "site"]
    assert twice.status_code == 422
    assert filed.status_code == 200, filed.json()
    project = Project.objects.get(key=key)
    assert answers_of(project) | {"project_name": "新厂房", "project_code": code} == answers_of(project)


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"answer": "要"}, 422),
        ({"point": "999999"}, 422),
        ({"ansewr": "1:要"}, 400),
        ({"answer": "9:什么"}, 200),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_in_words(street, params, status):
    assert APIClient().get(f"{V1}/bundles/CANYIN/", params).status_code == status


def test_a_project_is_filed_over_the_interface(me, street):
    key = begin(me, street).json()["key"]
    filled = me.put(f"{V1}/my/projects/{key}/", {"form": FORM, "handing": "together"}, format="json").json()
    for paper in filled["papers"]:
        if paper["necessity"] == "required" and not paper["source"]:
            me.post(
                f"{V1}/my/projects/{key}/materials/{paper['seq']}/", {"file": a_scan()}, format="multipart"
            )
    sent = [
        me.post(f"{V1}/my/projects/{key}/submission/", {"privacy_notice": "2026-01"}).json() for _ in "ab"
    ]

    assert (filled["form"], filled["handing"]) == (FORM, "together")
    assert [field["name"] for field in filled["form_fields"]] == ["shop_name", "address"]
    assert sent[0]["state"] == "running"
    assert sent[0]["number"] == sent[1]["number"]
    assert [branch["answer_by"] for branch in sent[0]["branches"]] == ["2026-03-03"] * 3


def test_the_same_key_makes_one_project_and_another_content_is_refused(me, street):
    first, again = begin(me, street), begin(me, street)
    other = begin(me, street, answers={"1": "不要"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["key"] == again.json()["key"]
    assert Project.objects.count() == 1


def test_what_is_missing_is_one_problem_document(me, street):
    open_question = begin(me, street, answers={})
    key = begin(me, street).json()["key"]
    missing = me.post(f"{V1}/my/projects/{key}/submission/", {"privacy_notice": "2026-01"})

    assert open_question.json()["errors"] == {"question-1": ["请回答“要挂户外招牌吗？”。"]}
    assert missing.status_code == 422
    assert set(missing.json()["errors"]) == {"shop_name", "address", "material-1", "material-4"}
    assert missing["Content-Type"] == "application/problem+json"


def test_a_field_that_the_form_has_not_is_refused(me, street):
    key = begin(me, street).json()["key"]

    answer = me.put(f"{V1}/my/projects/{key}/", {"form": {"shop": "x"}}, format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["form.shop"])


def test_a_bad_file_and_a_bad_place_are_told(me, street):
    key = begin(me, street).json()["key"]

    bad = me.post(
        f"{V1}/my/projects/{key}/materials/1/", {"file": a_scan("x.png", b"nothing")}, format="multipart"
    )

    assert bad.status_code == 422
    assert "不是允许的类型" in bad.json()["detail"]
    assert (
        me.post(f"{V1}/my/projects/{key}/materials/99/", {"file": a_scan()}, format="multipart").status_code
        == 404
    )
    assert begin(me, street, point="999999").status_code == 422


def test_a_version_that_moved_on_is_renewed(me, street):
    project = street.filled()
    publish_anew(street, question="门口要立广告牌吗？", on=MONDAY)
    address = f"{V1}/my/projects/{project.key}/"

    stale = me.post(f"{address}submission/", {"privacy_notice": "2026-01"})
    asked = me.post(f"{address}renewal/", {}, format="json")
    renewed = me.post(f"{address}renewal/", {"answers": {"1": "要"}}, format="json")
    filed = me.post(f"{address}submission/", {"privacy_notice": "2026-01"})

    assert (stale.status_code, asked.status_code, renewed.status_code, filed.status_code) == (
        409,
        422,
        200,
        200,
    )


def test_the_supplement_is_answered_and_the_rest_withdrawn(me, street):
    project = street.told()
    address = f"{V1}/my/projects/{project.key}/"
    wishes = me.get(address).json()["wishes"]

    half = me.post(f"{address}answer/", {"answers": {str(wishes[0]["id"]): "改好了"}}, format="json")
    whole = me.post(
        f"{address}answer/", {"answers": {str(wish["id"]): "改好了" for wish in wishes}}, format="json"
    )
    again = me.post(f"{address}answer/", {"answers": {}}, format="json")
    one = me.post(f"{address}withdrawal/", {"reason": "不挂了", "branch": "hw"}, format="json")
    rest = me.post(f"{address}withdrawal/", {"reason": "不开了"}, format="json")

    assert (half.status_code, whole.status_code, again.status_code) == (422, 200, 409)
    assert whole.json()["wishes"] == []
    assert {branch["code"]: branch["state"] for branch in one.json()["branches"]}["hw"] == "withdrawn"
    assert rest.json()["state"] == "withdrawn"


def test_two_notices_are_answered_one_by_one(me, street):
    project = street.told()
    actions.withdraw_branch(street.branch(project, "hw"), why="换招牌", by=street.owner, at=MONDAY)
    actions.reopen(street.branch(project, "hw"), why="招牌改小", by=street.heads[SCJG], at=MONDAY)
    street.answer(project, "hw", "supplement", "招牌效果图", "没有标尺寸")
    actions.send_notice(project.stages.get(), by=street.heads[SCJG], at=MONDAY)
    address = f"{V1}/my/projects/{project.key}/"
    wishes = {one["branch"]: one for one in me.get(address).json()["wishes"]}

    both = {str(one["id"]): "改好了" for one in wishes.values()}
    refused = me.post(f"{address}answer/", {"answers": both}, format="json")
    second = me.post(f"{address}answer/", {"answers": {str(wishes["hw"]["id"]): "改好了"}}, format="json")

    assert wishes["zz"]["notice"] != wishes["hw"]["notice"]
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "答复的问题不都在这一份补正告知书里，请一份一份地答复。",
    )
    assert (second.status_code, [one["branch"] for one in second.json()["wishes"]]) == (200, ["zz"])


@pytest.mark.parametrize("path", ["", "submission/", "answer/", "withdrawal/", "renewal/", "materials/1/"])
def test_nobody_else_s_project_is_found(api_as, street, other_citizen, path):
    project, stranger = street.draft(), api_as(other_citizen)
    address = f"{V1}/my/projects/{project.key}/{path}"
    sent = {"reason": "x", "privacy_notice": "2026-01"}
    if path.startswith("materials"):
        answer = stranger.post(address, {"file": a_scan()}, format="multipart")
    else:
        answer = stranger.post(address, sent) if path else stranger.get(address)

    assert answer.status_code == 404
    assert stranger.get(f"{V1}/my/projects/").json()["results"] == []


@pytest.mark.query_count("api:my-project-list")
def test_my_projects_cost_the_same_with_three(me, street, count_queries):
    street.draft()
    one = count_queries(me, f"{V1}/my/projects/")
    for _ in range(2):
        street.draft(key=uuid.uuid4())

    assert count_queries(me, f"{V1}/my/projects/") == one <= 6


def test_a_draft_is_deleted_and_a_filed_project_refuses(me, street):
    draft, filed = street.draft(), street.filed()

    assert me.delete(f"{V1}/my/projects/{draft.key}/").status_code == 204
    assert me.delete(f"{V1}/my/projects/{filed.key}/").status_code == 409


def test_progress_by_number_tells_no_personal_data(street):
    project = street.running()
    asked = {"number": project.number, "last4": "0017"}

    found = APIClient().post(f"{V1}/progress/projects/", asked).json()
    wrong = APIClient().post(f"{V1}/progress/projects/", asked | {"last4": "0018"})

    assert (found["applicant"], found["state_words"]) == ("王*明", "办理中")
    assert [branch["state"] for branch in found["branches"]] == ["open", "waiting", "waiting"]
    assert wrong.status_code == 404
