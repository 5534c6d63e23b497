"""查验文书: anybody learns whether a letter is ours, unaltered and valid, and nobody learns more than that."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cases import actions as cases
from apps.letters import actions
from apps.letters.kinds import Kind
from apps.letters.models import Letter
from apps.portal.views.letters import WRONG_TRIES
from tests.browser import PHONE, assert_accessible
from tests.cast import at

FORM = "/verify/"


@pytest.fixture(autouse=True)
def nobody_tried_yet():
    cache.clear()


@pytest.fixture
def refusal(in_approval, approver, newest) -> Letter:
    cases.refuse(in_approval, reasons="场所不符合要求", by=approver, at=at("2026-03-05"))
    return newest(in_approval, Kind.REFUSAL)


@pytest.fixture
def acceptance(accepted, newest) -> Letter:
    return newest(accepted, Kind.ACCEPTANCE)


def told(client, letter: Letter) -> str:
    return re.sub(r"\s+", "", client.get(reverse("portal:verified", args=[letter.token])).content.decode())


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_number_and_code_lead_to_the_answer_however_they_are_typed(client, acceptance):
    number, code = acceptance.number, acceptance.check_code
    typed = [
        (number, code),
        (number.replace("〔", "[").replace("〕", "]"), code.lower().replace("-", "")),
        (f" {number.replace('〔', '（').replace('〕', '）')} ", code.replace("-", " ")),
    ]

    for each in typed:
        answer = client.post(FORM, {"number": each[0], "code": each[1]})
        assert (answer.status_code, answer["Location"]) == (302, f"/verify/{acceptance.token}/")


@pytest.mark.django_db
def test_the_answer_masks_the_name_and_shows_nothing_the_paper_does_not(client, acceptance, citizen):
    page = told(client, acceptance)

    assert "是本站签发的文书" in page and "目前有效" in page
    for word in (
        acceptance.number,
        "雁江区市场监督管理局",
        "2026年3月3日",
        "食品经营许可（含保健食品）",
        "王*明",
    ):
        assert word in page
    for word in (
        "王小明",
        "0017",
        "5199",
        "13800000001",
        acceptance.case.number,
        acceptance.check_code,
        "江畔小吃店",
    ):
        assert word not in page


@pytest.mark.django_db
def test_an_organisation_is_named_in_full(client, acceptance):
    data = {**acceptance.data, "addressee": "资阳江畔餐饮有限公司", "is_person": False}
    event = acceptance.event
    event.pk = None
    event.save(force_insert=True)
    twin = actions.issue([event])[0]
    fresh = Letter(
        **{f.attname: getattr(twin, f.attname) for f in Letter._meta.concrete_fields if f.name != "id"}
    )
    fresh.event.pk = None
    fresh.event.save(force_insert=True)
    fresh.event_id, fresh.serial, fresh.number, fresh.token, fresh.data = (
        fresh.event.pk,
        99,
        "雁江市监受〔2026〕99号",
        "t" * 22,
        data,
    )
    fresh.save(force_insert=True)

    assert "资阳江畔餐饮有限公司" in told(client, fresh)


@pytest.mark.django_db
def test_an_acceptance_stays_genuine_when_its_case_ends_otherwise(client, accepted, acceptance, citizen):
    cases.withdraw(accepted, reason="不办了", by=citizen, at=at("2026-03-04"))

    page = told(client, acceptance)

    assert "是本站签发的文书" in page and "此后申请人已撤回申请。" in page


@pytest.mark.django_db
def test_it_tells_of_a_termination_and_of_an_extension(client, in_review, newest, window_head):
    acceptance = newest(in_review, Kind.ACCEPTANCE)
    cases.extend(in_review, amount=5, reason="复杂", by=window_head, at=at("2026-03-05"))
    assert "此后已批准延期5个工作日，办结日期以延期告知书为准。" in told(client, acceptance)

    cases.terminate(in_review, reason="主体注销", by=window_head, at=at("2026-03-06"))
    assert "此后办件已终止。" in told(client, acceptance)
    assert "目前有效" in told(client, newest(in_review, Kind.TERMINATION))


@pytest.mark.django_db
def test_it_tells_that_a_notice_was_answered(client, submitted, clerk, citizen, newest):
    case = cases.return_for_correction(submitted, [cases.Found("门牌没有写")], by=clerk, at=at("2026-03-03"))
    letter = newest(case, Kind.PRE_RETURN)
    assert "目前有效" in told(client, letter)

    answers = dict.fromkeys(case.notices.get().faults.values_list("pk", flat=True), "已补")
    cases.resubmit(case, answers, by=citizen, at=at("2026-03-04"))
    assert "此后申请人已补正。" in told(client, letter)


@pytest.mark.django_db
def test_a_revoked_letter_is_told_as_revoked_without_the_reason(client, acceptance, window_head):
    actions.revoke(acceptance, reason="姓名写成了别人", by=window_head, at=at("2026-03-04"))

    page = told(client, acceptance)

    assert "是本站签发的文书，但已撤销" in page and "已于2026年3月4日由签发机关撤销，不再有效" in page
    assert "姓名写成了别人" not in page


@pytest.mark.django_db
def test_the_file_itself_is_compared_byte_for_byte(client, acceptance):
    pdf = actions.render(acceptance, at=timezone.now()).pdf.read()
    address = reverse("portal:verified", args=[acceptance.token])

    def compared(content: bytes, name="文书.pdf") -> str:
        return client.post(address, {"file": SimpleUploadedFile(name, content)}).content.decode()

    assert "这个文件和签发时的完全一样" in compared(pdf)
    assert "这个文件和签发时的不一样" in compared(pdf[:-1] + b" ")
    assert "这个文件是空的" in compared(b"")
    assert "请选择要比对的 PDF 文件" in client.post(address, {}).content.decode()
    assert client.post(address, {}).status_code == 422


# ── wrong tries ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_wrong_number_and_a_wrong_code_get_one_answer(client, acceptance):
    wrong_code = client.post(FORM, {"number": acceptance.number, "code": "2222-2222"})
    wrong_number = client.post(FORM, {"number": "雁江市监受〔2026〕9999号", "code": acceptance.check_code})

    assert (wrong_code.status_code, wrong_number.status_code) == (422, 422)
    assert _without_typed(wrong_code) == _without_typed(wrong_number)
    assert acceptance.number in wrong_code.content.decode()  # what was typed is kept


@pytest.mark.django_db
def test_after_ten_wrong_tries_the_address_waits_and_a_right_one_too(client, acceptance):
    right = {"number": acceptance.number, "code": acceptance.check_code}
    wrong = {**right, "code": "2222-2222"}
    tries = [client.post(FORM, wrong).status_code for _ in range(WRONG_TRIES + 1)]
    late = client.post(FORM, right)

    assert tries == [422] * WRONG_TRIES + [429]
    assert late.status_code == 429
    assert "查错的次数太多了，请过十分钟再查" in late.content.decode()
    assert client.post(FORM, right, REMOTE_ADDR="10.0.0.9").status_code == 302


@pytest.mark.django_db
def test_right_ones_are_not_counted(client, acceptance):
    right = {"number": acceptance.number, "code": acceptance.check_code}

    assert {client.post(FORM, right).status_code for _ in range(WRONG_TRIES * 2)} == {302}


@pytest.mark.django_db
def test_guessing_addresses_is_counted_too_and_a_scanned_code_still_opens(client, acceptance):
    tries = [client.get(f"/verify/{'x' * 21}{n % 10}/").status_code for n in range(WRONG_TRIES + 1)]

    assert tries == [404] * WRONG_TRIES + [429]
    assert client.get(f"/verify/{acceptance.token}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "请填写文号"),
        ({"number": "雁江市监受〔2026〕1号"}, "请填写验证码"),
        ({"number": "x" * 61, "code": "2222-2222"}, "60"),
        ({"number": "'; DROP TABLE letters_letter; --", "code": "\x00\x00"}, "没有查到|Null|空字符"),
    ],
)
def test_what_is_missing_or_odd_gets_a_sentence(client, sent, sentence):
    answer = client.post(FORM, sent)

    assert answer.status_code == 422
    assert re.search(sentence, answer.content.decode())


def _without_typed(answer) -> str:
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


# ── in the browser ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_a_refusal_letter_scanned_by_its_qr_code(
    open_page, live_server, settings, refusal, paper, scan, tmp_path
):
    pdf = paper(refusal)
    scanned = scan(pdf)[0]
    assert scanned == f"{settings.PUBLIC_URL}/verify/{refusal.token}/"

    phone = open_page(scanned.removeprefix(settings.PUBLIC_URL), width=PHONE, script=False)
    expect(phone.get_by_role("heading", name="是本站签发的文书")).to_be_visible()
    expect(phone.get_by_text("王*明")).to_be_visible()
    (tmp_path / "收到的.pdf").write_bytes(pdf)
    phone.locator("#id_file").set_input_files(tmp_path / "收到的.pdf")
    phone.get_by_role("button", name="比对").click()
    expect(phone.get_by_text("这个文件和签发时的完全一样")).to_be_visible()

    wide = open_page(scanned.removeprefix(settings.PUBLIC_URL), width=PHONE)
    assert_accessible(wide)


@pytest.mark.django_db(transaction=True)
def test_by_hand_without_script_first_wrong_then_right(open_page, refusal):
    phone = open_page("/verify/", width=PHONE, script=False)
    phone.get_by_label("文号").fill(refusal.number)
    phone.get_by_label("验证码").fill("2222 2222")
    phone.get_by_role("button", name="查验").click()
    expect(phone.get_by_text("没有查到这份文书").first).to_be_visible()
    expect(phone.get_by_label("文号")).to_have_value(refusal.number)

    phone.get_by_label("验证码").fill(refusal.check_code.lower())
    phone.get_by_role("button", name="查验").click()
    expect(phone.get_by_role("heading", name="是本站签发的文书")).to_be_visible()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 390, 1440])
def test_the_pages_of_letters_are_accessible_at_every_width(
    open_page, width, refusal, clerk, citizen, window_head
):
    assert_accessible(open_page("/verify/", width=width))
    assert_accessible(open_page(f"/verify/{refusal.token}/", width=width))
    assert_accessible(open_page(f"/cases/{refusal.case.number}/", width=width, user=citizen))
    assert_accessible(open_page(f"/console/cases/{refusal.case.number}/", width=width, user=clerk))
    assert_accessible(open_page(f"/console/letters/{refusal.pk}/", width=width, user=window_head))


@pytest.mark.django_db(transaction=True)
def test_one_key_opens_the_newest_letter_and_escape_goes_back(open_page, refusal, clerk):
    desk = open_page(f"/console/cases/{refusal.case.number}/", user=clerk)

    desk.keyboard.press("p")
    expect(desk.get_by_role("heading", name="不予行政许可决定书")).to_be_visible()
    expect(desk.locator("#letter-frame")).to_be_visible()
    assert_accessible(desk)
    desk.keyboard.press("Escape")

    expect(desk.get_by_role("heading", name="食品经营许可")).to_be_visible()
