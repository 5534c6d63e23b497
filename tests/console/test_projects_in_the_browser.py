"""看板 in a real browser: readable in every display, walked by keys, and the same without a line of script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.workflows import actions
from tests.browser import DESKTOP, PHONE, SMALL_PHONE, faults_of
from tests.cast import at
from tests.workflows.projects import FG, HB, ZR

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(hall, clock):
    """备案 is granted, 用地 is late, 环评 is refused, and a survey is called."""
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    actions.convene(
        project, "survey", subject="现场踏勘", departments=[hall.departments[HB], hall.departments[ZR]],
        by=hall.heads[ZR], at=at("2026-03-05"), stage=hall.stage(project, 1), place="雁江区城南",
        begins_at=at("2026-03-10", "15:00"),
    )  # fmt: skip
    clock(at("2026-03-16"))
    return project


def address(project, view="gantt"):
    return f"{reverse('console:project-detail', args=[project.number])}?view={view}"


REFRESH = """() => {
  document.querySelectorAll('#board-view .g-row, #board-side .card').forEach(old => { old.dataset.before = '' });
  const settled = new Promise(done => document.addEventListener('htmx:afterSettle', () => done(), {once: true}));
  htmx.ajax('GET', location.href, {target: '#board-view', swap: 'innerHTML'});
  return settled;
}"""


def refresh(page) -> None:
    """As the board does every minute; back when the new chart and the new cards stand there."""
    page.evaluate(REFRESH)
    expect(page.locator("[data-before]")).to_have_count(0)


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (DESKTOP, ""),
        (DESKTOP, "dark"),
        (DESKTOP, "contrast"),
        (PHONE, ""),
        (PHONE, "dark"),
        (SMALL_PHONE, ""),
    ],
)
def test_the_pages_are_accessible(open_page, hall, project, width, theme):
    page = open_page("/console/projects/", width=width, theme=theme, user=hall.heads[ZR])
    places = [address(project, view) for view in ("gantt", "flow", "table")]
    places += ["/console/projects/", "/console/projects/?tab=led", "/console/projects/?q=没有"]

    assert faults_of(page, places) == {}


def test_a_project_that_waits_for_its_lead_is_accessible_too(open_page, hall, project):
    hall.refuse(project, "hp", moment=at("2026-03-13"))
    page = open_page("/console/projects/", user=hall.heads[ZR])

    assert faults_of(page, [address(project, view) for view in ("gantt", "flow", "table")]) == {}


def test_the_flow_is_walked_by_arrows_and_opened_by_enter(open_page, hall, project):
    page = open_page(address(project, "flow"), user=hall.heads[ZR])
    walked = []
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        walked.append(page.evaluate("document.activeElement.dataset.flow"))

    assert walked[:2] == ["ba", "yd"]
    assert sorted(walked[2:4] + ["yd"]) in (["hp", "yd", "yd"], ["yd", "yd", "yd"])
    assert walked[4:] == ["gg", "yd"]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('console:case-detail', args=[hall.branch(project, 'yd').case.number])}")


def test_g_changes_between_the_charts_and_g_then_b_goes_to_the_list(open_page, hall, project):
    page = open_page(address(project), user=hall.heads[ZR])

    page.keyboard.press("g")
    page.wait_for_url("**view=flow")
    page.keyboard.press("g")
    page.wait_for_url("**view=gantt")
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/console/projects/")


def test_a_refresh_keeps_the_focus_and_the_place(open_page, hall, project):
    page = open_page(address(project), width=PHONE, user=hall.heads[ZR])
    page.locator("#g-yd").focus()
    page.locator(".board-scroll").evaluate("box => { box.scrollLeft = 120 }")
    kept = page.locator(".board-scroll").evaluate("box => box.scrollLeft")

    refresh(page)

    expect(page.locator(":focus")).to_have_id("g-yd")
    assert page.locator(".board-scroll").evaluate("box => box.scrollLeft") == kept > 0
    assert page.locator("#board-side").count() == page.locator("#board-figures").count() == 1
    assert page.faults == []


@pytest.mark.parametrize("place", ["what-if", "chasing-yd", "meeting-{}"])
def test_a_refresh_keeps_the_focus_in_the_cards_beside_it_too(open_page, hall, project, place):
    page = open_page(address(project), user=hall.heads[ZR])
    place = place.format(project.consultations.get().pk)
    page.locator(f"#{place}").focus()

    refresh(page)

    expect(page.locator(":focus")).to_have_id(place)
    assert page.locator("#board-side .card").count() == 3
    assert page.faults == []


def test_what_is_to_be_done_now_is_a_press_away_from_the_top(open_page, hall, project):
    hall.refuse(project, "hp", moment=at("2026-03-13"))
    page = open_page(address(project), width=PHONE, user=hall.heads[ZR])

    page.get_by_role("link", name="现在要办 1 项").click()

    expect(page.locator("#branch-hp-reopening button[type=submit]")).to_be_visible()
    expect(page.locator("#now-title")).to_be_in_viewport()


def test_the_board_can_be_read_and_its_views_changed_without_script(open_page, hall, project):
    page = open_page(address(project), script=False, user=hall.heads[FG])

    page.get_by_role("link", name="表格").click()

    row = page.get_by_role("row", name="建设项目用地预审")
    expect(row.get_by_text("超 2 个工作日")).to_be_visible()
    expect(page.get_by_role("heading", name="要盯的 2 件")).to_be_visible()
