"""The main job end to end, as people do it: real pages, real clicks, nothing done behind their backs."""

import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.calendars import loaded
from apps.cases import tasks
from apps.cases.models import Case, Status
from apps.supervision.models import Card
from tests.browser import PHONE, assert_accessible
from tests.cast import PASSWORD, PNG

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page: Page, username: str) -> None:
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def choose(page: Page, seq: int, name: str) -> None:
    page.locator(f"#file-{seq}").set_input_files({"name": name, "mimeType": "image/png", "buffer": PNG})


def told(page: Page, words: str) -> None:
    """What the page says was done; the history below says it too, so it is read where it is announced."""
    expect(page.locator("#toasts")).to_contain_text(words)


def case_page(case: Case) -> str:
    return f"/console/cases/{case.number}/"


def test_a_restaurant_from_the_phone_to_the_licence(
    open_page, restaurant_permit, county, citizen, clerk, colleague, approver
):
    # the citizen finds it as people speak, files on a phone, with one wrong paper
    phone = open_page("/", width=PHONE)
    phone.get_by_role("searchbox").fill("开小吃店")
    phone.get_by_role("button", name="搜索").click()
    phone.get_by_role("link", name="食品经营许可（新办）").first.click()
    phone.get_by_role("link", name="开始网上办理").last.click()
    log_in(phone, "wangxm")
    phone.get_by_role("link", name="在这里办").first.click()
    phone.get_by_role("button", name="下一步：看要交什么").click()
    phone.get_by_role("button", name="下一步：填写和上传").click()
    phone.get_by_label("店铺名称").fill("江畔小吃店")
    phone.get_by_label("经营场所", exact=True).fill("滨江路18号")
    for seq, name in ((1, "申请书.png"), (2, "错的图.png")):
        choose(phone, seq, name)
        expect(phone.locator(f"text={name}").first).to_be_visible()
    phone.get_by_role("button", name="下一步：核对").click()
    phone.get_by_label("我已看过告知").check()
    phone.get_by_role("button", name="确认提交").click()
    number = phone.locator(".receipt-no b").inner_text()
    case = Case.objects.get(number=number)
    assert (case.status, case.privacy_notice) == (Status.PRE_SUBMITTED, "2026-01")

    # the clerk returns it with two faults in one notice
    desk = open_page("/console/cases/", user=clerk)
    desk.get_by_role("link", name="食品经营许可（新办）").click()
    desk.locator("#notice > summary").click()
    desk.locator("summary", has_text="2 经营场所平面图").click()
    desk.locator("#fault-2").fill("平面图看不清，没有标洗消区")
    desk.locator("summary", has_text="申请表本身").click()
    desk.locator("#fault-form").fill("经营场所没有写明门牌")
    desk.get_by_role("button", name=re.compile("一次告知申请人")).click()
    told(desk, "已一次告知申请人")
    assert_accessible(desk)

    # the citizen sees both, corrects both, once
    phone.goto(f"/cases/{number}/")
    expect(phone.get_by_role("heading", name="需要补正 2 处")).to_be_visible()
    choose(phone, 2, "新图.png")
    expect(phone.locator("text=新图.png").first).to_be_visible()
    phone.locator("textarea[name^=answer-]").last.fill("门牌号是18号附2号")
    phone.get_by_role("button", name="提交补正").click()
    case.refresh_from_db()
    assert case.status == Status.PRE_SUBMITTED

    # passed; the originals come to the window; accepted with the right promised date
    desk.goto(case_page(case))
    desk.get_by_role("button", name=re.compile("预审通过")).click()
    told(desk, "预审通过：")
    desk.locator("#originals-1").fill("1")
    desk.locator("#originals-2").fill("1")
    desk.locator("#copies-3").fill("1")
    desk.get_by_role("button", name="收件", exact=True).click()
    desk.get_by_role("button", name=re.compile("^受理")).click()
    told(desk, "已受理：")
    case.refresh_from_db()
    today = timezone.localdate()
    promised = loaded.current().add(today, 10)
    assert (case.accepted_on, case.due_on, case.provisional_due_on) == (
        today,
        promised.on,
        promised.provisional_on,
    )

    # reviewed by one, decided by another, delivered
    reviewer = open_page(case_page(case), user=colleague)
    reviewer.get_by_role("button", name=re.compile("开始审查")).click()
    reviewer.locator("#opinion").fill("场所与图纸一致，建议准予。")
    reviewer.get_by_role("button", name=re.compile("提交审查意见")).click()
    told(reviewer, "审查完毕：")
    decider = open_page(case_page(case), user=approver)
    decider.get_by_label("准予许可", exact=True).check()
    decider.locator("#result-number").fill("JY25120020000001")
    decider.get_by_role("button", name=re.compile("作出决定")).click()
    told(decider, "已作出决定：")
    desk.goto(case_page(case))
    desk.locator("#proof").fill("王小明本人签收")
    desk.get_by_role("button", name="登记送达").click()
    told(desk, "已送达：")

    # the citizen's timeline tells it all
    phone.goto(f"/cases/{number}/")
    timeline = phone.locator("ol.tl").inner_text()
    for step in ("您提交了申请", "窗口预审：请补正", "您提交了补正", "窗口预审通过", "窗口核对了原件", "窗口受理了申请",
                 "部门开始审查", "准予许可", "结果已送达"):  # fmt: skip
        assert step in timeline
    assert "JY25120020000001" in phone.content()
    assert case.notices.count() == 1


def test_a_walk_in_at_a_township_is_refused_with_reasons(
    open_page, calendar, village_item, privacy_notice, township, township_clerk, township_director
):
    desk = open_page("/console/intake/", user=township_clerk)
    desk.get_by_role("link", name=re.compile("城乡居民养老保险参保代办")).click()
    desk.get_by_label("姓名或名称").fill("罗大明")
    desk.get_by_label("证件号码").fill("51999920080229123X")
    desk.get_by_label("联系电话").fill("13800000004")
    desk.get_by_role("button", name=re.compile("下一步：登记材料")).click()
    desk.locator("#originals-1").fill("1")
    desk.locator("#originals-2").fill("1")
    desk.locator("#copies-3").fill("1")
    desk.get_by_role("button", name=re.compile("收件并出具凭证")).click()
    told(desk, "已收件，编号")
    case = Case.objects.get()
    desk.get_by_role("button", name=re.compile("^受理")).click()
    desk.get_by_role("button", name=re.compile("开始审查")).click()
    desk.locator("#opinion").fill("户籍不在本镇，不符合条件。")
    desk.get_by_role("button", name=re.compile("提交审查意见")).click()

    decider = open_page(case_page(case), user=township_director)
    decider.get_by_label("不予许可", exact=True).check()
    decider.get_by_role("button", name=re.compile("作出决定")).click()
    expect(decider.get_by_role("alert")).to_contain_text("不予许可必须说明理由")
    expect(decider.get_by_label("不予许可", exact=True)).to_be_checked()
    decider.locator("#reasons").fill("申请人户籍不在本镇，不符合参保条件。")
    decider.get_by_role("button", name=re.compile("作出决定")).click()
    told(decider, "已作出决定：")

    case.refresh_from_db()
    assert (case.status, case.point) == (Status.REFUSED, township)
    assert case.decision_reasons == "申请人户籍不在本镇，不符合参保条件。"
    assert "行政复议" in case.decision_remedies


def test_nobody_answers_and_the_law_accepts(
    open_page, worker, submitted, at_the_counter, supervisor, citizen
):
    """Both were received in March and never answered: the real worker finds them, once."""
    for _ in range(2):
        tasks.deem_cases_accepted.delay()
    waiting = [submitted, at_the_counter]
    for _ in range(100):
        for case in waiting:
            case.refresh_from_db()
        if all(case.status == Status.ACCEPTED for case in waiting):
            break
        time.sleep(0.2)

    for case in waiting:
        assert (case.status, case.accepted_on, case.is_deemed_accepted) == (
            Status.ACCEPTED,
            case.received_on,
            True,
        )
        assert case.events.filter(verb="deemed_accepted").count() == 1
        assert Card.objects.get(case=case, rule="deemed_accepted").colour == "red"
    page = open_page(case_page(at_the_counter), user=supervisor)
    expect(page.get_by_text("红牌（升级）").first).to_be_visible()
    expect(page.locator("#log")).to_contain_text("自收件之日起视为受理")
    mine = open_page(f"/cases/{submitted.number}/", user=citizen, width=PHONE)
    expect(mine.get_by_text("依法视为受理").first).to_be_visible()


def test_the_supervisor_drills_from_the_city_to_the_village_and_lands_on_the_case(
    open_page, collected, township_clerk, supervisor
):
    desk = open_page(case_page(collected), user=township_clerk)
    desk.get_by_role("button", name=re.compile("清点无误，签收")).click()
    told(desk, "已签收代收材料：")

    board = open_page("/dashboard/", user=supervisor)
    for region in ("雁江区", "临江镇", "仁里村"):
        board.locator(".miller a", has_text=region).click()
    assert_accessible(board)
    board.locator("summary", has_text="看数据表").first.click()
    board.locator("details table").first.get_by_role("link", name="1", exact=True).first.click()
    expect(board.locator("#total")).to_have_text("1")
    board.get_by_role("link", name="城乡居民养老保险参保代办").click()
    expect(board.locator(".case-h")).to_contain_text(collected.number)


def test_a_village_agent_collects_and_delivers(
    open_page,
    calendar,
    village_item,
    privacy_notice,
    village,
    village_agent,
    township_clerk,
    township_director,
):
    phone = open_page("/agent/collection/", width=PHONE, user=village_agent)
    phone.get_by_label("村民姓名").fill("罗桂英")
    phone.get_by_label("身份证号").fill("519999194909300089")
    phone.get_by_label("联系电话").fill("13800000003")
    phone.get_by_label("要办的事").select_option(label="城乡居民养老保险参保代办")
    phone.get_by_label("村民已在委托书上签字，我留了一份").check()
    phone.get_by_role("button", name="下一步：填申请表").click()
    phone.get_by_role("button", name="下一步：收材料").click()
    phone.get_by_label("已向村民说明个人信息处理告知").check()
    phone.get_by_role("button", name="收下材料").click()
    case = Case.objects.get()
    assert (case.status, case.received_on, case.collected_by) == (Status.COLLECTED, None, village_agent)

    desk = open_page("/console/cases/", user=township_clerk)
    desk.get_by_role("link", name="城乡居民养老保险参保代办").click()
    desk.get_by_role("button", name=re.compile("清点无误，签收")).click()
    desk.get_by_role("button", name=re.compile("^受理")).click()
    desk.get_by_role("button", name=re.compile("开始审查")).click()
    desk.locator("#opinion").fill("材料齐全，建议办理。")
    desk.get_by_role("button", name=re.compile("提交审查意见")).click()
    decider = open_page(case_page(case), user=township_director)
    decider.get_by_label("准予许可", exact=True).check()
    decider.get_by_role("button", name=re.compile("作出决定")).click()
    told(decider, "已作出决定：")

    phone.goto(f"/agent/cases/{case.number}/")
    phone.locator("form[action$='/delivery/'] input[type=text]").first.fill("罗桂英本人签收")
    phone.get_by_role("button", name="登记送达").click()
    case.refresh_from_db()
    assert (case.status, case.delivered_by, case.delivery_way) == (Status.DELIVERED, village_agent, "agent")
    assert list(case.events.order_by("id").values_list("verb", "by__username")) == [
        ("collected", "agent"),
        ("handed_up", "tclerk"),
        ("accepted", "tclerk"),
        ("review_started", "tclerk"),
        ("review_finished", "tclerk"),
        ("granted", "director"),
        ("delivered", "agent"),
    ]
