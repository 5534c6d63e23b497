"""办件页: what it shows, the acts it offers, and what a refusal looks like."""

import re

import pytest
from django.urls import reverse

from apps.accounts.models import AuditEntry
from apps.cases import actions
from apps.cases.models import Case, CaseFile
from tests.cast import at, fill


@pytest.fixture
def at_desk(client, clerk):
    client.force_login(clerk)
    return client


def page(case: Case) -> str:
    return reverse("console:case-detail", args=[case.number])


def offered(response) -> list[str]:
    return [panel.name for panel in response.context["panels"]]


def test_the_page_offers_what_the_step_and_the_role_allow(client, submitted, clerk, approver, supervisor):
    acts = {}
    for user in (clerk, approver, supervisor):
        client.force_login(user)
        acts[user.username] = offered(client.get(page(submitted)))

    assert acts == {
        "clerk": ["pre_pass", "pre_return", "pre_refuse", "withdraw"],
        "approver": [],
        "supervisor": [],
    }


@pytest.mark.query_count("console:case-detail")
def test_the_page_makes_at_most_twelve_queries(at_desk, in_approval, count_queries):
    assert count_queries(at_desk, page(in_approval)) <= 12


def test_a_return_sends_all_faults_in_one_notice(at_desk, submitted):
    response = at_desk.post(
        reverse("console:case-notices", args=[submitted.number]),
        {
            "panel": "pre_return",
            "fault-2": "看不清",
            "remedy-2": "重新扫描",
            "fault-form": "地址不一致",
            "fault-1": " ",
        },
    )

    assert response.status_code == 302
    assert list(submitted.notices.get().faults.values_list("material__seq", "text", "remedy")) == [
        (2, "看不清", "重新扫描"),
        (None, "地址不一致", ""),
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"fault-1": "缺" * 2_001}, "最多写 2,000 字，现在有 2,001 字"),
        ({"fault-1": "缺签名", "remedy-1": "补" * 301}, "最多写 300 字，现在有 301 字"),
    ],
)
def test_a_notice_that_is_too_long_is_not_cut_but_refused(at_desk, submitted, typed, sentence):
    response = at_desk.post(reverse("console:case-notices", args=[submitted.number]), typed)

    submitted.refresh_from_db()
    assert (response.status_code, submitted.status) == (422, "pre_submitted")
    assert sentence in response.content.decode()
    assert all(text in response.content.decode() for text in typed.values())


def test_odd_characters_in_a_notice_break_nothing(at_desk, submitted):
    response = at_desk.post(
        reverse("console:case-notices", args=[submitted.number]), {"fault-²": "?", "fault-1": "缺\x00签名"}
    )

    assert response.status_code == 302
    assert [fault.text for fault in submitted.notices.get().faults.all()] == ["缺签名"]


def test_a_number_of_a_result_is_never_cut(client, in_approval, approver):
    client.force_login(approver)

    response = client.post(
        reverse("console:case-decision", args=[in_approval.number]),
        {"result": "grant", "opinion": "同意", "result_number": "食" * 61},
    )

    in_approval.refresh_from_db()
    assert (response.status_code, in_approval.status) == (422, "in_approval")
    assert "结果文号最多 60 字，现在有 61 字" in response.content.decode()


def test_a_refused_act_shows_why_and_keeps_what_was_typed(at_desk, submitted):
    response = at_desk.post(
        reverse("console:case-notices", args=[submitted.number]), {"panel": "pre_return", "note": "请尽快"}
    )

    assert response.status_code == 422
    content = response.content.decode()
    assert content.count("请至少指出一处问题") == 2  # above the page, and in its own panel
    assert 'value="请尽快"' in content


def test_the_second_of_two_clerks_sees_who_was_first(client, at_the_counter, clerk, colleague):
    actions.accept(at_the_counter, by=colleague, at=at("2026-03-03", "10:41"))
    client.force_login(clerk)

    response = client.post(reverse("console:case-acceptance", args=[at_the_counter.number]))

    assert response.status_code == 409
    assert "吴桐已于03月03日 10:41受理" in response.content.decode()
    assert at_the_counter.events.filter(verb="accepted").count() == 1


def test_a_decision_needs_a_choice_and_reasons(client, in_approval, approver):
    client.force_login(approver)
    address = reverse("console:case-decision", args=[in_approval.number])

    assert client.post(address, {}).status_code == 422
    refused = client.post(address, {"result": "refuse", "reasons": "", "remedies": "可复议"})
    assert refused.status_code == 422
    assert "不予许可必须说明理由" in refused.content.decode()
    assert (
        client.post(address, {"result": "refuse", "reasons": "场所不符", "remedies": "可复议"}).status_code
        == 302
    )


def test_the_whole_number_is_shown_once_by_a_logged_act(at_desk, submitted):
    assert "519999199001010017" not in at_desk.get(page(submitted)).content.decode()

    address = reverse("console:case-id-number", args=[submitted.number])
    assert at_desk.post(address, {"reason": ""}).status_code == 409
    shown = at_desk.post(address, {"reason": "核对原件"})

    assert "519999199001010017" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.get(kind="revealed").subject == submitted.number


def test_a_paper_is_shown_only_to_whoever_sees_its_case(
    client, submitted, clerk, clerk_of_another_county, system_admin
):
    address = reverse(
        "console:case-file", args=[CaseFile.objects.filter(material__case=submitted).first().pk]
    )
    answers = {}
    for user in (clerk, clerk_of_another_county, system_admin):
        client.force_login(user)
        answers[user.username] = client.get(address).status_code

    assert answers == {"clerk": 200, "clerk2": 404, "sysadmin": 403}


def test_a_case_elsewhere_is_not_found_by_any_door(client, submitted, clerk_of_another_county):
    client.force_login(clerk_of_another_county)
    for name in ("case-detail", "case-preview", "case-slip", "case-neighbour"):
        assert client.get(reverse(f"console:{name}", args=[submitted.number])).status_code == 404
    assert client.post(reverse("console:case-pre-review", args=[submitted.number])).status_code == 404


def test_next_and_previous_follow_the_desk(at_desk, submitted, at_the_counter):
    forward = at_desk.get(reverse("console:case-neighbour", args=[submitted.number]), {"way": "next"})
    back = at_desk.get(reverse("console:case-neighbour", args=[at_the_counter.number]), {"way": "previous"})

    assert (forward.url, back.url) == (page(at_the_counter), page(submitted))


def test_a_missing_paper_stops_the_acceptance(at_desk, at_the_counter):
    at_the_counter.materials.filter(seq=2).update(state="absent")

    response = at_desk.post(reverse("console:case-acceptance", args=[at_the_counter.number]))

    assert response.status_code == 409
    assert "还缺1份必要材料（经营场所平面图）" in response.content.decode()


def test_the_originals_to_take_stand_in_their_fields_and_a_missing_one_is_said_beside_its_row(
    at_desk, permit_with_originals, county, citizen, clerk, calendar, privacy_notice
):
    case = actions.draft(
        permit_with_originals, applicant=citizen.applicant, at_point=county, channel="2", by=citizen,
        at=at("2026-03-02"),
    )  # fmt: skip
    fill(case, by=citizen, at_=at("2026-03-02"))
    actions.submit(case, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")
    passed = actions.pass_pre_review(case, by=clerk, at=at("2026-03-02"))
    passed.materials.filter(seq=3).update(state="not_needed")
    address = reverse("console:case-originals", args=[passed.number])
    Case.objects.filter(pk=passed.pk).update(wait_until=None)

    shown = at_desk.get(page(passed)).content.decode()
    refused = at_desk.post(address, {"originals-1": "1", "originals-2": "", "copies-2": "2"})

    assert re.search(r'name="originals-1"[^>]*value="1"', shown)
    assert 'name="originals-3"' not in shown
    content = refused.content.decode()
    assert refused.status_code == 422
    assert re.search(r'name="originals-2"[^>]*value=""[^>]*aria-describedby="err-originals-2"', content)
    assert 'id="err-originals-2">请收“经营场所平面图”的原件并填写份数。' in content
    assert re.search(r'name="copies-2"[^>]*value="2"', content)


def test_the_slip_says_when_the_papers_came_over_the_counter(
    at_desk, permit_with_originals, county, citizen, clerk, calendar, privacy_notice
):
    case = actions.draft(
        permit_with_originals, applicant=citizen.applicant, at_point=county, channel="2", by=citizen,
        at=at("2026-03-02"),
    )  # fmt: skip
    fill(case, by=citizen, at_=at("2026-03-02"))
    actions.submit(case, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")
    actions.pass_pre_review(case, by=clerk, at=at("2026-03-03"))
    case = actions.hand_in(case, {1: (1, 0), 2: (1, 0)}, by=clerk, at=at("2026-03-05", "14:20"))

    content = at_desk.get(reverse("console:case-slip", args=[case.number])).content.decode()

    assert "<dt>收件时间</dt><dd>2026年3月5日 14:20</dd>" in content
    assert "营业执照" not in content  # the authorities hold it: nobody handed it over


def test_a_case_whose_papers_no_window_took_has_no_slip(at_desk, submitted):
    response = at_desk.get(reverse("console:case-slip", args=[submitted.number]))

    assert response.status_code == 409
    assert "窗口还没有收过这一件的材料" in response.content.decode()


def test_what_the_authorities_hold_counts_once_a_clerk_has_accepted(submitted, clerk):
    held = submitted.materials.get(necessity="shared")
    assert (held.is_present, held.state_words) == (False, "免提交 · 待窗口核对")

    actions.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))

    held.refresh_from_db()
    assert (held.is_present, held.state_words) == (True, "免提交 · 已核对")


@pytest.mark.parametrize("door", ["case-list", "case-search", "case-detail", "case-preview", "case-slip"])
def test_only_who_handles_a_case_reads_the_whole_name(
    client, at_the_counter, clerk, approver, leader, supervisor, centre_admin, auditor, door
):
    named = {}
    for user in (clerk, approver, leader, supervisor, centre_admin, auditor):
        client.force_login(user)
        number = [] if door in ("case-list", "case-search") else [at_the_counter.number]
        asked = {"q": at_the_counter.number[:12]} if door == "case-search" else {}
        content = client.get(reverse(f"console:{door}", args=number), asked).content.decode()
        named[user.username] = [name for name in ("罗大明", "罗*明") if name in content]

    handled, masked = ["罗大明"], ["罗*明"]
    assert named == {
        "clerk": handled,
        "approver": handled,
        "leader": masked,
        "supervisor": masked,
        "centre": masked,
        "auditor": masked,
    }


def test_an_organisation_is_named_in_full_to_everybody(
    client, calendar, food_permit, county, citizen, company, privacy_notice, supervisor
):
    case = actions.draft(
        food_permit, applicant=company, at_point=county, channel="2", by=citizen, at=at("2026-03-02")
    )
    fill(case, by=citizen, at_=at("2026-03-02"))
    actions.submit(case, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")
    client.force_login(supervisor)

    for page_name in ("console:case-list", "dashboard:case-list"):
        assert "资阳江畔餐饮有限公司" in client.get(reverse(page_name)).content.decode()


def test_the_slip_lists_what_was_handed_over(at_desk, at_the_counter):
    content = at_desk.get(reverse("console:case-slip", args=[at_the_counter.number])).content.decode()

    assert at_the_counter.number in content
    assert "经营场所平面图" in content
    assert "51999920080229123X" not in content
