"""谁看得见项目: by the post that one holds now, not by what one did in another."""

from apps.accounts import actions as accounts
from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.cases.models import Channel
from apps.points.models import Department
from apps.workflows import actions
from apps.workflows.models import Project
from tests.cast import at, make_user

from .projects import CODE, MONDAY


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
