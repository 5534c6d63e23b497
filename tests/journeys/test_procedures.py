"""特别程序与延期: the bar stands still and goes on, the date explains itself, and an extension asked too late is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.calendars import loaded
from apps.cases import actions
from apps.cases.models import Case, Channel, Status
from tests.browser import PHONE, assert_accessible
from tests.cast import fill

pytestmark = pytest.mark.django_db(transaction=True)


def in_review_since(days_ago, *, item, county, citizen, clerk, colleague):
    """A case promised in three working days, taken in hand so many days ago."""
    then = timezone.now() - timedelta(days=days_ago)
    case = actions.draft(
        item, applicant=citizen.applicant, at_point=county, channel=Channel.ONLINE, by=citizen, at=then
    )
    fill(case, by=citizen, at_=then)
    actions.submit(case, by=citizen, at=then, privacy_notice="2026-01")
    actions.pass_pre_review(case, by=clerk, at=then)
    return actions.start_review(case, by=colleague, at=then)


@pytest.fixture
def reviewing(calendar, food_permit, county, citizen, clerk, colleague, privacy_notice):
    people = {
        "item": food_permit,
        "county": county,
        "citizen": citizen,
        "clerk": clerk,
        "colleague": colleague,
    }
    return lambda days_ago: in_review_since(days_ago, **people)


def test_a_special_procedure_pauses_the_bar_until_its_result(
    open_page, reviewing, clerk, window_head, citizen
):
    case = reviewing(0)

    # the clerk asks, the clock runs on
    desk = open_page(f"/console/cases/{case.number}/", user=clerk)
    desk.get_by_text("特别程序（暂停计时）").click()
    desk.get_by_label("事由").select_option("检测")
    desk.get_by_label("所需时间").fill("5")
    desk.get_by_label("理由").first.fill("抽样送检")
    desk.get_by_role("button", name="报负责人批准").click()
    expect(desk.get_by_text("申请启动检测，需 5 个工作日：抽样送检")).to_be_visible()
    case.refresh_from_db()
    assert case.status == Status.IN_REVIEW

    # the head approves, the clock stands still
    head = open_page(f"/console/cases/{case.number}/procedures/", user=window_head)
    assert_accessible(head)
    head.get_by_role("button", name="批准", exact=True).click()
    head.goto(f"/console/cases/{case.number}/")
    expect(head.locator(".case-h .chip")).to_contain_text("暂停 · 检测")

    # the citizen sees why there is no date now
    phone = open_page(f"/cases/{case.number}/due-date/", user=citizen, width=PHONE)
    expect(phone.get_by_text("现在暂停计时").first).to_be_visible()
    assert_accessible(phone)

    # the result is in, and the date is there again
    head.get_by_label("结果").fill("检测合格")
    head.get_by_role("button", name="登记结果，恢复计时").click()
    case.refresh_from_db()
    shown = case.due_on or case.provisional_due_on
    phone.reload()
    expect(phone.get_by_text(f"{shown.month}月{shown.day}日（含当天）").first).to_be_visible()
    expect(phone.get_by_text("行政许可法第四十五条").first).to_be_visible()


def test_an_extension_is_refused_after_the_due_day_and_nothing_typed_is_lost(
    open_page, reviewing, window_head
):
    case = reviewing(0)
    page = open_page(f"/console/cases/{case.number}/procedures/", user=window_head)
    page.get_by_label("延长天数").fill("5")
    page.locator("#ext-reason").fill("检测设备维修")
    late = Case.objects.filter(pk=case.pk)  # the page stayed open until the due day was over
    late.update(due_on=timezone.localdate() - timedelta(days=1), calendar_missing=False)

    page.get_by_role("button", name="批准延期").click()

    expect(page.get_by_role("alert")).to_contain_text("已过，不能再延期")
    expect(page.get_by_role("alert")).to_contain_text("检测设备维修")
    expect(page.get_by_label("延长天数")).to_have_count(0)
    case.refresh_from_db()
    assert case.extension_amount == 0


def test_an_extension_in_time_moves_the_date_and_says_so_to_the_citizen(
    open_page, reviewing, window_head, citizen
):
    case = reviewing(0)
    before = case.due_on or case.provisional_due_on
    expected = loaded.current().add(before, 5).likely_on

    page = open_page(f"/console/cases/{case.number}/procedures/", user=window_head)
    page.get_by_label("延长天数").fill("5")
    page.locator("#ext-reason").fill("检测设备维修")
    page.get_by_role("button", name="批准延期").click()
    page.get_by_text("已登记延期").wait_for()

    case.refresh_from_db()
    assert (case.due_on or case.provisional_due_on) == expected
    portal = open_page(f"/cases/{case.number}/", user=citizen, width=PHONE)
    expect(portal.get_by_text("延期").first).to_be_visible()
    assert_accessible(portal)
