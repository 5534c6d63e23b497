"""我的办件: following a case, answering a notice, withdrawing, one's own files; and the village agent's pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.calendars import loaded
from apps.cases import actions
from apps.cases.models import CaseFile, Status
from apps.cases.states import OPEN
from apps.portal.standing import CHIPS, NOW, timeline_of
from tests.cast import FRIDAY, a_scan, at, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, citizen):
    client.force_login(citizen)
    return client


@pytest.fixture
def returned(submitted, clerk):
    """Sent back today with a fault of a paper and one of the form, so that it can still be answered."""
    faults = [actions.Found("没有标出洗消区。", 2, "写明洗消区"), actions.Found("没有写门牌号。")]
    return actions.return_for_correction(submitted, faults, by=clerk, at=timezone.now())


@pytest.fixture
def faults(returned):
    return list(actions.open_faults(returned).order_by("pk"))


def test_an_answer_to_no_fault_is_overlooked(me, returned):
    assert me.post(f"/cases/{returned.number}/answer/", {"answer-²": "?"}).status_code == 422


def test_my_cases_stand_under_what_they_wait_for(me, returned):
    page = me.get("/cases/").content.decode()

    assert f'href="/cases/{returned.number}/"' in page
    assert '要我处理 <span class="badge">1</span>' in page
    assert returned.number not in me.get("/cases/", {"tab": "done"}).content.decode()


def test_a_first_visit_says_where_cases_will_come_from(me):
    assert "还没有办件" in me.get("/cases/").content.decode()


def test_the_home_page_names_what_is_to_do(me, returned):
    page = me.get("/").content.decode()

    assert "您有 1 件事要处理" in page
    assert f'href="/cases/{returned.number}/"' in page


def test_the_correction_lists_every_fault_at_once(me, returned):
    page = me.get(f"/cases/{returned.number}/").content.decode()

    assert "需要补正 2 处" in page
    assert "没有标出洗消区。" in page
    assert "没有写门牌号。" in page


def test_a_correction_is_answered_by_paper_and_words(me, returned, faults):
    answer = me.post(
        f"/cases/{returned.number}/answer/",
        {
            "file-2": a_scan("新平面图.png"),
            f"answer-{faults[1].pk}": "门牌号已补上",
            "address": "滨江路 18 号",
            "answer": "1",
        },
    )

    returned.refresh_from_db()
    assert answer.status_code == 302
    assert returned.status == Status.PRE_SUBMITTED
    assert returned.form["address"] == "滨江路 18 号"
    assert returned.notices.get().answered_at is not None


def test_a_correction_with_a_gap_says_where_and_keeps_the_words(me, returned, faults):
    answer = me.post(
        f"/cases/{returned.number}/answer/", {f"answer-{faults[1].pk}": "门牌号已补上", "answer": "1"}
    )

    returned.refresh_from_db()
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#fault-{faults[0].pk}"' in page
    assert "门牌号已补上</textarea>" in page
    assert returned.status == Status.PRE_RETURNED


def test_a_bad_file_in_a_correction_keeps_the_words(me, returned, faults):
    answer = me.post(
        f"/cases/{returned.number}/answer/",
        {"file-2": SimpleUploadedFile("图.pdf", b"MZ\x00"), f"answer-{faults[1].pk}": "已改", "answer": "1"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不是允许的类型" in page
    assert "已改</textarea>" in page


def test_a_paper_can_be_put_by_before_all_is_ready(me, returned):
    answer = me.post(f"/cases/{returned.number}/answer/", {"file-2": a_scan("新平面图.png"), "keep": "1"})

    returned.refresh_from_db()
    page = me.get(f"/cases/{returned.number}/").content.decode()
    assert answer.status_code == 302
    assert returned.status == Status.PRE_RETURNED
    assert "已补，待提交" in page


def test_a_paper_that_was_not_asked_for_is_refused(me, returned):
    answer = me.post(
        f"/cases/{returned.number}/materials/1/", {"file-1": a_scan()}, headers={"hx-request": "true"}
    )

    assert answer.status_code == 422
    assert "没有被要求补正" in answer.content.decode()


def test_answering_after_somebody_else_did_is_refused_with_a_sentence(me, returned, faults):
    body = {"file-2": a_scan(), f"answer-{faults[1].pk}": "已改", "answer": "1"}
    me.post(f"/cases/{returned.number}/answer/", body)

    again = me.post(f"/cases/{returned.number}/answer/", {f"answer-{faults[1].pk}": "又改", "answer": "1"})

    assert again.status_code == 409
    assert "待预审" in again.content.decode()


def test_the_timeline_tells_the_whole_story(me, in_approval, approver):
    actions.grant(in_approval, by=approver, at=FRIDAY, result_number="JY15120020000001")

    page = me.get(f"/cases/{in_approval.number}/").content.decode()

    told = [
        "您提交了申请",
        "窗口受理了申请",
        "部门开始审查",
        "审查完毕",
        "准予许可",
        "等结果送达",
        "JY15120020000001",
    ]
    assert [words for words in told if words not in page] == []
    assert "建议准予" not in page  # an opinion among colleagues


def test_a_refusal_shows_its_reasons_and_remedies(me, in_approval, approver):
    actions.refuse(in_approval, reasons="场所不符合要求。", remedies=actions.REMEDIES, by=approver, at=FRIDAY)

    page = me.get(f"/cases/{in_approval.number}/").content.decode()

    assert "场所不符合要求。" in page
    assert "行政复议" in page


def test_a_case_is_withdrawn_with_a_reason(me, submitted):
    page = me.get(f"/cases/{submitted.number}/withdrawal/").content.decode()
    without = me.post(f"/cases/{submitted.number}/withdrawal/", {"reason": " "})
    done = me.post(f"/cases/{submitted.number}/withdrawal/", {"reason": "不开店了"})
    again = me.post(f"/cases/{submitted.number}/withdrawal/", {"reason": "不开店了"})

    submitted.refresh_from_db()
    assert "不能恢复" in page
    assert (without.status_code, done.status_code, again.status_code) == (422, 302, 409)
    assert submitted.status == Status.WITHDRAWN


def test_own_papers_can_be_read_again(me, submitted):
    stored = CaseFile.objects.filter(material__case=submitted).first()

    answer = me.get(f"/files/{stored.pk}/")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


def test_nobody_sees_anything_of_anothers_case(client, submitted, other_citizen):
    client.force_login(other_citizen)
    stored = CaseFile.objects.filter(material__case=submitted).first()

    case = f"/cases/{submitted.number}/"
    reads = [case, f"{case}receipt/", f"{case}withdrawal/", f"/files/{stored.pk}/"]
    writes = [f"{case}answer/", f"{case}withdrawal/", f"{case}materials/1/"]

    assert [client.get(path).status_code for path in reads] == [404] * 4
    assert [client.post(path, {"reason": "x", "file-1": a_scan()}).status_code for path in writes] == [
        404
    ] * 3
    assert submitted.number not in client.get("/cases/").content.decode()


def test_staff_see_through_the_portal_only_what_is_their_own(client, submitted, clerk):
    client.force_login(clerk)

    assert client.get(f"/cases/{submitted.number}/").status_code == 404


def test_every_state_can_be_told_to_the_applicant():
    assert set(CHIPS) == set(Status)
    assert set(NOW) == OPEN


def test_before_the_pre_review_the_whole_way_stands_in_the_timeline(
    me, calendar, permit_with_originals, county, citizen, privacy_notice
):
    case = actions.draft(
        permit_with_originals,
        applicant=citizen.applicant,
        at_point=county,
        channel="2",
        by=citizen,
        at=FRIDAY,
    )
    fill(case, by=citizen, at_=FRIDAY)
    case = actions.submit(case, by=citizen, at=FRIDAY, privacy_notice="2026-01")

    ahead = [(s.title, s.when) for s in timeline_of(case, [], loaded.current()) if s.kind == "next"]

    assert ahead == [
        ("到窗口交原件", "预审通过后"),
        ("受理并出具受理通知书", ""),
        ("审查", ""),
        ("作出决定", "受理后 10 个工作日内，预计最迟 3月27日"),
        ("送达结果", ""),
    ]
    assert "到窗口交原件" in me.get(f"/cases/{case.number}/").content.decode()


def test_where_no_originals_are_needed_none_are_announced(submitted):
    ahead = [step.title for step in timeline_of(submitted, [], loaded.current()) if step.kind == "next"]

    assert ahead == ["受理并出具受理通知书", "审查", "作出决定", "送达结果"]


def test_a_term_says_that_its_last_day_belongs_to_it(me, returned):
    assert "（含当天）</b>；补正的时间" in me.get(f"/cases/{returned.number}/").content.decode()
    assert "（含当天）</p>" in me.get("/").content.decode()


def test_a_granted_case_is_not_shown_as_running(me, in_approval, approver):
    actions.grant(in_approval, by=approver, at=at("2026-03-05"))

    page = me.get("/").content.decode()

    assert "已准予，等送达" in page
    assert "#player-play" not in page
