"""一个项目从申报到出件: the flow of parallel approval, step by step."""

from datetime import date

from apps.cases.models import Case
from apps.workflows import actions
from apps.workflows.models import Project
from tests.cast import at

from .projects import ZJ, ZR


def test_a_bundle_becomes_a_branch_for_each_of_its_items_and_says_which_do_not_apply(hall):
    project = hall.draft()

    assert hall.states(project) == {
        "ba": "waiting", "yd": "waiting", "hp": "waiting", "jn": "not_needed", "gg": "waiting", "sg": "waiting",
    }  # fmt: skip
    assert hall.branch(project, "jn").reason == "按情形问卷不需要办理"


def test_a_paper_that_three_branches_use_is_asked_for_once_and_a_result_of_another_not_at_all(hall):
    project = hall.draft()
    papers = {m.name: sorted(m.uses.values_list("branch__code", flat=True)) for m in project.materials.all()}

    assert papers["营业执照"] == ["ba", "hp", "yd"]
    assert project.materials.get(name="项目备案证").state == "produced"


def test_the_first_branch_has_its_case_the_moment_the_stage_is_accepted(hall):
    project = hall.running()
    branch = hall.branch(project, "ba")

    assert branch.state == "open"
    assert branch.case.status == "accepted"
    assert branch.case.accepted_on == date(2026, 3, 2)
    assert branch.case.due_on == date(2026, 3, 3)
    assert hall.states(project)["yd"] == "waiting"


def test_day_0_of_a_branch_is_the_day_its_last_prerequisite_was_decided(hall):
    project = hall.running()

    hall.grant(project, "ba", moment=at("2026-03-04"))
    branch = hall.branch(project, "yd")

    assert (branch.state, branch.opened_on) == ("open", date(2026, 3, 4))
    assert branch.case.due_on == date(2026, 3, 13)
    assert "自前置“企业投资项目备案”办结之日3月4日起算" in branch.case.events.get().reason


def test_a_project_runs_through_to_the_handing_over_of_all_its_results(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    hall.grant(project, "yd", moment=at("2026-03-05"))
    hall.second_stage(project, moment=at("2026-03-06"))
    hall.grant(project, "hp", moment=at("2026-03-09"))
    hall.grant(project, "gg", moment=at("2026-03-10"))
    hall.grant(project, "sg", moment=at("2026-03-11"))
    project.refresh_from_db()
    assert project.state == "closing"

    actions.hand_over(
        hall.stage(project, 1), way="counter", proof="李明签收", by=hall.heads[ZR], at=at("2026-03-11")
    )
    actions.hand_over(
        hall.stage(project, 2), way="counter", proof="李明签收", by=hall.heads[ZJ], at=at("2026-03-12")
    )

    project = Project.objects.get(pk=project.pk)
    assert (project.state, project.closed_on) == ("closed", date(2026, 3, 12))
    assert set(Case.objects.filter(branch__project=project).values_list("status", flat=True)) == {"delivered"}
    assert hall.stage(project, 1).finished_on == date(2026, 3, 9)


def test_a_refusal_blocks_what_waits_for_it_and_another_scheme_opens_it_anew(hall):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))

    hall.refuse(project, "hp", moment=at("2026-03-05"))

    assert hall.states(project) | {} == {
        "ba": "granted", "yd": "open", "hp": "refused", "jn": "not_needed", "gg": "waiting", "sg": "blocked",
    }  # fmt: skip
    branch = actions.reopen(
        hall.branch(project, "hp"), why="改用清洁能源", by=hall.heads[ZR], at=at("2026-03-09")
    )
    assert hall.states(project)["sg"] == "waiting"
    actions.answer(branch, "accept", by=hall.head_of(branch), at=at("2026-03-10"))
    branch = hall.branch(project, "hp")
    assert (branch.state, branch.opened_on, branch.attempt) == ("open", date(2026, 3, 9), 2)
    assert branch.attempts.get().case.status == "refused"
