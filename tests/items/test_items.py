"""事项: versions, shelving, the search, and who offers what where."""

from datetime import date

import pytest
from django.db import IntegrityError

from apps.cases.routing import route
from apps.items import actions
from apps.items.models import Item, ItemVersion
from apps.items.search import search_text
from tests.cast import at, publish_item


@pytest.fixture
def catalogue(db):
    publish_item("A1", "食品经营许可（含保健食品）", level="4", synonyms=["开小吃店", "开餐馆"])
    publish_item("A2", "食品生产许可", level="4")
    publish_item("A3", "最低生活保障对象认定", level="5", synonyms=["低保"])
    publish_item("A4", "户外招牌设置", level="4")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("食品经营", ["A1"]),
        ("低保", ["A3"]),
        ("spjy", ["A1"]),
        ("shipin", ["A1", "A2"]),
        ("开小吃店", ["A1"]),
        ("我想开个小吃店怎么办", ["A1"]),
        ("食品 许可", ["A1", "A2"]),
        ("食", ["A1", "A2"]),
        ("飞机", []),
        ("%", []),
        ("食品_营", []),
    ],
)
def test_people_find_items_as_they_speak(catalogue, words, found):
    assert sorted(item.code for item in Item.objects.on_offer().search(words)) == found


def test_the_exact_name_stands_first(catalogue):
    publish_item("A9", "食品生产许可变更食品生产许可", level="4")

    assert Item.objects.on_offer().search("食品生产许可").first().code == "A2"


def test_the_search_text_holds_name_words_and_initials():
    assert search_text("取水许可", "XK1", ["打井"]).splitlines() == [
        "取水许可",
        "打井",
        "xk1",
        "qsxk",
        "dj",
        "qushuixuke",
    ]


def test_publishing_retires_the_old_version_at_the_same_moment(food_permit):
    version = actions.draft_version(
        food_permit, effective_on=date(2026, 3, 1), kind="committed", committed_amount=2, statutory_amount=20,
        materials=[{"name": "申请书", "form": "original", "necessity": "required"}],
    )  # fmt: skip
    assert food_permit.versions.get(state="published").number == 1

    actions.publish(version, on=date(2026, 3, 1), at=at("2026-03-01"))

    assert list(food_permit.versions.order_by("number").values_list("number", "state", "retired_on")) == [
        (1, "retired", date(2026, 3, 1)),
        (2, "published", None),
    ]


def test_a_version_is_not_published_before_its_day_or_without_materials(food_permit):
    facts = {"kind": "committed", "committed_amount": 2, "statutory_amount": 20}
    early = actions.draft_version(
        food_permit, effective_on=date(2026, 5, 1), materials=[{"name": "甲", "form": "copy", "necessity": "required"}],
        **facts,
    )  # fmt: skip
    empty = actions.draft_version(food_permit, effective_on=date(2026, 3, 1), materials=[], **facts)

    with pytest.raises(actions.NotAllowed, match="未到日期"):
        actions.publish(early, on=date(2026, 3, 1), at=at("2026-03-01"))
    with pytest.raises(actions.NotAllowed, match="没有申请材料清单"):
        actions.publish(empty, on=date(2026, 3, 1), at=at("2026-03-01"))


def test_a_shelved_item_leaves_the_portal_and_comes_back(food_permit):
    actions.shelve(food_permit, reason="上级清理")
    assert not Item.objects.on_offer().filter(pk=food_permit.pk).exists()
    with pytest.raises(actions.NotAllowed, match="搁置，不能搁置"):
        actions.shelve(food_permit, reason="再来")

    actions.restore(food_permit)

    assert Item.objects.on_offer().filter(pk=food_permit.pk).exists()


def test_the_database_keeps_one_published_version(food_permit):
    with pytest.raises(IntegrityError, match="one_published_version_per_item"):
        ItemVersion.objects.create(
            item=food_permit, number=9, state="published", effective_on=date(2026, 1, 1), kind="committed",
            committed_amount=1, statutory_amount=20,
        )  # fmt: skip


def test_what_a_village_takes_in_is_decided_above(village_item, village, township, county):
    way = route(village_item, village)

    assert (way.intake.authority, way.point, way.department) == ("collect", township, None)
    assert route(village_item, township).point == township
    assert route(village_item, county) is None


def test_a_county_item_is_decided_by_its_department(food_permit, county, market_bureau, township):
    assert route(food_permit, county).department == market_bureau
    assert route(food_permit, township) is None


@pytest.mark.parametrize("words", ["xyz不存在", "<script>", "qqqq", "zzxx 没有", "x食y品z"])
def test_letters_that_are_no_initials_find_nothing(food_permit, words):
    publish_item("XK930", "烟草专卖零售许可证核发", level="4")
    publish_item("XK931", "小作坊从事食品生产备案", level="4", synonyms=["scriptorium"])

    assert list(Item.objects.search(words)) == []


@pytest.mark.parametrize("words", ["spjy", "SPJY", "shipin", "kxcd", "我想开个小吃店"])
def test_initials_and_plain_speech_still_find(food_permit, words):
    assert list(Item.objects.search(words)) == [food_permit]
