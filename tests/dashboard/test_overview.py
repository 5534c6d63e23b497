"""监督看板: figures, the drill, and that every figure equals the list it opens."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cases import actions
from apps.cases.filters import CaseFilter
from apps.cases.measures import LABELS, Period
from apps.cases.models import Case
from apps.cases.reports import figures
from apps.supervision import actions as supervision
from apps.supervision.models import Card
from tests.bulk import copies_of
from tests.cast import at


@pytest.fixture
def at_board(client, supervisor):
    client.force_login(supervisor)
    return client


MARCH = {"period": "custom", "from": "2026-03-01", "to": "2026-03-31"}


@pytest.fixture
def a_month(in_approval, approver, collected, at_the_counter):
    """One granted on time, one collected in the village, one received at the counter."""
    return actions.grant(in_approval, by=approver, at=at("2026-03-05"))


def test_every_measure_counts_what_its_list_holds(a_month):
    today, period = date(2026, 3, 20), Period(date(2026, 3, 1), date(2026, 3, 31))
    counted = figures(Case.objects.started(), LABELS, period, today)

    listed = {
        name: CaseFilter(
            {"measure": name, "first": "2026-03-01", "last": "2026-03-31"},
            Case.objects.started(),
            today=today,
        ).qs.count()
        for name in LABELS
    }

    assert counted == listed
    assert (counted["finished"], counted["on_time"], counted["received"], counted["not_handed_up"]) == (
        1,
        1,
        2,
        1,
    )


def test_every_number_of_the_board_opens_a_list_of_that_length(at_board, a_month, submitted):
    actions_of_the_sweep(at("2026-03-20"))
    page = at_board.get(reverse("dashboard:overview"), MARCH)

    shown, numbers = {}, re.compile(r'<a href="(/dashboard/(?:cases|cards)/[^"]+)">([\d,]+)</a>')
    for address, number in numbers.findall(page.content.decode()):
        address = address.replace("&amp;", "&")
        shown[address] = (int(number.replace(",", "")), at_board.get(address).context["total"])

    assert len(shown) > 15
    assert {address: pair for address, pair in shown.items() if pair[0] != pair[1]} == {}
    assert "100.00" in page.content.decode()


def actions_of_the_sweep(moment) -> None:
    actions.deem_accepted(at=moment)
    supervision.issue_cards(at=moment)


def test_the_drill_goes_from_the_city_to_the_village_and_lands_on_the_case(
    at_board, collected, township_clerk
):
    collected = actions.hand_up(collected, by=township_clerk, at=at("2026-03-03"))
    page = at_board.get(reverse("dashboard:overview"), MARCH)
    for region in ("雁江区", "临江镇", "仁里村"):
        row = next(
            row for column in page.context["columns"] for row in column["rows"] if row["region"] == region
        )
        assert row["received"] == 1
        page = at_board.get(f"{reverse('dashboard:overview')}?{row['query']}")

    listed = at_board.get(row["urls"]["received"])

    assert [case.number for case in listed.context["page"]] == [collected.number]
    assert at_board.get(reverse("console:case-detail", args=[collected.number])).status_code == 200


def test_a_row_of_the_drill_counts_everything_at_and_below_its_place(
    at_board, a_month, collected, township_clerk
):
    actions.hand_up(collected, by=township_clerk, at=at("2026-03-03"))
    page = at_board.get(reverse("dashboard:overview"), {**MARCH, "place": "512002105"})

    rows = {row["region"]: row for column in page.context["columns"] for row in column["rows"]}
    received = {region: rows[region]["received"] for region in ("资阳市", "雁江区", "临江镇", "仁里村")}
    listed = {region: at_board.get(rows[region]["urls"]["received"]).context["total"] for region in received}
    assert received == listed == {"资阳市": 3, "雁江区": 3, "临江镇": 1, "仁里村": 1}


def test_a_place_outside_the_scope_is_not_found(client, county, other_county, township, township_director):
    client.force_login(township_director)

    assert client.get(reverse("dashboard:overview")).context["scope"].place == township
    assert client.get(reverse("dashboard:overview"), {"place": other_county.path}).status_code == 404
    assert client.get(reverse("dashboard:overview"), {"place": county.path}).status_code == 404


def test_the_board_makes_at_most_twelve_queries(at_board, a_month, count_queries):
    assert count_queries(at_board, reverse("dashboard:overview"), MARCH) <= 12
    assert count_queries(at_board, reverse("dashboard:overview"), {**MARCH, "place": "512002105201"}) <= 12
    assert count_queries(at_board, reverse("dashboard:departments"), MARCH) <= 12
    assert count_queries(at_board, reverse("dashboard:windows"), MARCH) <= 12


@pytest.mark.query_count("dashboard:case-list")
def test_the_list_costs_the_same_for_one_row_and_for_three(at_board, submitted, count_queries):
    one = count_queries(at_board, reverse("dashboard:case-list"))
    copies_of(submitted, 2)

    assert count_queries(at_board, reverse("dashboard:case-list")) == one <= 12


@pytest.mark.query_count("dashboard:card-list")
def test_the_cards_cost_the_same_for_one_row_and_for_three(at_board, submitted, count_queries):
    _card(submitted)
    one = count_queries(at_board, reverse("dashboard:card-list"))
    for case in copies_of(submitted, 2):
        _card(case)

    assert count_queries(at_board, reverse("dashboard:card-list")) == one <= 12


def _card(case):
    return Card.objects.create(
        case=case, rule="overdue", clock="committed", colour="red", due_on=date(2026, 3, 5), issued_at=at("2026-03-09"),
        issued_on=date(2026, 3, 9), department=case.department,
    )  # fmt: skip


def test_a_department_row_links_to_its_cases(at_board, a_month, market_bureau):
    page = at_board.get(reverse("dashboard:departments"), MARCH)
    row = page.context["rows"][0]
    cell = row["cells"][0]

    assert row["label"] == "雁江区 市场监督管理局"
    assert at_board.get(cell["url"]).context["total"] == cell["value"] == 1


def test_a_leader_sees_the_case_without_identity_or_papers(client, leader, a_month):
    client.force_login(leader)

    content = client.get(reverse("console:case-detail", args=[a_month.number])).content.decode()

    assert a_month.number in content
    assert "5199**" not in content
    assert "滨江路18号" not in content
    assert not re.search(r"/console/files/\d+", content)


def test_the_period_of_a_week_begins_on_monday(at_board, city):
    period = at_board.get(reverse("dashboard:overview"), {"period": "week"}).context["scope"].period

    assert period.first.weekday() == 0
    assert timezone.localdate() - period.first < timedelta(days=7)


def test_a_bad_filter_is_said_and_shows_nothing(at_board, submitted):
    response = at_board.get(reverse("dashboard:case-list"), {"measure": "nonsense"})

    assert response.status_code == 422
    assert len(response.context["page"]) == 0


def test_an_appeal_and_a_revocation_by_another(
    client, submitted, clerk, township_director, supervisor, approver
):
    card = _card(submitted)
    client.force_login(approver)
    address = reverse("dashboard:card-explanation", args=[card.pk])
    assert client.post(address, {"text": ""}).status_code == 409
    assert (
        client.post(address, {"text": "系统故障", "is_appeal": "1"}).status_code == 409
    )  # the three days are over
    assert client.post(address, {"text": "系统故障"}).status_code == 302
    assert (
        client.post(reverse("dashboard:card-revocation", args=[card.pk]), {"reason": "x"}).status_code == 403
    )

    client.force_login(supervisor)
    client.post(reverse("dashboard:card-revocation", args=[card.pk]), {"reason": "申诉成立"})

    card.refresh_from_db()
    assert (card.revoked_by, card.revoke_reason) == (supervisor, "申诉成立")
    assert Card.objects.standing().count() == 0


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"period": "custom", "from": "2026-03-31", "to": "2026-03-01"}, "统计期的首日不能晚于末日。"),
        ({"period": "custom", "from": "abc", "to": "2026-03-01"}, "两个日期请按 2026-01-31 的样子填写。"),
        ({"period": "custom"}, "两个日期请按 2026-01-31 的样子填写。"),
        ({"period": "custom", "from": "0001-01-01", "to": "2026-03-01"}, "在 2000 年到 2100 年之间"),
        ({"period": "custom", "from": "2026-03-01", "to": "9999-12-31"}, "在 2000 年到 2100 年之间"),
    ],
)
@pytest.mark.parametrize("page", ["overview", "departments", "windows"])
def test_a_period_that_cannot_be_is_answered_with_a_sentence(at_board, calendar, asked, sentence, page):
    answer = at_board.get(reverse(f"dashboard:{page}"), asked)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("page", ["case-list", "card-list"])
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"first": "abc"}, "输入一个有效的日期。"),
        ({"first": "2026-03-31", "last": "2026-03-01"}, "统计期的首日不能晚于末日。"),
    ],
)
def test_a_list_says_what_is_wrong_with_its_period(at_board, calendar, page, asked, sentence):
    answer = at_board.get(reverse(f"dashboard:{page}"), asked)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_card_list_can_be_narrowed_to_everything(at_board, calendar):
    page = at_board.get(reverse("dashboard:card-list")).content.decode()

    assert page.count('<option value="" selected>全部</option>') == 3
    assert page.count('<select name="colour" class="select"') == 1
    assert "---------" not in page


def test_what_is_late_says_since_when(at_board, accepted):
    page = at_board.get(reverse("dashboard:overview")).content.decode()

    late = page.split('id="late-title"')[1]
    assert accepted.number[10:14] + "-" + accepted.number[14:19] in late
    assert "3月6日" in late
    assert "个工作日" in late
