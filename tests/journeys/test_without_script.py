"""The same way without any script: what an old telephone or a locked-down terminal has to work with."""

import pytest
from django.utils import timezone

from apps.cases import actions
from apps.cases.models import Case, Status
from tests.browser import PHONE, assert_fits
from tests.cast import PASSWORD, PNG

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_script_one_searches_applies_and_corrects(open_page, submitted, clerk):
    faults = [actions.Found("没有标出洗消区。", 2), actions.Found("没有写门牌号。")]
    actions.return_for_correction(submitted, faults, by=clerk, at=timezone.now())

    page = open_page("/", width=PHONE, script=False)
    page.get_by_role("searchbox").fill("开小吃店")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="食品经营许可（含保健食品）").click()
    page.get_by_role("link", name="开始网上办理").last.click()
    page.get_by_label("用户名").fill("wangxm")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="在这里办").first.click()
    page.get_by_role("button", name="下一步：看要交什么").click()
    page.get_by_role("button", name="下一步：填写和上传").click()
    page.get_by_label("店铺名称").fill("江畔小吃店")
    page.get_by_label("经营场所", exact=True).fill("滨江路 18 号")
    for seq in (1, 2):
        page.locator(f"#file-{seq}").set_input_files(
            {"name": f"图{seq}.png", "mimeType": "image/png", "buffer": PNG}
        )
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_label("我已看过告知").check()
    page.get_by_role("button", name="确认提交").click()
    number = page.locator(".receipt-no b").inner_text()

    case = Case.objects.get(number=number)
    assert (case.status, case.form["shop_name"]) == (Status.PRE_SUBMITTED, "江畔小吃店")

    page.goto(f"/cases/{submitted.number}/")
    page.locator("#file-2").set_input_files({"name": "新图.png", "mimeType": "image/png", "buffer": PNG})
    page.locator("textarea[name^=answer-]").last.fill("门牌号已补上")
    page.get_by_role("button", name="提交补正").click()

    assert Case.objects.get(number=submitted.number).status == Status.PRE_SUBMITTED
    assert_fits(page)
