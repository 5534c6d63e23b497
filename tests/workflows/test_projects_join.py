"""汇合: exact when many things happen at one moment, proved with real threads on the real database."""

from datetime import date

import pytest

from apps.cases import actions as cases
from apps.cases.models import Case
from apps.items.models import ItemType, Necessity
from apps.points.models import Level
from apps.workflows import actions
from apps.workflows.checking import BranchFacts, EdgeFacts, Sheet, StageFacts
from apps.workflows.models import Project, ProjectEvent
from tests.cast import at, publish_item
from tests.races import at_once

from .projects import FG, FORM, HB, MONDAY, ZR, a_published_bundle

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20
WEDNESDAY = at("2026-03-04")


def failures(results: list) -> list:
    return [
        one
        for one in results
        if isinstance(one, Exception) and not isinstance(one, cases.NotAllowed | actions.NotAllowed)
    ]


@pytest.fixture
def fan(hall):
    """Twenty branches without prerequisites, and one behind all of them; everything accepted and examined."""
    paper = [{"name": "申请表", "form": "original", "originals": 1, "necessity": Necessity.REQUIRED}]
    for n in range(MANY + 1):
        publish_item(
            f"FAN{n}",
            f"分项{n}",
            level=Level.COUNTY,
            type=ItemType.PERMIT,
            days=5,
            materials=paper,
            form_fields=FORM,
        )
    codes = [f"b{n}" for n in range(MANY)]
    sheet = Sheet(
        stages=(StageFacts(1, "一个阶段", ZR, 15),),
        branches=(
            *(BranchFacts(code, "", f"FAN{n}", FG, 1, 5) for n, code in enumerate(codes)),
            BranchFacts("last", "", f"FAN{MANY}", HB, 1, 5),
        ),
        edges=tuple(EdgeFacts("last", code) for code in codes),
    )
    hall.version = a_published_bundle(sheet, code="FAN")
    project = actions.draft_project(
        hall.version, name="二十个前置", applicant=hall.company, at_point=hall.county, channel="2", answers={},
        by=hall.owner, at=MONDAY, national_code="2603-512002-04-01-000001",
    )  # fmt: skip
    actions.save_project(project, form={"investment": "1", "site": "城南"}, at=MONDAY)
    hall.bring(project, 1)
    actions.file_project(project, by=hall.owner, at=MONDAY, privacy_notice="2026-01")
    actions.confirm(project, left_out={}, by=hall.heads[FG], at=MONDAY)
    stage = actions.receive(hall.stage(project, 1), by=hall.heads[FG], at=MONDAY)
    actions.dispatch(stage, by=hall.heads[ZR], at=MONDAY)
    for branch in project.branches.order_by("id"):
        branch = hall.branch(project, branch.code)
        actions.answer(branch, "accept", by=hall.head_of(branch), at=MONDAY)
    actions.accept_stage(hall.stage(project, 1), by=hall.heads[ZR], at=MONDAY)
    return hall, Project.objects.get(pk=project.pk), codes


def test_twenty_prerequisites_that_end_at_one_moment_open_their_successor_once(fan):
    hall, project, codes = fan
    ready = [hall.examined(project, code, moment=WEDNESDAY) for code in codes]

    results = at_once(MANY, lambda n: cases.grant(ready[n], by=hall.approvers[FG], at=WEDNESDAY))

    assert failures(results) == []
    last = hall.branch(project, "last")
    assert (last.state, last.opened_on) == ("open", date(2026, 3, 4))
    assert Case.objects.filter(item__code=f"FAN{MANY}").count() == 1
    assert project.events.filter(verb="branch_opened", branch=last).count() == 1
    assert last.case.events.count() == 1


def test_the_last_two_branches_at_one_moment_finish_the_stage_once(hall):
    for turn in range(3):
        project = hall.running(national_code=f"2603-512002-04-01-00010{turn}")
        hall.grant(project, "ba", moment=at("2026-03-03"))
        pair = [hall.examined(project, code, moment=WEDNESDAY) for code in ("yd", "hp")]
        people = [hall.approvers[ZR], hall.approvers[HB]]

        results = at_once(
            2, lambda n, pair=pair, people=people: cases.grant(pair[n], by=people[n], at=WEDNESDAY)
        )

        assert failures(results) == []
        assert project.events.filter(verb="stage_finished").count() == 1
        assert (hall.stage(project, 1).state, hall.stage(project, 1).finished_on) == (
            "closing",
            date(2026, 3, 4),
        )


def test_a_project_withdrawn_while_three_departments_are_deciding_ends_each_branch_once(fan):
    hall, project, codes = fan
    ready = [hall.examined(project, code, moment=WEDNESDAY) for code in codes[:3]]
    acts = [
        lambda: actions.withdraw_project(project, why="项目不做了", by=hall.owner, at=WEDNESDAY),
        *(lambda case=case: cases.grant(case, by=hall.approvers[FG], at=WEDNESDAY) for case in ready),
    ]

    results = at_once(4, lambda n: acts[n]())

    assert failures(results) == []
    states = hall.states(project)
    granted = sum(not isinstance(one, Exception) for one in results[1:])
    assert Project.objects.get(pk=project.pk).state == "withdrawn"
    assert list(states.values()).count("granted") == granted
    assert list(states.values()).count("withdrawn") == MANY + 1 - granted
    for code in codes:
        branch = hall.branch(project, code)
        assert branch.case.status == branch.state


def test_a_worker_killed_in_the_middle_leaves_nothing_behind_and_the_next_try_goes_through(hall, monkeypatch):
    project = hall.running()
    case = hall.examined(project, "ba", moment=WEDNESDAY)
    before = ProjectEvent.objects.count()

    def killed(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("apps.workflows.actions.joining.cases.open_jointly", killed)
        with pytest.raises(SystemExit):
            cases.grant(case, by=hall.approvers[FG], at=WEDNESDAY)
    case.refresh_from_db()
    assert (case.status, ProjectEvent.objects.count()) == ("in_approval", before)

    cases.grant(case, by=hall.approvers[FG], at=WEDNESDAY)

    assert hall.states(project)["yd"] == hall.states(project)["hp"] == "open"


def test_a_branch_withdrawn_and_decided_at_one_moment_ends_in_one_way(hall):
    project = hall.running()
    case = hall.examined(project, "ba", moment=WEDNESDAY)
    branch = hall.branch(project, "ba")
    acts = [
        lambda: cases.grant(case, by=hall.approvers[FG], at=WEDNESDAY),
        lambda: actions.withdraw_branch(branch, why="不办了", by=hall.owner, at=WEDNESDAY),
    ]

    results = at_once(2, lambda n: acts[n]())

    assert failures(results) == []
    assert sum(isinstance(one, Exception) for one in results) == 1
    assert hall.branch(project, "ba").state == hall.branch(project, "ba").case.status


def test_two_leads_accept_a_stage_once(hall):
    stage = hall.dispatched()

    results = at_once(4, lambda _: actions.accept_stage(stage, by=hall.heads[ZR], at=MONDAY))

    assert failures(results) == []
    assert sum(not isinstance(one, Exception) for one in results) == 1
    assert stage.project.events.filter(verb="stage_accepted").count() == 1


def test_a_filing_pressed_five_times_makes_one_project(hall):
    project = hall.draft()
    actions.save_project(project, form={"investment": "1", "site": "城南"}, at=MONDAY)
    hall.bring(project, 1)

    results = at_once(
        5, lambda _: actions.file_project(project, by=hall.owner, at=MONDAY, privacy_notice="2026-01")
    )

    assert failures(results) == []
    assert project.events.filter(verb="filed").count() == 1


def test_two_workers_deem_a_stage_accepted_once(hall):
    stage = hall.received()

    results = at_once(3, lambda _: actions.deem_stages(at=at("2026-03-10")))

    assert sorted(results) == [0, 0, 1]
    assert stage.project.events.filter(verb="stage_deemed").count() == 1
