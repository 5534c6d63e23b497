"""调整: a refusal stands until its department decides anew; the lead re-plans and never overrides."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apps.cases import actions as cases
from apps.workflows import actions
from apps.workflows.models import Project, ProjectBranch
from tests.cast import a_scan, at

from .projects import FG, HB, ZJ, ZR

TUESDAY, WEDNESDAY = at("2026-03-03"), at("2026-03-04")


@pytest.fixture
def refused(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=TUESDAY)
    hall.refuse(project, "hp", moment=WEDNESDAY)
    return project


def test_a_refused_branch_is_never_left_out_not_even_after_it_was_taken_up_again(hall, refused):
    with pytest.raises(actions.NotAllowed, match="曾被不予许可"):
        actions.leave_out(hall.branch(refused, "hp"), why="不要了", by=hall.heads[ZR], at=WEDNESDAY)
    actions.reopen(hall.branch(refused, "hp"), why="改方案", by=hall.heads[ZR], at=WEDNESDAY)
    with pytest.raises(actions.NotAllowed, match="曾被不予许可"):
        actions.leave_out(hall.branch(refused, "hp"), why="不要了", by=hall.heads[ZR], at=WEDNESDAY)

    with pytest.raises(IntegrityError, match="what_was_refused_is_not_left_out"), transaction.atomic():
        ProjectBranch.objects.filter(project=refused, code="hp").update(state="not_needed", reason="x")


def test_nobody_but_its_department_decides_a_branch(hall, refused):
    actions.reopen(hall.branch(refused, "hp"), why="改方案", by=hall.heads[ZR], at=WEDNESDAY)
    actions.answer(hall.branch(refused, "hp"), "accept", by=hall.heads[HB], at=WEDNESDAY)
    case = hall.examined(refused, "hp", moment=WEDNESDAY)

    for stranger in (hall.approvers[ZR], hall.approvers[FG], hall.heads[ZR]):
        with pytest.raises(cases.NotAllowed, match="没有办理这个事项的有效授权书"):
            cases.grant(case, by=stranger, at=WEDNESDAY)


def test_the_case_of_a_branch_taken_up_again_runs_from_that_day_and_says_so(hall, refused):
    """Nobody asked for a supplement: the case may not say that one was completed."""
    actions.reopen(hall.branch(refused, "hp"), why="改方案", by=hall.heads[ZR], at=WEDNESDAY)
    actions.answer(hall.branch(refused, "hp"), "accept", by=hall.heads[HB], at=WEDNESDAY)

    branch = hall.branch(refused, "hp")
    day = f"{WEDNESDAY.month}月{WEDNESDAY.day}日"
    assert branch.opened_on == WEDNESDAY.date()
    assert f"自调整方案重办之日{day}起算" in branch.case.events.get().reason


def test_only_the_lead_of_the_stage_takes_a_branch_up_again(hall, refused):
    with pytest.raises(actions.NotAllowed, match="由牵头部门自然资源和规划局办理"):
        actions.reopen(hall.branch(refused, "hp"), why="改方案", by=hall.heads[HB], at=WEDNESDAY)


def test_a_stage_with_a_refusal_does_not_finish_by_itself_and_ends_by_the_lead_with_the_others_terminated(
    hall, refused
):
    stage = hall.stage(refused, 1)

    actions.end_stage(stage, why="环评不予许可，方案无法调整", by=hall.heads[ZR], at=WEDNESDAY)

    assert hall.stage(refused, 1).state == "refused"
    assert hall.branch(refused, "yd").case.status == "terminated"
    assert hall.states(refused) | {} == {
        "ba": "granted", "yd": "returned", "hp": "refused", "jn": "not_needed", "gg": "blocked", "sg": "blocked",
    }  # fmt: skip
    assert Project.objects.get(pk=refused.pk).state == "refused"


def test_a_stage_in_which_nothing_fell_cannot_be_ended(hall):
    project = hall.running()

    with pytest.raises(actions.NotAllowed, match="没有不予许可或退回的分项"):
        actions.end_stage(hall.stage(project, 1), why="不想办了", by=hall.heads[ZR], at=TUESDAY)


def test_a_branch_withdrawn_by_the_applicant_blocks_who_waits_and_the_lead_can_leave_it_out(hall):
    project = hall.running(energy="是")
    hall.grant(project, "ba", moment=TUESDAY)

    actions.withdraw_branch(hall.branch(project, "jn"), why="不再扩大用电", by=hall.owner, at=WEDNESDAY)
    blocked = hall.states(project)["sg"]
    actions.leave_out(
        hall.branch(project, "jn"), why="用电量核减，不需节能审查", by=hall.heads[ZR], at=WEDNESDAY
    )

    assert (blocked, hall.states(project)["sg"], hall.states(project)["jn"]) == (
        "blocked",
        "waiting",
        "not_needed",
    )


def test_somebody_elses_project_cannot_be_withdrawn(hall, other_citizen):
    project = hall.running()

    with pytest.raises(actions.NotAllowed, match="只有申请人、受理窗口或牵头部门"):
        actions.withdraw_project(project, why="捣乱", by=other_citizen, at=TUESDAY)


def test_a_withdrawn_project_keeps_what_was_decided(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=TUESDAY)

    actions.withdraw_project(project, why="停止投资", by=hall.owner, at=WEDNESDAY)

    assert hall.states(project) | {} == {
        "ba": "granted", "yd": "withdrawn", "hp": "withdrawn", "jn": "not_needed", "gg": "withdrawn", "sg": "withdrawn",
    }  # fmt: skip
    assert hall.branch(project, "yd").case.status == "withdrawn"


def test_a_paused_branch_stops_the_stage_only_when_nothing_else_runs(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=TUESDAY)
    for code in ("yd", "hp"):
        branch = hall.branch(project, code)
        cases.start_review(branch.case, by=hall.head_of(branch), at=WEDNESDAY)

    one, two = hall.branch(project, "hp").case, hall.branch(project, "yd").case
    cases.pause(one, "专家评审", days_needed=10, reason="专家评审", by=hall.heads[HB], at=WEDNESDAY)
    assert hall.stage(project, 1).paused_since is None
    cases.pause(two, "检测", days_needed=10, reason="土壤检测", by=hall.heads[ZR], at=at("2026-03-05"))
    assert hall.stage(project, 1).paused_since == date(2026, 3, 5)
    cases.resume(two, result="合格", by=hall.heads[ZR], at=at("2026-03-10"))

    stage = hall.stage(project, 1)
    assert (stage.paused_since, stage.due_on) == (None, date(2026, 3, 26))
    assert stage.pauses.get().to_on == date(2026, 3, 10)


def test_a_stage_is_extended_once_by_at_most_fifteen_days_and_in_time(hall, leader):
    project = hall.running()
    stage = hall.stage(project, 1)
    with pytest.raises(actions.Incomplete, match="1至15"):
        actions.extend_stage(stage, days=16, reason="情况复杂", by=leader, at=TUESDAY)
    with pytest.raises(actions.NotAllowed, match="已过"):
        actions.extend_stage(stage, days=5, reason="情况复杂", by=leader, at=at("2026-03-24"))

    actions.extend_stage(stage, days=5, reason="情况复杂", by=leader, at=TUESDAY)

    stage = hall.stage(project, 1)
    assert (stage.due_on, stage.statutory_due_on) == (date(2026, 3, 30), date(2026, 5, 14))
    with pytest.raises(actions.NotAllowed, match="只能延期一次"):
        actions.extend_stage(stage, days=5, reason="情况复杂", by=leader, at=TUESDAY)


def test_results_are_handed_over_by_the_lead_when_all_has_ended(hall):
    project = hall.running()
    with pytest.raises(actions.NotAllowed, match="不能出件"):
        actions.hand_over(hall.stage(project, 1), way="counter", proof="李明", by=hall.heads[ZR], at=TUESDAY)
    for code in ("ba", "yd", "hp"):
        hall.grant(project, code, moment=WEDNESDAY)
    with pytest.raises(actions.NotAllowed, match="由牵头部门自然资源和规划局办理"):
        actions.hand_over(
            hall.stage(project, 1), way="counter", proof="李明", by=hall.heads[ZJ], at=WEDNESDAY
        )

    actions.hand_over(hall.stage(project, 1), way="counter", proof="李明", by=hall.heads[ZR], at=WEDNESDAY)

    facts = project.events.get(verb="handed_over").facts
    assert [one["code"] for one in facts["results"]] == ["ba", "yd", "hp"]


# ── what was asked of anybody ends with what it was asked for ────────────────────────────────────────
def wanted(hall, project, code="hp"):
    """The department of a branch wants a supplement; the others accept."""
    for one in project.branches.filter(stage__number=1, state="waiting").order_by("id"):
        branch = hall.branch(project, one.code)
        said = "supplement" if branch.code == code else "accept"
        wishes = [actions.Wish("看不清")] if said == "supplement" else []
        actions.answer(branch, said, wishes=wishes, by=hall.head_of(branch), at=at("2026-03-02"))


def test_a_withdrawn_project_asks_nobody_for_anything_any_more(hall):
    stage = hall.dispatched()
    project = stage.project
    wanted(hall, project)
    notice = actions.send_notice(stage, by=hall.heads[ZR], at=at("2026-03-02"))
    actions.convene(
        project,
        "opinion",
        subject="布局",
        departments=[hall.departments[FG]],
        stage=stage,
        by=hall.heads[ZR],
        at=TUESDAY,
    )

    actions.withdraw_project(project, why="停止投资", by=hall.owner, at=TUESDAY)

    notice.refresh_from_db()
    assert notice.lapsed_at is not None
    assert project.consultations.get().state == "called_off"
    assert actions.note_silence(at=at("2026-06-01")) == 0
    with pytest.raises(actions.NotAllowed):
        actions.answer_notice(notice, {}, by=hall.owner, at=WEDNESDAY)


def test_day_0_behind_a_branch_that_was_left_out_is_the_day_it_was_left_out(hall):
    stage = hall.dispatched()
    project = stage.project
    actions.answer(
        hall.branch(project, "ba"), "out_of_scope", words="由省办理", by=hall.heads[FG], at=at("2026-03-02")
    )
    for code in ("yd", "hp"):
        actions.answer(
            hall.branch(project, code),
            "accept",
            by=hall.head_of(hall.branch(project, code)),
            at=at("2026-03-02"),
        )
    actions.accept_stage(stage, by=hall.heads[ZR], at=TUESDAY)

    actions.leave_out(hall.branch(project, "ba"), why="省里已经备案", by=hall.heads[ZR], at=at("2026-03-25"))

    branch = hall.branch(project, "yd")
    assert (branch.state, branch.opened_on) == ("open", date(2026, 3, 25))
    assert "自前置“企业投资项目备案”确定不需要办之日3月25日起算" in branch.case.events.get().reason


def test_a_stage_whose_notice_lapsed_is_accepted_by_law_five_days_later(hall):
    stage = hall.dispatched()
    project = stage.project
    wanted(hall, project)
    actions.send_notice(stage, by=hall.heads[ZR], at=at("2026-03-02"))
    assert hall.stage(project, 1).accept_by is None

    actions.lapse_notices(at=at("2026-04-02"))

    assert hall.states(project)["hp"] == "withdrawn"
    assert hall.stage(project, 1).accept_by == date(2026, 4, 10)
    assert actions.deem_stages(at=at("2026-04-13")) == 1
    assert hall.branch(project, "ba").opened_on == date(2026, 4, 2)


def test_a_stage_of_which_everything_was_withdrawn_ends_before_it_was_accepted(hall):
    stage = hall.dispatched()
    project = stage.project
    for code in ("ba", "yd", "hp"):
        actions.withdraw_branch(hall.branch(project, code), why="不办了", by=hall.owner, at=TUESDAY)

    assert hall.stage(project, 1).state == "withdrawn"
    for code in ("gg", "sg"):
        actions.withdraw_branch(hall.branch(project, code), why="不办了", by=hall.owner, at=TUESDAY)
    assert Project.objects.get(pk=project.pk).state == "withdrawn"


def test_a_notice_that_lapses_leaves_a_branch_alone_that_was_taken_up_anew(hall):
    stage = hall.dispatched()
    project = stage.project
    wanted(hall, project)
    actions.send_notice(stage, by=hall.heads[ZR], at=at("2026-03-02"))
    actions.withdraw_branch(hall.branch(project, "hp"), why="换方案", by=hall.owner, at=TUESDAY)
    actions.reopen(hall.branch(project, "hp"), why="新方案", by=hall.heads[ZR], at=TUESDAY)
    actions.answer(hall.branch(project, "hp"), "accept", by=hall.heads[HB], at=TUESDAY)

    actions.lapse_notices(at=at("2026-04-02"))

    assert hall.branch(project, "hp").state == "waiting"


def test_a_notice_asks_for_nothing_that_was_withdrawn_and_waits_for_nobody_who_was_left_out(hall):
    stage = hall.dispatched()
    project = stage.project
    for code in ("ba", "hp"):
        actions.answer(
            hall.branch(project, code), "supplement", wishes=[actions.Wish("看不清")],
            by=hall.head_of(hall.branch(project, code)), at=at("2026-03-02"),
        )  # fmt: skip
    actions.withdraw_branch(hall.branch(project, "hp"), why="不办了", by=hall.owner, at=at("2026-03-02"))
    actions.leave_out(hall.branch(project, "yd"), why="不需用地", by=hall.heads[ZR], at=at("2026-03-02"))

    notice = actions.send_notice(stage, by=hall.heads[ZR], at=at("2026-03-02"))

    assert list(notice.wishes.values_list("branch__code", flat=True)) == ["ba"]


def test_a_wish_that_was_not_told_within_five_days_is_too_late(hall):
    stage = hall.dispatched()
    project = stage.project
    wanted(hall, project)

    actions.deem_stages(at=at("2026-03-10"))

    assert (hall.branch(project, "hp").answer, hall.branch(project, "hp").wishes.count()) == ("accept", 0)
    with pytest.raises(actions.NotAllowed, match="没有部门要求补正"):
        actions.send_notice(stage, by=hall.heads[ZR], at=at("2026-03-10"))


@pytest.mark.parametrize("first", ["handed over", "ended"])
def test_a_project_comes_to_the_same_end_in_whatever_order_its_stages_end(hall, first):
    project = hall.running()
    for code in ("ba", "yd", "hp"):
        hall.grant(project, code, moment=WEDNESDAY)
    hall.second_stage(project, moment=at("2026-03-05"))
    hall.refuse(project, "gg", moment=at("2026-03-06"))
    acts = [
        lambda: actions.hand_over(
            hall.stage(project, 1), way="counter", proof="李明", by=hall.heads[ZR], at=at("2026-03-09")
        ),
        lambda: actions.end_stage(
            hall.stage(project, 2), why="方案不能调整", by=hall.heads[ZJ], at=at("2026-03-09")
        ),
    ]

    for act in acts if first == "handed over" else reversed(acts):
        act()

    assert Project.objects.get(pk=project.pk).state == "refused"


def test_a_stage_that_ends_takes_the_stages_along_in_which_nothing_can_begin(hall):
    stage = hall.dispatched()
    project = stage.project
    actions.answer(
        hall.branch(project, "ba"), "out_of_scope", words="由省办理", by=hall.heads[FG], at=at("2026-03-02")
    )

    actions.end_stage(stage, why="不在本级办理", by=hall.heads[ZR], at=TUESDAY)

    assert [hall.stage(project, number).state for number in (1, 2)] == ["refused", "refused"]
    assert Project.objects.get(pk=project.pk).state == "refused"


def test_a_department_that_leads_nothing_neither_receives_nor_withdraws_nor_chases(hall):
    project = hall.filed()
    actions.confirm(project, left_out={}, by=hall.heads[FG], at=TUESDAY)
    stranger = hall.heads[HB]

    for act in (
        lambda: actions.receive(hall.stage(project, 1), by=stranger, at=TUESDAY),
        lambda: actions.withdraw_project(project, why="不想干了", by=stranger, at=TUESDAY),
        lambda: actions.chase(hall.branch(project, "ba"), words="快办", by=stranger, at=TUESDAY),
    ):
        with pytest.raises(actions.NotAllowed):
            act()


def test_a_paper_that_a_branch_left_out_was_to_produce_can_be_brought(hall):
    project = hall.running()
    actions.withdraw_branch(hall.branch(project, "ba"), why="省里备案", by=hall.owner, at=TUESDAY)
    actions.leave_out(hall.branch(project, "ba"), why="省里已备案", by=hall.heads[ZR], at=TUESDAY)
    paper = project.materials.get(name="项目备案证")

    actions.attach_paper(paper, a_scan(), by=hall.owner, at=TUESDAY)

    paper.refresh_from_db()
    assert (paper.state, paper.files.count()) == ("uploaded", 1)
