"""代办服务 on the board: who goes for the investor, his latest visits, the last hand-over, and the way to all of them."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.workflows import actions
from apps.workflows.actions import key_projects
from tests.cast import at
from tests.workflows.key_projects import mandate
from tests.workflows.projects import FG, HB, MONDAY, ZR

pytestmark = pytest.mark.django_db
LATER = at("2026-03-10", "10:00")


@pytest.fixture
def board(clock):
    def seen(project, user, moment=LATER):
        clock(moment)
        client = Client()
        client.force_login(user)
        return client.get(reverse("console:project-detail", args=[project.number])).content.decode()

    return seen


@pytest.fixture
def project(hall, key_project, centre_admin):
    return key_projects.link(hall.running(), key_project, by=centre_admin, at=at("2026-03-06", "10:00"))


def visit(key_project, by, day: int, place: str, **more):
    facts = {"done": "收齐材料", "next_step": "送件到窗口", "next_on": date(2026, 3, day + 1)} | more
    return key_projects.record_visit(
        key_project, visited_on=date(2026, 3, day), place=place, by=by, at=LATER, **facts
    )


def test_the_latest_visits_stand_on_the_board_with_how_many_there_were(
    hall, project, key_project, agent, clerk, board
):
    for day, place in ((6, "厂区大门"), (9, "项目部"), (10, "会议室")):
        visit(key_project, clerk, day, place)

    page = board(project, hall.heads[ZR])

    assert "项目代办员" in page and "跟了 5 日 · 上门 3 次" in page
    assert page.index("<b>3月10日上门</b> 会议室") < page.index("<b>3月9日上门</b> 项目部")
    assert "收齐材料；下一步：送件到窗口，3月11日" in page
    assert "厂区大门" not in page
    assert f'href="{reverse("console:key-project-service", args=[key_project.pk])}"' in page


def test_a_hand_over_stands_there_from_the_first_signature_to_the_second(
    hall, project, key_project, agent, clerk, colleague, company, citizen, board
):
    mandate(company, citizen, colleague)
    papers = [key_projects.Paper("规划条件", 1, 2)]
    handover = key_projects.give_papers(key_project, colleague, papers, by=clerk, at=LATER)
    given = board(project, hall.heads[ZR])
    key_projects.take_papers(handover, by=colleague, at=LATER)

    assert "<b>3月10日交接</b> 周* → 吴*" in given and "等吴*签收" in given
    assert "3月10日签收，双方已签" in board(project, hall.heads[ZR])


def test_a_mandate_that_was_taken_back_is_said_at_once(hall, project, agent, mandated, citizen, board):
    before = board(project, hall.heads[ZR])
    accounts.revoke_mandate(mandated, by=citizen, at=LATER, on=LATER.date())

    assert "委托已失效" not in before
    assert "委托已失效" in board(project, hall.heads[ZR])


def test_without_an_agent_it_says_so_and_leads_to_where_one_is_named(hall, project, key_project, board):
    page = board(project, hall.heads[HB])

    assert "现在没有项目代办员。" in page
    assert reverse("console:key-project-service", args=[key_project.pk]) in page


def test_a_project_of_its_own_says_nothing_of_it(hall, board):
    assert "项目代办员" not in board(hall.running(), hall.heads[ZR])


@pytest.mark.query_count("console:project-detail")
def test_the_fullest_board_costs_no_more_statements_than_any_page_may(
    hall, key_project, agent, clerk, centre_admin, count_queries, clock
):
    """A notice, an answer that is due, consultations, visits and a hand-over on one page."""
    told = hall.told()
    project = key_projects.link(told, key_project, by=centre_admin, at=LATER)
    actions.withdraw_branch(hall.branch(project, "hp"), why="改方案", by=hall.owner, at=MONDAY)
    actions.reopen(hall.branch(project, "hp"), why="改用清洁能源", by=hall.heads[ZR], at=MONDAY)
    clock(LATER)
    client = Client()
    client.force_login(hall.heads[HB])
    address = reverse("console:project-detail", args=[project.number])
    few = count_queries(client, address)
    for day in (6, 9, 10):
        visit(key_project, clerk, day, "项目部")
    for subject in ("征求意见", "再次征求意见"):
        actions.convene(
            project, "opinion", subject=subject, departments=[hall.departments[FG], hall.departments[HB]],
            by=hall.heads[ZR], at=MONDAY, stage=hall.stage(project, 1),
        )  # fmt: skip

    page = client.get(address)

    assert [panel.key for panel in page.context["daily"]] == ["branch-hp-answer"]
    assert page.context["open_notices"] and page.context["board"].facts.meetings
    assert count_queries(client, address) == few <= 12
