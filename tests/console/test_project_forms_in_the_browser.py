"""The forms of joint projects in a real browser, sent with faults: readable on a phone, and the faults are where the eye is."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.workflows.models import Project
from tests.browser import DESKTOP, PHONE, SMALL_PHONE, assert_accessible, assert_fits
from tests.cast import at
from tests.workflows.projects import FG, HB, MONDAY, ZR

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("width", [DESKTOP, PHONE, SMALL_PHONE]),
]


@pytest.fixture
def visit(open_page, clock, width):
    def opened(user, name, *where, query="", moment=MONDAY):
        clock(moment)
        return open_page(reverse(f"console:{name}", args=where) + query, width=width, user=user)

    return opened


def is_fit_to_see(page) -> None:
    """The summary has the focus, nothing is cut off, and axe has nothing to say."""
    page.wait_for_function("document.activeElement.matches('.errsum, [data-focus]')")
    assert_fits(page)
    assert_accessible(page)


def test_the_intake_with_nothing_filled_in(hall, visit):
    page = visit(hall.heads[FG], "project-intake", query="?bundle=TZ")

    page.get_by_role("button", name=re.compile("下一步")).click()

    is_fit_to_see(page)
    expect(page.get_by_text("请回答“年用电在500万千瓦时以上吗？”。")).to_have_count(2)


def test_the_draft_with_nothing_brought(hall, visit, privacy_notice):
    project = hall.draft(national_code="", name="标注项目用地范围的土地利用现状图和规划图的扩建项目")
    Project.objects.filter(pk=project.pk).update(filed_by=hall.heads[FG])
    project.materials.filter(seq=1).update(name="标注项目用地范围的土地利用现状图、规划图和四至界线说明")
    page = visit(hall.heads[FG], "project-draft", project.key)

    page.get_by_role("button", name=re.compile("^申报")).click()

    is_fit_to_see(page)


def test_the_list_of_branches_with_one_taken_off_without_a_reason(hall, visit):
    page = visit(hall.heads[FG], "project-detail", hall.filed().number)

    page.get_by_label(re.compile("^hp ")).uncheck()
    page.locator("#project-confirmation button[type=submit]").click()

    is_fit_to_see(page)
    expect(page.locator("td .err").get_by_text("请写明不办“环境影响报告表审批”的理由。")).to_be_visible()


def test_an_answer_that_wants_a_supplement_and_does_not_say_which(hall, visit):
    project = hall.dispatched().project
    page = visit(hall.heads[HB], "project-detail", project.number)

    page.get_by_label("需要补正").check()
    page.locator("#branch-hp-answer button[type=submit]").click()

    is_fit_to_see(page)
    expect(page.locator("#branch-hp-answer").get_by_text("请写明需要补正什么。")).to_be_visible()


def test_a_new_scheme_without_words(hall, visit):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    hall.refuse(project, "hp", moment=at("2026-03-04"))
    page = visit(hall.heads[ZR], "project-detail", project.number, moment=at("2026-03-05"))

    panel = page.locator("#branch-hp-reopening")
    expect(panel.locator("button[type=submit]")).to_be_visible()  # open, without looking for it
    panel.locator("button[type=submit]").click()

    is_fit_to_see(page)


def test_a_supplement_at_the_counter_with_nothing_said(hall, visit):
    project = hall.told()
    page = visit(hall.heads[FG], "project-detail", project.number)

    page.get_by_role("button", name="提交补正").click()

    expect(page.get_by_text("请重新上传这份材料，或写明如何改正。")).to_be_visible()
    is_fit_to_see(page)


def test_a_consultation_with_nobody_asked(hall, visit):
    page = visit(hall.heads[ZR], "consultation-entry", hall.running().number)

    page.get_by_role("button", name=re.compile("^发起会商")).click()

    is_fit_to_see(page)
