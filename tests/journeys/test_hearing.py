"""听证: told by the department, asked for from a phone, called and held; or given up, without any script."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cases import actions
from apps.cases.models import Channel, Status
from tests.browser import PHONE, assert_accessible, assert_fits
from tests.cast import fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(calendar, food_permit, county, citizen, clerk, colleague, privacy_notice):
    """A case in review whose applicant was told of the right today."""
    now = timezone.now()
    case = actions.draft(
        food_permit, applicant=citizen.applicant, at_point=county, channel=Channel.ONLINE, by=citizen, at=now
    )
    fill(case, by=citizen, at_=now)
    actions.submit(case, by=citizen, at=now, privacy_notice="2026-01")
    actions.pass_pre_review(case, by=clerk, at=now)
    actions.start_review(case, by=colleague, at=now)
    return actions.offer_hearing(case, subject="涉及相邻住户油烟排放", by=colleague, at=now).case


def test_a_citizen_asks_from_the_phone_and_the_desk_calls_the_hearing(open_page, told, citizen, approver):
    phone = open_page(f"/cases/{told.number}/", user=citizen, width=PHONE)
    expect(phone.get_by_role("heading", name="您可以申请听证")).to_be_visible()
    assert_accessible(phone)

    phone.get_by_role("button", name="申请听证").click()

    expect(phone.get_by_text("听证申请收到了")).to_be_visible()
    expect(phone.get_by_text("举行听证的截止日")).to_be_visible()
    assert_accessible(phone)
    told.refresh_from_db()
    assert (told.status, told.due_on) == (Status.HEARING, None)

    desk = open_page(f"/console/cases/{told.number}/procedures/", user=approver)
    expect(desk.get_by_role("heading", name="通知听证")).to_be_visible()
    expect(desk.get_by_text("已申请，举行的截止日")).to_be_visible()


def test_without_script_it_is_given_up_only_by_whoever_says_so(open_page, told, citizen):
    page = open_page(f"/cases/{told.number}/", user=citizen, width=PHONE, script=False)
    page.get_by_text("不需要听证，明确放弃").click()
    page.get_by_role("button", name="放弃听证").click()
    expect(page.locator("#waiver-fault")).to_have_text("请先勾选：我知道放弃后不能再申请听证。")
    assert_fits(page)

    page.get_by_label("我知道放弃后不能再就这次告知申请听证").check()
    page.get_by_role("button", name="放弃听证").click()

    expect(page.get_by_text("您放弃听证的意见收到了")).to_be_visible()
    assert told.events.filter(verb="hearing_waived", by=citizen).exists()
    expect(page.get_by_role("button", name="申请听证")).to_have_count(0)
