"""开餐馆一件事: a citizen with a telephone, from the questions to all the results, with two departments in between."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cases.models import Case
from apps.workflows import actions
from apps.workflows.models import Project
from tests.browser import PHONE, assert_accessible
from tests.cast import PASSWORD, PNG
from tests.workflows.restaurants import SCJG, street

__all__ = ["street"]
pytestmark = pytest.mark.django_db(transaction=True)
PICTURE = {"name": "照片.png", "mimeType": "image/png", "buffer": PNG}
TOO_BIG = {"name": "原图.png", "mimeType": "image/png", "buffer": PNG + bytes(21 * 1024 * 1024)}


def test_a_citizen_opens_a_restaurant_on_a_telephone(open_page, street):
    page = open_page("/", width=PHONE)

    # the question finds the whole matter, and the answers its exact list
    page.get_by_role("searchbox").fill("开餐馆")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="开餐馆一件事").click()
    assert_accessible(page)
    page.get_by_label("要", exact=True).check()
    expect(page.locator("#plan")).to_contain_text("要办的 3 件事")
    page.get_by_label("在哪里办").select_option(label="雁江区 · 雁江区政务服务中心")
    assert_accessible(page)

    # the answers survive the sign-in
    page.get_by_role("button", name="开始办").click()
    page.get_by_label("用户名").fill("wangxm")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("要", exact=True)).to_be_checked()
    assert_accessible(page)
    page.get_by_role("button", name="下一步：填写和上传").click()

    # one form, one set of papers; what is too big is told before it is sent
    page.get_by_label("店名").fill("江畔小吃店")
    page.get_by_label("经营场所", exact=True).fill("滨江路 18 号")
    page.locator("#file-1").set_input_files(TOO_BIG)
    expect(page.get_by_role("alert")).to_contain_text("超过 20 MB")
    page.locator("#file-1").set_input_files(PICTURE)
    expect(page.locator("#material-1")).to_contain_text("已上传")
    assert_accessible(page)
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_role("alert")).to_contain_text("请上传“招牌效果图”。")
    assert_accessible(page)
    page.get_by_role("link", name="请上传“招牌效果图”。").click()
    page.locator("#file-4").set_input_files(PICTURE)
    expect(page.locator("#material-4")).to_contain_text("已上传")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_label("我已看过告知").check()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_url(re.compile(r"/projects/\d{20}/"))
    project = Project.objects.get()
    expect(page.locator("h1")).to_contain_text("3 件事都交上去了")
    assert_accessible(page)

    # two departments want something else; it is one letter and one answer
    now = timezone.now()
    street.answer(project, "zz", "supplement", "经营场所证明", "看不清门牌号", moment=now)
    street.answer(project, "sp", "accept", moment=now)
    street.answer(project, "hw", "supplement", "招牌效果图", "没有标尺寸", moment=now)
    actions.send_notice(project.stages.get(), by=street.heads[SCJG], at=timezone.now())
    page.goto("/")
    page.get_by_role("link", name="去补正").click()
    expect(page.locator("h1")).to_contain_text("现在等您补正")
    assert_accessible(page)
    page.locator("#file-1").set_input_files(PICTURE)
    page.get_by_role("button", name="提交补正").click()
    expect(page.get_by_role("alert").first).to_contain_text("还有 1 处没有补好")
    page.get_by_label("说明").last.fill("尺寸写在图上了")
    page.get_by_role("button", name="提交补正").click()
    expect(page.get_by_text("补正交上去了")).to_be_visible()

    # accepted: the licence is at work, the others wait for it by its name
    street.accept(project, moment=timezone.now())
    page.reload()
    expect(page.locator("h1")).to_contain_text("3 件事办好 0 件")
    expect(page.get_by_text("等营业执照")).to_have_count(2)

    # one after the other is done, and the page says so
    street.grant(project, "zz", moment=timezone.now())
    page.reload()
    expect(page.locator("h1")).to_contain_text("3 件事办好 1 件")
    assert_accessible(page)
    for code in ("sp", "hw"):
        street.grant(project, code, moment=timezone.now())
    actions.hand_over(
        project.stages.get(), way="counter", proof="本人签收", by=street.heads[SCJG], at=timezone.now()
    )
    page.goto("/cases/?tab=done")
    expect(page.locator(".cl li")).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("link", name="开餐馆一件事").click()
    expect(page.locator("h1")).to_have_text("3 件事全部办好了")
    expect(page.get_by_text("川资SP2026001")).to_be_visible()
    assert_accessible(page)

    # and without signing in, by the number
    page.goto("/progress/")
    page.get_by_label("办件编号").fill(project.number)
    page.get_by_label("证件号码后四位").fill("0017")
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_text("3 件事全部办好了")).to_be_visible()
    assert_accessible(page)
    assert Case.objects.filter(is_joint=True, status="delivered").count() == 3


def test_without_script_the_same_way_ends_at_the_same_page(open_page, street):
    page = open_page("/bundles/CANYIN/", width=PHONE, script=False)

    page.get_by_label("不要", exact=True).check()
    page.get_by_role("button", name="按我的情况列清单").click()
    expect(page.locator("#plan")).to_contain_text("要办的 2 件事")
    page.get_by_role("button", name="开始办").click()
    page.get_by_label("用户名").fill("wangxm")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("在哪里办").select_option(label="雁江区政务服务中心")
    page.get_by_role("button", name="下一步：填写和上传").click()
    page.get_by_label("店名").fill("江畔小吃店")
    page.get_by_label("经营场所", exact=True).fill("滨江路 18 号")
    page.locator("#file-1").set_input_files(PICTURE)
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_label("我已看过告知").check()
    page.get_by_role("button", name="确认提交").click()

    expect(page.locator("h1")).to_contain_text("2 件事都交上去了")
    assert Project.objects.get().state == "running"
