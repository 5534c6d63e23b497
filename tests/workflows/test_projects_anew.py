"""重办分项的补正: what is wanted of a branch that was taken up again is told by itself, and waits for no other notice."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.workflows import actions
from apps.workflows.models import ProjectNotice, SupplementWish
from tests.cast import at

from .projects import MONDAY, ZR

TUESDAY, WEDNESDAY, THURSDAY = at("2026-03-03"), at("2026-03-04"), at("2026-03-05")


def says(hall, project, code: str, said: str, moment, words: str = "看不清") -> None:
    branch = hall.branch(project, code)
    wishes = [actions.Wish(words)] if said == "supplement" else []
    actions.answer(branch, said, words=words, wishes=wishes, by=hall.head_of(branch), at=moment)


def answered(hall, notice: ProjectNotice, moment) -> None:
    actions.answer_notice(
        notice, dict.fromkeys(notice.wishes.values_list("pk", flat=True), "已改"), by=hall.owner, at=moment
    )


def wants_of_the_second_scheme(hall):
    """用地 was not theirs, was taken up again at once, and wants something; 环评 has not answered yet."""
    project = hall.dispatched().project
    says(hall, project, "ba", "accept", MONDAY)
    says(hall, project, "yd", "out_of_scope", MONDAY, "应由市局办理")
    actions.reopen(hall.branch(project, "yd"), why="改在本县用地", by=hall.heads[ZR], at=MONDAY)
    says(hall, project, "yd", "supplement", MONDAY)
    return project


@pytest.fixture
def stage(hall):
    """环评 wants a supplement and has told so; 用地 was not theirs, and is taken up again with another scheme."""
    stage = hall.dispatched()
    project = stage.project
    says(hall, project, "ba", "accept", MONDAY)
    says(hall, project, "hp", "supplement", MONDAY)
    says(hall, project, "yd", "out_of_scope", MONDAY, "应由市局办理")
    actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.reopen(hall.branch(project, "yd"), why="改在本县用地", by=hall.heads[ZR], at=TUESDAY)
    return stage


@pytest.fixture
def first(stage) -> ProjectNotice:
    return stage.notices.get()


@pytest.fixture
def second(hall, stage, first) -> ProjectNotice:
    says(hall, stage.project, "yd", "supplement", TUESDAY, "用地红线没有标注")
    return actions.send_notice(stage, by=hall.heads[ZR], at=TUESDAY)


def test_what_a_branch_taken_up_again_wants_is_told_beside_a_notice_that_is_still_open(hall, first, second):
    assert (first.is_anew, second.is_anew) == (False, True)
    assert list(second.branches.values_list("code", flat=True)) == ["yd"]
    assert (first.answer_by, second.answer_by) == (date(2026, 4, 1), date(2026, 4, 2))


def test_each_notice_is_answered_for_itself(hall, stage, first, second):
    project = stage.project

    answered(hall, second, WEDNESDAY)

    assert (hall.branch(project, "yd").answer, hall.branch(project, "hp").answer) == ("", "supplement")
    assert hall.branch(project, "yd").complete_on == WEDNESDAY.date()
    answered(hall, first, THURSDAY)
    assert hall.branch(project, "hp").complete_on == THURSDAY.date()
    assert hall.branch(project, "yd").complete_on == WEDNESDAY.date()


def test_a_notice_that_lapses_leaves_alone_who_was_told_in_another(hall, stage, first, second):
    assert actions.lapse_notices(at=at("2026-04-02")) == 1

    assert hall.states(stage.project)["hp"] == "withdrawn"
    assert hall.states(stage.project)["yd"] == "waiting"
    assert actions.lapse_notices(at=at("2026-04-03")) == 1
    assert hall.states(stage.project)["yd"] == "withdrawn"


def test_a_notice_of_which_everything_was_withdrawn_ends_and_the_other_stays_open(hall, stage, first, second):
    actions.withdraw_branch(hall.branch(stage.project, "hp"), why="不办了", by=hall.owner, at=WEDNESDAY)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (timezone.localdate(first.lapsed_at), second.lapsed_at) == (WEDNESDAY.date(), None)
    assert list(SupplementWish.objects.open_of(stage.project).values_list("notice", flat=True)) == [second.pk]


def test_the_old_wish_of_a_branch_told_once_and_taken_up_again_asks_for_nothing_any_more(hall):
    stage = hall.dispatched()
    project = stage.project
    says(hall, project, "ba", "accept", MONDAY)
    says(hall, project, "hp", "supplement", MONDAY, "旧方案的毛病")
    says(hall, project, "yd", "supplement", MONDAY)
    first = actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.withdraw_branch(hall.branch(project, "hp"), why="换方案", by=hall.owner, at=TUESDAY)
    actions.reopen(hall.branch(project, "hp"), why="新方案", by=hall.heads[ZR], at=TUESDAY)
    says(hall, project, "hp", "supplement", TUESDAY, "新方案的毛病")
    second = actions.send_notice(stage, by=hall.heads[ZR], at=TUESDAY)

    asked = list(SupplementWish.objects.open_of(project).values_list("branch__code", "text"))
    actions.answer_notice(
        first, {first.wishes.get(branch__code="yd").pk: "已改"}, by=hall.owner, at=WEDNESDAY
    )

    assert asked == [("yd", "看不清"), ("hp", "新方案的毛病")]
    assert hall.branch(project, "hp").waits_for_papers
    answered(hall, second, THURSDAY)
    assert hall.branch(project, "hp").complete_on == THURSDAY.date()


def test_a_branch_taken_up_again_is_told_once_as_well(hall, stage, second):
    answered(hall, second, WEDNESDAY)

    with pytest.raises(actions.NotAllowed, match="已经一次性告知过申请人"):
        says(hall, stage.project, "yd", "supplement", WEDNESDAY)


def test_wishes_of_the_first_package_and_of_branches_taken_up_again_are_one_notice_where_none_is_out(hall):
    project = wants_of_the_second_scheme(hall)
    says(hall, project, "hp", "supplement", MONDAY)

    notice = actions.send_notice(hall.stage(project, 1), by=hall.heads[ZR], at=MONDAY)

    assert (notice.is_anew, notice.branches.count()) == (False, 2)


def test_a_notice_of_a_branch_taken_up_again_neither_stops_nor_renews_the_five_days_of_the_others(hall):
    stage = hall.dispatched()
    project = stage.project
    for code in ("ba", "hp"):
        says(hall, project, code, "accept", MONDAY)
    says(hall, project, "yd", "out_of_scope", MONDAY, "应由市局办理")
    actions.reopen(hall.branch(project, "yd"), why="改在本县用地", by=hall.heads[ZR], at=TUESDAY)
    says(hall, project, "yd", "supplement", TUESDAY)
    accept_by = hall.stage(project, 1).accept_by

    notice = actions.send_notice(stage, by=hall.heads[ZR], at=TUESDAY)
    told = hall.stage(project, 1).accept_by
    answered(hall, notice, THURSDAY)

    assert accept_by == told == hall.stage(project, 1).accept_by == date(2026, 3, 9)
    assert actions.deem_stages(at=at("2026-03-10")) == 1
    assert hall.branch(project, "ba").opened_on == MONDAY.date()  # nothing that was taken up anew moves it


def test_a_late_wish_of_a_branch_in_its_first_package_is_still_told_when_only_others_were(hall):
    project = wants_of_the_second_scheme(hall)
    actions.send_notice(
        hall.stage(project, 1), by=hall.heads[ZR], at=WEDNESDAY
    )  # 环评 is late with its answer

    says(hall, project, "hp", "supplement", WEDNESDAY)
    late = actions.send_notice(hall.stage(project, 1), by=hall.heads[ZR], at=WEDNESDAY)

    assert (late.is_anew, list(late.branches.values_list("code", flat=True))) == (False, ["hp"])


def test_the_package_of_a_stage_is_told_of_once_whatever_the_code_does(stage, first):
    with pytest.raises(IntegrityError, match="the_package_of_a_stage_is_told_of_once"), transaction.atomic():
        ProjectNotice.objects.create(stage=stage, sent_at=TUESDAY, answer_by=date(2026, 4, 2))


def test_a_branch_taken_up_again_in_a_running_stage_opens_when_its_own_notice_is_answered(hall):
    stage = hall.dispatched()
    project = stage.project
    says(hall, project, "ba", "accept", MONDAY)
    says(hall, project, "yd", "accept", MONDAY)
    says(hall, project, "hp", "supplement", MONDAY)
    actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.accept_stage(stage, by=hall.heads[ZR], at=MONDAY)
    hall.grant(project, "ba", moment=TUESDAY)
    hall.refuse(project, "yd", moment=WEDNESDAY)
    actions.reopen(hall.branch(project, "yd"), why="换一块地", by=hall.heads[ZR], at=WEDNESDAY)
    says(hall, project, "yd", "supplement", WEDNESDAY)

    second = actions.send_notice(stage, by=hall.heads[ZR], at=WEDNESDAY)
    answered(hall, second, THURSDAY)
    says(hall, project, "yd", "accept", THURSDAY)

    branch = hall.branch(project, "yd")
    assert (branch.state, branch.attempt, branch.opened_on) == ("open", 2, THURSDAY.date())
    assert hall.branch(project, "hp").waits_for_papers


def test_the_letter_says_of_what_it_tells(stage, second):
    paragraphs = [letter.data for letter in stage.project.letters.order_by("id")]

    assert "按调整后的方案重新办理的分项" in paragraphs[1]["paragraphs"][0]
    assert [row[1] for row in paragraphs[1]["tables"][0]["rows"]] == ["建设项目用地预审"]
    assert "参加联合办理的部门不再要求补正其他内容" in paragraphs[0]["closing"][1]
    assert "上列分项不再要求补正其他内容" in paragraphs[1]["closing"][1]
