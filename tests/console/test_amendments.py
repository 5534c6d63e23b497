"""日历变更 on the screens: entered with every fault named, looked at before it is signed, signed by another."""

from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from apps.accounts.roles import Role
from apps.calendars import notices
from apps.calendars.arrangement import written
from apps.calendars.workdays import Special
from apps.cases import actions
from apps.cases.models import CalendarAmendment, Case, CaseEvent, ClockDifference
from tests.bulk import copies_of
from tests.cast import at, make_user

NOW = at("2026-03-04", "11:00")
OWN = next(notice for notice in notices.carried() if notice.year == 2026).days
TABLE = written([*OWN, Special(date(2026, 3, 5), False, "临时放假")])
NOTICE = {
    "year": "2026",
    "source": "关于2026年部分节假日安排调整的通知",
    "published_on": "2026-03-03",
    "url": "",
    "table": TABLE,
}


@pytest.fixture(autouse=True)
def today(clock):
    clock(NOW)
    cache.clear()


@pytest.fixture
def entered(calendar, centre_admin):
    return actions.enter_notice(
        2026,
        [*OWN, Special(date(2026, 3, 5), False, "临时放假")],
        source=NOTICE["source"],
        published_on=date(2026, 3, 3),
        by=centre_admin,
        at=NOW,
    )


def page(client, user, name, *args, **asked):
    client.force_login(user)
    return client.get(reverse(f"console:{name}", args=args), asked)


def post(client, user, name, *args, **sent):
    client.force_login(user)
    return client.post(reverse(f"console:{name}", args=args), sent)


def test_a_pasted_table_is_entered_and_its_impact_shown(client, accepted, centre_admin):
    answer = post(client, centre_admin, "amendment-notice", **NOTICE)

    amendment = CalendarAmendment.objects.get()
    assert answer.headers["Location"] == reverse("console:amendment-detail", args=[amendment.pk])
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "签发后会变的办件 1 件" in shown
    assert "2026年3月6日</span> → <b>3月9日</b>" in shown
    assert accepted.number in shown
    assert "增加 1 天，去掉 0 天" in shown
    assert "录入人不能签自己录入的" in shown
    assert "王小明" not in shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_an_uploaded_table_is_read_in_any_encoding(client, calendar, centre_admin, encoding):
    file = SimpleUploadedFile("放假.csv", f"日期,休/班,节日\r\n{TABLE}".encode(encoding))

    post(client, centre_admin, "amendment-notice", **NOTICE | {"table": "", "file": file})

    assert CalendarAmendment.objects.get().specials[-1] == max(OWN)


def test_every_fault_is_named_and_what_was_typed_stays(client, calendar, centre_admin):
    wrong = "2026-02-30,休,春节\n2026-03-05,？,临时\n2026-03-06,休,临时\n2026-03-06,休,临时"

    answer = post(client, centre_admin, "amendment-notice", **NOTICE | {"table": wrong, "url": "x y"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "第1行：2026年2月没有30日。", "第2行：“？”不认识，请写“休”或“班”。",
        "第4行：2026-03-06已在第3行列过，一天只能列一次。", "网址不完整",
    ):  # fmt: skip
        assert sentence in shown
    assert "2026-03-05,？,临时" in shown and 'value="2026-03-03"' in shown
    assert not CalendarAmendment.objects.exists()


def test_the_faults_of_an_uploaded_table_can_be_mended_in_the_field(client, calendar, centre_admin):
    file = SimpleUploadedFile("放假.csv", "2026-02-30,休,春节".encode("gbk"))

    answer = post(client, centre_admin, "amendment-notice", **NOTICE | {"table": "", "file": file})

    assert answer.status_code == 422
    assert "2026-02-30,休,春节</textarea>" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"table": ""}, "请上传或粘贴放假安排表。"),
        ({"year": "二〇二六"}, "年份是四位数字"),
        ({"published_on": "昨天"}, "印发日期请写成2027-01-31的样子。"),
        ({"published_on": "2026-03-05"}, "印发日期不能晚于今天。"),
        ({"source": ""}, "请填写通知标题和文号。"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04x")}, "另存为CSV"),
    ],
)
def test_a_fault_of_the_form_is_a_sentence(client, calendar, centre_admin, sent, sentence):
    answer = post(client, centre_admin, "amendment-notice", **NOTICE | sent)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_a_closure_is_entered_by_name_or_code(client, accepted, county, centre_admin):
    facts = {
        "from_on": "2026-03-05", "to_on": "2026-03-05", "reason": "停电检修", "source": "公告3号",
        "affects_deadline": "on",
    }  # fmt: skip
    for words, status in (("没有这处", 422), ("雁江区政务服务中心", 302), ("512002000000", 302)):
        answer = post(client, centre_admin, "amendment-closure", point=words, **facts)
        assert answer.status_code == status

    assert [one.point for one in CalendarAmendment.objects.all()] == [county, county]
    assert "3月5日停办" in client.get(answer.headers["Location"]).content.decode()


def test_the_leader_signs_and_the_page_tells_how_far_it_is(client, accepted, entered, leader):
    answer = post(client, leader, "amendment-signature", entered.pk)
    assert answer.status_code == 302
    assert "正在重算" in client.get(answer.headers["Location"]).content.decode()
    progress = reverse("console:amendment-progress", args=[entered.pk])
    assert "已核 0 / 1 件" in client.get(progress).content.decode()

    while actions.recompute_next(at=NOW):
        pass

    assert client.get(progress).headers["HX-Refresh"] == "true"
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "变动的办件 1 件" in shown and "→ <b>3月9日</b>" in shown


def test_a_signature_that_is_refused_says_why(client, entered, leader, centre_admin):
    actions.drop_amendment(entered, why="抄错了", by=centre_admin, at=NOW)

    answer = post(client, leader, "amendment-signature", entered.pk)

    assert (answer.status_code, "已作废（郑凯），不能再办" in answer.content.decode()) == (409, True)


def test_dropping_needs_a_reason(client, entered, centre_admin):
    answer = post(client, centre_admin, "amendment-dropping", entered.pk, why=" ")
    assert (answer.status_code, "请写明作废的理由" in answer.content.decode()) == (409, True)

    assert post(client, centre_admin, "amendment-dropping", entered.pk, why="抄错了").status_code == 302
    assert CalendarAmendment.objects.get().state == "dropped"


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("amendment-notice", {"centre_admin"}),
        ("amendment-list", {"centre_admin", "leader", "supervisor", "auditor"}),
        ("difference-list", {"centre_admin", "leader", "supervisor", "auditor"}),
    ],
)
def test_who_may_see_and_enter(client, request, calendar, name, may):
    people = ("clerk", "centre_admin", "leader", "supervisor", "auditor", "system_admin", "citizen")

    passed = {who for who in people if page(client, request.getfixturevalue(who), name).status_code == 200}

    assert passed == may


def test_who_enters_may_not_sign_and_who_signs_may_not_enter(client, entered, centre_admin, leader):
    assert post(client, centre_admin, "amendment-signature", entered.pk).status_code == 403
    assert post(client, leader, "amendment-notice", **NOTICE).status_code == 403


def test_a_county_sees_its_own_cases_and_closures_only(
    client, accepted, entered, other_county, county, centre_admin
):
    elsewhere = make_user("admin2", "林青", Role.CENTRE_ADMIN, point=other_county)
    closure = actions.enter_closure(
        county, from_on=date(2026, 3, 5), to_on=date(2026, 3, 5), reason="检修", source="公告", affects_deadline=True,
        by=centre_admin, at=NOW,
    )  # fmt: skip

    shown = page(client, elsewhere, "amendment-detail", entered.pk).content.decode()

    assert "签发后会变的办件 0 件" in shown and accepted.number not in shown
    assert page(client, elsewhere, "amendment-detail", closure.pk).status_code == 404


def test_the_list_turns_its_pages_and_narrows_to_a_department(client, accepted, entered, leader):
    copies_of(accepted, 24)
    first = page(client, leader, "amendment-detail", entered.pk)
    assert (len(first.context["rows"]), first.context["page"].previous) == (20, None)

    second = page(client, leader, "amendment-detail", entered.pk, after=first.context["page"].following)
    assert (len(second.context["rows"]), second.context["page"].following) == (5, None)
    back = page(client, leader, "amendment-detail", entered.pk, before=second.context["page"].previous)
    assert [row["case"] for row in back.context["rows"]] == [row["case"] for row in first.context["rows"]]
    key = f"d{accepted.department_id}"
    assert len(page(client, leader, "amendment-detail", entered.pk, department=key).context["rows"]) == 20
    assert page(client, leader, "amendment-detail", entered.pk, department="d0").context["rows"] == []
    assert page(client, leader, "amendment-detail", entered.pk, department="x'", after="y").status_code == 200


def test_the_same_pages_after_it_was_applied(client, accepted, entered, leader):
    copies_of(accepted, 24)
    actions.sign_amendment(entered, by=leader, at=NOW)
    while actions.recompute_next(at=NOW):
        pass

    first = page(client, leader, "amendment-detail", entered.pk)
    second = page(client, leader, "amendment-detail", entered.pk, after=first.context["page"].following)

    assert (len(first.context["rows"]), len(second.context["rows"])) == (20, 5)
    key = f"d{accepted.department_id}"
    assert first.context["departments"] == [{"key": key, "name": "雁江区市场监督管理局", "count": 25}]
    assert len(page(client, leader, "amendment-detail", entered.pk, department=key).context["rows"]) == 20


@pytest.mark.query_count("console:amendment-list", "console:difference-list")
def test_lists_cost_the_same_for_one_row_and_for_three(
    client, accepted, entered, centre_admin, leader, county, count_queries
):
    client.force_login(leader)
    Case.objects.update(due_on=date(2026, 3, 20))
    actions.check_clocks(at=NOW)
    addresses = [reverse("console:amendment-list"), reverse("console:difference-list")]
    one = [count_queries(client, address) for address in addresses]
    for _ in range(2):
        actions.enter_correction(source="核对", by=centre_admin, at=NOW)
    for case in copies_of(accepted, 2):
        ClockDifference.objects.create(
            case=case, field="due_on", stored="2026-03-20", recomputed="2026-03-06", found_at=NOW, seen_at=NOW
        )

    assert [count_queries(client, address) for address in addresses] == one
    assert max(one) <= 12


@pytest.mark.parametrize("number", [1, 25])
def test_the_page_of_one_amendment_stays_within_its_budget(
    client, accepted, entered, leader, number, count_queries
):
    copies_of(accepted, number)
    client.force_login(leader)
    address = reverse("console:amendment-detail", args=[entered.pk])

    assert count_queries(client, address) <= 12
    actions.sign_amendment(entered, by=leader, at=NOW)
    while actions.recompute_next(at=NOW):
        pass
    assert count_queries(client, address) <= 12


def test_differences_are_shown_until_they_are_settled(client, accepted, supervisor):
    Case.objects.update(due_on=date(2026, 3, 20))
    actions.check_clocks(at=NOW)

    shown = page(client, supervisor, "difference-list").content.decode()
    assert "承诺办结日" in shown and "2026-03-20" in shown and "2026-03-06" in shown
    assert "期限核对：1 处不一致" in page(client, supervisor, "amendment-list").content.decode()

    Case.objects.update(due_on=date(2026, 3, 6))
    actions.check_clocks(at=NOW)

    assert "没有不一致" in page(client, supervisor, "difference-list").content.decode()
    assert accepted.number in page(client, supervisor, "difference-list", state="settled").content.decode()


# ── what could not be recomputed ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def faulty(accepted, entered, leader):
    """Of three cases one cannot be reckoned."""
    case = copies_of(accepted, 2)[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET committed_amount = NULL WHERE id = %s", [case.pk])
    return case


def work_through(entered, leader):
    actions.sign_amendment(entered, by=leader, at=NOW)
    while actions.recompute_next(at=NOW):
        pass


def test_the_page_before_names_what_cannot_be_reckoned(client, faulty, entered, leader):
    shown = page(client, leader, "amendment-detail", entered.pk).content.decode()

    assert "1 件推算不出日期" in shown and faulty.number in shown
    assert "签发后会变的办件 2 件" in shown


def test_the_page_afterwards_names_it_with_its_reason_and_offers_another_try(
    client, faulty, entered, leader, centre_admin
):
    work_through(entered, leader)

    shown = page(client, centre_admin, "amendment-detail", entered.pk).content.decode()
    assert "没有算成的办件 1 件" in shown and faulty.number in shown
    assert "这件的内容推算不出日期（TypeError），日期没有动" in shown
    assert "再算一次" in shown
    assert "1 件没有算成" in page(client, centre_admin, "amendment-list").content.decode()
    assert "再算一次" not in page(client, leader, "amendment-detail", entered.pk).content.decode()


def test_another_try_is_asked_for_and_shown_until_it_is_through(
    client, faulty, entered, leader, centre_admin
):
    work_through(entered, leader)
    Case.objects.filter(pk=faulty.pk).update(committed_amount=3)

    answer = post(client, centre_admin, "amendment-rerun", entered.pk)
    assert answer.status_code == 302
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "再算上次没有算成的" in shown and "已核 0 / 1 件" in shown
    while actions.recompute_next(at=NOW):
        pass

    shown = client.get(answer.headers["Location"]).content.decode()
    assert "没有算成" not in shown and "变动的办件 3 件" in shown
    again = post(client, centre_admin, "amendment-rerun", entered.pk)
    assert (again.status_code, "没有还要再算的办件" in again.content.decode()) == (409, True)


def test_who_may_not_enter_may_not_ask_for_another_try(client, faulty, entered, leader, other_county):
    work_through(entered, leader)

    assert post(client, leader, "amendment-rerun", entered.pk).status_code == 403
    elsewhere = make_user("admin3", "林青", Role.CENTRE_ADMIN, point=other_county)
    shown = page(client, elsewhere, "amendment-detail", entered.pk).content.decode()
    assert faulty.number not in shown and "没有算成的办件" not in shown


@pytest.mark.parametrize("number", [1, 25])
def test_the_page_with_faults_stays_within_its_budget(
    client, accepted, entered, leader, centre_admin, number, count_queries
):
    made = copies_of(accepted, number)
    Case.objects.filter(pk__in=[case.pk for case in made]).update(committed_amount=None)
    work_through(entered, leader)
    client.force_login(centre_admin)

    assert count_queries(client, reverse("console:amendment-detail", args=[entered.pk])) <= 14
    shown = client.get(reverse("console:amendment-detail", args=[entered.pk])).content.decode()
    assert f"没有算成的办件 {number} 件" in shown


def test_a_case_that_the_check_could_not_reckon_is_listed_as_such(client, accepted, supervisor):
    CaseEvent.objects.create(
        case=accepted, verb="accepted", at=at("2026-03-03"), after="accepted", facts={"accepted_on": "昨天"}
    )
    actions.check_clocks(at=NOW)

    shown = page(client, supervisor, "difference-list").content.decode()

    assert "无法推算" in shown and "推算不出日期（ValueError）" in shown


def test_what_a_release_brought_names_the_system(client, accepted, leader):
    amendment = CalendarAmendment.objects.create(
        kind="correction", state="applied", source="随软件载入", entered_at=NOW, signed_at=NOW, applied_at=NOW
    )

    assert "系统" in page(client, leader, "amendment-detail", amendment.pk).content.decode()
    assert "系统" in page(client, leader, "amendment-list").content.decode()
