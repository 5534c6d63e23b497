"""What anybody may read: search, guides, service points, progress; and how many statements a page costs."""

import re

import pytest

from apps.cases import actions as cases
from apps.cases.models import Channel
from apps.items import actions as items
from apps.items.models import Item, ItemVersion, Necessity
from apps.points import actions as points
from apps.points.models import Level
from tests.bulk import copies_of
from tests.cast import FRIDAY, SINCE, at, fill, publish_item

pytestmark = pytest.mark.django_db
MOST = 12  # statements of any page


@pytest.mark.parametrize("words", ["食品经营", "开小吃店", "spjyxk", "我想开个小吃店"])
def test_an_item_is_found_as_people_say_it(client, food_permit, words):
    page = client.get("/items/", {"q": words}).content.decode()

    assert f'href="/items/{food_permit.code}/"' in page


@pytest.mark.parametrize(
    "address", ["/items/?q=%00", "/items/?theme=%00", "/points/?under=%00", "/items/%00/"]
)
def test_an_address_that_nobody_can_have_typed_is_refused_in_words(client, food_permit, address):
    answer = client.get(address)

    assert answer.status_code == 400
    assert "96196" in answer.content.decode()


def test_what_cannot_be_found_gets_advice_and_not_an_empty_page(client, food_permit):
    page = client.get("/items/", {"q": "造火箭"}).content.decode()

    assert "没找到“造火箭”" in page
    assert "换个说法试试" in page


def test_words_are_shown_as_words(client, food_permit):
    page = client.get("/items/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page


def test_the_guide_says_the_fourteen_core_fields(client, food_permit):
    page = client.get(f"/items/{food_permit.code}/").content.decode()

    said = [
        "食品经营许可（含保健食品）", "实施主体", "市场监督管理局", "办理条件", "有与经营的食品相适应的场所", "申请材料",
        "办理流程", "3 个工作日", "法定 20 个工作日", "不收费", "在哪里办", "咨询电话", "监督电话",
        "全程网办", "办理时间", "结果怎么给您", "空白申请表",
    ]  # fmt: skip
    assert [words for words in said if words not in page] == []


def test_a_changed_item_changes_its_guide(client, food_permit):
    version = items.draft_version(
        food_permit, effective_on=SINCE, kind="committed", committed_amount=1, statutory_amount=20,
        materials=[{"name": "新的申请书", "form": "original", "necessity": Necessity.REQUIRED}],
    )  # fmt: skip
    items.publish(version, on=SINCE, at=FRIDAY)

    page = client.get(f"/items/{food_permit.code}/").content.decode()

    assert "新的申请书" in page
    assert "经营场所平面图" not in page


def test_papers_of_a_situation_are_listed_when_it_applies(client, county, market_bureau):
    item = publish_item(
        "XK910", "户外招牌设置", level=Level.COUNTY,
        materials=[
            {"name": "申请书", "form": "original", "necessity": Necessity.REQUIRED},
            {"name": "委托书", "form": "original", "necessity": Necessity.SITUATIONAL, "situation": "请别人代办"},
        ],
    )  # fmt: skip

    without = client.get(f"/items/{item.code}/").content.decode()
    with_it = client.get(f"/items/{item.code}/", {"situation": "请别人代办"}).content.decode()

    assert "<b>委托书</b>" not in without
    assert "<b>委托书</b>" in with_it


def test_a_shelved_item_is_gone_from_the_portal(client, food_permit):
    items.shelve(food_permit, reason="国务院决定调整")

    assert client.get(f"/items/{food_permit.code}/").status_code == 404
    assert food_permit.name not in client.get("/items/").content.decode()


def test_an_old_blank_form_says_that_it_was_withdrawn(client, food_permit):
    version = items.draft_version(
        food_permit, effective_on=SINCE, kind="committed", committed_amount=1, statutory_amount=20,
        materials=[{"name": "申请书", "form": "original", "necessity": Necessity.REQUIRED}],
    )  # fmt: skip
    items.publish(version, on=SINCE, at=FRIDAY)

    old = client.get(f"/items/{food_permit.code}/forms/1/")
    new = client.get(f"/items/{food_permit.code}/forms/2/")
    never = client.get(f"/items/{food_permit.code}/forms/9/")

    assert (old.status_code, new.status_code, never.status_code) == (410, 200, 404)
    assert "已经停用" in old.content.decode()
    assert ItemVersion.objects.filter(item=food_permit).count() == 2


def test_places_are_found_by_links_down_the_tree(client, county, township, village, village_item):
    steps = ["/points/", "/points/?under=512002", "/points/?under=512002105"]

    seen = [re.findall(r'href="/points/(\d+)/"', client.get(step).content.decode()) for step in steps]

    assert ("512002" in seen[0], "512002105" in seen[1], "512002105201" in seen[2]) == (True, True, True)
    assert village_item.name in client.get("/points/512002105201/").content.decode()


def test_a_place_that_is_not_built_says_where_to_go(client, township):
    points.open_point(
        level=Level.VILLAGE,
        code="512002105209",
        region="老鹰村",
        name="老鹰村便民服务代办点",
        parent=township,
        is_built=False,
    )

    assert "请到上一级服务点办理" in client.get("/points/512002105209/").content.decode()


def test_progress_is_shown_for_number_and_last_four(client, accepted):
    answer = client.post("/progress/", {"number": accepted.number, "last4": "0017"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "窗口受理了申请" in page
    assert "王小明" not in page
    assert "13800000001" not in page


@pytest.mark.parametrize(("number", "last4"), [(None, "9999"), ("51200220260302000099", "0017")])
def test_progress_tells_a_stranger_nothing(client, accepted, number, last4):
    answer = client.post("/progress/", {"number": number or accepted.number, "last4": last4})

    assert answer.status_code == 422
    assert "没有查到" in answer.content.decode()
    assert accepted.item.name not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"number": "123", "last4": "0017"}, "现在填了 3 位"),
        ({"number": "51200220260302000099", "last4": "17"}, "请填最后四位"),
    ],
)
def test_progress_keeps_what_was_mistyped(client, db, typed, sentence):
    answer = client.post("/progress/", typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{typed["number"]}"' in answer.content.decode()


def test_progress_cannot_be_fished_for(client, accepted):
    answers = [
        client.post("/progress/", {"number": accepted.number, "last4": "9999"}).status_code for _ in range(11)
    ]

    assert answers == [422] * 10 + [429]


def test_one_number_cannot_be_fished_for_from_many_places(client, accepted):
    asked = {"number": accepted.number, "last4": "9999"}
    tries = [client.post("/progress/", asked, REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(20)]

    answer = client.post("/progress/", {"number": accepted.number, "last4": "0017"}, REMOTE_ADDR="10.0.0.99")

    assert (tries, answer.status_code) == ([422] * 20, 429)
    assert "后四位错得太多" in answer.content.decode()


# ── what a page costs ────────────────────────────────────────────────────────────────────────────────
def _more_items(county, market_bureau, count):
    for n in range(count):
        item = publish_item(f"XK95{n}", f"样例许可{n}", level=Level.COUNTY)
        items.offer(item, scope=county, level=Level.COUNTY, authority="decide", department=market_bureau)


@pytest.mark.query_count("portal:item-list")
def test_the_list_of_items_costs_the_same_with_three(
    client, food_permit, county, market_bureau, count_queries
):
    one = count_queries(client, "/items/")
    _more_items(county, market_bureau, 2)

    assert count_queries(client, "/items/") == one <= MOST
    assert count_queries(client, "/items/", {"q": "许可"}) <= MOST


@pytest.mark.query_count("portal:point-list")
def test_the_list_of_points_costs_the_same_with_three(client, county, township, count_queries):
    one = count_queries(client, "/points/", {"under": county.path})
    for n in (6, 7):
        points.open_point(
            level=Level.TOWNSHIP,
            code=f"51200210{n}000",
            region=f"{n}镇",
            name=f"{n}镇便民服务中心",
            parent=county,
        )

    assert count_queries(client, "/points/", {"under": county.path}) == one <= MOST


@pytest.mark.query_count("portal:case-list")
def test_my_cases_cost_the_same_with_three(client, citizen, submitted, food_permit, county, count_queries):
    client.force_login(citizen)
    one = count_queries(client, "/cases/", {"tab": "running"})
    for _ in range(2):
        case = cases.draft(
            food_permit,
            applicant=citizen.applicant,
            at_point=county,
            channel=Channel.ONLINE,
            by=citizen,
            at=at("2026-03-03"),
        )
        _fill_and_submit(case, citizen)

    assert count_queries(client, "/cases/", {"tab": "running"}) == one <= MOST


@pytest.mark.query_count("portal:agent-case-list")
def test_an_agents_cases_cost_the_same_with_three(
    client, village_agent, villager, collected, village_item, village, count_queries
):
    client.force_login(village_agent)
    one = count_queries(client, "/agent/")
    for _ in range(2):
        case = cases.draft(
            village_item,
            applicant=villager,
            at_point=village,
            channel=Channel.VILLAGE,
            by=village_agent,
            at=at("2026-03-03"),
        )
        cases.collect(case, {1: (1, 0)}, by=village_agent, at=at("2026-03-03"), privacy_notice="2026-01")

    assert count_queries(client, "/agent/") == one <= MOST


@pytest.mark.parametrize(
    "path",
    [
        "/", "/items/{item}/", "/items/{item}/application/", "/points/{point}/", "/account/", "/cases/{case}/",
        "/cases/{case}/receipt/",
    ],
)  # fmt: skip
def test_no_page_of_the_portal_costs_more_than_twelve(
    client, citizen, submitted, food_permit, county, count_queries, path
):
    client.force_login(citizen)

    address = path.format(item=food_permit.code, point=county.path, case=submitted.number)

    assert count_queries(client, address) <= MOST


def test_a_case_that_is_to_be_corrected_costs_no_more(client, citizen, submitted, clerk, count_queries):
    faults = [cases.Found("看不清。", 2, "重新拍"), cases.Found("没有写门牌号。")]
    cases.return_for_correction(submitted, faults, by=clerk, at=at("2026-03-02", "15:00"))
    client.force_login(citizen)

    assert count_queries(client, f"/cases/{submitted.number}/") <= MOST


@pytest.mark.parametrize("step", ["", "situation/", "check/"])
def test_no_step_of_a_draft_costs_more_than_twelve(client, citizen, draft, count_queries, step):
    client.force_login(citizen)

    assert count_queries(client, f"/drafts/{draft.key}/{step}") <= MOST


def _fill_and_submit(case, citizen):
    fill(case, by=citizen, at_=at("2026-03-03"))
    return cases.submit(case, by=citizen, at=at("2026-03-03"), privacy_notice="2026-01")


def test_twins_of_village_and_community_are_told_apart(client, county):
    for code, kind in (("CJ930", "village"), ("SQ930", "community")):
        item = publish_item(code, "高龄津贴代办", level=Level.VILLAGE, kind="agent", statutory=None)
        items.offer(item, scope=county, level=Level.VILLAGE, authority="collect", kind=kind)

    for asked in ({}, {"q": "高龄津贴"}):
        page = client.get("/items/", asked).content.decode()
        assert ('<span class="tag">村</span>' in page, '<span class="tag">社区</span>' in page) == (
            True,
            True,
        )


def test_where_to_apply_is_asked_by_county(client, citizen, food_permit, county, other_county):
    client.force_login(citizen)

    page = client.get(f"/items/{food_permit.code}/application/").content.decode()

    assert "选经营场所（个人的事选户籍）所在的县（市、区）" in page
    assert "到哪里交都一样" not in page


def test_the_home_page_begins_with_what_people_need_for_themselves(client, county):
    for code, theme, served in (
        ("XK940", "投资建设", "2"),
        ("XK941", "投资建设", "2"),
        ("GF940", "出生", "1"),
    ):
        item = publish_item(code, f"{theme}的事{code}", level=Level.COUNTY)
        Item.objects.filter(pk=item.pk).update(theme=theme)
        ItemVersion.objects.filter(item=item).update(service_objects=[served])

    groups = [group["name"] for group in client.get("/").context["groups"]]

    assert groups == ["出生", "投资建设"]


def test_what_is_often_asked_for_names_a_matter_once(client, submitted, food_permit, city):
    same = publish_item("ZX941", food_permit.name, level=Level.CITY)
    copies_of(submitted, 1, item_id=same.pk, version_id=same.current.pk)

    assert [str(item) for item in client.get("/").context["common"]] == [food_permit.name]
