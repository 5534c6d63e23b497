"""网上申请 by plain forms, as it works without script: draft, upload, check, submit; and what bad input meets."""

import re
import uuid
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from apps.accounts.models import PrivacyNotice
from apps.cases.models import Case, CaseFile, Status
from apps.items import actions as items
from apps.items.models import Necessity
from apps.points.models import Level
from tests.cast import FRIDAY, PNG, SINCE, a_scan, publish_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client, citizen):
    client.force_login(citizen)
    return client


def start(client, item, applicant, point, key=None):
    return client.post(
        f"/items/{item.code}/application/",
        {"applicant": applicant.pk, "point": point.pk, "key": key or uuid.uuid4()},
    )


def test_an_application_is_filed_step_by_step(me, calendar, food_permit, county, citizen, privacy_notice):
    started = start(me, food_permit, citizen.applicant, county)
    case = Case.objects.get(filed_by=citizen)
    seen = me.post(f"/drafts/{case.key}/situation/", {})
    typed = {"shop_name": "江畔小吃店", "address": "滨江路 18 号", "next": "check"}
    papers = {"file-1": a_scan("申请书.png"), "file-2": a_scan("平面图.png")}
    filled = me.post(f"/drafts/{case.key}/", typed | papers)
    checked = me.get(f"/drafts/{case.key}/check/").content.decode()
    submitted = me.post(f"/drafts/{case.key}/submission/", {"privacy_notice": "2026-01"})

    case.refresh_from_db()
    receipt = me.get(f"/cases/{case.number}/receipt/").content.decode()
    assert (started.status_code, seen.status_code, filled.url) == (302, 302, f"/drafts/{case.key}/check/")
    assert "江畔小吃店" in checked
    assert "平面图.png" in checked
    assert submitted.url == f"/cases/{case.number}/receipt/"
    assert (case.status, case.privacy_notice) == (Status.PRE_SUBMITTED, "2026-01")
    assert case.number in receipt


def test_a_mark_on_no_paper_is_not_found(me, draft):
    assert me.post(f"/drafts/{draft.key}/", {"mark": "²:shared"}).status_code == 404


def test_everything_that_is_missing_is_told_together_with_the_notice(me, draft):
    response = me.post(f"/drafts/{draft.key}/submission/", {})

    assert response.status_code == 422
    assert {"shop_name", "material-1", "privacy_notice"} <= set(response.context["faults"])


def test_a_notice_that_is_no_longer_in_force_must_be_read_anew(me, draft, citizen):
    PrivacyNotice.objects.create(version="2026-02", text="改了一条", published_on=FRIDAY.date())

    response = me.post(f"/drafts/{draft.key}/submission/", {"privacy_notice": "2026-01"})

    assert "privacy_notice" in response.context["faults"]


def test_submitting_twice_makes_one_case(me, submitted, draft):
    again = me.post(f"/drafts/{draft.key}/submission/", {"privacy_notice": "2026-01"})

    assert again.url == f"/cases/{submitted.number}/receipt/"
    assert submitted.events.count() == 1


def test_what_is_missing_is_told_with_a_link_to_each_place(me, draft):
    answer = me.post(f"/drafts/{draft.key}/submission/", {"privacy_notice": "2026-01"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="/drafts/{draft.key}/#f-shop_name">请填写店铺名称。</a>' in page
    assert f'href="/drafts/{draft.key}/#material-1"' in page


def test_the_privacy_notice_must_be_confirmed(me, draft, citizen):
    me.post(
        f"/drafts/{draft.key}/", {"shop_name": "店", "address": "路", "file-1": a_scan(), "file-2": a_scan()}
    )

    answer = me.post(f"/drafts/{draft.key}/submission/", {})
    forged = me.post(f"/drafts/{draft.key}/submission/", {"privacy_notice": "1999-01"})

    assert (answer.status_code, forged.status_code) == (422, 422)
    assert "请阅读并确认个人信息处理告知" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_an_incomplete_draft_is_kept_as_typed(me, draft):
    answer = me.post(f"/drafts/{draft.key}/", {"shop_name": "只填了一半", "later": "1"})

    draft.refresh_from_db()
    assert answer.url == "/cases/?tab=drafts"
    assert draft.form["shop_name"] == "只填了一半"


def test_a_draft_saves_by_itself(me, draft):
    answer = me.post(
        f"/drafts/{draft.key}/", {"shop_name": "正在输入", "autosave": "1"}, headers={"hx-request": "true"}
    )

    draft.refresh_from_db()
    assert answer.status_code == 200
    assert "已保存草稿" in answer.content.decode()
    assert draft.form["shop_name"] == "正在输入"


@pytest.mark.parametrize("text", ["㐂𠮷〇", "王😀明", "<b>粗</b>", "a\u200bb", "行\n行"])
def test_any_text_comes_back_as_it_was_typed(me, draft, text):
    me.post(f"/drafts/{draft.key}/", {"remark": text, "later": "1"})

    draft.refresh_from_db()
    page = me.get(f"/drafts/{draft.key}/").content.decode()
    assert draft.form["remark"] == text
    assert "<b>粗</b>" not in page


def test_five_thousand_characters_are_kept_and_judged_at_the_check(me, draft):
    text = "长" * 5000

    saved = me.post(f"/drafts/{draft.key}/", {"remark": text, "next": "check"})
    page = me.get(f"/drafts/{draft.key}/check/").content.decode()

    draft.refresh_from_db()
    assert saved.status_code == 302
    assert draft.form["remark"] == text
    assert "补充说明最多2000字，现在有5000字" in page


def test_more_than_can_be_kept_is_refused_aloud_and_stays_on_the_page(me, draft):
    text = "长" * 5001

    answer = me.post(f"/drafts/{draft.key}/", {"remark": text, "shop_name": "江畔", "next": "check"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "现在有 5,001 字" in page
    assert text in page
    assert 'value="江畔"' in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("程序.pdf", b"MZ\x90\x00" + b"\x00" * 200, "不是允许的类型"),
        ("空.pdf", b"", "空文件"),
        ("半截.png", PNG[:-12], "不完整或已损坏"),
        ("改名.jpg", PNG, "后缀与内容不符"),
        ("大.pdf", b"%PDF-1.4" + b"0" * (20 * 1024 * 1024 + 1), "超过20 MB上限"),
    ],
)
def test_a_bad_file_is_named_and_nothing_typed_is_lost(me, draft, name, content, sentence):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")

    answer = me.post(f"/drafts/{draft.key}/", {"shop_name": "江畔小吃店", "file-1": file, "next": "check"})

    draft.refresh_from_db()
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="江畔小吃店"' in page
    assert draft.form["shop_name"] == "江畔小吃店"
    assert not CaseFile.objects.exists()


def test_a_pdf_of_three_hundred_pages_is_too_long(me, draft):
    writer, content = PdfWriter(), BytesIO()
    for _ in range(300):
        writer.add_blank_page(72, 72)
    writer.write(content)
    file = SimpleUploadedFile("全套扫描.pdf", content.getvalue(), content_type="application/pdf")

    answer = me.post(f"/drafts/{draft.key}/", {"shop_name": "江畔小吃店", "file-1": file, "next": "check"})

    assert answer.status_code == 422
    assert "有300页，超过200页上限" in answer.content.decode()
    assert 'value="江畔小吃店"' in answer.content.decode()


def test_a_good_file_beside_a_bad_one_is_kept(me, draft):
    bad = SimpleUploadedFile("程序.pdf", b"MZ" + b"\x00" * 100)

    answer = me.post(f"/drafts/{draft.key}/", {"file-1": a_scan(), "file-2": bad, "upload": "all"})

    assert answer.status_code == 422
    assert [file.material.seq for file in CaseFile.objects.select_related("material")] == [1]


def test_one_file_alone_answers_with_its_line(me, draft):
    answer = me.post(
        f"/drafts/{draft.key}/materials/1/", {"file-1": a_scan("申请书.png")}, headers={"hx-request": "true"}
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="material-1"' in page
    assert "<html" not in page
    assert "申请书.png" in page


def test_papers_of_situations_that_do_not_apply_are_set_aside(me, calendar, county, market_bureau, citizen):
    item = publish_item(
        "XK911", "户外招牌设置", level=Level.COUNTY, form_fields=[],
        materials=[
            {"name": "申请书", "form": "original", "necessity": Necessity.REQUIRED},
            {"name": "委托书", "form": "original", "necessity": Necessity.SITUATIONAL, "situation": "请别人代办"},
            {"name": "无违法承诺", "form": "original", "necessity": Necessity.BY_PROMISE},
        ],
    )  # fmt: skip
    items.offer(item, scope=county, level=Level.COUNTY, authority="decide", department=market_bureau)
    start(me, item, citizen.applicant, county)
    case = Case.objects.get(filed_by=citizen)

    at_first = me.get(f"/drafts/{case.key}/situation/").content.decode()
    me.post(f"/drafts/{case.key}/situation/", {})
    aside = list(case.materials.order_by("seq").values_list("state", flat=True))
    me.post(f"/drafts/{case.key}/situation/", {"situation": "请别人代办"})
    then = me.get(f"/drafts/{case.key}/situation/").content.decode()
    back = list(case.materials.order_by("seq").values_list("state", flat=True))
    promised = me.post(f"/drafts/{case.key}/", {"mark": "3:promised"})
    refused = me.post(f"/drafts/{case.key}/", {"mark": "1:promised"})

    assert ('value="请别人代办" checked' in at_first, 'value="请别人代办" checked' in then) == (False, True)
    assert aside == ["absent", "not_needed", "absent"]
    assert back == ["absent", "absent", "absent"]
    assert promised.status_code == 302
    assert refused.status_code == 409
    assert case.materials.get(seq=3).state == "promised"


def test_an_item_shelved_meanwhile_keeps_the_draft_and_says_so(me, draft, food_permit):
    me.post(
        f"/drafts/{draft.key}/",
        {"shop_name": "江畔小吃店", "address": "路", "file-1": a_scan(), "file-2": a_scan()},
    )
    items.shelve(food_permit, reason="国务院决定调整")

    shown = me.get(f"/drafts/{draft.key}/").content.decode()
    answer = me.post(f"/drafts/{draft.key}/submission/", {"privacy_notice": "2026-01"})

    draft.refresh_from_db()
    assert "现在不受理申请" in shown
    assert answer.status_code == 409
    assert "您填写的内容和材料都为您保留" in answer.content.decode()
    assert (draft.status, draft.form["shop_name"]) == (Status.DRAFT, "江畔小吃店")


def test_a_guide_that_changed_meanwhile_is_taken_over_with_everything_entered(me, draft, food_permit):
    me.post(f"/drafts/{draft.key}/", {"shop_name": "江畔小吃店", "file-1": a_scan(), "later": "1"})
    version = items.draft_version(
        food_permit, effective_on=SINCE, kind="committed", committed_amount=1, statutory_amount=20,
        form_fields=[{"name": "shop_name", "label": "店铺名称", "kind": "text", "required": True}],
        materials=[
            {"name": "申请书", "form": "original", "necessity": Necessity.REQUIRED},
            {"name": "新的证明", "form": "original", "necessity": Necessity.REQUIRED},
        ],
    )  # fmt: skip
    items.publish(version, on=SINCE, at=FRIDAY)

    told = me.get(f"/drafts/{draft.key}/check/").content.decode()
    me.post(f"/drafts/{draft.key}/renewal/")

    page = me.get(f"/drafts/{draft.key}/").content.decode()
    assert "办事指南刚刚更新" in told
    assert "新的证明" in page
    assert 'value="江畔小吃店"' in page
    assert CaseFile.objects.filter(material__case=draft).count() == 1


def test_after_the_check_the_form_shows_beside_each_field_what_is_wrong(me, draft):
    me.post(f"/drafts/{draft.key}/", {"address": "滨江路 18 号", "next": "check"})
    before = me.get(f"/drafts/{draft.key}/").content.decode()
    me.get(f"/drafts/{draft.key}/check/")

    page = me.get(f"/drafts/{draft.key}/").content.decode()

    assert "has-err" not in before
    assert '<a href="#f-shop_name">请填写店铺名称。</a>' in page
    assert '<a href="#material-1">请上传“申请书”。</a>' in page
    assert re.search(r'<input[^>]*name="shop_name"[^>]*aria-describedby="[^"]*f-shop_name_error', page)
    assert page.count('class="field has-err"') == 1
    assert 'id="fault-of-1"' in page


@pytest.mark.parametrize("phone", ["12345", "1380000000", "七八九"])
def test_a_telephone_number_that_cannot_be_is_not_handed_in(me, draft, phone):
    me.post(
        f"/drafts/{draft.key}/",
        {"shop_name": "店", "address": "路", "contact_phone": phone, "file-1": a_scan(), "file-2": a_scan()},
    )

    answer = me.post(f"/drafts/{draft.key}/submission/", {"privacy_notice": "2026-01"})

    assert answer.status_code == 422
    assert "电话号码不对" in answer.content.decode()
    assert f'href="/drafts/{draft.key}/#f-contact_phone"' in answer.content.decode()


def test_a_draft_that_was_handed_in_leads_to_its_case(me, submitted):
    answers = [me.get(f"/drafts/{submitted.key}/{page}") for page in ("", "check/")]
    posted = me.post(f"/drafts/{submitted.key}/", {"shop_name": "改名"})
    told = me.get(posted.url).content.decode()

    assert [answer.url for answer in [*answers, posted]] == [f"/cases/{submitted.number}/"] * 3
    assert f"已提交，编号 {submitted.number}。" in told
    submitted.refresh_from_db()
    assert submitted.form["shop_name"] == "江畔小吃店"


def test_an_uploaded_file_can_be_taken_away_again(me, draft):
    me.post(f"/drafts/{draft.key}/", {"file-1": a_scan("错的.png"), "upload": "all"})
    assert 'name="remove" value="1"' in me.get(f"/drafts/{draft.key}/").content.decode()

    answer = me.post(f"/drafts/{draft.key}/", {"shop_name": "江畔", "remove": "1"})

    draft.refresh_from_db()
    assert answer.url == f"/drafts/{draft.key}/#material-1"
    assert "错的.png" not in me.get(answer.url).content.decode()
    assert (draft.materials.get(seq=1).state, draft.form["shop_name"]) == ("absent", "江畔")


def test_the_form_counts_what_must_be_filled(me, draft):
    page = me.get(f"/drafts/{draft.key}/").content.decode()

    assert "请您填 2 项" in page
    assert "另有 2 项选填" in page


def test_a_draft_can_be_deleted(me, draft):
    answer = me.post(f"/drafts/{draft.key}/deletion/")

    assert answer.status_code == 302
    assert not Case.objects.exists()


def test_nobody_opens_the_draft_of_another(client, draft, other_citizen):
    client.force_login(other_citizen)

    answers = [
        client.get(f"/drafts/{draft.key}/"),
        client.get(f"/drafts/{draft.key}/check/"),
        client.post(f"/drafts/{draft.key}/", {"shop_name": "别人"}),
        client.post(f"/drafts/{draft.key}/submission/", {"privacy_notice": "2026-01"}),
        client.post(f"/drafts/{draft.key}/materials/1/", {"file-1": a_scan()}),
        client.post(f"/drafts/{draft.key}/deletion/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
