"""重点项目 at the console: kept by the centre, seen by those it concerns, served by its agent."""

import re
from datetime import date

import pytest
from django.urls import reverse

from apps.workflows.actions import key_projects as actions
from apps.workflows.models import KeyMilestone, KeyProject
from tests.cast import at
from tests.workflows.key_projects import CODE, NOW, enlist, joint_project

pytestmark = pytest.mark.django_db

TYPED = {
    "national_code": CODE, "name": "临空装备产业园", "rank": "city", "listed_on": "2026-03-02", "why": "市重点名单",
    "investor_number": "91519999MA00000158", "investor_name": "",
}  # fmt: skip
READERS = ["centre_admin", "supervisor", "leader", "auditor"]


@pytest.fixture
def keeper(client, calendar, centre_admin, clock):
    clock(NOW)
    client.force_login(centre_admin)
    return client


def address(key_project, name="key-project-detail", *more) -> str:
    return reverse(f"console:{name}", args=[key_project.pk, *more])


def text_of(response) -> str:
    return response.content.decode()


# ── the register ─────────────────────────────────────────────────────────────────────────────────────
def test_a_project_is_listed_by_a_plain_form(keeper, city, company):
    sent = keeper.post(reverse("console:key-project-entry"), TYPED | {"point": city.pk})

    listed = KeyProject.objects.get()
    page = text_of(keeper.get(sent["Location"]))
    assert (sent.status_code, sent["Location"]) == (302, address(listed))
    assert (listed.investor, listed.investor_name) == (company, company.name)
    assert "临空装备产业园" in page and "列入重点" in page and company.name in page


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(keeper, city):
    wrong = {
        "national_code": "2603-51200-04",
        "investor_number": "91519999MA00000159",
        "why": "",
        "listed_on": "昨天",
    }

    sent = keeper.post(reverse("console:key-project-entry"), TYPED | {"point": city.pk} | wrong)

    page = text_of(sent)
    assert (sent.status_code, KeyProject.objects.count()) == (422, 0)
    for sentence in ("项目代码形如", "校验位不对", "请填写列入依据", "列入日请写成"):
        assert sentence in page
    assert 'value="2603-51200-04"' in page and 'value="91519999MA00000159"' in page


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("91519999MA00000158", "没有登记过这个主体"), ("", "请填写投资人名称，或者填写代码")],
)
def test_an_investor_whom_nobody_knows_needs_a_name(keeper, city, number, sentence):
    sent = keeper.post(
        reverse("console:key-project-entry"), TYPED | {"point": city.pk, "investor_number": number}
    )

    assert sent.status_code == 422 and sentence in text_of(sent)


def test_a_code_that_stands_there_is_refused(keeper, key_project, city):
    sent = keeper.post(reverse("console:key-project-entry"), TYPED | {"point": city.pk})

    assert sent.status_code == 409 and "已经列入重点项目" in text_of(sent)


def test_putting_it_right_keeps_the_investor_where_no_other_code_is_typed(keeper, key_project, company):
    sent = keeper.post(
        address(key_project, "key-project-correction"),
        {
            "name": "临空装备产业园（扩建）",
            "rank": "province",
            "investor_number": "",
            "investor_name": "",
            "why": "扩建",
        },
    )

    key_project.refresh_from_db()
    assert sent.status_code == 302
    assert (key_project.name, key_project.rank, key_project.investor) == (
        "临空装备产业园（扩建）",
        "province",
        company,
    )


def test_the_log_says_in_words_what_each_act_was_about(keeper, key_project, centre_admin):
    done = {"by": centre_admin, "at": NOW}
    task = actions.set_task(key_project, actions.TaskFacts("a1", "用地预审", 3, owner="自然资源局"), **done)
    actions.begin_task(task, on=NOW.date(), **done)
    actions.drop_task(task, **done)
    actions.set_target(key_project, date(2026, 12, 10), **done)
    actions.set_target(key_project, None, **done)
    actions.set_milestone(key_project, "signed", on=NOW.date(), half="am", **done)
    actions.open_channel(key_project, 1, why="招商承诺", **done)
    actions.correct(
        key_project, name="临空装备产业园二期", rank="province", investor=key_project.investor,
        investor_name="", why="省里发文", **done,
    )  # fmt: skip

    told = re.findall(r"<li>(.*?)</li>", text_of(keeper.get(address(key_project))).split("最近的记录")[1])

    said = [re.sub(r"<[^>]+>", "", one).split(" ")[0] for one in told]
    assert said == [
        f"更正登记：项目名称由“{key_project.name}”改为“临空装备产业园二期”，级别由“{key_project.get_rank_display()}”改为“省重点”（省里发文）",
        "开通绿色通道：时限0.5个工作日（招商承诺）",
        "记里程碑：签约，3月6日上午",
        "定目标日：取消（原为12月10日）",
        "定目标日：12月10日",
        "去掉任务：用地预审",
        "任务开始：用地预审",
        "安排任务：用地预审",
        said[-1],
    ]
    assert said[-1].startswith("列入重点：")


# ── the green channel ────────────────────────────────────────────────────────────────────────────────
def test_half_a_day_is_a_time_limit(keeper, key_project):
    sent = keeper.post(address(key_project, "green-channel"), {"days": "0.5", "why": "招商承诺"})

    page = text_of(keeper.get(address(key_project)))
    assert (sent.status_code, KeyProject.objects.get().green_halves) == (302, 1)
    assert "0.5 个工作日，到 2026年3月6日下午" in page and "绿色通道" in page


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("0", "0.5到500个工作日"),
        ("0.7", "只能是半天的倍数"),
        ("很快", "时限是数字"),
        ("", "请填写时限"),
        ("1e9", "0.5到500"),
    ],
)
def test_other_time_limits_are_refused_in_words(keeper, key_project, days, sentence):
    sent = keeper.post(address(key_project, "green-channel"), {"days": days, "why": "急"})

    assert sent.status_code == 422 and sentence in text_of(sent)
    assert KeyProject.objects.get().is_green is False


def test_closing_and_taking_off_want_a_reason(keeper, key_project, centre_admin):
    actions.open_channel(key_project, 2, why="急", by=centre_admin, at=NOW)

    for name in ("green-channel-closing", "key-project-delisting"):
        assert keeper.post(address(key_project, name), {"why": ""}).status_code == 422
    assert keeper.post(address(key_project, "key-project-delisting"), {"why": "终止"}).status_code == 302

    page = text_of(keeper.get(address(key_project)))
    assert "已移出" in page and "移出的项目没有绿色通道" in page and "记里程碑</summary>" not in page
    late = keeper.post(address(key_project, "green-channel"), {"days": "1", "why": "急"})
    assert late.status_code == 409 and "移出重点项目" in text_of(late)


# ── milestones and branches ──────────────────────────────────────────────────────────────────────────
def test_from_signing_to_building_it_says_75_days(keeper, key_project, clock):
    clock(at("2026-06-01"))
    for kind, on in (("signed", "2026-03-05"), ("begun", "2026-05-19")):
        sent = keeper.post(
            address(key_project, "key-milestones"), {"kind": kind, "name": "", "on": on, "half": "am"}
        )
        assert sent.status_code == 302

    page = text_of(keeper.get(address(key_project)))
    assert "<dt>签约→开工</dt><dd>75<small> 天</small></dd>" in page and "75 天（" in page


def test_signed_in_the_morning_and_all_permits_in_the_afternoon_is_half_a_day(
    keeper, key_project, centre_admin
):
    actions.open_channel(key_project, 1, why="招商承诺", by=centre_admin, at=NOW)
    for kind, half in (("signed", "am"), ("permitted", "pm")):
        actions.set_milestone(
            key_project, kind, on=date(2026, 3, 6), half=half, by=centre_admin, at=at("2026-03-06", "17:00")
        )

    page = text_of(keeper.get(address(key_project)))
    assert "当天（0.5 个工作日）" in page and "时限内全证" in page


def test_a_milestone_of_tomorrow_is_refused_and_stays_in_its_form(keeper, key_project):
    sent = keeper.post(
        address(key_project, "key-milestones"),
        {"kind": "own", "name": "封顶", "on": "2026-03-07", "half": "am"},
    )

    page = text_of(sent)
    assert sent.status_code == 409 and "还没有到" in page and 'value="封顶"' in page
    assert KeyMilestone.objects.count() == 0


def test_a_milestone_of_another_project_is_not_found(keeper, key_project, city, centre_admin):
    other = enlist(centre_admin, city, code="2603-512002-04-01-000002")
    milestone = actions.set_milestone(
        other, "signed", on=date(2026, 3, 6), half="am", by=centre_admin, at=NOW
    )

    gone = keeper.post(address(key_project, "key-milestone-removal", milestone.pk), {"why": "x"})
    done = keeper.post(address(other, "key-milestone-removal", milestone.pk), {"why": "没签成"})

    assert (gone.status_code, done.status_code, KeyMilestone.objects.count()) == (404, 302, 0)


def test_branches_of_city_and_county_stand_apart_each_with_its_own_clock(
    keeper, hall, city, centre_admin, company
):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    yd = hall.branch(project, "yd")
    yd.point = city
    yd.save(update_fields=["point"])
    key_project = enlist(centre_admin, city, investor=company)

    keeper.post(address(key_project, "key-project-links"), {"number": project.number})

    page = text_of(keeper.get(address(key_project)))
    assert "市级办理 1 项" in page and "县级办理 4 项" in page
    assert page.index("市级办理") < page.index("建设项目用地预审") < page.index("县级办理")
    assert "3月3日起，承诺 3月12日" in page and "办结 1 · 在办 1" in page
    assert "1 个并联项目" in page


def test_a_number_that_nobody_has_is_refused_at_its_form(keeper, key_project):
    sent = keeper.post(address(key_project, "key-project-links"), {"number": "X404"})

    assert sent.status_code == 409 and "没有编号为“X404”的并联项目" in text_of(sent)


def test_unlinking_by_its_number_wants_a_reason(
    keeper, key_project, bundle_draft, company, county, clerk, centre_admin
):
    project = joint_project(bundle_draft, company, county, clerk, number="BL2026")
    actions.link(project, key_project, by=centre_admin, at=NOW)

    assert keeper.post(address(key_project, "key-project-link-removal", "BL2026"), {}).status_code == 422
    assert (
        keeper.post(address(key_project, "key-project-link-removal", "BL2026"), {"why": "错了"}).status_code
        == 302
    )
    assert not key_project.projects.exists()


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", READERS)
def test_those_who_lead_and_watch_read_all_pages_and_only_the_centre_writes(
    client, request, calendar, key_project, agent, clock, name
):
    clock(NOW)
    client.force_login(request.getfixturevalue(name))
    pages = [
        reverse("console:key-project-list"),
        *(
            address(key_project, one)
            for one in ("key-project-detail", "key-project-plan", "key-project-service")
        ),
    ]
    answers = [client.get(page) for page in pages]
    tried = client.post(address(key_project, "green-channel"), {"days": "1", "why": "急"})

    assert [one.status_code for one in answers] == [200] * 4
    assert tried.status_code == (302 if name == "centre_admin" else 403)
    assert all(("<form" in text_of(one).split("<main")[1]) == (name == "centre_admin") for one in answers[1:])


@pytest.mark.parametrize("name", ["township_director", "system_admin", "citizen"])
def test_others_do_not_pass(client, request, key_project, name):
    client.force_login(request.getfixturevalue(name))

    for page in (reverse("console:key-project-list"), address(key_project), reverse("console:bulletin")):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("name", ["clerk", "window_head", "approver", "village_agent"])
def test_a_department_that_has_nothing_to_do_with_it_does_not_find_it(client, request, key_project, name):
    client.force_login(request.getfixturevalue(name))

    assert "临空装备产业园" not in text_of(client.get(reverse("console:key-project-list")))
    for one in ("key-project-detail", "key-project-plan", "key-project-service"):
        assert client.get(address(key_project, one)).status_code == 404
    assert client.get(reverse("console:bulletin")).status_code == 403


def test_the_way_to_it_is_shown_to_whoever_may_go_there(client, centre_admin, township_director):
    shown = {}
    for user in (centre_admin, township_director):
        client.force_login(user)
        shown[user.username] = reverse("console:key-project-list") in text_of(client.get("/console/cases/"))

    assert shown == {"centre": True, "director": False}


def test_the_list_has_its_three_tabs(keeper, key_project, city, centre_admin):
    green = enlist(centre_admin, city, code="2603-512002-04-01-000002", name="绿的")
    gone = enlist(centre_admin, city, code="2603-512002-04-01-000003", name="走了")
    actions.open_channel(green, 2, why="急", by=centre_admin, at=NOW)
    actions.delist(gone, why="终止", by=centre_admin, at=NOW)

    pages = {
        state: text_of(keeper.get(reverse("console:key-project-list"), {"state": state, "after": "x"}))
        for state in ("", "green", "delisted", "nothing")
    }
    named = {
        state: [name for name in ("临空装备产业园", "绿的", "走了") if f">{name}</a>" in page]
        for state, page in pages.items()
    }
    assert named == {
        "": ["临空装备产业园", "绿的"], "green": ["绿的"], "delisted": ["走了"], "nothing": ["临空装备产业园", "绿的"],
    }  # fmt: skip


@pytest.mark.query_count("console:key-project-list")
def test_the_list_costs_the_same_for_one_row_and_for_three(
    keeper, key_project, city, centre_admin, count_queries
):
    one = count_queries(keeper, reverse("console:key-project-list"))
    for serial in (2, 3):
        enlist(centre_admin, city, code=f"2603-512002-04-01-00000{serial}")

    assert count_queries(keeper, reverse("console:key-project-list")) == one <= 12


def test_the_pages_of_one_project_cost_the_same_however_much_it_has(
    keeper, hall, key_project, agent, clerk, centre_admin, company, citizen, count_queries
):
    names = ["key-project-detail", "key-project-plan", "key-project-service"]

    def grow(serial: int) -> None:
        by = {"by": centre_admin, "at": NOW}
        project = joint_project(hall.version, company, hall.county, clerk, number=f"BL{serial}", code="")
        actions.link(project, key_project, **by)
        actions.set_milestone(key_project, "own", name=f"第{serial}步", on=date(2026, 3, 6), half="am", **by)
        needs = (f"t{serial - 1}",) if serial > 1 else ()
        actions.set_task(
            key_project, actions.TaskFacts(f"t{serial}", "任务", 1, owner="x", needs=needs), **by
        )
        actions.record_visit(
            key_project, visited_on=date(2026, 3, 6), place="x", done="x", next_step="无", by=clerk, at=NOW
        )

    actions.set_target(key_project, date(2026, 4, 30), by=centre_admin, at=NOW)
    running = hall.running()
    actions.link(running, key_project, by=centre_admin, at=NOW)
    grow(1)
    grow(2)
    few = [count_queries(keeper, address(key_project, name)) for name in names]
    grow(3)
    grow(4)
    hall.grant(running, "ba", moment=at("2026-03-04"))  # and two more are open

    assert [count_queries(keeper, address(key_project, name)) for name in names] == few
    assert max(few) <= 24
