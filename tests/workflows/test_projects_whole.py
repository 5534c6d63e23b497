"""What the random walk has found, told one by one."""

from datetime import date

import pytest

from apps.cases import actions as cases
from apps.cases.models import CaseFile
from apps.workflows import actions
from apps.workflows.models import StagePause
from tests.cast import a_scan, at

from .projects import FG, LICENCE, MONDAY, ZJ, ZR

TUESDAY, WEDNESDAY = at("2026-03-03"), at("2026-03-04")


def test_a_shared_paper_brought_anew_for_one_branch_reaches_who_works_with_it_already(hall):
    stage = hall.dispatched()
    project = stage.project
    for code, said in {"ba": "accept", "yd": "accept", "hp": "supplement"}.items():
        paper = project.materials.get(name=LICENCE).pk
        wishes = [actions.Wish("执照过期了", paper)] if said == "supplement" else []
        branch = hall.branch(project, code)
        actions.answer(branch, said, wishes=wishes, by=hall.head_of(branch), at=MONDAY)
    actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.accept_stage(stage, by=hall.heads[ZR], at=MONDAY)

    stored = actions.attach_paper(
        project.materials.get(name=LICENCE), a_scan("新执照.png"), by=hall.owner, at=TUESDAY
    )

    case = hall.branch(project, "ba").case
    files = CaseFile.objects.filter(material__case=case, material__name=LICENCE).order_by("number")
    assert list(files.values_list("number", "name", "is_current")) == [
        (1, "扫描件.png", False),
        (2, "新执照.png", True),
    ]
    assert case.events.get(verb="paper_replaced").reason == "申请人提交了新的一份"
    assert project.events.get(verb="paper_replaced").facts == {
        "material": LICENCE, "version": stored.number, "cases": 1,
    }  # fmt: skip


def test_a_stage_that_stood_still_does_so_no_longer_once_the_project_is_withdrawn(hall):
    project = hall.running()
    branch = hall.branch(project, "ba")
    cases.start_review(branch.case, by=hall.heads[FG], at=MONDAY)
    cases.pause(branch.case, "专家评审", days_needed=5, reason="要评审", by=hall.heads[FG], at=MONDAY)
    assert hall.stage(project, 1).paused_since == date(2026, 3, 2)

    actions.withdraw_project(project, why="停止投资", by=hall.owner, at=WEDNESDAY)

    assert hall.stage(project, 1).paused_since is None
    assert StagePause.objects.get().to_on == date(2026, 3, 4)


def test_a_branch_is_not_taken_in_any_more_once_who_should_have_waited_for_it_has_begun(hall):
    """节能 is in the first stage, and 施工 of the second would wait for it where it applies."""
    project = hall.filed()
    actions.confirm(project, left_out={}, by=hall.heads[FG], at=MONDAY)
    hall.bring(project, 2)
    stage = actions.receive(hall.stage(project, 2), by=hall.heads[ZJ], at=MONDAY)
    for code in ("ba", "yd", "hp", "gg"):
        actions.leave_out(
            hall.branch(project, code), why="已在省里办完", by=lead(hall, project, code), at=MONDAY
        )
    actions.dispatch(stage, by=hall.heads[ZJ], at=MONDAY)
    actions.answer(hall.branch(project, "sg"), "accept", by=hall.heads[ZJ], at=MONDAY)
    actions.accept_stage(stage, by=hall.heads[ZJ], at=MONDAY)
    assert hall.branch(project, "sg").state == "open"

    with pytest.raises(actions.NotAllowed, match="“建筑工程施工许可”要等它的结果，但已经开办"):
        actions.take_in(hall.branch(project, "jn"), why="用电量大", by=hall.heads[ZR], at=TUESDAY)


def lead(hall, project, code):
    return hall.heads[hall.branch(project, code).stage.lead.name]


@pytest.mark.parametrize(
    ("way", "proof", "says"), [("飞鸽", "李明", "送达方式"), ("counter", " ", "送达凭证")]
)
def test_a_hand_over_says_how_though_every_result_is_with_the_applicant_already(hall, way, proof, says):
    project = hall.running()
    for code in ("ba", "yd", "hp"):
        branch = hall.grant(project, code, moment=TUESDAY)
        cases.deliver(branch.case, "counter", proof="李明", by=hall.head_of(branch), at=TUESDAY)

    with pytest.raises(actions.Incomplete, match=says):
        actions.hand_over(hall.stage(project, 1), way=way, proof=proof, by=hall.heads[ZR], at=TUESDAY)


def test_the_list_is_confirmed_with_what_was_withdrawn_meanwhile(hall):
    """What waits for a branch that was withdrawn before the lead confirmed is blocked, and can be left out with it."""
    project = hall.filed()
    actions.withdraw_branch(hall.branch(project, "ba"), why="省里已备案", by=hall.owner, at=MONDAY)
    jn, hp = hall.branch(project, "jn"), hall.branch(project, "hp")
    assert hp.state == "blocked"

    actions.confirm(project, left_out={hp.pk: "登记表即可"}, taken_in=(jn.pk,), by=hall.heads[FG], at=MONDAY)

    states = hall.states(project)
    assert (states["hp"], states["jn"], states["sg"]) == ("not_needed", "blocked", "blocked")


def test_day_0_behind_a_branch_left_out_of_a_stage_that_has_not_begun_is_that_day_too(hall):
    """R20: who waited for a branch could not begin before it was left out, whatever its own stage was doing."""
    project = hall.filed()
    actions.confirm(project, left_out={}, by=hall.heads[FG], at=MONDAY)
    hall.bring(project, 2)
    stage = actions.receive(hall.stage(project, 2), by=hall.heads[ZJ], at=MONDAY)
    actions.dispatch(stage, by=hall.heads[ZJ], at=MONDAY)
    for code in ("gg", "sg"):
        branch = hall.branch(project, code)
        actions.answer(branch, "accept", by=hall.head_of(branch), at=MONDAY)
    actions.accept_stage(stage, by=hall.heads[ZJ], at=MONDAY)

    actions.leave_out(hall.branch(project, "yd"), why="划拨用地，不需预审", by=hall.heads[ZR], at=WEDNESDAY)

    branch = hall.branch(project, "gg")
    assert (branch.state, branch.opened_on) == ("open", WEDNESDAY.date())
