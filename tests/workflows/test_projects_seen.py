"""谁看得见项目: by the post that one holds now, not by what one did in another."""

from apps.accounts import actions as accounts
from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.cases.models import Channel
from apps.points.models import Department
from apps.workflows import actions
from apps.workflows.checking import BranchFacts
from apps.workflows.models import MaterialUse, Project
from apps.workflows.package import readable
from tests.cast import at, make_user

from .projects import CODE, MONDAY, ZJ, a_published_bundle, a_sheet


def taken_in(hall, clerk: User) -> Project:
    project = actions.draft_project(
        hall.version, name="新建冷库", applicant=hall.company, at_point=hall.county, channel=Channel.COUNTER,
        answers={"1": "否"}, by=clerk, at=MONDAY, national_code=CODE,
    )  # fmt: skip
    actions.save_project(project, form={"investment": "1", "site": "城南"}, at=MONDAY)
    hall.bring(project, 1)
    return actions.file_project(project, by=clerk, at=MONDAY, privacy_notice="2026-01")


def sees(user: User, project: Project) -> bool:
    return Project.objects.visible_to(user).filter(pk=project.pk).exists()


def test_who_took_a_project_in_sees_it_at_that_counter_and_no_longer_from_another(hall, county, other_county):
    """A clerk of a department that has no part in it took it in, and is then posted to another county."""
    bureau = Department.objects.create(point=county, code="QX", name="气象局")
    there = Department.objects.create(point=other_county, code="QX", name="气象局")
    clerk = make_user("qx", "气象窗口", Role.CLERK, point=county, department=bureau)
    project = taken_in(hall, clerk)
    assert sees(clerk, project)

    clerk.acting = accounts.assign(
        clerk,
        Role.CLERK,
        point=other_county,
        department=there,
        on=MONDAY.date(),
        by=None,
        at=at("2026-03-03"),
    )

    assert not sees(clerk, project)


def test_a_draft_at_the_counter_is_its_clerk_s_alone(hall, county):
    clerk = make_user("zh", "综合窗口", Role.CLERK, point=county)
    colleague = make_user("zh2", "综合窗口乙", Role.CLERK, point=county)

    draft = actions.draft_project(
        hall.version, name="新建冷库", applicant=hall.company, at_point=county, channel=Channel.COUNTER,
        answers={"1": "否"}, by=clerk, at=MONDAY,
    )  # fmt: skip

    assert (sees(clerk, draft), sees(colleague, draft)) == (True, False)


def test_the_window_of_the_city_that_stands_in_for_its_department_sees_and_answers_and_opens_its_papers(
    hall, city, other_county
):
    """环评 is handled by the city (D-29), whose hall has no 生态环境局."""
    sheet = a_sheet()
    hp = BranchFacts("hp", "", "XK-hp", "生态环境局", 1, 7, level="3")
    branches = tuple(hp if one.code == "hp" else one for one in sheet.branches)
    two_levels = type(sheet)(sheet.stages, branches, sheet.edges, sheet.questions, sheet.materials)
    hall.version = a_published_bundle(two_levels, code="TZ2")
    window = make_user("city-zh", "市综合窗口", Role.CLERK, point=city)
    elsewhere = make_user("other-zh", "安岳综合窗口", Role.CLERK, point=other_county)

    stage = hall.dispatched()
    project = stage.project

    assert (sees(window, project), sees(elsewhere, project)) == (True, False)
    assert list(Project.objects.visible_to(window).awaiting_answer_of(window)) == [project]
    own = MaterialUse.objects.filter(branch__project=project, branch__code="hp").values_list(
        "material", flat=True
    )
    assert set(readable(project, window).values_list("pk", flat=True)) == set(own)
    assert 0 < len(own) < project.materials.exclude(uses=None).count()
    assert actions.answer(hall.branch(project, "hp"), "accept", by=window, at=MONDAY).answered_by == window


def test_a_department_whose_matter_was_left_out_before_it_was_asked_has_no_part_in_the_project(hall, county):
    bureau = Department.objects.create(point=county, code="NY", name="能源局")
    clerk = make_user("ny", "能源窗口", Role.CLERK, point=county, department=bureau)
    project = hall.filed(energy="否")
    project.branches.filter(code="jn").update(department=bureau)
    assert not sees(clerk, project)

    actions.confirm(
        project,
        left_out={},
        taken_in=(hall.branch(project, "jn").pk,),
        by=hall.heads["发展和改革局"],
        at=MONDAY,
    )

    assert sees(clerk, project)


def test_a_department_that_answered_goes_on_seeing_what_it_said_though_its_matter_was_left_out(hall):
    stage = hall.dispatched()
    hp = hall.branch(stage.project, "hp")
    actions.answer(hp, "out_of_scope", words="由市里办理", by=hall.head_of(hp), at=MONDAY)

    actions.leave_out(hp, why="由市里办理", by=hall.heads["自然资源和规划局"], at=MONDAY)

    assert sees(hall.heads["生态环境局"], stage.project)
    assert sees(hall.heads[ZJ], stage.project)
