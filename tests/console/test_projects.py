"""并联项目 at the console: the board in its three views, who sees it, and the way from a case to it."""

import re

import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.calendars.models import CalendarYear
from apps.workflows import actions
from apps.workflows.models import Project
from tests.cast import at, make_user
from tests.workflows.projects import FG, HB, ZJ, ZR

pytestmark = pytest.mark.django_db
LIST = reverse("console:project-list")
VIEWS = ["gantt", "flow", "table"]


def text_of(response) -> str:
    return response.content.decode()


def address(project: Project) -> str:
    return reverse("console:project-detail", args=[project.number])


# ── the board ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("view", VIEWS)
def test_all_three_views_show_every_branch_with_its_department_and_state(as_, hall, project, view):
    page = text_of(as_(hall.heads[FG]).get(address(project), {"view": view}))

    for words in (
        "企业投资项目备案",
        "建设项目用地预审",
        "环境影响报告",
        "建设工程规划许可",
        "建筑工程施工许可",
    ):
        assert words in page
    for words in (FG, ZR, HB, ZJ, "办结", "剩 5 天", "等 2 项前置", "不需要办：节能审查"):
        assert words in page


def test_the_figures_are_those_of_the_day(as_, hall, project):
    page = text_of(as_(hall.heads[FG]).get(address(project)))
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index('class="kpis"') :]))

    assert "承诺总时限 30 个工作日 串联办理需 25 日" in shown
    assert "已用 3 日 没有暂停" in shown
    assert "预计办结 第 18 日 3月26日，比承诺早 12 日" in shown
    assert "事项进度 1 / 5 办结 2 在办 · 2 未开始" in shown
    assert "关键路径余量 12 日 总期限第 30 日，预计第 18 日" in shown
    assert "共享材料 12 份次 申请人只交 7 份，10 个填写项只填 2 个" in shown


def test_a_view_that_does_not_exist_is_the_gantt_chart(as_, hall, project):
    page = text_of(as_(hall.heads[FG]).get(address(project), {"view": "pie"}))

    assert 'class="g-wrap"' in page


def test_a_case_is_linked_only_where_it_may_be_opened(as_, hall, project):
    own, foreign = hall.branch(project, "yd").case, hall.branch(project, "hp").case
    for view in VIEWS:
        page = text_of(as_(hall.heads[ZR]).get(address(project), {"view": view}))

        assert reverse("console:case-detail", args=[own.number]) in page
        assert foreign.number not in page


def test_what_needs_chasing_is_listed_with_what_it_costs(as_, hall, project, clock):
    clock(at("2026-03-16"))

    page = text_of(as_(hall.heads[ZR]).get(address(project)))

    assert "要盯的 2 件" in page and "超 2 个工作日" in page
    assert "在关键路径上，晚一天，项目晚一天。" in page


def test_an_open_notice_is_what_is_watched_on_the_board_and_in_the_list(as_, hall, clock):
    project = hall.told()
    clock(at("2026-03-05"))
    client = as_(hall.heads[ZR])

    page, row = text_of(client.get(address(project))), text_of(client.get(LIST, {"tab": "led"}))

    assert "没有要盯的" not in page and "要盯的 1 件" in page
    assert "3月2日发出补正告知书，等申请人补正，截止日" in page
    assert "等申请人补正" in row and "第1阶段申请人补正" in row


def test_an_open_consultation_stands_there_with_its_time_and_who_is_silent(as_, hall, project):
    actions.convene(
        project, "survey", subject="现场踏勘", departments=[hall.departments[HB], hall.departments[ZR]],
        by=hall.heads[ZR], at=at("2026-03-05"), stage=hall.stage(project, 1), place="雁江区城南",
        begins_at=at("2026-03-10", "15:00"),
    )  # fmt: skip

    page = text_of(as_(hall.heads[ZR]).get(address(project)))

    assert "3月10日 15:00 周二" in page and "联合踏勘：现场踏勘" in page and "雁江区城南" in page
    assert f"{HB}、{ZR}还没有答复" in page


def test_a_refusal_stands_on_the_board_until_the_lead_has_decided(as_, hall, project, clock):
    hall.refuse(project, "hp", moment=at("2026-03-05"))
    clock(at("2026-03-06"))

    for view in VIEWS:
        page = text_of(as_(hall.heads[ZR]).get(address(project), {"view": view}))
        assert "不予许可，待决定" in page and "受阻" in page
    assert "“环境影响报告表审批”等 2 项要由牵头部门决定，之后才能推算。" in page


def test_a_calendar_that_is_missing_leaves_the_board_standing(as_, hall, project):
    CalendarYear.objects.filter(year__gte=2026).delete()

    for view in VIEWS:
        page = as_(hall.heads[ZR]).get(address(project), {"view": view})
        assert page.status_code == 200
        assert "尚未公布放假安排" in text_of(page)


def test_what_refreshes_itself_gets_the_chart_and_the_cards_alone(as_, hall, project):
    sent = {"HTTP_HX_REQUEST": "true", "HTTP_X_POLLING": "1"}
    fragment = text_of(as_(hall.heads[FG]).get(address(project), **sent))

    assert "<main" not in fragment and 'class="g-wrap"' in fragment
    for part in ("board-chip", "board-figures", "board-side"):
        assert f'id="{part}" hx-swap-oob="innerHTML"' in fragment


def test_a_project_before_any_stage_is_accepted_has_a_board_too(as_, hall, clock):
    project = hall.filed()
    clock(at("2026-03-02"))

    page = text_of(as_(hall.heads[FG]).get(address(project)))

    assert "还没有受理，时限未起算" in page and "阶段待递交" in page


def test_a_department_is_chased_from_the_board_by_whoever_may(as_, hall, project, supervisor, clock):
    clock(at("2026-03-16"))
    client = as_(hall.heads[ZR])
    form = reverse("console:branch-chasing", args=[project.number, "yd"])
    offered = text_of(client.get(address(project)))

    client.post(form, {"words": "请抓紧办理，并回复进展。"})

    assert f'action="{form}"' in offered
    assert "3月16日 10:00催办过。" in text_of(client.get(address(project)))
    assert form not in text_of(as_(supervisor).get(address(project)))
    assert form not in text_of(as_(hall.heads[HB]).get(address(project)))  # takes part, and leads nothing
    assert f'action="{form}"' in text_of(as_(hall.heads[FG]).get(address(project)))  # leads the whole


def test_a_reminder_that_is_too_long_is_told_as_a_wrong_answer(as_, hall, project, clock):
    clock(at("2026-03-16"))
    form = reverse("console:branch-chasing", args=[project.number, "yd"])

    answer = as_(hall.heads[ZR]).post(form, {"words": "催" * 201})

    assert (answer.status_code, "最多200字，现在有201字" in text_of(answer)) == (422, True)


def test_a_refused_act_comes_back_with_the_board(as_, hall, project, clock):
    clock(at("2026-03-16"))
    client = as_(hall.heads[ZR])
    form = reverse("console:branch-chasing", args=[project.number, "yd"])
    client.post(form, {"words": "请抓紧"})

    again = client.post(form, {"words": "请抓紧"})

    assert again.status_code == 409 and "刚刚催办过" in text_of(again)
    assert f'hx-get="{address(project)}?view=gantt"' in text_of(again)


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────
def test_whoever_takes_part_sees_it_and_nobody_else(as_, hall, project, market_bureau, other_county):
    stranger = make_user("stranger", "市监", Role.CLERK, point=hall.county, department=market_bureau)
    elsewhere = make_user("elsewhere", "安岳", Role.CENTRE_ADMIN, point=other_county)
    here = make_user("here", "雁江", Role.CENTRE_ADMIN, point=hall.county)

    answers = {
        user.username: as_(user).get(address(project)).status_code
        for user in (hall.heads[ZJ], hall.approvers[HB], stranger, elsewhere, here, hall.owner)
    }

    assert answers == {
        "zj-head": 200, "hb-approver": 200, "stranger": 404, "elsewhere": 404, "here": 200, hall.owner.username: 403,
    }  # fmt: skip


def test_a_draft_is_not_to_be_found(as_, hall):
    hall.draft()

    assert "年产六万吨" not in text_of(as_(hall.heads[FG]).get(LIST, {"tab": "living"}))


@pytest.mark.query_count("console:project-detail")
@pytest.mark.parametrize("view", VIEWS)
def test_a_refresh_of_the_board_costs_the_same_whatever_it_shows(as_, hall, project, count_queries, view):
    client = as_(hall.heads[ZR])
    client.defaults["HTTP_HX_REQUEST"] = "true"
    few = count_queries(client, address(project), {"view": view})
    for code in ("yd", "hp"):
        actions.chase(hall.branch(project, code), words="请抓紧", by=hall.heads[ZR], at=at("2026-03-05"))
    for subject in ("征求意见", "再次征求意见", "方案调整"):
        actions.convene(
            project, "opinion", subject=subject, departments=hall.departments.values(), by=hall.heads[ZR],
            at=at("2026-03-05"), stage=hall.stage(project, 1),
        )  # fmt: skip
    hall.second_stage(project, moment=at("2026-03-05"))

    assert count_queries(client, address(project), {"view": view}) == few <= 12


# ── the case page ────────────────────────────────────────────────────────────────────────────────────
def test_the_case_of_a_branch_leads_to_its_project(as_, hall, project):
    case = hall.branch(project, "yd").case

    page = text_of(as_(hall.heads[ZR]).get(reverse("console:case-detail", args=[case.number])))

    assert f'属于并联项目 <a href="{address(project)}">' in page
    assert "分项 yd（建设项目用地预审）" in page


def test_a_case_that_was_refused_and_taken_up_anew_still_leads_to_its_project(as_, hall, project):
    refused = hall.refuse(project, "hp", moment=at("2026-03-05")).case
    actions.reopen(hall.branch(project, "hp"), why="改用清洁能源", by=hall.heads[ZR], at=at("2026-03-05"))

    page = text_of(as_(hall.heads[HB]).get(reverse("console:case-detail", args=[refused.number])))

    assert "分项 hp" in page
