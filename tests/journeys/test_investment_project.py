"""并联审批 end to end: a factory from the counter to its construction permit, with a refusal, a survey and one notice for all."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from apps.accounts.roles import Role
from apps.workflows.models import Project, ProjectNotice, ProjectStage
from tests.browser import PHONE, assert_accessible, faults_of
from tests.cast import PNG, at, make_user
from tests.workflows.projects import CODE, FG, HB, ZJ, ZR

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "年产六万吨调味料生产线"
SCAN = {"name": "扫描件.png", "mimeType": "image/png", "buffer": PNG}


@pytest.fixture
def day(open_page, clock):
    """What people do on one day of the story, each in a browser of their own; sessions of another day have ended."""

    def on(date: str, hour: str = "09:00"):
        clock(at(date, hour))
        return lambda user, address, **more: open_page(address, user=user, **more)

    return on


@pytest.fixture
def counter(hall, county):
    """综合窗口: takes in what belongs to no single department."""
    return make_user("zonghe", "梁晓雯", Role.CLERK, point=county)


def page_of(project: Project) -> str:
    return reverse("console:project-detail", args=[project.number])


def panel(page: Page, key: str) -> Locator:
    """The form of one act, opened if it is not; what is seldom done lies in a drawer of its own."""
    page.wait_for_load_state()
    found = page.locator(f"details#{key}")
    for drawer in (page.locator("details#seldom").filter(has=found), found):
        if drawer.count() and drawer.get_attribute("open") is None:
            drawer.locator("summary").first.click()
    expect(found.locator("button[type=submit]")).to_be_visible()
    return found


def press(page: Page, key: str) -> None:
    panel(page, key).locator("button[type=submit]").click()


def told(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def states(project: Project) -> dict[str, str]:
    return dict(project.branches.order_by("id").values_list("code", "state"))


def answer(page: Page, code: str, label: str) -> Locator:
    form = panel(page, f"branch-{code}-answer")
    form.get_by_label(label).check()
    return form


def accept(page: Page, code: str) -> None:
    answer(page, code, "同意受理")
    press(page, f"branch-{code}-answer")
    told(page, "已答复")


def want(page: Page, code: str, paper: str, fault: str) -> None:
    form = answer(page, code, "需要补正")
    form.get_by_label(f"{paper}：什么问题").fill(fault)
    press(page, f"branch-{code}-answer")
    told(page, "已答复")


def bring(page: Page, project: Project, name: str) -> None:
    """One paper at the counter: on the page of the package, taken in the row of its name."""
    page.locator(".seg").get_by_role("link", name="材料和文书").click()
    paper = project.materials.get(name=name)
    row = page.locator(f"#paper-row-{paper.pk}")
    row.locator("summary").click()
    row.locator("input[type=file]").set_input_files(SCAN)
    row.get_by_role("button", name="收下").click()
    told(page, f"已收下：{name}")


def taken_in_at_the_counter(desk: Page) -> Project:
    """Two steps: which bundle and for whom; then one form and one package, told at once what is missing."""
    desk.get_by_role("link", name=re.compile("企业投资项目")).click()
    assert_accessible(desk)
    desk.get_by_label("项目名称").fill(NAME)
    desk.get_by_label("项目代码").fill("2603")
    desk.get_by_label("姓名或名称").fill("资阳江畔餐饮有限公司")
    desk.get_by_label("证件号码").fill("91519999MA00000158")
    desk.get_by_label("联系电话").fill("02826000001")
    desk.get_by_label("是", exact=True).check()
    desk.get_by_role("button", name=re.compile("下一步")).click()
    expect(desk.get_by_role("alert")).to_contain_text("项目代码形如")
    desk.get_by_label("项目代码").fill(CODE)
    desk.get_by_role("button", name=re.compile("下一步")).click()

    project = Project.objects.get()
    desk.get_by_label("总投资（万元）").fill("6000")
    desk.get_by_role("button", name=re.compile("^申报")).click()
    summary = desk.get_by_role("alert").first
    expect(summary).to_contain_text("请填写建设地点。")
    expect(summary).to_contain_text("请上传“营业执照”。")
    expect(desk.get_by_label("总投资（万元）")).to_have_value("6000")
    assert_accessible(desk)
    desk.get_by_label("建设地点").fill("雁江区城南工业集中发展区")
    desk.get_by_label("全部办好一起取").check()
    for paper in project.materials.filter(stage__number=1, source=None):
        desk.locator(f"#file-{paper.seq}").set_input_files(SCAN)
    desk.get_by_role("button", name=re.compile("^申报")).click()
    told(desk, "项目已申报，编号")
    project.refresh_from_db()
    return project


def decided_in_its_case(day, date: str, project: Project, code: str, reviewer, approver, number: str) -> None:
    """On the page of the case, like any other: examined by one, decided by another."""
    visit, case = day(date, "10:00"), project.branches.get(code=code).case
    page = visit(reviewer, f"/console/cases/{case.number}/")
    page.get_by_role("button", name=re.compile("开始审查")).click()
    page.locator("#opinion").fill("符合条件，建议准予。")
    page.get_by_role("button", name=re.compile("提交审查意见")).click()
    told(page, "审查完毕：")
    page = visit(approver, f"/console/cases/{case.number}/")
    page.get_by_label("准予许可", exact=True).check()
    page.locator("#result-number").fill(number)
    page.get_by_role("button", name=re.compile("作出决定")).click()
    told(page, "已作出决定：")


def test_a_factory_from_the_counter_to_its_construction_permit(
    hall, day, counter, privacy_notice, supervisor
):
    fg, zr, hb, zj = (hall.heads[name] for name in (FG, ZR, HB, ZJ))

    # Monday: brought to the combined window: one form, one package
    visit = day("2026-03-02")
    window = visit(counter, reverse("console:project-intake"))
    project = taken_in_at_the_counter(window)
    here = page_of(project)
    assert_accessible(window)

    # the lead leaves one branch out, and is asked why
    lead = visit(fg, here)
    saving = hall.branch(project, "jn")
    panel(lead, "project-confirmation").get_by_label(re.compile("^jn ")).uncheck()
    press(lead, "project-confirmation")
    expect(lead.locator("#project-confirmation")).to_contain_text("请写明不办“节能审查”的理由。")
    lead.get_by_label("不办“节能审查”的理由").fill("核定年用电320万千瓦时，不需要节能审查")
    press(lead, "project-confirmation")
    told(lead, "已确认事项清单")
    saving.refresh_from_db()
    assert (saving.state, saving.reason) == ("not_needed", "核定年用电320万千瓦时，不需要节能审查")

    # one receipt, one dispatch; two departments want something
    window.goto(here)
    press(window, "stage-1-receipt")
    told(window, "已收件")
    leader = visit(zr, here)
    press(leader, "stage-1-dispatch")
    told(leader, "已分发")
    environment = visit(hb, here)
    want(environment, "hp", "环评报告表", "缺公示截图")
    want(leader, "yd", "用地申请表", "没有加盖公章")
    press(leader, "stage-1-notice")
    expect(leader.get_by_role("alert").first).to_contain_text("还在答复期内")
    lead.goto(here)
    accept(lead, "ba")
    leader.goto(here)
    press(leader, "stage-1-notice")
    told(leader, "补正告知书已发出")
    notice = ProjectNotice.objects.get()
    assert set(notice.wishes.values_list("text", flat=True)) == {"缺公示截图", "没有加盖公章"}
    assert_accessible(leader)

    # Tuesday: both faults are answered in one go at the window: a new paper, and words
    visit = day("2026-03-03")
    window = visit(counter, here)
    bring(window, project, "用地申请表")
    assert_accessible(window)
    window.goto(here)
    window.get_by_role("button", name="提交补正").click()
    expect(window.locator(f"#wish-{notice.wishes.get(text='缺公示截图').pk}")).to_be_visible()
    expect(window.get_by_text("请重新上传这份材料，或写明如何改正。")).to_be_visible()
    window.get_by_label(re.compile("缺公示截图")).fill("公示截图已附在报告表最后一页")
    window.get_by_role("button", name="提交补正").click()
    told(window, "补正已提交")
    environment = visit(hb, here)
    accept(environment, "hp")
    leader = visit(zr, here)
    accept(leader, "yd")
    press(leader, "stage-1-acceptance")
    told(leader, "已受理")
    assert states(project) == {
        "ba": "open", "yd": "waiting", "hp": "waiting", "jn": "not_needed", "gg": "waiting", "sg": "waiting",
    }  # fmt: skip

    # 备案 is done, the two that waited for it begin side by side; one is refused
    decided_in_its_case(day, "2026-03-04", project, "ba", fg, hall.approvers[FG], "备〔2026〕17号")
    assert {hall.branch(project, code).state for code in ("yd", "hp")} == {"open"}
    hall.grant(project, "yd", moment=at("2026-03-09"))
    hall.refuse(project, "hp", moment=at("2026-03-10"))
    assert states(project)["sg"] == "blocked"
    leader = day("2026-03-11")(zr, f"{here}?view=table")
    expect(leader.locator("main")).to_contain_text("受阻")
    expect(leader.locator("main")).to_contain_text("不予许可")
    assert_accessible(leader)

    # nobody overrules the refusal: with another scheme the same department decides anew
    expect(leader.locator("#branch-hp-removal")).to_have_count(0)
    panel(leader, "branch-hp-reopening").get_by_label("方案作了哪些调整").fill("改用天然气锅炉，废水全部回用")
    press(leader, "branch-hp-reopening")
    told(leader, "已按调整后的方案重办")
    assert states(project)["sg"] == "waiting"
    environment = day("2026-03-11", "15:00")(hb, here)
    accept(environment, "hp")
    hall.grant(project, "hp", moment=at("2026-03-16"))
    assert hall.stage(project, 1).state == "closing"

    # the second stage: the counter takes its papers, the lead of the stage calls one survey for all
    visit = day("2026-03-17")
    window = visit(counter, here)
    for name in ("规划申请表", "总平面图", "施工申请表"):
        bring(window, project, name)
    window.goto(here)
    press(window, "stage-2-receipt")
    told(window, "已收件")
    builder = visit(zj, here)
    press(builder, "stage-2-dispatch")
    told(builder, "已分发")
    survey = called_by(builder)
    accepted_with_a_survey(day, here, survey, zj=zj, zr=zr, hb=hb)

    # permits, the last of them to build
    visit = day("2026-03-20", "09:00")
    accept(visit(zr, here), "gg")
    builder = visit(zj, here)
    accept(builder, "sg")
    press(builder, "stage-2-acceptance")
    told(builder, "已受理")
    hall.grant(project, "gg", moment=at("2026-03-24"))
    decided_in_its_case(day, "2026-03-26", project, "sg", zj, hall.approvers[ZJ], "施〔2026〕8号")
    project.refresh_from_db()
    assert (project.state, states(project)["sg"]) == ("closing", "granted")

    # everything is handed over with one list, and the project is closed
    visit = day("2026-03-27")
    handed_over(visit(zr, here), 1)
    builder = visit(zj, here)
    handed_over(builder, 2)
    project.refresh_from_db()
    assert (project.state, project.closed_on.isoformat()) == ("closed", "2026-03-27")
    list_of_2 = project.events.get(verb="handed_over", stage__number=2).facts["results"]
    assert [(one["code"], one["result"]) for one in list_of_2][-1] == ("sg", "施〔2026〕8号")
    assert_accessible(builder)

    # the figures know it as one project, with the days it took
    board = visit(supervisor, reverse("dashboard:projects"))
    expect(board.locator("main")).to_contain_text("办结项目")
    board.locator(".kpis > div", has_text="办结项目").locator("a").click()
    expect(board.locator("#total")).to_have_text("1")
    expect(board.locator("main")).to_contain_text(NAME)
    assert_accessible(board)
    used = list(ProjectStage.objects.order_by("number").values_list("used_days", flat=True))
    assert used == [8, 4]  # a day stood still between the refusal and the new scheme

    # and the pages of it fit a phone
    pages = [
        here,
        f"{here}papers/",
        survey,
        reverse("console:project-intake") + "?bundle=TZ",
        desk_of_a_draft(hall, counter),
    ]
    phone = visit(counter, here, width=PHONE)
    assert faults_of(phone, pages) == {}


def desk_of_a_draft(hall, counter) -> str:
    """A second project at the counter that is still being filled in."""
    project = hall.draft(moment=at("2026-03-27"), name="冷库扩建", national_code="2603-512002-04-01-000009")
    Project.objects.filter(pk=project.pk).update(filed_by=counter)
    return reverse("console:project-draft", args=[project.key])


def called_by(page: Page) -> str:
    """发起联合踏勘 with two departments; the address of its page."""
    page.get_by_role("link", name="发起会商").click()
    page.get_by_label("会商方式").select_option("survey")
    page.get_by_label("事由").fill("联合踏勘厂区排水和消防通道")
    page.get_by_role("button", name=re.compile("^发起会商")).click()
    expect(page.get_by_role("alert")).to_contain_text("请选择参加的部门。")
    for name in (ZR, HB):
        page.get_by_label(name).check()
    page.get_by_label("日期").first.fill("2026-03-19")
    page.get_by_label("几点").fill("14:30")
    page.get_by_label("地点").fill("城南工业集中发展区")
    assert_accessible(page)
    page.get_by_role("button", name=re.compile("^发起会商")).click()
    told(page, "等各部门答复")
    return page.url


def accepted_with_a_survey(day, here: str, survey: str, *, zj, zr, hb) -> None:
    """One department proposes another time, the lead moves it, both confirm, it is held, recorded and signed."""
    visit = day("2026-03-17", "15:00")
    environment = visit(hb, survey)
    form = panel(environment, "reply")
    form.get_by_label("建议改期").check()
    form.get_by_label("建议日期").fill("2026-03-19")
    form.get_by_label("建议几点").fill("16:00")
    press(environment, "reply")
    told(environment, "已答复")
    builder = visit(zj, survey)
    expect(builder.locator("main")).to_contain_text("建议 3月19日")
    form = panel(builder, "time")
    form.get_by_label("日期").fill("2026-03-19")
    form.get_by_label("几点").fill("16:00")
    form.get_by_label("改期的原因").fill("生态环境局上午有执法检查")
    press(builder, "time")
    told(builder, "已改期")
    for one in (zr, hb):
        page = visit(one, survey)
        panel(page, "reply").get_by_label("按时参加").check()
        press(page, "reply")
        told(page, "已答复")
    press(builder, "record")
    expect(builder.get_by_role("alert").first).to_be_visible()

    visit = day("2026-03-19", "17:30")
    builder = visit(zj, survey)
    panel(builder, "record").get_by_label(re.compile("^记录")).fill(
        "四方到场。雨污分流与图纸一致，消防通道净宽4.5米。"
    )
    press(builder, "record")
    told(builder, "记录已保存")
    for one in (zr, hb):
        page = visit(one, survey)
        page.get_by_role("button", name="代表本部门签署").click()
        told(page, "已签署")
    assert_accessible(builder)
    page.reload()
    expect(page.get_by_role("button", name="代表本部门签署")).to_have_count(0)


def handed_over(page: Page, number: int) -> None:
    form = panel(page, f"stage-{number}-handover")
    form.get_by_label("送达方式").select_option("counter")
    form.get_by_label("送达凭证").fill("公司经办人王小明签收")
    press(page, f"stage-{number}-handover")
    told(page, "已出件")
