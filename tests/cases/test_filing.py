"""申请: drafts, uploads, submission."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError

from apps.accounts import actions as accounts
from apps.cases import actions, numbers, uploads
from apps.cases.models import Case, Channel, Status
from apps.items import actions as items
from tests.cast import PNG, a_scan, at, fill, publish_item


def test_a_draft_lists_the_materials_of_the_guide_and_leaves_no_event(draft):
    assert draft.status == Status.DRAFT
    assert draft.number is None
    assert list(draft.materials.order_by("seq").values_list("name", "state")) == [
        ("申请书", "absent"),
        ("经营场所平面图", "absent"),
        ("健康证明", "absent"),
        ("营业执照", "shared"),
    ]
    assert draft.events.count() == 0


def test_submitting_gives_a_number_with_a_check_digit_and_starts_the_five_days(submitted):
    assert submitted.status == Status.PRE_SUBMITTED
    assert submitted.number.startswith("51200220260302")
    assert numbers.is_well_formed(submitted.number)
    assert (submitted.received_on, submitted.notice_due_on) == (date(2026, 3, 2), date(2026, 3, 9))
    assert submitted.pre_review_due_on == date(2026, 3, 3)
    assert list(submitted.events.values_list("verb", "by__username", "before", "after")) == [
        ("submitted", "wangxm", "draft", "pre_submitted")
    ]


def test_an_incomplete_submission_names_every_gap_at_once(draft, citizen):
    with pytest.raises(actions.Incomplete) as refusal:
        actions.submit(draft, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")

    assert set(refusal.value.faults) == {"shop_name", "address", "material-1", "material-2"}
    assert refusal.value.faults["material-1"] == "请上传“申请书”。"


def test_the_same_request_twice_makes_one_draft(draft, calendar, food_permit, county, citizen):
    key = uuid.uuid4()

    first, second = (
        actions.draft(
            food_permit,
            applicant=citizen.applicant,
            at_point=county,
            channel=Channel.ONLINE,
            by=citizen,
            at=at("2026-03-02"),
            key=key,
        )
        for _ in range(2)
    )

    assert first.pk == second.pk


def test_submitting_twice_is_refused_with_a_sentence(submitted, citizen):
    with pytest.raises(actions.NotAllowed, match="现在是“待预审”，不能网上提交"):
        actions.submit(submitted, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")

    assert submitted.events.count() == 1


def test_an_item_shelved_meanwhile_keeps_the_draft_and_says_so(draft, citizen, food_permit):
    fill(draft, by=citizen, at_=at("2026-03-02"))
    items.shelve(food_permit, reason="上级清理")

    with pytest.raises(actions.NotAllowed, match="已搁置.*为您保留"):
        actions.submit(draft, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")

    draft.refresh_from_db()
    assert draft.form["shop_name"] == "江畔小吃店"


def test_a_draft_moves_to_the_new_guide_and_keeps_what_was_entered(draft, citizen, food_permit):
    fill(draft, by=citizen, at_=at("2026-03-02"))
    version = items.draft_version(
        food_permit,
        effective_on=date(2026, 3, 2),
        kind="committed",
        committed_amount=2,
        statutory_amount=20,
        materials=[
            {"name": "经营场所平面图", "form": "original", "originals": 1, "necessity": "required"},
            {"name": "食品安全承诺书", "form": "original", "originals": 1, "necessity": "required"},
        ],
    )
    items.publish(version, on=date(2026, 3, 2), at=at("2026-03-02"))
    draft = Case.objects.for_page().get(pk=draft.pk)

    with pytest.raises(actions.NotAllowed, match="办事指南刚刚更新"):
        actions.submit(draft, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")
    actions.renew_draft(draft, at=at("2026-03-02", "11:00"))

    assert list(draft.materials.order_by("seq").values_list("seq", "name", "state")) == [
        (1, "经营场所平面图", "uploaded"),
        (2, "食品安全承诺书", "absent"),
    ]


def test_nobody_files_for_another_without_a_mandate(calendar, food_permit, county, citizen, other_citizen):
    with pytest.raises(actions.NotAllowed, match="没有陈玉芳办理.*有效委托"):
        actions.draft(
            food_permit,
            applicant=other_citizen.applicant,
            at_point=county,
            channel=Channel.ONLINE,
            by=citizen,
            at=at("2026-03-02"),
        )


def test_a_company_acts_through_its_mandated_person(calendar, food_permit, county, citizen, company):
    case = actions.draft(
        food_permit,
        applicant=company,
        at_point=county,
        channel=Channel.ONLINE,
        by=citizen,
        at=at("2026-03-02"),
    )

    assert (case.applicant_name, case.mandate.agent) == ("资阳江畔餐饮有限公司", citizen)
    assert Case.objects.visible_to(citizen).get() == case


def test_revoking_the_mandate_stops_the_agent_at_once(
    calendar, food_permit, county, citizen, other_citizen, company
):
    mandate = accounts.give_mandate(
        company,
        agent=other_citizen,
        kind="representative",
        on=date(2026, 3, 1),
        until=None,
        at=at("2026-03-01"),
        by=citizen,
    )
    case = actions.draft(
        food_permit,
        applicant=company,
        at_point=county,
        channel=Channel.ONLINE,
        by=other_citizen,
        at=at("2026-03-02"),
    )
    fill(case, by=other_citizen, at_=at("2026-03-02"))
    accounts.revoke_mandate(mandate, by=citizen, at=at("2026-03-02", "11:00"), on=date(2026, 3, 2))

    with pytest.raises(actions.NotAllowed, match="没有.*有效委托"):
        actions.submit(case, by=other_citizen, at=at("2026-03-02", "12:00"), privacy_notice="2026-01")


def test_an_item_is_not_taken_where_it_is_not_offered(calendar, food_permit, other_county, citizen):
    with pytest.raises(actions.NotAllowed, match="安岳县政务服务中心不办理"):
        actions.draft(
            food_permit,
            applicant=citizen.applicant,
            at_point=other_county,
            channel=Channel.ONLINE,
            by=citizen,
            at=at("2026-03-02"),
        )


PDF_END = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("病毒.pdf", b"MZ\x90\x00" + b"\x00" * 200, "不是允许的类型"),
        ("空.pdf", b"", "空文件"),
        ("截断.pdf", PDF_END, "不完整或已损坏"),
        ("图.pdf", PNG, "后缀与内容不符"),
        ("截断.png", PNG[:-12], "不完整或已损坏"),
        ("脚本.html", b"<html><script>alert(1)</script></html>", "不是允许的类型"),
    ],
)
def test_a_file_is_judged_by_its_content(name, content, sentence):
    with pytest.raises(uploads.BadFile, match=sentence):
        uploads.check(a_scan(name, content))


def test_a_file_over_the_limit_is_refused_with_advice():
    with pytest.raises(uploads.BadFile, match="超过20 MB上限.*降低扫描分辨率"):
        uploads.check(a_scan("大.png", PNG + b"\x00" * uploads.MAX_BYTES))


def test_a_second_upload_is_a_second_version_and_the_first_is_kept(draft, citizen):
    material = draft.materials.get(seq=1)

    actions.attach(material, a_scan("一.png"), by=citizen, at=at("2026-03-02"))
    actions.attach(material, a_scan("二.png"), by=citizen, at=at("2026-03-02"))

    assert list(material.files.order_by("number").values_list("name", "is_current")) == [
        ("一.png", False),
        ("二.png", True),
    ]


def test_rare_characters_and_emoji_in_names_are_kept(calendar, food_permit, county, citizen):
    case = actions.draft(
        food_permit,
        applicant=citizen.applicant,
        at_point=county,
        channel=Channel.ONLINE,
        by=citizen,
        at=at("2026-03-02"),
    )
    actions.save_draft(case, form={"shop_name": "㐂𠮷小吃🍜"}, at=at("2026-03-02"))

    assert Case.objects.get(pk=case.pk).form["shop_name"] == "㐂𠮷小吃🍜"


def test_a_text_past_its_limit_is_kept_and_named(draft, citizen):
    actions.save_draft(draft, form={"remark": "长" * 5000}, at=at("2026-03-02"))

    draft.refresh_from_db()
    assert len(draft.form["remark"]) == 5000
    assert (
        actions.is_complete(draft, on=date(2026, 3, 2))["remark"]
        == "补充说明最多2000字，现在有5000字，请删减。"
    )


def test_the_database_refuses_a_submitted_case_without_a_number(draft):
    with pytest.raises(IntegrityError, match="only_a_draft_has_no_number"):
        Case.objects.filter(pk=draft.pk).update(status=Status.PRE_SUBMITTED, received_on=date(2026, 3, 2))


def test_an_item_needs_a_route(calendar, county, citizen):
    item = publish_item("XK999", "无处办理", level="4")

    with pytest.raises(actions.NotAllowed, match="不办理"):
        actions.draft(
            item,
            applicant=citizen.applicant,
            at_point=county,
            channel=Channel.ONLINE,
            by=citizen,
            at=at("2026-03-02"),
        )
