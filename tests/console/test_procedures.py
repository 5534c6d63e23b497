"""程序与移交: what is done now and then to a case, and a page that is no longer true."""

from datetime import date

import pytest
from django.urls import reverse

from apps.cases import actions
from apps.cases.models import Case, CaseMaterial, Status
from tests.cast import a_scan, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(clock):
    """The page takes the time itself: Thursday 5 March 2026, ten o'clock."""
    clock(at("2026-03-05"))


def send(client, name: str, case: Case, **posted):
    return client.post(reverse(f"console:{name}", args=[case.number]), posted)


def offered(client, case: Case) -> list[str]:
    page = client.get(reverse("console:case-procedures", args=[case.number]))
    return [panel.name for panel in page.context["panels"]]


def test_the_page_offers_what_the_state_and_the_role_allow(
    client, in_review, clerk, approver, window_head, now
):
    shown = {}
    for user in (clerk, approver, window_head):
        client.force_login(user)
        shown[user.username] = offered(client, in_review)

    assert shown == {
        "clerk": ["extension", "survey", "hand_over"],
        "approver": ["extension", "survey", "hearing_offer", "hand_over"],
        "head": ["extension", "survey", "hearing_offer", "hand_over", "terminate"],
    }


@pytest.mark.query_count("console:case-procedures")
def test_the_page_makes_at_most_twelve_queries(client, in_review, window_head, colleague, count_queries):
    actions.ask_pause(in_review, "检测", days_needed=5, reason="抽样", by=colleague, at=at("2026-03-04"))
    client.force_login(window_head)

    assert count_queries(client, reverse("console:case-procedures", args=[in_review.number])) <= 12


def test_a_clerk_asks_and_the_head_approves(client, in_review, clerk, window_head, now):
    client.force_login(clerk)
    send(client, "case-pauses", in_review, kind="检测", days_needed="5", reason="抽样检测")
    in_review.refresh_from_db()
    assert in_review.status == Status.IN_REVIEW

    client.force_login(window_head)
    page = client.get(reverse("console:case-procedures", args=[in_review.number]))
    assert "周敏</b>申请启动检测，需 5 个工作日" in page.content.decode()
    answered = send(
        client, "case-step-answer", in_review, request=in_review.requests.get().pk, answer="approve"
    )

    in_review.refresh_from_db()
    assert (answered.status_code, in_review.status) == (302, Status.SPECIAL)


def test_an_extension_after_the_due_day_is_refused_and_what_was_typed_stays(
    client, in_review, window_head, clock
):
    clock(at("2026-03-09"))
    client.force_login(window_head)

    refused = send(client, "case-extension", in_review, amount="5", reason="检测设备维修")

    assert refused.status_code == 409
    assert "承诺办结的截止日3月6日（含当天）已过，不能再延期" in refused.content.decode()
    assert "检测设备维修" in refused.content.decode()


def test_past_the_due_day_the_page_says_so_and_offers_no_extension(client, in_review, window_head, clock):
    clock(at("2026-03-09"))
    client.force_login(window_head)

    page = client.get(reverse("console:case-procedures", args=[in_review.number])).content.decode()

    assert "承诺办结的截止日3月6日（含当天）已过，不能再延期" in page
    assert 'name="amount"' not in page


def test_a_survey_from_arranging_to_the_second_signature(client, in_review, clerk, colleague, now):
    client.force_login(clerk)
    send(
        client, "case-survey", in_review, planned_on="2026-03-05", place="滨江路18号", first=clerk.pk,
        second=colleague.pk,
    )  # fmt: skip
    survey = in_review.surveys.get()
    send(client, "case-survey-photos", in_review, survey=survey.pk, photo=a_scan("门头.png"))
    send(client, "case-survey-signature", in_review, survey=survey.pk, findings="符合", is_passed="yes")
    client.force_login(colleague)
    send(client, "case-survey-signature", in_review, survey=survey.pk)

    in_review.refresh_from_db()
    assert in_review.status == Status.IN_REVIEW
    page = client.get(reverse("console:case-procedures", args=[in_review.number]))
    picture = client.get(reverse("console:survey-photo", args=[survey.photos.get().pk]))
    assert ("踏勘照片 1，门头.png" in page.content.decode(), picture["Content-Type"]) == (True, "image/png")


def test_a_photo_that_is_none_is_refused_with_a_sentence(client, in_review, clerk, colleague, now):
    survey = actions.open_survey(
        in_review, planned_on=date(2026, 3, 5), place="现场", first=clerk, second=colleague, by=clerk,
        at=at("2026-03-05"),
    )  # fmt: skip
    client.force_login(clerk)

    refused = send(
        client,
        "case-survey-photos",
        in_review,
        survey=survey.pk,
        photo=a_scan("木马.png", b"MZ\x90\x00" + b"0" * 99),
    )

    assert refused.status_code == 409
    assert "“木马.png”的内容不是允许的类型" in refused.content.decode()


def test_a_photo_is_shown_to_nobody_outside(
    client, in_review, clerk, colleague, clerk_of_another_county, citizen, now
):
    survey = actions.open_survey(
        in_review, planned_on=date(2026, 3, 5), place="现场", first=clerk, second=colleague, by=clerk,
        at=at("2026-03-05"),
    )  # fmt: skip
    photo = actions.add_photo(survey, a_scan(), by=clerk, at=at("2026-03-05"))

    client.force_login(clerk_of_another_county)
    assert client.get(reverse("console:survey-photo", args=[photo.pk])).status_code == 404
    client.force_login(citizen)
    assert client.get(reverse("console:survey-photo", args=[photo.pk])).status_code == 403


def test_a_hearing_from_telling_to_the_record(client, in_review, approver, window_head, clock):
    client.force_login(approver)
    clock(at("2026-03-05"))
    send(client, "case-hearing", in_review, subject="相邻住户油烟")
    hearing = in_review.hearings.get()
    assert send(client, "case-opinion", in_review, opinion="可").status_code == 409
    send(client, "case-hearing-request", in_review, hearing=hearing.pk, word="ask", asked_by_name="王小明")
    send(
        client, "case-hearing-call", in_review, hearing=hearing.pk, held_on="2026-03-17", place="二楼",
        presider=window_head.pk,
    )  # fmt: skip
    clock(at("2026-03-17", "16:00"))
    send(client, "case-hearing-record", in_review, hearing=hearing.pk, minutes="陈述", signed_by="王小明")

    in_review.refresh_from_db()
    assert (in_review.status, in_review.due_on) == (Status.IN_REVIEW, date(2026, 3, 18))


def test_handing_over_and_terminating(client, in_review, clerk, window_head, approver, now):
    client.force_login(clerk)
    assert send(client, "case-handover", in_review, to=approver.pk, note="等检测报告").status_code == 302
    assert send(client, "case-termination", in_review, reason="申请人死亡").status_code == 403
    client.force_login(window_head)
    assert send(client, "case-termination", in_review, reason="").status_code == 422
    assert send(client, "case-termination", in_review, reason="申请人死亡").status_code == 302

    in_review.refresh_from_db()
    assert (in_review.status, in_review.reviewer) == (Status.TERMINATED, approver)


def test_a_tolerated_acceptance_and_the_paper_that_came(client, at_the_counter, clerk, clock):
    clock(at("2026-03-03"))
    at_the_counter.materials.filter(seq=3).update(state=CaseMaterial.State.ABSENT)
    client.force_login(clerk)
    assert send(client, "case-acceptance", at_the_counter).status_code == 409
    send(client, "case-tolerance", at_the_counter, promised_by="罗大明")
    send(client, "case-tolerated-papers", at_the_counter, paper="3")

    at_the_counter.refresh_from_db()
    assert (at_the_counter.status, at_the_counter.is_tolerated) == (Status.ACCEPTED, False)


def test_a_file_is_lent_and_comes_back(client, in_approval, approver, clerk, clock):
    actions.grant(in_approval, by=approver, at=at("2026-03-05"))
    actions.deliver(in_approval, "counter", proof="签收", by=clerk, at=at("2026-03-06"))
    actions.archive(in_approval, archive_number="1", by=clerk, at=at("2026-03-06"))
    clock(at("2026-03-09"))
    client.force_login(clerk)

    lent = send(
        client,
        "case-loan",
        in_approval,
        borrower="曹立新",
        unit="审计局",
        purpose="审计",
        due_on="2026-03-20",
    )
    back = send(client, "case-loan-return", in_approval, condition="完整")

    assert (lent.status_code, back.status_code) == (302, 302)
    assert in_approval.loans.get().returned_on == date(2026, 3, 9)


# ── a page that is no longer true ────────────────────────────────────────────────────────────────────
def test_an_act_from_a_stale_page_is_refused_with_what_changed_and_keeps_what_was_typed(
    client, in_review, clerk, colleague, now
):
    client.force_login(clerk)
    seen = client.get(reverse("console:case-detail", args=[in_review.number])).context["seen"]
    actions.hand_over(in_review, to=clerk, note="我去踏勘", by=colleague, at=at("2026-03-05", "09:30"))

    refused = send(client, "case-opinion", in_review, opinion="符合条件", seen=seen)

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "您打开这一页之后，吴桐于03月05日 09:30移交经办人" in page
    assert "符合条件" in page
    in_review.refresh_from_db()
    assert in_review.status == Status.IN_REVIEW


def test_after_looking_again_the_act_goes_through(client, in_review, clerk, colleague, now):
    client.force_login(clerk)
    seen = client.get(reverse("console:case-detail", args=[in_review.number])).context["seen"]
    actions.hand_over(in_review, to=clerk, note="我去踏勘", by=colleague, at=at("2026-03-05", "09:30"))
    refused = send(client, "case-opinion", in_review, opinion="符合条件", seen=seen)

    again = send(client, "case-opinion", in_review, opinion="符合条件", seen=refused.context["seen"])

    assert again.status_code == 302


def test_looking_at_a_number_makes_no_page_stale(client, in_review, clerk, colleague, now):
    client.force_login(clerk)
    seen = client.get(reverse("console:case-detail", args=[in_review.number])).context["seen"]
    actions.reveal_number(in_review, reason="核对", by=colleague, at=at("2026-03-05"))

    assert send(client, "case-opinion", in_review, opinion="符合", seen=seen).status_code == 302
