"""重点项目 in a real browser: readable in every display with all its forms open, and kept without a line of script."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.workflows import actions as projects
from apps.workflows.actions import key_projects as actions
from tests.browser import DESKTOP, PHONE, faults_of
from tests.cast import at
from tests.workflows.key_projects import NOW, enlist, mandate
from tests.workflows.projects import FG, HB

pytestmark = pytest.mark.django_db(transaction=True)

BY = {"by": None, "at": NOW}


@pytest.fixture
def full(hall, city, company, citizen, clerk, colleague, centre_admin):
    """A key project with something on every page: branches, milestones, tasks in time and late, agent, hand-over."""
    key_project = enlist(centre_admin, city, investor=company)
    project = hall.running()
    actions.link(project, key_project, **BY)
    actions.open_channel(key_project, 41, why="专题会议", **BY)
    for kind, day in (("signed", 2), ("begun", 5)):
        actions.set_milestone(key_project, kind, on=date(2026, 3, day), half="am", **BY)
    actions.name_one(key_project, "leader", words="副市长联系", owner="唐国清", **BY)
    for code, needs in (("a1", ()), ("a2", ("a1",)), ("a3", ())):
        actions.set_task(
            key_project, actions.TaskFacts(code, f"任务{code}", 9, owner="供电公司", needs=needs), **BY
        )
    actions.begin_task(key_project.tasks.get(code="a3"), on=date(2026, 3, 3), **BY)
    actions.set_target(key_project, date(2030, 3, 20), **BY)
    for agent in (clerk, colleague):
        mandate(company, citizen, agent)
    actions.name_agent(key_project, clerk, **BY)
    visit = {"visited_on": date(2026, 3, 5), "place": "工地", "done": "收齐材料", "next_step": "送窗口"}
    actions.record_visit(key_project, **visit, **BY)
    papers = [actions.Paper("土地合同", 1, 1)]
    actions.give_papers(key_project, colleague, papers, by=clerk, at=NOW)
    members = [hall.departments[HB]]
    projects.convene(
        project, "opinion", subject="选址意见", departments=members, answer_by=date(2026, 3, 5), by=hall.heads[FG],
        at=at("2026-03-03"),
    )  # fmt: skip
    return key_project


def places(key_project) -> list[str]:
    own = ("key-project-detail", "key-project-plan", "key-project-service", "key-project-correction")
    return [
        reverse("console:key-project-list"),
        reverse("console:key-project-entry"),
        reverse("console:key-template"),
        reverse("console:bulletin") + "?on=2026-03-04",
        *(reverse(f"console:{name}", args=[key_project.pk]) for name in own),
        reverse("console:key-task", args=[key_project.pk, "a2"]),
    ]


@pytest.mark.parametrize(
    ("width", "theme"), [(DESKTOP, ""), (DESKTOP, "dark"), (PHONE, ""), (PHONE, "contrast"), (320, "")]
)
def test_the_pages_are_accessible(open_page, centre_admin, full, width, theme):
    page = open_page("/console/key-projects/", width=width, theme=theme, user=centre_admin)

    assert faults_of(page, places(full)) == {}


@pytest.mark.parametrize("width", [DESKTOP, 320])
def test_so_they_are_with_every_form_open(open_page, centre_admin, full, width):
    page = open_page(places(full)[4], width=width, user=centre_admin)

    for place in places(full)[4:7]:
        page.goto(place)
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), place


def test_a_channel_is_closed_and_opened_without_script(open_page, centre_admin, full):
    page = open_page(places(full)[4], script=False, user=centre_admin)

    page.get_by_text("关闭绿色通道", exact=True).click()
    page.locator("#whyform-closing-why").fill("全证到手")
    page.get_by_role("button", name="关闭", exact=True).click()
    page.get_by_text("开通绿色通道", exact=True).click()
    page.get_by_label("时限（工作日）").fill("0.5")
    page.get_by_label("开通的理由").fill("招商承诺")
    page.get_by_role("button", name="开通", exact=True).click()

    full.refresh_from_db()
    assert (full.is_green, full.green_halves) == (True, 1)
    expect(page.get_by_text("0.5 个工作日，到")).to_be_visible()
