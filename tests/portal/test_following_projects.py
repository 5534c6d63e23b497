"""整件事的进度: what the applicant reads at every step, withdrawing, and the lists."""

import pytest

from apps.accounts import actions as accounts
from apps.accounts.models import Mandate
from apps.cases.models import Case
from apps.workflows import actions
from apps.workflows.models import Project
from apps.workflows.one_form import answers_of
from tests.cast import BEFORE, SINCE, a_scan, at
from tests.workflows.restaurants import MONDAY, SCJG, ZHUJIAN

pytestmark = pytest.mark.django_db
MOST = 12  # statements of any page
TUESDAY, FRIDAY = at("2026-03-03", "10:00"), at("2026-03-06", "10:00")


def page_of(client, project, **params):
    return client.get(f"/projects/{project.number}/", params)


def a_survey_of(street, project) -> None:
    branches = [street.branch(project, code) for code in ("zz", "hw")]
    actions.convene(
        project, kind="survey", subject="看店面和招牌", place="滨江路18号", begins_at=at("2026-03-04", "09:30"),
        departments=[branch.department for branch in branches], by=street.heads[SCJG], at=MONDAY,
    )  # fmt: skip


def said(response) -> dict[str, tuple[str, str]]:
    """Each matter by its code: its chip, and what stands beside it."""
    return {row.branch.code: (row.chip.words, row.note) for row in response.context["rows"]}


def test_before_the_answer_every_department_has_its_day(me, street):
    page = page_of(me, street.filed())

    assert page.context["headline"] == "3 件事都交上去了，各部门最迟 3月3日答复是否受理"
    assert said(page)["zz"] == ("等部门答复", "最迟 3月3日答复是否受理")


def test_once_accepted_the_first_runs_and_the_others_wait_for_its_result(me, street):
    page = page_of(me, street.running())

    assert page.context["headline"] == "3 件事办好 0 件，最迟 3月16日全部办好"
    assert said(page) == {
        "zz": ("办理中 · 剩 1 天", "最迟 3月3日办好（含当天）"),
        "sp": ("等营业执照", "前面的办好就自动开始，开始后 5 个工作日办好"),
        "hw": ("等营业执照", "前面的办好就自动开始，开始后 3 个工作日办好"),
    }


def test_what_is_done_shows_its_result_its_letters_and_its_case(me, street, clock):
    project = street.running()
    street.grant(project, "zz", moment=TUESDAY)
    clock(TUESDAY)

    page = page_of(me, project)

    case = street.branch(project, "zz").case
    text = page.content.decode()
    assert page.context["headline"] == "3 件事办好 1 件，最迟 3月16日全部办好"
    assert said(page)["zz"] == ("办好了", "3月3日办好")
    assert said(page)["sp"][1] == "最迟 3月10日办好（含当天）"
    assert f"营业执照：<b>{case.result_number}</b>" in text
    assert f'href="/cases/{case.number}/"' in text
    assert f'href="/cases/{case.number}/letters/' in text


def test_a_refusal_says_why_and_what_cannot_go_on(me, street, clock):
    project = street.running()
    street.refuse(project, "zz", moment=TUESDAY)
    clock(TUESDAY)

    page = page_of(me, project)

    assert page.context["headline"] == "3 件事办好 0 件，1 件没有办成，牵头部门正在看下一步怎么办"
    assert said(page)["zz"][0] == "没有批准"
    assert "理由：场所不符合卫生要求" in page.content.decode()
    assert said(page)["sp"] == ("办不下去", "“个体工商户登记”不予许可，要等它有结果")


def test_when_everything_is_done_it_says_so_until_it_is_handed_over(me, street, clock):
    project = street.running()
    for code, moment in {"zz": TUESDAY, "sp": FRIDAY, "hw": FRIDAY}.items():
        street.grant(project, code, moment=moment)
    clock(FRIDAY)
    done = page_of(me, project).context["headline"]
    actions.hand_over(project.stages.get(), way="counter", proof="本人签收", by=street.heads[SCJG], at=FRIDAY)

    after = page_of(me, project)
    assert done == "3 件事全部办好了，还有结果等您取"
    assert (after.context["headline"], after.context["chip"].words) == ("3 件事全部办好了", "全部办好")
    assert "结果交给了您" in after.content.decode()


def test_one_matter_is_withdrawn_after_its_consequences_were_named(me, street):
    project = street.running()
    address = f"/projects/{project.number}/branches/zz/withdrawal/"

    asked = me.get(address).content.decode()
    without_reason = me.post(address, {})
    done = me.post(address, {"reason": "不开店了"})

    assert "这几件要等它，也就办不成了" in asked
    assert "食品经营许可" in asked
    assert "请写明撤回的原因。" in without_reason.content.decode()
    assert done.url == f"/projects/{project.number}/"
    assert said(page_of(me, project))["zz"][0] == "已撤回"
    assert me.post(address, {"reason": "再来一次"}).status_code == 409


def test_the_whole_is_withdrawn_while_departments_are_at_work(me, street):
    project = street.running()

    done = me.post(f"/projects/{project.number}/withdrawal/", {"reason": "不开店了"})
    page = page_of(me, project)

    assert done.status_code == 302
    assert page.context["headline"] == "已撤回"
    assert "不想办了" not in page.content.decode()
    assert me.post(f"/projects/{project.number}/withdrawal/", {"reason": "再"}).status_code == 409


def test_a_survey_is_announced_with_its_time_its_place_and_who_comes(me, street):
    project = street.running()
    a_survey_of(street, project)

    text = page_of(me, project).content.decode()
    assert "3月4日 09:30（周三）上门踏勘，几个部门一次来" in text
    assert "滨江路18号" in text
    assert SCJG in text
    assert ZHUJIAN in text


def test_a_project_is_one_entry_and_its_cases_are_counted_once(me, street, submitted):
    project = street.running()

    page = me.get("/cases/")

    tabs = {tab["name"]: tab["count"] for tab in page.context["tabs"]}
    assert tabs == {"todo": 0, "running": 2, "done": 0, "drafts": 0}
    assert [entry["project"] for entry in page.context["projects"]] == [project]
    assert [entry["case"] for entry in page.context["rows"]] == [submitted]


def test_a_project_with_an_open_notice_is_to_do_and_on_the_home_page(me, street):
    project = street.told()

    tab = me.get("/cases/").context
    home = me.get("/").content.decode()

    assert (tab["tab"], [entry["project"] for entry in tab["projects"]]) == ("todo", [project])
    assert "您有 1 件事要处理" in home
    assert f'href="/projects/{project.number}/"' in home


def test_a_draft_and_an_ended_project_have_their_tabs(me, street):
    draft, ended = street.draft(), street.filed()
    actions.withdraw_project(ended, why="不办了", by=street.owner, at=MONDAY)

    drafts = me.get("/cases/", {"tab": "drafts"})
    done = me.get("/cases/", {"tab": "done"})

    assert [entry["project"] for entry in drafts.context["projects"]] == [draft]
    assert f'href="/projects/{draft.key}/"' in drafts.content.decode()
    assert [entry["project"] for entry in done.context["projects"]] == [ended]


def test_who_may_see_one_case_of_a_project_but_not_the_project_keeps_it_in_the_list(
    client, street, other_citizen
):
    project = street.running(applicant=street.owner.applicant)
    case = street.branch(project, "zz").case
    mandate(street.owner, other_citizen, ["CY-zz"])
    client.force_login(other_citizen, backend="apps.accounts.backends.RoleBackend")

    page = client.get("/cases/", {"tab": "running"})

    assert [entry["case"] for entry in page.context["rows"]] == [case]
    assert page.context["projects"] == []
    assert client.get(f"/projects/{project.number}/").status_code == 404


def test_a_case_of_a_project_leads_to_the_whole(me, street):
    project = street.running()
    case = street.branch(project, "zz").case

    assert f'href="/projects/{project.number}/"' in me.get(f"/cases/{case.number}/").content.decode()


@pytest.mark.query_count("portal:project-list")
def test_lists_cost_the_same_with_three_projects(me, street, count_queries):
    street.running()
    pages = {"/cases/": {"tab": "running"}, "/projects/": {"tab": "running"}}
    few = {path: count_queries(me, path, params) for path, params in pages.items()}
    for _ in range(2):
        street.running()

    assert {path: count_queries(me, path, params) for path, params in pages.items()} == few
    assert max(few.values()) <= MOST
    assert count_queries(me, "/") <= MOST


def test_the_page_of_a_project_costs_the_same_at_every_step(me, street, count_queries):
    told, running = street.told(), street.running()
    street.grant(running, "zz", moment=TUESDAY)

    costs = {count_queries(me, f"/projects/{one.number}/") for one in (told, running)}

    assert max(costs) <= MOST


def test_with_a_notice_and_a_survey_at_once_it_costs_no_more_either(me, street, count_queries):
    project = street.told()
    a_survey_of(street, project)

    page = page_of(me, project)

    assert page.context["notices"] and page.context["visits"]
    assert count_queries(me, f"/projects/{project.number}/") <= MOST


def test_six_projects_are_five_and_a_link_to_all_of_them(me, street):
    for _ in range(6):
        street.draft()

    page = me.get("/cases/", {"tab": "drafts"})
    every = me.get("/projects/", {"tab": "drafts"})

    assert len(page.context["projects"]) == 5
    assert "全部 6 个一件事和项目" in page.content.decode()
    assert len(every.context["rows"]) == 6
    assert me.get("/projects/", {"tab": "nothing"}).status_code == 200


def test_by_number_and_last_four_anybody_reads_how_far_it_is_and_nobody_s_name(client, street, clock):
    clock(TUESDAY)
    project = street.running()
    street.grant(project, "zz", moment=TUESDAY)

    text = client.post("/progress/", {"number": project.number, "last4": "0017"}).content.decode()

    assert "3 件事办好 1 件，最迟 3月16日全部办好" in text
    assert "等营业执照" not in text
    assert "办好了" in text
    assert "王小明" not in text
    assert street.branch(project, "zz").case.result_number not in text


def test_a_number_that_was_guessed_too_often_is_shut_for_an_hour(client, street):
    project = street.filed()
    for n in range(20):
        client.post("/progress/", {"number": project.number, "last4": f"9{n:03d}"}, REMOTE_ADDR=f"10.0.0.{n}")

    right = client.post("/progress/", {"number": project.number, "last4": "0017"}, REMOTE_ADDR="10.0.1.1")

    assert right.status_code == 429
    assert "错得太多" in right.content.decode()


def test_a_draft_is_found_by_no_number(client, street):
    street.draft()

    assert client.post("/progress/", {"number": "0" * 20, "last4": "0017"}).status_code == 422
    assert Project.objects.count() == 1
    assert Case.objects.count() == 0


def test_papers_of_a_later_stage_are_brought_while_the_first_is_at_work(client, hall, clock):
    clock(at("2026-03-02"))
    project = hall.running()
    client.force_login(hall.owner, backend="apps.accounts.backends.RoleBackend")
    plan = project.materials.get(name="总平面图")

    page = page_of(client, project).content.decode()
    brought = client.post(f"/projects/{project.number}/papers/", {f"file-{plan.seq}": a_scan()})
    nothing = client.post(f"/projects/{project.number}/papers/", {})
    closed = client.post(
        f"/projects/{project.number}/papers/",
        {f"file-{project.materials.get(name='备案申请表').seq}": a_scan()},
    )

    plan.refresh_from_db()
    assert "接下来要交的材料" in page
    assert '<details class="later" open><summary><b>第2阶段 工程建设</b>' in page
    assert "3 份，还要交 3 份" in page
    assert (brought.status_code, plan.state) == (302, "uploaded")
    assert (nothing.status_code, closed.status_code) == (422, 422)
    assert "已经收件" in closed.content.decode()


def test_what_nobody_has_to_bring_stands_apart_from_what_was_handed_in(client, hall, clock):
    clock(at("2026-03-02"))
    project = hall.running()
    project.materials.filter(name="总平面图").update(state="shared")
    client.force_login(hall.owner, backend="apps.accounts.backends.RoleBackend")

    page = page_of(client, project)
    names = {key: [line["row"].name for line in page.context[key]] for key in ("given", "spared")}

    assert names["spared"] == ["项目备案证", "总平面图"]
    assert "不用您交的 2 份" in page.content.decode()
    assert "营业执照" in names["given"] and not set(names["given"]) & set(names["spared"])
    later = [line["row"].name for group in page.context["later"] for line in group["lines"]]
    assert later == ["规划申请表", "施工申请表"]


def test_what_waits_for_several_says_how_many_and_names_them_beside_it(client, hall, clock):
    clock(at("2026-03-02"))
    project = hall.running()
    hall.second_stage(project, moment=at("2026-03-02"))
    client.force_login(hall.owner, backend="apps.accounts.backends.RoleBackend")

    chip, note = said(page_of(client, project))["sg"]

    awaited = "、".join(hall.branch(project, code).item_version.result_name for code in ("hp", "gg"))
    assert chip == "等前面 2 件"
    assert note == f"{awaited}办好就自动开始，开始后 3 个工作日办好"


def test_a_company_s_investment_project_waits_for_its_lead(client, hall, clock, privacy_notice):
    clock(at("2026-03-02"))
    project = hall.draft(national_code="")
    client.force_login(hall.owner, backend="apps.accounts.backends.RoleBackend")
    typed = {"investment": "6000", "site": "城南", "project_name": "新厂房"}
    papers = {
        f"file-{row.seq}": a_scan() for row in project.materials.filter(stage__number=1, state="absent")
    }
    address = f"/projects/{project.key}/"

    bad_code = client.post(address, typed | {"national_code": "12345"} | papers)
    without = client.post(f"{address}submission/", {"privacy_notice": "2026-01"})
    client.post(address, typed | {"national_code": "2603-512002-04-01-123456"})
    client.post(f"{address}submission/", {"privacy_notice": "2026-01"})

    project.refresh_from_db()
    assert "项目代码形如" in bad_code.content.decode()
    assert "请填写项目代码" in without.content.decode()
    assert (project.state, project.name) == ("filed", "新厂房")
    page = page_of(client, project)
    assert "等发展和改革局确认要办哪几件事" in page.context["headline"]


def test_what_the_project_says_itself_is_asked_once_and_reaches_the_item_that_asks_for_it(
    client, hall, clock, privacy_notice
):
    clock(at("2026-03-02"))
    hall.asks_for_the_project("ba")
    project = hall.draft(national_code="")
    client.force_login(hall.owner, backend="apps.accounts.backends.RoleBackend")
    address, code = f"/projects/{project.key}/", "2603-512002-04-01-123456"
    papers = {
        f"file-{row.seq}": a_scan() for row in project.materials.filter(stage__number=1, state="absent")
    }

    page = client.get(address)
    typed = {"investment": "6000", "site": "城南", "project_name": "新厂房", "national_code": code}
    client.post(address, typed | papers)
    filed = client.post(f"{address}submission/", {"privacy_notice": "2026-01"})

    project.refresh_from_db()
    text = page.content.decode()
    assert text.count('name="project_name"') == 1 and 'name="project_code"' not in text
    assert "请填写项目名称。" not in text
    assert filed.status_code == 302 and project.state == "filed"
    assert answers_of(project) == {
        "investment": "6000", "site": "城南", "project_name": "新厂房", "project_code": code,
    }  # fmt: skip


def mandate(principal, agent, item_codes):
    accounts.give_mandate(
        principal.applicant, agent=agent, kind=Mandate.Kind.REPRESENTATIVE, item_codes=item_codes, on=SINCE, until=None,
        at=BEFORE, by=principal,
    )  # fmt: skip
