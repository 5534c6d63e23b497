"""The portal in a real browser: accessible in every display and width, whole without script, kinder with it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cases import actions
from apps.cases.models import Case, CaseFile, Channel, Status
from tests.browser import DESKTOP, PHONE, SMALL_PHONE, assert_accessible, assert_fits, faults_of
from tests.cast import PASSWORD, PNG, fill

pytestmark = pytest.mark.django_db(transaction=True)
TABLET = 768

PUBLIC = [
    "/", "/items/", "/items/?q=没有的事", "/items/{item}/", "/items/{item}/forms/1/", "/points/?under=512002", "/points/512002/",
    "/login/", "/register/", "/progress/", "/privacy/", "/accessibility/",
]  # fmt: skip
MINE = [
    "/", "/cases/", "/cases/{case}/", "/cases/{case}/receipt/", "/cases/{case}/withdrawal/", "/account/", "/account/password/",
    "/account/mandate/", "/account/organisation/", "/items/{item}/application/", "/items/{item}/application/?point={point}",
    "/drafts/{draft}/situation/", "/drafts/{draft}/", "/drafts/{draft}/check/",
]  # fmt: skip
AGENTS = [
    "/agent/",
    "/agent/collection/",
    "/agent/drafts/{collecting}/collection/",
    "/agent/cases/{collected}/",
]


@pytest.fixture
def world(
    calendar, county, township, village, food_permit, village_item, privacy_notice, citizen, company, clerk, villager, village_agent
):  # fmt: skip
    """A draft, a case to correct, and a villager's papers, all of today."""
    now = timezone.now()
    begun = [
        actions.draft(food_permit, applicant=citizen.applicant, at_point=county, channel=Channel.ONLINE, by=citizen, at=now) for _ in "ab"
    ]  # fmt: skip
    fill(begun[1], by=citizen, at_=now)
    case = actions.submit(begun[1], by=citizen, at=now, privacy_notice="2026-01")
    faults = [actions.Found("没有标出洗消区。", 2, "在图上写明"), actions.Found("没有写门牌号。")]
    case = actions.return_for_correction(case, faults, by=clerk, at=now)
    collecting = [
        actions.draft(village_item, applicant=villager, at_point=village, channel=Channel.VILLAGE, by=village_agent, at=now) for _ in "ab"
    ]  # fmt: skip
    collected = actions.collect(
        collecting[1], {1: (1, 0)}, by=village_agent, at=now, privacy_notice="2026-01"
    )
    return {
        "item": food_permit.code, "point": county.pk, "draft": begun[0].key, "case": case.number,
        "collecting": collecting[0].key, "collected": collected.number,
    }  # fmt: skip


def addresses(paths, world):
    return [path.format(**world) for path in paths]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_what_anybody_reads_is_accessible(open_page, world, width):
    assert faults_of(open_page(width=width), addresses(PUBLIC, world)) == {}


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_what_a_citizen_works_with_is_accessible(open_page, world, citizen, width):
    assert faults_of(open_page(width=width, user=citizen), addresses(MINE, world)) == {}


@pytest.mark.parametrize(
    ("theme", "mode", "width"), [("dark", "", DESKTOP), ("contrast", "", PHONE), ("", "elder", PHONE)]
)
def test_every_display_is_accessible(open_page, world, citizen, theme, mode, width):
    page = open_page(width=width, theme=theme, mode=mode, user=citizen)

    assert faults_of(page, addresses(MINE[:4] + MINE[9:], world)) == {}


def test_an_agents_phone_is_accessible(open_page, world, village_agent):
    assert faults_of(open_page(width=PHONE, user=village_agent), addresses(AGENTS, world)) == {}


@pytest.mark.parametrize(("width", "mode"), [(SMALL_PHONE, ""), (SMALL_PHONE, "elder"), (TABLET, "")])
def test_nothing_is_wider_than_a_small_screen(open_page, world, citizen, village_agent, width, mode):
    mine = faults_of(
        open_page(width=width, mode=mode, user=citizen), addresses(PUBLIC + MINE, world), assert_fits
    )
    agents = faults_of(
        open_page(width=width, mode=mode, user=village_agent), addresses(AGENTS, world), assert_fits
    )

    assert mine | agents == {}


def test_faults_are_accessible_too(open_page, world, citizen):
    page = open_page(f"/drafts/{world['draft']}/check/", width=PHONE, user=citizen)
    page.get_by_role("button", name="确认提交").click()

    page.get_by_role("heading", name="处要改，改好才能提交").wait_for()

    assert_accessible(page)
    expect(page.locator(".errsum")).to_be_focused()


def test_a_draft_saves_itself_while_one_types(open_page, world, citizen):
    page = open_page(f"/drafts/{world['draft']}/", user=citizen)

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("店铺名称").press_sequentially("江畔小吃店")

    assert Case.objects.get(key=world["draft"]).form["shop_name"] == "江畔小吃店"
    assert page.get_by_label("店铺名称").input_value() == "江畔小吃店"


def test_a_file_goes_up_as_it_is_chosen_and_typing_stays(open_page, world, citizen):
    page = open_page(f"/drafts/{world['draft']}/", user=citizen)
    page.get_by_label("店铺名称").fill("还没保存的字")

    page.locator("#file-1").set_input_files({"name": "申请书.png", "mimeType": "image/png", "buffer": PNG})

    page.locator("#material-1").get_by_text("申请书.png").wait_for()
    assert page.get_by_label("店铺名称").input_value() == "还没保存的字"
    assert CaseFile.objects.filter(material__case__key=world["draft"], material__seq=1).count() == 1


def test_a_renamed_program_is_refused_beside_its_paper(open_page, world, citizen):
    page = open_page(f"/drafts/{world['draft']}/", user=citizen)

    page.locator("#file-1").set_input_files(
        {"name": "申请书.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + b"\0" * 99}
    )

    page.locator("#material-1").get_by_text("不是允许的类型").wait_for()
    assert_accessible(page)


def test_a_file_that_is_too_big_is_told_before_it_is_sent(open_page, world, citizen, tmp_path):
    page = open_page(f"/drafts/{world['draft']}/", user=citizen)
    big = tmp_path / "扫描件.pdf"
    big.write_bytes(b"%PDF-1.4" + b"0" * (21 * 1024 * 1024))

    page.locator("#file-1").set_input_files(big)

    page.locator("#material-1").get_by_text("超过 20 MB").wait_for()
    assert not CaseFile.objects.filter(material__case__key=world["draft"]).exists()


def test_pressing_submit_twice_files_once(open_page, world, citizen):
    draft = Case.objects.get(key=world["draft"])
    fill(draft, by=citizen, at_=timezone.now())
    page = open_page(f"/drafts/{draft.key}/check/", user=citizen)
    page.get_by_label("我已看过告知").check()

    page.evaluate(
        "for (const n of [1, 2]) document.querySelector('form[action$=\"submission/\"] button[type=submit]').click()"
    )

    page.get_by_role("heading", name="收件回执").wait_for()
    assert Case.objects.filter(status=Status.PRE_SUBMITTED).count() == 1


def test_the_session_warns_five_minutes_before_and_can_be_kept(open_page, world, citizen):
    page = open_page("/account/", user=citizen)
    page.clock.install()
    page.reload()
    page.clock.fast_forward("23:00")
    expect(page.locator("#session-dialog")).not_to_be_visible()
    page.clock.fast_forward("02:00")
    page.locator("#session-dialog").wait_for()

    page.get_by_role("button", name="继续办").click()

    page.get_by_text("可以继续办了。").wait_for()
    expect(page.locator("#session-dialog")).not_to_be_visible()


def test_what_was_typed_while_the_network_was_down_is_sent_later(open_page, world, citizen):
    page = open_page(f"/drafts/{world['draft']}/", user=citizen)
    page.context.set_offline(True)
    page.get_by_label("店铺名称").press_sequentially("江畔小吃店")
    page.get_by_text("网络断了").wait_for()

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.context.set_offline(False)

    assert Case.objects.get(key=world["draft"]).form["shop_name"] == "江畔小吃店"


def test_a_form_filled_past_the_session_is_taken_up_after_signing_in(open_page, world, citizen):
    page = open_page(f"/drafts/{world['draft']}/", user=citizen)
    page.get_by_label("店铺名称").fill("江畔小吃店")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="去登录").click()
    page.get_by_label("用户名").fill("wangxm")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="接着交").click()

    page.get_by_role("heading", name="提交前再核对一遍").wait_for()
    assert Case.objects.get(key=world["draft"]).form["shop_name"] == "江畔小吃店"


def test_the_guide_prints_without_its_buttons(open_page, world):
    page = open_page(f"/items/{world['item']}/")

    page.emulate_media(media="print")

    expect(page.get_by_role("link", name="开始网上办理").first).not_to_be_visible()
    expect(page.get_by_role("heading", name="申请材料")).to_be_visible()


def test_an_upload_asks_for_no_inline_style(open_page, world, citizen):
    """What other tools write into a style attribute is not copied by the page: its content policy would complain."""
    page = open_page(f"/drafts/{world['draft']}/", width=PHONE, user=citizen)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.locator("#file-1").evaluate("input => { input.style.color = 'red' }")

    page.locator("#file-1").set_input_files({"name": "申请书.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_text("申请书.png").first.wait_for()

    assert [text for text in said if "Content Security Policy" in text] == []


def test_on_a_phone_the_form_says_what_is_left_and_who_helps(open_page, world, citizen):
    page = open_page(f"/drafts/{world['draft']}/", width=PHONE, user=citizen)

    for words in ("还差 4 处", "填不来？有人帮", "删除这份草稿"):
        expect(page.get_by_text(words).first).to_be_visible()
    assert_fits(page)
