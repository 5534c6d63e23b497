"""上报材料清单: what goes up to the body that decides, with both clocks."""

from datetime import date

import pytest

from apps.cases import actions as cases
from apps.cases.models import Case, CaseMaterial
from apps.items.models import CaseKind
from apps.letters.kinds import Kind
from apps.points.models import Department
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def above(city):
    return Department.objects.create(name="市场监督管理局", code="512000SC", point=city)


def test_what_goes_up_is_listed_with_its_receiver_and_both_clocks(in_review, above, colleague, says, newest):
    Case.objects.filter(pk=in_review.pk).update(kind=CaseKind.FORWARDED, forward_due_on=date(2026, 3, 31))

    case = cases.forward(in_review, to=above, opinion="初审合格", by=colleague, at=at("2026-03-05"))

    says(
        case,
        Kind.FORWARDING,
        "上报材料清单",
        "接收机关资阳市市场监督管理局",
        "1申请书——已上传2经营场所平面图——已上传3健康证明——已上传",
        "初步审查意见1—随附",
        "自受理之日起二十个工作日内，2026年3月31日（含当日）前",
        "自上报之日起二十个工作日内，2026年4月2日（含当日）前",
        "不得要求申请人重复提供",
        "接收人（签名）",
    )
    assert newest(case, Kind.FORWARDING).number == "雁江市监报〔2026〕1号"
    assert "初审合格" not in str(newest(case, Kind.FORWARDING).data)


def test_what_goes_up_without_a_tolerated_paper_says_that_it_follows(
    at_the_counter, above, clerk, colleague, says
):
    at_the_counter.materials.filter(seq=3).update(state=CaseMaterial.State.ABSENT, copies=0)
    cases.accept_tolerated(at_the_counter, promised_by="罗大明", by=clerk, at=at("2026-03-03"))
    cases.start_review(at_the_counter, by=colleague, at=at("2026-03-04"))
    Case.objects.filter(pk=at_the_counter.pk).update(
        kind=CaseKind.FORWARDED, forward_due_on=date(2026, 3, 31)
    )

    case = cases.forward(at_the_counter, to=above, opinion="初审合格", by=colleague, at=at("2026-03-05"))

    says(case, Kind.FORWARDING, "容缺受理的健康证明，申请人应于2026年3月10日（含当日）前补齐，补齐后另行报送")


def test_where_the_years_above_are_not_published_the_list_tells_the_term_and_no_date(
    in_review, above, colleague, newest
):
    Case.objects.filter(pk=in_review.pk).update(kind=CaseKind.FORWARDED, forward_due_on=date(2026, 3, 31))

    case = cases.forward(in_review, to=above, opinion="初审合格", by=colleague, at=at("2026-12-21"))

    rows = dict(newest(case, Kind.FORWARDING).data["rows"])
    assert rows["上级审查期限"] == "自上报之日起二十个工作日内，具体日期以国务院放假通知为准"
    assert rows["初审上报期限"] == "自受理之日起二十个工作日内，2026年3月31日（含当日）前"
