"""这些日期怎么来的 for the stages of a project: what is told says what is stored."""

from datetime import date

import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.calendars import loaded
from apps.cases import actions as cases
from apps.workflows import actions
from apps.workflows.explanation import told
from tests.cast import at, make_user

from .projects import HB, ZR

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def clocks_of(project, number=1):
    return told(project, loaded.current(), TODAY)[number - 1].clocks


def test_the_strip_ends_on_the_stored_dates_of_the_stage(hall):
    project = hall.running()

    promised, at_law = clocks_of(project)

    stage = hall.stage(project, 1)
    assert (promised.due_on, at_law.due_on) == (stage.due_on, stage.statutory_due_on)
    assert (promised.counted, at_law.counted) == (15, 45)
    assert any("四十五日" in words for words, _ in at_law.rules)
    assert not any("都停着" in words for words, _ in promised.rules)


def test_days_on_which_no_branch_ran_do_not_count_and_say_why(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    for code, name in (("yd", ZR), ("hp", HB)):
        case = hall.branch(project, code).case
        cases.start_review(case, by=hall.heads[name], at=at("2026-03-04"))
        cases.pause(case, "专家评审", days_needed=5, reason="评审", by=hall.heads[name], at=at("2026-03-04"))
    case = hall.branch(project, "yd").case
    cases.resume(case, result="通过", by=hall.heads[ZR], at=at("2026-03-09"))

    promised, _ = clocks_of(project)

    stage = hall.stage(project, 1)
    stopped = [cell for week in promised.weeks for cell in week if cell and cell.kind == "paused"]
    assert [cell.day.day for cell in stopped] == [5, 6, 9]
    assert {cell.why for cell in stopped} == {"没有分项在办，暂停"}
    assert promised.due_on == stage.due_on == date(2026, 3, 26)
    assert any("都停着" in words for words, _ in promised.rules)


def test_an_extended_stage_is_told_with_its_extension(hall):
    project = hall.running()
    actions.extend_stage(
        hall.stage(project, 1), days=3, reason="方案调整", by=hall.heads[ZR], at=at("2026-03-20")
    )

    promised, at_law = clocks_of(project)

    stage = hall.stage(project, 1)
    assert (promised.due_on, at_law.due_on) == (stage.due_on, stage.statutory_due_on)
    assert any("批准延长" in words for words, _ in promised.rules)


@pytest.mark.query_count("console:project-dates")
def test_staff_and_applicant_read_it_each_on_their_page(hall, client, count_queries):
    project = hall.running()
    for user, name in ((hall.heads[ZR], "console:project-dates"), (hall.owner, "portal:project-dates")):
        client.force_login(user)
        page = client.get(reverse(name, args=[project.number])).content.decode()
        assert "第1阶段 立项用地" in page and "第 15 天" in page and "到期" in page
        assert "还没有收件，期限没有起算。" in page
        assert count_queries(client, reverse(name, args=[project.number])) <= 12
        board = reverse(name.replace("dates", "detail"), args=[project.number])
        assert reverse(name, args=[project.number]) in client.get(board).content.decode()


def test_before_its_acceptance_a_stage_says_by_when_it_is_answered(hall, client):
    stage = hall.received()
    client.force_login(hall.owner)

    page = client.get(reverse("portal:project-dates", args=[stage.project.number])).content.decode()

    assert "答复是否受理的截止日是3月9日（含当天），从3月2日收到材料的第二天数五个工作日" in page


def test_nobody_else_reads_it(hall, client, other_county):
    project = hall.running()
    elsewhere = make_user("elsewhere", "安岳", Role.CENTRE_ADMIN, point=other_county)
    for stranger, name in ((make_user("stranger", "路人"), "portal"), (elsewhere, "console")):
        client.force_login(stranger)

        assert client.get(reverse(f"{name}:project-dates", args=[project.number])).status_code == 404
