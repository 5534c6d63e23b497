"""申报与一套材料: one form, one package, each paper once, every fault at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.cases.models import Channel
from apps.cases.uploads import MAX_BYTES, BadFile
from apps.workflows import actions, one_form
from apps.workflows.checking import BranchFacts
from apps.workflows.models import Project
from tests.cast import PNG, a_scan, at

from .projects import FG, MONDAY, ZJ, ZR, a_sheet


def test_an_open_question_is_named_and_nothing_is_drafted(hall):
    with pytest.raises(actions.Incomplete) as refused:
        hall.draft(energy="也许")

    assert refused.value.faults == {"question-1": "请回答“年用电在500万千瓦时以上吗？”。"}
    assert not Project.objects.exists()


def test_an_answer_brings_a_branch_in_with_its_papers_and_out_again(hall):
    project = hall.draft()

    actions.change_answers(project, {"1": "是"}, at=MONDAY)
    with_energy = project.materials.filter(name="节能报告").count()
    actions.change_answers(project, {"1": "否"}, at=MONDAY)

    assert (with_energy, project.materials.filter(name="节能报告").count()) == (1, 0)
    assert hall.states(project)["jn"] == "not_needed"


def test_a_field_that_six_items_ask_is_asked_once(hall):
    project = hall.draft()

    assert [field["name"] for field in one_form.fields_of(project)] == ["investment", "site"]
    assert one_form.counted(project) == (2, 10)


def test_a_filing_names_everything_that_is_missing_at_once(hall):
    project = hall.draft(national_code="")

    with pytest.raises(actions.Incomplete) as refused:
        actions.file_project(project, by=hall.owner, at=MONDAY, privacy_notice="2026-01")

    assert set(refused.value.faults) == {
        "investment", "site", "national_code", "material-1", "material-2", "material-3", "material-5",
    }  # fmt: skip
    assert Project.objects.get().state == "draft"


@pytest.mark.parametrize("code", ["12345", "2613-512002-04-01-123456", "2600-512002-04-01-123456"])
def test_a_national_code_of_another_form_or_of_no_month_is_refused_in_words(hall, code):
    with pytest.raises(actions.Incomplete, match="项目代码形如"):
        hall.draft(national_code=code)


def test_a_national_code_of_the_years_before_2021_begins_with_its_year(hall):
    assert hall.draft(national_code="2018-512002-41-03-268736").national_code


def test_a_project_code_is_under_way_only_once(hall):
    hall.filed()
    second = hall.draft()
    actions.save_project(second, form={"investment": "1", "site": "别处"}, at=MONDAY)
    hall.bring(second, 1)

    with pytest.raises(actions.Incomplete) as refused:
        actions.file_project(second, by=hall.owner, at=MONDAY, privacy_notice="2026-01")

    assert list(refused.value.faults) == ["national_code"]


def test_the_same_key_gives_the_same_draft_and_never_another_bundles(hall):
    first = hall.draft()
    again = hall.draft(key=first.key)

    assert (again.pk, Project.objects.count()) == (first.pk, 1)


def test_nobody_files_for_a_company_without_its_mandate(hall, other_citizen):
    with pytest.raises(actions.NotAllowed, match="没有.*全权委托"):
        actions.draft_project(
            hall.version, name="别人的项目", applicant=hall.company, at_point=hall.county, channel=Channel.ONLINE,
            answers={"1": "否"}, by=other_citizen, at=MONDAY,
        )  # fmt: skip


def test_a_file_that_is_too_large_is_refused_and_the_draft_keeps_what_it_had(hall):
    project = hall.draft()
    material = project.materials.get(name="营业执照")
    actions.attach_paper(material, a_scan(), by=hall.owner, at=MONDAY)
    large = SimpleUploadedFile("大图.png", PNG + b"0" * MAX_BYTES)

    with pytest.raises(BadFile, match="超过20 MB上限"):
        actions.attach_paper(material, large, by=hall.owner, at=MONDAY)

    assert material.files.get().name == "扫描件.png"


def test_a_paper_replaced_once_is_replaced_for_all_who_use_it_and_its_versions_are_kept(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    licence = project.materials.get(name="营业执照")

    actions.replace_paper(
        licence,
        a_scan("新执照.png", PNG + b"\x00IEND\xaeB`\x82"),
        why="法定代表人变更",
        by=hall.heads[ZR],
        at=at("2026-03-04"),
    )

    for code in ("yd", "hp"):
        paper = hall.branch(project, code).case.materials.get(name="营业执照")
        assert list(paper.files.order_by("number").values_list("name", "is_current")) == [
            ("扫描件.png", False), ("新执照.png", True),
        ]  # fmt: skip
        assert hall.branch(project, code).case.events.filter(verb="paper_replaced").count() == 1
    decided = hall.branch(project, "ba").case.materials.get(name="营业执照")
    assert decided.files.get().name == "扫描件.png"


def test_a_paper_of_a_branch_that_the_answers_switched_off_is_not_taken_in(hall):
    project = hall.draft(energy="是")
    report = project.materials.get(name="节能报告")
    actions.change_answers(project, {"1": "否"}, at=MONDAY)

    with pytest.raises(actions.NotAllowed, match="没有分项用到“节能报告”"):
        actions.attach_paper(report, a_scan(), by=hall.owner, at=MONDAY)

    assert not report.files.exists()


def test_a_paper_on_which_all_who_use_it_have_decided_stays_what_they_decided_on(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    form = project.materials.get(name="备案申请表")

    with pytest.raises(actions.NotAllowed, match="用到“备案申请表”的分项都已办结"):
        actions.replace_paper(form, a_scan("新表.png"), why="写错了", by=hall.heads[ZR], at=at("2026-03-04"))

    assert form.files.get().name == "扫描件.png"


def test_a_department_gets_only_the_papers_of_its_own_item(hall):
    project = hall.running()

    assert set(hall.branch(project, "ba").case.materials.values_list("name", flat=True)) == {
        "备案申请表",
        "营业执照",
    }


def test_a_result_that_feeds_another_branch_needs_no_paper(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    paper = hall.branch(project, "yd").case.materials.get(name="项目备案证")

    assert (paper.state, paper.is_present) == ("shared", True)


def test_a_version_published_while_a_draft_is_open_stops_the_filing_until_it_is_renewed(hall, centre_admin):
    project = hall.draft()
    actions.save_project(project, form={"investment": "6000", "site": "城南"}, at=MONDAY)
    hall.bring(project, 1)
    bundle = hall.version.bundle
    version = actions.draft_version(bundle, by=centre_admin, at=MONDAY)
    actions.publish(version, on=MONDAY.date(), by=centre_admin, at=MONDAY)

    with pytest.raises(actions.NotAllowed, match="刚刚更新"):
        actions.file_project(project, by=hall.owner, at=MONDAY, privacy_notice="2026-01")
    actions.renew_project(Project.objects.get(pk=project.pk), at=MONDAY)
    filed = actions.file_project(Project.objects.get(), by=hall.owner, at=MONDAY, privacy_notice="2026-01")

    assert (filed.state, filed.version_id) == ("filed", version.pk)
    assert filed.form == {"investment": "6000", "site": "城南"}


def test_a_running_project_keeps_its_version(hall, centre_admin):
    project = hall.running()
    version = actions.draft_version(hall.version.bundle, by=centre_admin, at=MONDAY)
    actions.publish(version, on=MONDAY.date(), by=centre_admin, at=MONDAY)

    hall.grant(project, "ba", moment=at("2026-03-03"))

    assert hall.branch(project, "yd").state == "open"
    assert Project.objects.get(pk=project.pk).version_id == hall.version.pk


def test_only_the_lead_confirms_which_branches_apply_and_says_why_one_does_not(hall):
    project = hall.filed()
    left_out = {hall.branch(project, "hp").pk: "登记表项目，无需审批"}

    with pytest.raises(actions.NotAllowed, match="由牵头部门发展和改革局办理"):
        actions.confirm(project, left_out=left_out, by=hall.heads[ZJ], at=MONDAY)
    with pytest.raises(actions.Incomplete, match="理由"):
        actions.confirm(project, left_out={hall.branch(project, "hp").pk: " "}, by=hall.heads[FG], at=MONDAY)
    actions.confirm(project, left_out=left_out, by=hall.heads[FG], at=MONDAY)

    assert hall.states(project)["hp"] == "not_needed"
    assert project.events.get(verb="dropped").reason == "登记表项目，无需审批"
    assert not project.materials.filter(name="环评报告表").exclude(uses=None).exists()


def test_a_stage_is_not_received_with_a_paper_missing(hall):
    project = hall.filed()
    actions.confirm(project, left_out={}, by=hall.heads[FG], at=MONDAY)

    with pytest.raises(actions.Incomplete, match="还缺3份必要材料"):
        actions.receive(hall.stage(project, 2), by=hall.heads[FG], at=MONDAY)


def test_what_a_citizen_files_is_confirmed_received_and_dispatched_in_the_same_moment(hall):
    sheet = a_sheet()
    bundle = actions.enter_bundle(
        "YJS", "开餐馆一件事", audience="citizen", lead=FG, by=None, at=at("2025-01-01")
    )
    version = actions.fill_draft(bundle.versions.get(), sheet, by=None, at=at("2025-01-01"))
    hall.version = actions.publish(version, on=at("2025-01-01").date(), by=None, at=at("2025-01-01"))

    project = hall.filed(national_code="")

    assert (project.state, hall.stage(project, 1).state) == ("running", "dispatched")
    assert hall.branch(project, "ba").answer_by is not None


def test_a_branch_of_the_city_is_handled_there_with_the_citys_department(hall, city):
    sheet = a_sheet()
    branches = tuple(
        BranchFacts("hp", "", "XK-hp", "生态环境局", 1, 7, level="3") if one.code == "hp" else one
        for one in sheet.branches
    )
    bundle = actions.enter_bundle(
        "TZ2", "两级审批项目", audience="investment", lead=FG, by=None, at=at("2025-01-01")
    )
    two_levels = type(sheet)(
        sheet.stages, branches, sheet.edges, sheet.questions, sheet.materials, sheet.legal_days
    )
    version = actions.fill_draft(bundle.versions.get(), two_levels, by=None, at=at("2025-01-01"))
    hall.version = actions.publish(version, on=at("2025-01-01").date(), by=None, at=at("2025-01-01"))

    project = hall.draft(name="两级项目")

    assert {code: hall.branch(project, code).point for code in ("ba", "hp")} == {
        "ba": hall.county,
        "hp": city,
    }


def test_a_draft_is_deleted_without_a_trace(hall):
    project = hall.draft()

    actions.discard_project(project)

    assert not Project.objects.exists()


def test_one_name_for_two_questions_is_asked_twice_and_each_item_gets_its_own_answer():
    trader = [{"name": "scope", "label": "经营范围", "required": True}]
    food = [
        {"name": "scope", "label": "主要经营项目", "choices": ["热食"]},
        {"name": "area", "label": "面积"},
    ]
    keys = one_form.keys_in([(trader, True), (food, True)])

    asked = one_form.merged([trader, food], keys)
    answers = {"scope": "餐饮服务", "scope_2": "热食", "area": "60"}

    assert [field["name"] for field in asked] == ["scope", "scope_2", "area"]
    assert one_form.form_of(food, answers, keys) == {"scope": "热食", "area": "60"}
    assert one_form.form_of(trader, answers, keys) == {"scope": "餐饮服务"}
    assert one_form.keys_in([(trader, False), (food, True)]) == keys  # whichever branches apply


def test_the_case_of_an_item_that_asks_for_the_project_is_told_its_name_and_code(hall):
    hall.asks_for_the_project("ba")

    project = hall.running()

    form = hall.branch(project, "ba").case.form
    assert (form["project_name"], form["project_code"]) == (project.name, project.national_code)
    assert form["investment"] == "6000"


def test_the_end_of_a_period_follows_its_beginning_under_whatever_name_the_one_form_gives_it():
    first = [{"name": "from_on", "label": "起始日期"}]
    works = [
        {"name": "from_on", "label": "开始日期"},
        {"name": "to_on", "label": "结束日期", "not_before": "from_on"},
    ]

    merged = {field["label"]: field for field in one_form.merged([first, works])}

    assert merged["结束日期"]["not_before"] == merged["开始日期"]["name"] == "from_on_2"
