"""现在要办: which acts the board puts first for whom, and which lie in the drawer of what is done now and then."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.workflows import actions
from apps.workflows.models import ProjectMaterial
from tests.cast import at
from tests.workflows.projects import FG, HB, MONDAY, ZJ, ZR

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(clock):
    """The board of a project as somebody sees it at a moment of the story."""

    def seen(project, user, moment=MONDAY):
        clock(moment)
        client = Client()
        client.force_login(user)
        return client.get(reverse("console:project-detail", args=[project.number]))

    return seen


def daily(page) -> list[str]:
    return [panel.key for panel in page.context["daily"]]


def seldom(page) -> list[str]:
    return [panel.key for panel in page.context["seldom"]]


def test_after_a_refusal_the_lead_finds_the_new_scheme_among_what_is_to_be_done_now(hall, board):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    hall.refuse(project, "hp", moment=at("2026-03-04"))

    page = board(project, hall.heads[ZR], at("2026-03-05"))

    assert daily(page) == ["branch-hp-reopening"]
    assert "branch-hp-reopening" not in seldom(page)
    assert "stage-1-termination" in seldom(page)


def test_a_branch_that_its_department_returned_is_to_be_decided_now_too(hall, board):
    stage = hall.dispatched()
    branch = hall.branch(stage.project, "hp")
    actions.answer(branch, "out_of_scope", words="应由市局办理", by=hall.heads[HB], at=MONDAY)

    page = board(stage.project, hall.heads[ZR])

    assert {"branch-hp-reopening", "branch-hp-removal"} <= set(daily(page))
    assert "branch-hp-reopening" not in daily(board(stage.project, hall.heads[HB]))


def test_what_the_applicant_took_back_is_taken_up_anew_only_now_and_then(hall, board):
    project = hall.running()
    actions.withdraw_branch(hall.branch(project, "hp"), why="不建了", by=hall.owner, at=MONDAY)

    page = board(project, hall.heads[ZR])

    assert "branch-hp-reopening" in seldom(page)
    assert daily(page) == []


def test_the_next_stage_is_not_to_be_received_while_the_one_before_waits_for_a_supplement(hall, board):
    project = hall.told()
    hall.bring(project, 2)

    page = board(project, hall.heads[FG])

    assert daily(page) == []
    assert "stage-2-receipt" in seldom(page)


def test_nor_is_a_stage_accepted_as_a_matter_of_course_while_the_applicant_is_asked(hall, board):
    page = board(hall.told(), hall.heads[ZR])

    assert "stage-1-acceptance" in seldom(page) and daily(page) == []


def test_a_stage_is_accepted_once_all_have_answered_or_had_their_day(hall, board):
    stage = hall.dispatched()
    project = stage.project

    asked = board(project, hall.heads[ZR])
    own = hall.branch(project, "yd")
    actions.answer(own, "accept", by=hall.heads[ZR], at=MONDAY)
    waits = board(project, hall.heads[ZR])
    late = board(project, hall.heads[ZR], at("2026-03-04"))

    assert daily(asked) == ["branch-yd-answer"]
    assert daily(waits) == [] and "stage-1-acceptance" in seldom(waits)
    assert [[one.code for one in branches] for _, branches in waits.context["thinking"]] == [["ba", "hp"]]
    assert "截止日 3月3日（含当天）" in waits.content.decode()
    assert daily(late) == ["stage-1-acceptance"] and late.context["thinking"] == []


def test_wishes_are_merged_once_all_have_answered(hall, board):
    stage = hall.dispatched()
    wishes = [actions.Wish("没有加盖公章", None, "加盖公章")]
    actions.answer(
        hall.branch(stage.project, "yd"), "supplement", wishes=wishes, by=hall.heads[ZR], at=MONDAY
    )

    early = board(stage.project, hall.heads[ZR])
    late = board(stage.project, hall.heads[ZR], at("2026-03-04"))

    assert daily(early) == [] and "stage-1-notice" in seldom(early)
    assert daily(late) == ["stage-1-notice"]


def test_once_the_stage_before_is_accepted_a_complete_package_is_received_now(hall, board):
    project = hall.running()
    hall.bring(project, 2)

    assert daily(board(project, hall.heads[FG])) == ["stage-2-receipt"]


def test_while_papers_are_missing_the_board_says_how_many_instead_of_offering_a_receipt(hall, board):
    project = hall.running()
    missing = ProjectMaterial.objects.missing().filter(project=project, stage__number=2).count()

    page = board(project, hall.heads[FG])

    assert missing == sum(one.is_missing for one in project.materials.filter(stage__number=2)) > 1
    assert "stage-2-receipt" not in daily(page) and "stage-2-receipt" in seldom(page)
    assert [(stage.number, number) for stage, number in page.context["awaited"]] == [(2, missing)]
    assert f"还缺 {missing} 份必要材料" in page.content.decode()
    assert board(project, hall.heads[HB]).context["awaited"] == []


def test_a_stage_two_ahead_is_not_waited_for_yet(hall, board):
    project = hall.filed()
    actions.confirm(project, left_out={}, by=hall.heads[FG], at=MONDAY)

    page = board(project, hall.heads[FG])

    assert daily(page) == ["stage-1-receipt"]
    assert page.context["awaited"] == []
    assert board(project, hall.heads[ZJ]).context["awaited"] == []
