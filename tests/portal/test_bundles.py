"""一件事: what several matters together come to, for everybody to read; and where it is hinted at."""

from urllib.parse import urlencode

import pytest

from apps.workflows import actions
from apps.workflows.guiding import guide_of
from apps.workflows.models import Project
from tests.cast import PASSWORD, SINCE, at
from tests.workflows.restaurants import SCJG, a_menu, publish_anew

pytestmark = pytest.mark.django_db
MOST = 12  # statements of any page


def test_what_can_be_handled_together_is_listed_by_whom_it_is_for(client, street):
    page = client.get("/bundles/").content.decode()

    assert "个人和家庭" in page
    assert 'href="/bundles/CANYIN/"' in page
    assert "最多 3 件事 · 2 个部门" in page


@pytest.mark.query_count("portal:bundle-list")
def test_the_list_costs_the_same_with_three(client, street, count_queries):
    one = count_queries(client, "/bundles/")
    for code in ("B2", "B3"):
        a_copy(street, code)

    assert count_queries(client, "/bundles/") == one <= MOST


def test_before_the_questions_are_answered_the_guide_says_what_is_always_needed(client, street):
    page = client.get("/bundles/CANYIN/")

    guide = page.context["guide"]
    assert [matter.branch.code for matter in guide.matters] == ["zz", "sp"]
    assert "还有 1 个问题没有回答" in page.content.decode()
    assert "请回答“" not in page.content.decode()


def test_the_answers_give_the_exact_matters_papers_fields_and_days(client, street):
    page = client.get("/bundles/CANYIN/", {"a1": "要"})

    guide = page.context["guide"]
    assert [matter.branch.code for matter in guide.matters] == ["zz", "sp", "hw"]
    assert [(paper.name, paper.used_by) for paper in guide.papers] == [
        ("经营场所证明", ("个体工商户登记", "食品经营许可")),
        ("健康证明", ("食品经营许可",)),
        ("招牌效果图", ("户外招牌设置",)),
    ]
    assert [(paper.name, paper.source) for paper in guide.produced] == [("营业执照", "个体工商户登记")]
    assert (guide.fields, guide.fields_one_by_one) == (2, 4)
    assert (guide.days, guide.days_in_a_row) == (6, 9)
    assert guide.is_complete


def test_without_the_sign_its_department_and_its_paper_are_gone(client, street):
    guide = client.get("/bundles/CANYIN/", {"a1": "不要"}).context["guide"]

    assert guide.departments == ["市场监督管理局"]
    assert "招牌效果图" not in [paper.name for paper in guide.papers]


def test_a_matter_says_which_result_it_waits_for(client, street):
    page = client.get("/bundles/CANYIN/", {"a1": "不要"}).content.decode()

    assert "等营业执照办好就开始" in page
    assert "办好拿到：食品经营许可证" in page


def test_an_answer_that_is_not_offered_counts_as_none_and_says_so(client, street):
    page = client.get("/bundles/CANYIN/", {"a1": "也许", "a²": "x", "a99999": "x"})

    assert page.status_code == 200
    assert "请回答“要挂户外招牌吗？”。" in page.content.decode()


@pytest.mark.parametrize("point", ["0", "²", "99999999999999999999", "x"])
def test_a_place_that_does_not_exist_is_taken_as_none(client, street, point):
    assert client.get("/bundles/CANYIN/", {"point": point}).context["picked"] is None


def test_with_a_place_the_departments_are_those_of_its_hall(client, street, county):
    guide = client.get("/bundles/CANYIN/", {"point": county.pk}).context["guide"]

    assert {matter.branch.department.point_id for matter in guide.matters} == {county.pk}


def test_with_script_only_the_list_is_sent(client, street):
    page = client.get("/bundles/CANYIN/", {"a1": "要"}, headers={"hx-request": "true"}).content.decode()

    assert "<html" not in page
    assert "要办的 3 件事" in page


def test_a_draft_comes_to_what_its_guide_said(street):
    guide = guide_of(street.version, {"1": "要"}, at_point=street.county)
    project = street.draft(sign="要")

    asked = {row.name for row in project.materials.filter(source=None)}
    assert asked == {paper.name for paper in guide.papers}
    assert project.branches.exclude(state="not_needed").count() == len(guide.matters)


def test_the_guide_costs_the_same_whatever_the_answers(client, street, county, count_queries):
    few = count_queries(client, "/bundles/CANYIN/", {"a1": "不要", "point": county.pk})
    many = count_queries(client, "/bundles/CANYIN/", {"a1": "要", "point": county.pk})

    assert few == many <= MOST


def test_a_bundle_that_is_not_in_force_is_not_found(client, street, clock):
    clock(at("2024-12-31"))

    assert client.get("/bundles/CANYIN/").status_code == 404
    assert client.get("/bundles/%E4%B8%8D/").status_code == 404


def test_a_version_of_tomorrow_is_not_shown_today(client, street, clock):
    publish_anew(street, on=at("2026-03-03"))
    clock(at("2026-03-02"))
    today = client.get("/bundles/CANYIN/").context["guide"].version.number
    clock(at("2026-03-03"))

    assert (today, client.get("/bundles/CANYIN/").context["guide"].version.number) == (1, 2)


def test_home_search_and_the_guide_of_an_item_hint_at_the_bundle(client, street):
    link = 'href="/bundles/CANYIN/"'

    assert link in client.get("/").content.decode()
    assert link in client.get("/items/", {"q": "食品经营许可"}).content.decode()
    assert link in client.get("/items/", {"q": "开餐馆"}).content.decode()
    assert link in client.get("/items/CY-sp/").content.decode()
    assert link not in client.get("/items/").content.decode()


def test_an_item_of_no_bundle_gets_no_hint(client, street, food_permit):
    assert "可以一件事一起办" not in client.get(f"/items/{food_permit.code}/").content.decode()


def test_the_answers_come_along_through_the_sign_in(client, street, county):
    wanted = f"/bundles/CANYIN/application/?{urlencode({'a1': '要', 'point': county.pk})}"
    to_login = client.get(wanted)
    answer = client.post("/login/", {"username": "wangxm", "password": PASSWORD, "next": wanted})
    form = client.get(answer.url).context["form"]

    assert to_login.url == f"/login/?{urlencode({'next': wanted}, safe='/')}"
    assert answer.url == wanted
    assert (form["a1"].value(), str(form["point"].value())) == ("要", str(county.pk))
    assert Project.objects.count() == 0


def test_the_planned_days_are_those_of_the_longest_line(street):
    without = guide_of(street.version, {"1": "不要"})

    assert (without.days, without.days_in_a_row) == (6, 6)


def a_copy(street, code: str) -> None:
    """The same bundle under another code."""
    bundle = actions.enter_bundle(
        code, f"{code}一件事", audience="company", lead=SCJG, by=None, at=at("2025-01-01")
    )
    version = actions.fill_draft(bundle.versions.get(), a_menu(), by=None, at=at("2025-01-01"))
    actions.publish(version, on=SINCE, by=None, at=at("2025-01-01"))
