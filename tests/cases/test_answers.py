"""申请内容的核对: what is said about the answers to a guide's form."""

from datetime import date

import pytest

from apps.cases.answers import wrong_answers

TODAY = date(2026, 3, 6)
FIELDS = [
    {"name": "opens", "label": "计划开业日期", "kind": "date", "after_today": True},
    {"name": "born", "label": "出生日期", "kind": "date", "until_today": True},
    {"name": "begins", "label": "开始日期", "kind": "date"},
    {"name": "ends", "label": "结束日期", "kind": "date", "not_before": "begins"},
    {"name": "area", "label": "面积（平方米）", "kind": "number"},
    {"name": "way", "label": "经营方式", "kind": "choice", "required": True, "choices": ["堂食", "外卖"]},
    {"name": "shop", "label": "店铺名称", "kind": "text", "required": True, "max_length": 4},
]
RIGHT = {"opens": "2026-03-07", "born": "1990-01-01", "area": "12.5", "way": "堂食", "shop": "江畔"}


def wrong(phone="13800000001", **answers) -> dict[str, str]:
    return wrong_answers(FIELDS, RIGHT | answers, phone=phone, on=TODAY)


def test_right_answers_are_left_alone():
    assert wrong() == {}
    assert wrong(opens="", born="", area="", phone="") == {}
    assert wrong(born="2026-03-06") == {}
    assert wrong(begins="2026-04-01", ends="2026-04-01") == {}
    assert wrong(begins="2026-04-01") == wrong(ends="2026-04-01") == {}
    assert wrong(area="１２", phone="028-26611234") == {}


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("opens", "2020-01-01", "计划开业日期要晚于今天。"),
        ("opens", "2026-03-06", "计划开业日期要晚于今天。"),
        ("opens", "明天", "计划开业日期请按 2026-01-31 的样子填写日期。"),
        ("born", "1990-02-30", "出生日期请按 2026-01-31 的样子填写日期。"),
        ("born", "2026-03-07", "出生日期不能晚于今天。"),
        ("area", "-3", "面积（平方米）请填大于 0 的数。"),
        ("area", "0", "面积（平方米）请填大于 0 的数。"),
        ("area", "十二", "面积（平方米）请填数字。"),
        ("way", "", "请选择经营方式。"),
        ("way", "送餐", "经营方式请从给出的选项中选择。"),
        ("shop", " ", "请填写店铺名称。"),
        ("shop", "江畔小吃店", "店铺名称最多4字，现在有5字，请删减。"),
    ],
)
def test_a_wrong_answer_gets_its_sentence(name, answer, sentence):
    assert wrong(**{name: answer}) == {name: sentence}


@pytest.mark.parametrize("phone", ["12345", "１２３", "1380000000a", "2661123"])
def test_a_telephone_number_must_be_one(phone):
    assert wrong(phone=phone)["contact_phone"].startswith("电话号码不对。")


def test_a_period_does_not_end_before_it_begins():
    assert wrong(begins="2026-04-02", ends="2026-04-01") == {"ends": "结束日期不能早于开始日期。"}


def test_a_period_with_a_day_that_is_none_gets_one_sentence_only():
    assert wrong(begins="明天", ends="2026-04-01") == {"begins": "开始日期请按 2026-01-31 的样子填写日期。"}
