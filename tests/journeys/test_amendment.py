"""A holiday is arranged anew: entered by one, looked at and signed by another, and the date of a running case moves."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.calendars import loaded
from apps.calendars.arrangement import written
from apps.calendars.models import SpecialDay
from apps.calendars.workdays import Special
from apps.cases import actions
from apps.cases.models import Case, Channel
from apps.notices.models import Message
from tests.browser import PATIENCE, PHONE, assert_accessible
from tests.bulk import copies_of
from tests.cast import fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running(calendar, food_permit, county, citizen, clerk, privacy_notice):
    """Accepted today, promised in three working days."""
    now = timezone.now()
    case = actions.draft(
        food_permit, applicant=citizen.applicant, at_point=county, channel=Channel.ONLINE, by=citizen, at=now
    )
    fill(case, by=citizen, at_=now)
    actions.submit(case, by=citizen, at=now, privacy_notice="2026-01")
    return actions.pass_pre_review(case, by=clerk, at=now)


def words_of(day) -> str:
    return f"{day.month}月{day.day}日"


def test_a_calendar_amendment_moves_the_date_of_a_running_case(
    open_page, worker, running, centre_admin, leader, supervisor, citizen
):
    today, promised = timezone.localdate(), running.due_on or running.provisional_due_on
    day_off = loaded.current().add(today, 2).likely_on
    own = [row.special for row in SpecialDay.objects.filter(year=day_off.year)]
    table = written([*own, Special(day_off, False, "临时放假")])

    # the centre's administrator pastes the table, wrong at first
    desk = open_page("/console/calendar/", user=centre_admin)
    desk.get_by_role("link", name="录入", exact=True).click()
    desk.get_by_label("年份").fill(str(day_off.year))
    desk.get_by_label("通知标题和文号").fill("国务院办公厅关于临时放假安排的通知（国办发明电〔2026〕9号）")
    desk.get_by_label("印发日期").fill(today.isoformat())
    desk.get_by_label("或者粘贴表格").fill(f"{table}\n{day_off.year}-02-30,休,春节")
    desk.get_by_role("button", name="核对并看影响").click()
    expect(desk.get_by_role("alert")).to_contain_text("2月没有30日")
    desk.get_by_label("或者粘贴表格").fill(table)
    desk.get_by_role("button", name="核对并看影响").click()

    # the list says what will move, and whoever entered it cannot sign
    moved_to = loaded.current().add(promised, 1).likely_on
    expect(desk.locator("#rows-title")).to_have_text("签发后会变的办件 1 件")
    expect(desk.locator(".amend-rows")).to_contain_text(words_of(moved_to))
    expect(desk.get_by_role("button", name="签发生效")).to_have_count(0)
    assert_accessible(desk)

    # a second person looks at it and signs; the worker does the rest
    chief = open_page("/console/calendar/", user=leader)
    chief.get_by_role("link", name=f"{day_off.year}年放假安排").click()
    chief.get_by_role("button", name="签发生效").click()
    expect(chief.locator(".case-h")).to_contain_text("已生效", timeout=30_000)
    expect(chief.locator("#rows-title")).to_have_text("变动的办件 1 件")
    assert_accessible(chief)

    # the case shows the new date and why; the applicant is told
    case = open_page(f"/console/cases/{running.number}/", user=supervisor)
    expect(case.locator("#log")).to_contain_text("按新日历重算期限")
    expect(case.locator("#log")).to_contain_text(re.compile(f"{words_of(promised)}.*{words_of(moved_to)}"))
    mine = open_page(f"/cases/{running.number}/", user=citizen, width=PHONE)
    expect(mine.locator("ol.tl")).to_contain_text(f"因{day_off.year}年放假安排")
    running.refresh_from_db()
    assert (running.due_on or running.provisional_due_on) == moved_to > promised
    message = Message.objects.get(case=running, kind="recomputed")
    assert (message.applicant, message.sent_at) == (citizen.applicant, None)
    assert words_of(moved_to) in message.text
    assert actions.check_clocks(at=timezone.now() + timedelta(minutes=1)).differing == 0


def test_the_pages_of_amendments_fit_a_telephone(open_page, running, centre_admin, leader):
    entered = actions.enter_correction(source="核对发现1件不一致", by=centre_admin, at=timezone.now())
    for address in ("", "notices/", "closures/", "corrections/", "differences/", f"{entered.pk}/"):
        assert_accessible(open_page(f"/console/calendar/{address}", width=PHONE, user=centre_admin))


def test_a_case_that_could_not_be_reckoned_is_listed_and_tried_again(
    open_page, worker, running, centre_admin, leader
):
    spoiled = copies_of(running, 2)[0]
    Case.objects.filter(pk=spoiled.pk).update(committed_amount=None)
    now = timezone.now()
    day_off = loaded.current().add(timezone.localdate(), 2).likely_on
    own = [row.special for row in SpecialDay.objects.filter(year=day_off.year)]
    entered = actions.enter_notice(
        day_off.year, [*own, Special(day_off, False, "临时放假")], source="国务院办公厅关于临时放假安排的通知",
        published_on=timezone.localdate(), by=centre_admin, at=now,
    )  # fmt: skip
    address = f"/console/calendar/{entered.pk}/"

    # the list before the signature names it; the leader signs all the same
    before = open_page(address, user=leader)
    expect(before.get_by_text("1 件推算不出日期")).to_be_visible()
    before.get_by_role("button", name="签发生效").click()

    # the others have moved; this one stands with its reason, on a desk and on a phone
    desk = open_page(address, user=centre_admin)
    faults = desk.get_by_role("region", name="没有算成的办件").get_by_role("row")
    expect(faults).to_have_count(2, timeout=PATIENCE)
    expect(faults.nth(1)).to_contain_text(spoiled.number)
    expect(faults.nth(1)).to_contain_text("日期没有动")
    assert_accessible(desk)
    assert_accessible(open_page(address, width=PHONE, user=centre_admin))

    # somebody finds out why and puts it right; another try moves it
    Case.objects.filter(pk=spoiled.pk).update(committed_amount=running.committed_amount)
    desk.get_by_role("button", name="再算一次").click()
    expect(desk.get_by_role("heading", name="变动的办件 3 件")).to_be_visible(timeout=PATIENCE)
    expect(desk.get_by_text("没有算成")).to_have_count(0)
    spoiled.refresh_from_db()
    running.refresh_from_db()
    assert spoiled.due_on == running.due_on
