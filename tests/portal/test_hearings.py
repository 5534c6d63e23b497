"""听证: an applicant who was told of the right asks for a hearing on the page of the case, or gives it up."""

import pytest
from django.urls import reverse

from apps.cases import actions
from apps.cases.models import Case, Status
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(in_review, colleague):
    """Told on Wednesday 4 March 2026: five working days, so until Wednesday 11 March."""
    actions.offer_hearing(in_review, subject="涉及相邻住户油烟排放", by=colleague, at=at("2026-03-04"))
    return in_review


@pytest.fixture
def phone(client, citizen, clock):
    clock(at("2026-03-11", "23:50"))
    client.force_login(citizen)
    return client


def page_of(client, case: Case) -> str:
    return client.get(reverse("portal:case-detail", args=[case.number])).content.decode()


def send(client, name: str, case: Case, **posted):
    return client.post(reverse(f"portal:{name}", args=[case.number]), posted)


def test_the_page_names_the_matter_and_the_last_day(phone, told):
    page = page_of(phone, told)

    assert "您可以申请听证" in page and "涉及相邻住户油烟排放" in page
    assert "申请截止日 2026年3月11日（含当天）" in page


def test_where_nobody_told_of_a_hearing_the_page_says_nothing_of_one(phone, in_review):
    assert "听证" not in page_of(phone, in_review)


def test_asking_on_the_last_day_is_in_time_and_in_the_applicant_s_name(phone, told, citizen):
    sent = send(phone, "hearing-request", told)

    told.refresh_from_db()
    hearing = told.hearings.get()
    assert (sent.status_code, told.status, told.statutory_due_on) == (302, Status.HEARING, None)
    assert (hearing.asked_by_name, told.events.get(verb="hearing_asked").by) == ("王小明", citizen)
    assert "举行听证的截止日 2026年4月9日（含当天）" in page_of(phone, told)


def test_the_day_after_it_is_too_late_and_the_page_says_which_day_was_the_last(phone, told, clock):
    clock(at("2026-03-12", "00:01"))

    late = send(phone, "hearing-request", told)

    told.refresh_from_db()
    assert (late.status_code, told.status) == (409, Status.IN_REVIEW)
    assert "申请听证的截止日3月11日（含当天）已过，逾期未提出的视为放弃" in late.content.decode()
    assert "申请听证的期限已过" in page_of(phone, told) and "放弃听证</button>" not in page_of(phone, told)


def test_who_gives_it_up_says_that_it_is_final(phone, told, citizen, colleague):
    unsaid = send(phone, "hearing-waiver", told)
    assert (unsaid.status_code, told.hearings.get().closed_at) == (422, None)
    assert 'aria-describedby="waiver-fault"' in unsaid.content.decode()

    said = send(phone, "hearing-waiver", told, understood="yes")

    event = told.events.get(verb="hearing_waived")
    assert (said.status_code, event.by, event.reason) == (302, citizen, "王小明登录后在网上表示放弃听证。")
    done = actions.finish_review(told, opinion="可以", by=colleague, at=at("2026-03-11", "23:55"))
    assert done.status == Status.IN_APPROVAL


def test_what_was_given_up_or_asked_for_is_not_asked_again(phone, told):
    send(phone, "hearing-waiver", told, understood="yes")

    again = send(phone, "hearing-request", told)

    assert again.status_code == 409
    assert "已经放弃听证，不能再申请" in again.content.decode()


def test_without_having_been_told_nobody_asks(phone, in_review):
    refused = send(phone, "hearing-request", in_review)

    assert refused.status_code == 409
    assert "部门没有告知过这件可以申请听证" in refused.content.decode()


@pytest.mark.parametrize("name", ["hearing-request", "hearing-waiver"])
def test_somebody_else_finds_nothing(client, told, other_citizen, clerk, clock, name):
    clock(at("2026-03-05"))
    for stranger in (other_citizen, clerk):
        client.force_login(stranger)
        assert send(client, name, told, understood="yes").status_code == 404

    told.refresh_from_db()
    assert told.status == Status.IN_REVIEW


def test_once_called_the_page_says_when_where_and_before_whom(phone, told, approver, colleague):
    send(phone, "hearing-request", told)
    actions.call_hearing(
        told.hearings.get(),
        held_on=at("2026-03-24").date(),
        begins_at=at("2026-03-24", "09:30").time(),
        place="大厅三楼会议室",
        presider=approver,
        by=colleague,
        at=at("2026-03-12"),
    )

    page = page_of(phone, told)
    assert all(words in page for words in ("2026年3月24日 09:30", "大厅三楼会议室", "何静", "有权申请回避"))
