"""Every component, on both bases, in every display: axe finds nothing and nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect

from apps.accounts.roles import Role
from config import errors
from tests.browser import DESKTOP, PHONE, SMALL_PHONE, assert_accessible, faults_of
from tests.cast import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.look.gallery")]

STATUSES = [400, 403, 404, 405, 409, 413, 422, 429, 500, 503]
WIDTHS = [DESKTOP, PHONE, SMALL_PHONE]
DISPLAYS = [("", ""), ("dark", ""), ("contrast", ""), ("", "elder")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("theme", "mode"), DISPLAYS)
def test_the_components_are_accessible_on_the_portal(open_page, width, theme, mode):
    page = open_page("/gallery/portal/", width=width, theme=theme, mode=mode)

    assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["", "dark", "contrast"])
def test_the_components_are_accessible_on_the_console(open_page, clerk, width, theme):
    page = open_page("/gallery/console/", width=width, theme=theme, user=clerk)

    assert_accessible(page)


@pytest.mark.parametrize("theme", ["", "contrast"])
def test_the_error_pages_are_accessible(open_page, theme):
    page = open_page(width=PHONE, theme=theme)

    assert faults_of(page, [f"/gallery/errors/{status}/" for status in STATUSES]) == {}


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_page_needs_no_database(rf, status, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = errors.page(rf.get("/"), status)

    assert answer.status_code == status
    assert "96196" in answer.content.decode()


def test_a_theme_changes_at_once_and_is_kept(open_page):
    page = open_page("/gallery/portal/")

    with page.expect_response("**/display/"):
        page.get_by_role("button", name="深色").first.click()

        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_display_can_be_chosen_without_script(open_page):
    page = open_page("/gallery/portal/", script=False)

    page.get_by_role("button", name="长辈版").first.click()

    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page.get_by_role("button", name="回普通版")).to_be_visible()


def test_rows_are_walked_and_chosen_by_keys(open_page, clerk):
    page = open_page("/gallery/console/", user=clerk)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.locator("tr[aria-current]")).to_have_id("row-2")
    expect(page.locator("[data-kb-count]")).to_have_text("1")


def test_letters_typed_in_a_field_move_nothing(open_page, clerk):
    page = open_page("/gallery/console/", user=clerk)

    page.locator("#id_note").press_sequentially("jx")

    assert page.locator("tr[aria-current]").count() == 0
    assert page.locator("#id_note").input_value() == "jx"


def test_single_keys_can_be_switched_off(open_page, county):
    clerk = make_user("clerk_without_keys", "周敏", Role.CLERK, point=county)
    clerk.single_keys = False
    clerk.save()
    page = open_page("/gallery/console/", user=clerk)

    page.keyboard.press("j")

    assert page.locator("tr[aria-current]").count() == 0


def test_no_component_needs_an_inline_style_or_script(open_page):
    page = open_page("/gallery/portal/")

    assert page.locator("[style]").count() == 0
    assert page.locator("script:not([src])").count() == 0
