"""救济: whatever a decider wrote, a refusal names both bodies and both terms, and each of them once."""

import pytest

from apps.cases import actions as cases
from apps.letters import actions, bodies
from apps.letters.kinds import Kind
from apps.points.models import Department
from tests.cast import at

pytestmark = pytest.mark.django_db


def test_remedies_in_the_decider_s_own_words_still_name_body_and_term(
    in_approval, approver, market_bureau, newest
):
    actions.set_body(
        market_bureau, short_name="雁江市监", review_body="资阳市市场监督管理局", court="资阳铁路运输法院"
    )
    case = cases.refuse(
        in_approval, reasons="不符", remedies="复议期间不停止执行", by=approver, at=at("2026-03-05")
    )

    remedies = newest(case, Kind.REFUSAL).data["remedies"]
    assert remedies.startswith("复议期间不停止执行。")
    assert "六十日内向资阳市市场监督管理局申请行政复议" in remedies
    assert "六个月内向资阳铁路运输法院提起行政诉讼" in remedies


def test_own_words_that_name_both_bodies_and_terms_stand_alone(in_approval, approver, newest):
    own = "如不服，60日内可以向资阳市人民政府申请行政复议，或者6个月内向资阳铁路运输法院提起行政诉讼"

    case = cases.refuse(in_approval, reasons="不符", remedies=own, by=approver, at=at("2026-03-05"))

    assert newest(case, Kind.REFUSAL).data["remedies"] == f"{own}。"


@pytest.mark.parametrize(
    "own",
    [
        "六十日内向资阳市人民政府申请行政复议，或者六个月内提起行政诉讼",
        "可以申请行政复议，或者六个月内向雁江区人民法院提起行政诉讼",
        "十五日内向资阳市人民政府申请行政复议，六个月内向雁江区人民法院提起行政诉讼",
    ],
)
def test_own_words_without_a_body_or_a_term_get_the_whole_added(in_approval, approver, newest, own):
    case = cases.refuse(in_approval, reasons="不符", remedies=own, by=approver, at=at("2026-03-05"))

    remedies = newest(case, Kind.REFUSAL).data["remedies"]
    assert "六十日内向雁江区人民政府申请行政复议" in remedies.removeprefix(own)


@pytest.mark.parametrize(
    ("name", "is_vertical", "review_body"),
    [
        ("雁江区市场监督管理局", True, "雁江区人民政府"),  # vertical within the province only
        ("雁江区税务局", True, "资阳市税务局"),
        ("雁江区教育局", False, "雁江区人民政府"),
    ],
)
def test_only_what_the_law_leads_from_above_is_reviewed_from_above(county, name, is_vertical, review_body):
    department = Department.objects.create(point=county, code="D77", name=name, is_vertical=is_vertical)

    assert bodies.body_of_department(department.pk).review_body == review_body
