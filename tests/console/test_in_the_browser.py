"""The staff screens in a real browser: accessible in every display, and worked by keyboard alone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cases import actions, tasks
from apps.cases.models import Batch, Status
from apps.supervision import actions as supervision
from apps.supervision.models import Card
from tests.browser import DESKTOP, PHONE, assert_fits, faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(in_approval, submitted, at_the_counter, collected, clerk):
    supervision.issue_cards(at=timezone.now())
    return [
        "/console/cases/",
        "/console/cases/?due=late",
        "/console/cases/?stage=waiting",
        "/console/cases/search/?q=王小明",
        "/console/cases/search/?q=没有这个人",
        f"/console/cases/{in_approval.number}/",
        f"/console/cases/{in_approval.number}/procedures/",
        f"/console/cases/{in_approval.number}/due-date/",
        f"/console/cases/{at_the_counter.number}/",
        f"/console/cases/{at_the_counter.number}/slip/",
        "/console/intake/",
        "/console/intake/?item=XK901",
    ]


@pytest.fixture
def boards(places):
    card = Card.objects.order_by("id").first()
    return [
        "/dashboard/",
        "/dashboard/?period=year",
        "/dashboard/?place=512002105&period=year",
        "/dashboard/departments/?period=year",
        "/dashboard/windows/?period=year",
        "/dashboard/cases/?measure=received&first=2026-03-01&last=2026-03-31",
        "/dashboard/cards/",
        f"/dashboard/cards/{card.pk}/",
    ]


@pytest.mark.parametrize(
    ("theme", "width"), [("", DESKTOP), ("dark", DESKTOP), ("contrast", DESKTOP), ("", PHONE)]
)
def test_the_desk_is_accessible(open_page, places, clerk, theme, width):
    assert faults_of(open_page(width=width, theme=theme, user=clerk), places) == {}


@pytest.mark.parametrize(("theme", "width"), [("", DESKTOP), ("dark", DESKTOP), ("", PHONE)])
def test_the_board_is_accessible(open_page, boards, supervisor, theme, width):
    assert faults_of(open_page(width=width, theme=theme, user=supervisor), boards) == {}


def test_nothing_is_wider_than_the_smallest_phone(open_page, places, boards, clerk, supervisor):
    desk = faults_of(open_page(width=320, user=clerk), places, assert_fits)
    board = faults_of(open_page(width=320, user=supervisor), boards, assert_fits)

    assert desk | board == {}


def test_a_case_is_taken_and_returned_without_a_mouse(open_page, submitted, at_the_counter, clerk):
    page = open_page("/console/cases/?stage=pre_review", user=clerk)
    page.keyboard.press("j")
    page.wait_for_selector("#preview h2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/cases/5*/")
    page.keyboard.press("c")
    page.locator("summary", has_text="申请表本身").focus()
    page.keyboard.press("Enter")
    page.locator("#fault-form").focus()
    page.keyboard.type("经营场所没有写明门牌 jx")
    page.keyboard.press("Control+Enter")
    page.get_by_text("已一次告知申请人").wait_for()

    submitted.refresh_from_db()
    assert submitted.status == Status.PRE_RETURNED
    assert submitted.notices.get().faults.get().text == "经营场所没有写明门牌 jx"


def test_several_rows_are_chosen_by_keys_and_accepted_at_once(open_page, at_the_counter, clerk):
    page = open_page("/console/cases/?stage=to_accept", user=clerk)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("button", name="批量受理").click()
    page.get_by_role("heading", name="批量受理").wait_for()
    tasks.run_batch(
        Batch.objects.get().pk
    )  # what the worker does behind the page, which asks every two seconds
    page.get_by_text("办完了：共 1 件，办成 1 件").wait_for()

    at_the_counter.refresh_from_db()
    assert at_the_counter.status == Status.ACCEPTED


def test_the_preview_follows_the_row_and_one_stray_key_accepts_nothing(open_page, at_the_counter, clerk):
    page = open_page("/console/cases/?stage=to_accept", user=clerk)
    page.keyboard.press("j")
    page.wait_for_selector("#preview [data-kb='E']")
    page.keyboard.press("e")
    expect(page.locator("#preview [data-kb='E']")).to_be_focused()
    assert not at_the_counter.events.filter(verb="accepted").exists()

    page.keyboard.press("e")
    page.get_by_text("已受理：").wait_for()

    assert at_the_counter.events.filter(verb="accepted", by=clerk).count() == 1
    assert actions.deem_accepted(at=timezone.now()) == 0


def test_a_refusal_takes_the_focus_and_keeps_what_was_typed(open_page, in_approval, approver):
    page = open_page(f"/console/cases/{in_approval.number}/", user=approver)
    page.get_by_label("不予许可", exact=True).check()
    page.get_by_role("button", name="作出决定").click()
    page.get_by_role("alert").wait_for()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("不予许可", exact=True)).to_be_checked()


def test_on_a_phone_the_rows_stand_upright_and_the_search_is_there(open_page, submitted, clerk):
    page = open_page("/console/cases/", width=PHONE, user=clerk)

    row = page.locator("[data-kb-row]").first
    expect(page.get_by_role("searchbox", name="查找办件")).to_be_visible()
    assert row.bounding_box()["width"] <= PHONE
    assert row.get_by_role("link").bounding_box()["width"] > 60
    expect(page.locator(".keys")).not_to_be_visible()
    assert_fits(page)
