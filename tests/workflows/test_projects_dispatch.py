"""分发、答复、一次告知: each department within a working day, all wishes in one letter, day 0 by R20."""

from datetime import date

import pytest

from apps.workflows import actions
from apps.workflows.models import ProjectNotice
from tests.cast import a_scan, at

from .projects import FG, HB, MONDAY, ZJ, ZR

TUESDAY, WEDNESDAY, FRIDAY = at("2026-03-03"), at("2026-03-04"), at("2026-03-06")


def wish(hall, project, name: str, text: str = "看不清"):
    return actions.Wish(text, material=project.materials.get(name=name).pk, remedy="请重新扫描")


def test_every_department_of_the_stage_has_one_working_day_to_answer(hall):
    stage = hall.dispatched(moment=at("2026-03-06"))

    answer_by = {code: hall.branch(stage.project, code).answer_by for code in ("ba", "yd", "hp", "gg")}

    assert answer_by == {"ba": date(2026, 3, 9), "yd": date(2026, 3, 9), "hp": date(2026, 3, 9), "gg": None}


def test_only_the_lead_of_the_stage_dispatches_and_accepts(hall):
    stage = hall.received()

    with pytest.raises(actions.NotAllowed, match="由牵头部门自然资源和规划局办理"):
        actions.dispatch(stage, by=hall.heads[FG], at=MONDAY)
    stage = actions.dispatch(stage, by=hall.heads[ZR], at=MONDAY)
    with pytest.raises(actions.NotAllowed, match="由牵头部门自然资源和规划局办理"):
        actions.accept_stage(stage, by=hall.heads[ZJ], at=MONDAY)


def test_a_department_that_is_not_in_the_project_cannot_answer(hall, window_head):
    stage = hall.dispatched()

    with pytest.raises(actions.NotAllowed, match="由发展和改革局答复"):
        actions.answer(hall.branch(stage.project, "ba"), "accept", by=window_head, at=MONDAY)


def test_an_answer_is_given_once(hall):
    stage = hall.dispatched()
    branch = hall.branch(stage.project, "ba")
    actions.answer(branch, "accept", by=hall.heads[FG], at=MONDAY)

    with pytest.raises(actions.NotAllowed, match="fg首席已经答复“同意受理”"):
        actions.answer(branch, "accept", by=hall.heads[FG], at=MONDAY)


def test_an_answer_a_day_later_does_not_move_day_0(hall):
    stage = hall.dispatched()
    actions.accept_stage(stage, by=hall.heads[ZR], at=MONDAY)

    branch = actions.answer(hall.branch(stage.project, "ba"), "accept", by=hall.heads[FG], at=TUESDAY)

    branch = hall.branch(stage.project, "ba")
    assert (branch.state, branch.opened_on, branch.case.accepted_on) == ("open", MONDAY.date(), MONDAY.date())
    assert branch.case.due_on == date(2026, 3, 3)


def test_the_wishes_of_two_departments_are_told_in_one_notice(hall):
    stage = hall.dispatched()
    project = stage.project
    actions.answer(
        hall.branch(project, "yd"),
        "supplement",
        wishes=[wish(hall, project, "用地申请表")],
        by=hall.heads[ZR],
        at=MONDAY,
    )
    with pytest.raises(actions.NotAllowed, match="还在答复期内"):
        actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.answer(
        hall.branch(project, "hp"), "supplement",
        wishes=[wish(hall, project, "环评报告表"), actions.Wish("建设地点没有写到门牌")], by=hall.heads[HB], at=MONDAY,
    )  # fmt: skip
    actions.answer(hall.branch(project, "ba"), "accept", by=hall.heads[FG], at=MONDAY)

    notice = actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)

    assert notice.wishes.count() == 3
    assert ProjectNotice.objects.count() == 1
    assert project.events.get(verb="notice_sent").facts["departments"] == 2


def test_a_supplement_makes_the_day_of_the_complete_answer_day_0_of_that_branch_alone(hall):
    stage = hall.dispatched()
    project = stage.project
    actions.answer(
        hall.branch(project, "ba"),
        "supplement",
        wishes=[wish(hall, project, "备案申请表")],
        by=hall.heads[FG],
        at=MONDAY,
    )
    for code in ("yd", "hp"):
        branch = hall.branch(project, code)
        actions.answer(branch, "accept", by=hall.head_of(branch), at=MONDAY)
    notice = actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.accept_stage(stage, by=hall.heads[ZR], at=TUESDAY)
    with pytest.raises(actions.Incomplete) as refused:
        actions.answer_notice(notice, {}, by=hall.owner, at=FRIDAY)
    assert len(refused.value.faults) == 1
    actions.attach_paper(project.materials.get(name="备案申请表"), a_scan(), by=hall.owner, at=FRIDAY)
    actions.answer_notice(notice, {}, by=hall.owner, at=FRIDAY)

    actions.answer(hall.branch(project, "ba"), "accept", by=hall.heads[FG], at=at("2026-03-09"))

    branch = hall.branch(project, "ba")
    assert (branch.opened_on, branch.case.due_on) == (date(2026, 3, 6), date(2026, 3, 9))
    assert hall.stage(project, 1).accepted_on == date(2026, 3, 3)


def test_the_stage_clock_stands_still_while_the_only_branch_that_could_run_waits_for_the_applicant(hall):
    stage = hall.dispatched()
    project = stage.project
    actions.answer(
        hall.branch(project, "ba"),
        "supplement",
        wishes=[wish(hall, project, "备案申请表")],
        by=hall.heads[FG],
        at=MONDAY,
    )
    for code in ("yd", "hp"):
        actions.answer(
            hall.branch(project, code), "accept", by=hall.head_of(hall.branch(project, code)), at=MONDAY
        )
    actions.accept_stage(stage, by=hall.heads[ZR], at=MONDAY)
    runs = hall.stage(project, 1).due_on
    notice = actions.send_notice(stage, by=hall.heads[ZR], at=TUESDAY)
    stands = hall.stage(project, 1)

    actions.answer_notice(notice, {notice.wishes.get().pk: "已重新盖章"}, by=hall.owner, at=FRIDAY)

    assert (runs, stands.due_on, stands.paused_since) == (date(2026, 3, 23), None, date(2026, 3, 3))
    assert hall.stage(project, 1).due_on == date(2026, 3, 26)  # 4 to 6 March do not count (R5)


def test_nothing_is_asked_for_twice(hall):
    stage = hall.dispatched()
    project = stage.project
    for code in ("ba", "yd"):
        actions.answer(
            hall.branch(project, code), "accept", by=hall.head_of(hall.branch(project, code)), at=MONDAY
        )
    actions.answer(
        hall.branch(project, "hp"),
        "supplement",
        wishes=[wish(hall, project, "环评报告表")],
        by=hall.heads[HB],
        at=MONDAY,
    )
    notice = actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.answer_notice(notice, {notice.wishes.get().pk: "已补"}, by=hall.owner, at=TUESDAY)

    with pytest.raises(actions.NotAllowed, match="已经一次性告知过申请人"):
        actions.answer(
            hall.branch(project, "hp"),
            "supplement",
            wishes=[wish(hall, project, "环评报告表")],
            by=hall.heads[HB],
            at=TUESDAY,
        )


def test_a_paper_of_another_item_cannot_be_found_faulty(hall):
    stage = hall.dispatched()
    project = stage.project

    with pytest.raises(actions.NotAllowed, match="不是这个分项用到的"):
        actions.answer(
            hall.branch(project, "ba"),
            "supplement",
            wishes=[wish(hall, project, "环评报告表")],
            by=hall.heads[FG],
            at=MONDAY,
        )


def test_what_is_out_of_scope_is_returned_and_blocks_who_waits_for_it(hall):
    stage = hall.dispatched()
    project = stage.project
    with pytest.raises(actions.Incomplete, match="应由谁办理"):
        actions.answer(hall.branch(project, "hp"), "out_of_scope", by=hall.heads[HB], at=MONDAY)

    actions.answer(
        hall.branch(project, "hp"), "out_of_scope", words="由市局办理", by=hall.heads[HB], at=MONDAY
    )

    assert hall.states(project) | {} == {
        "ba": "waiting", "yd": "waiting", "hp": "returned", "jn": "not_needed", "gg": "waiting", "sg": "blocked",
    }  # fmt: skip


def test_a_supplement_that_does_not_come_counts_as_withdrawn(hall):
    stage = hall.dispatched()
    project = stage.project
    actions.answer(
        hall.branch(project, "hp"),
        "supplement",
        wishes=[wish(hall, project, "环评报告表")],
        by=hall.heads[HB],
        at=MONDAY,
    )
    for code in ("ba", "yd"):
        actions.answer(
            hall.branch(project, code), "accept", by=hall.head_of(hall.branch(project, code)), at=MONDAY
        )
    notice = actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)

    assert actions.lapse_notices(at=at(notice.answer_by.isoformat())) == 0
    assert actions.lapse_notices(at=at("2026-04-02")) == 1
    assert actions.lapse_notices(at=at("2026-04-02")) == 0

    assert hall.states(project)["hp"] == "withdrawn"
    with pytest.raises(actions.NotAllowed, match="截止日.*已过"):
        actions.answer_notice(notice, {}, by=hall.owner, at=at("2026-04-02"))


def test_a_package_that_nobody_answers_in_five_working_days_is_accepted_since_its_receipt(hall):
    stage = hall.received()
    project = stage.project

    assert actions.deem_stages(at=at("2026-03-09")) == 0
    assert actions.deem_stages(at=at("2026-03-10")) == 1
    assert actions.deem_stages(at=at("2026-03-10")) == 0

    stage = hall.stage(project, 1)
    assert (stage.state, stage.accepted_on, stage.is_deemed_accepted) == ("running", date(2026, 3, 2), True)
    assert hall.branch(project, "ba").case.accepted_on == date(2026, 3, 2)


def test_a_silent_department_is_noted_late_and_after_five_days_has_accepted_by_law(hall):
    stage = hall.dispatched()
    project = stage.project
    actions.accept_stage(stage, by=hall.heads[ZR], at=MONDAY)

    assert actions.note_late_answers(at=at("2026-03-04")) == 3
    assert actions.note_late_answers(at=at("2026-03-04")) == 0
    assert hall.branch(project, "ba").state == "waiting"
    actions.note_late_answers(at=at("2026-03-10"))

    branch = hall.branch(project, "ba")
    assert (branch.state, branch.is_answer_late, branch.opened_on) == ("open", True, date(2026, 3, 2))


def test_late_is_who_was_asked_and_said_nothing(hall):
    """Not who was never asked, since the lead let the package lie; nor whose wish the lead never passed on."""
    never_asked = hall.received(national_code="2603-512002-04-01-000001").project
    asked = hall.dispatched(national_code="2603-512002-04-01-000002").project
    actions.answer(
        hall.branch(asked, "hp"), "supplement", wishes=[actions.Wish("看不清")], by=hall.heads[HB], at=MONDAY
    )

    actions.deem_stages(at=at("2026-03-10"))  # no night before has noted anything

    late = [dict(one.branches.values_list("code", "is_answer_late")) for one in (never_asked, asked)]
    assert [one["hp"] for one in late] == [False, False]
    assert [one["ba"] for one in late] == [False, True]
    assert asked.events.filter(verb="silent").count() == 2  # 备案 and 用地, though the nights were missed
    assert asked.cards.filter(rule="silent").count() == 2
    assert never_asked.cards.values_list("rule", flat=True).get() == "stage_deemed"


def test_a_refused_step_of_a_stage_names_what_befell_that_stage_and_not_another(hall):
    project = hall.dispatched().project

    with pytest.raises(actions.NotAllowed, match="“待递交”，不能分发") as refused:
        actions.dispatch(hall.stage(project, 2), by=hall.heads[ZJ], at=MONDAY)
    with pytest.raises(actions.NotAllowed, match="“已分发”，不能分发。（zr首席已于03月02日 09:00分发）"):
        actions.dispatch(hall.stage(project, 1), by=hall.heads[ZR], at=MONDAY)

    assert "分发）" not in str(refused.value)
