"""同一时刻: acts of different people on one project with real threads; whoever comes second is told, and nothing is torn."""

from pkgutil import resolve_name

import pytest

from apps.cases import actions as cases
from apps.workflows import actions
from apps.workflows.models import Project
from tests.cast import a_scan, at
from tests.races import at_once

from .holding import check
from .projects import FG, HB, LICENCE, MONDAY, ZR

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY, WEDNESDAY, THURSDAY = at("2026-03-03"), at("2026-03-04"), at("2026-03-05")
TURNS = 3
REFUSALS = (cases.NotAllowed, actions.NotAllowed)


def together(project: Project, *acts) -> list:
    """All at once; only refusals may come back beside results, and the project is whole afterwards."""
    results = at_once(len(acts), lambda which: acts[which]())
    errors = [one for one in results if isinstance(one, Exception) and not isinstance(one, REFUSALS)]
    assert errors == []
    check(project)
    return [not isinstance(one, Exception) for one in results]


def number(turn: int) -> dict:
    return {"national_code": f"2603-512002-04-01-{700 + turn:06d}"}


def says(hall, project, code: str, said: str, moment=MONDAY, words: str = "应由市局办理"):
    branch = hall.branch(project, code)
    wishes = [actions.Wish("看不清")] if said == "supplement" else []
    return actions.answer(branch, said, words=words, wishes=wishes, by=hall.head_of(branch), at=moment)


def told(hall, turn: int = 0, *wanting: str):
    """Dispatched, some departments want a supplement, the others accept; the notice is out."""
    stage = hall.dispatched(**number(turn))
    for code in ("ba", "yd", "hp"):
        says(hall, stage.project, code, "supplement" if code in wanting else "accept")
    return stage, actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)


def test_answers_beside_the_withdrawal_of_the_branch_and_of_the_project(hall):
    for turn in range(TURNS):
        stage = hall.dispatched(**number(turn))
        project = stage.project
        said = ("accept", "supplement", "out_of_scope")[turn % 3]

        together(
            project,
            lambda p=project, s=said: says(hall, p, "ba", s, TUESDAY),
            lambda p=project: says(hall, p, "yd", "accept", TUESDAY),
            lambda p=project: says(hall, p, "hp", "supplement", TUESDAY),
            lambda p=project: actions.withdraw_branch(
                hall.branch(p, "ba"), why="不办了", by=hall.owner, at=TUESDAY
            ),
            lambda p=project, turn=turn: (
                turn % 2 and actions.withdraw_project(p, why="不做了", by=hall.owner, at=TUESDAY)
            ),
            lambda s=stage: actions.accept_stage(s, by=hall.heads[ZR], at=TUESDAY),
        )


def test_two_leads_re_plan_one_branch(hall):
    for turn in range(TURNS):
        project = hall.running(**number(turn))
        hall.grant(project, "ba", moment=TUESDAY)
        hall.refuse(project, "hp", moment=TUESDAY)
        hp = hall.branch(project, "hp")

        done = together(
            project,
            lambda hp=hp: actions.reopen(hp, why="甲方案", by=hall.heads[ZR], at=WEDNESDAY),
            lambda hp=hp: actions.reopen(hp, why="乙方案", by=hall.heads[ZR], at=WEDNESDAY),
            lambda hp=hp: actions.end_stage(hp.stage, why="不办了", by=hall.heads[ZR], at=WEDNESDAY),
            lambda hp=hp: actions.leave_out(hp, why="不要了", by=hall.heads[ZR], at=WEDNESDAY),
        )

        assert (sum(done), done[3]) == (1, False)
        assert hall.branch(project, "hp").attempts.count() == (0 if done[2] else 1)


def test_a_supplement_beside_a_withdrawal_a_lapse_and_itself(hall):
    for turn in range(TURNS):
        stage, notice = told(hall, turn, "ba", "hp")
        project, answers = stage.project, dict.fromkeys(notice.wishes.values_list("pk", flat=True), "已改")

        done = together(
            project,
            lambda n=notice, a=answers: actions.answer_notice(n, a, by=hall.owner, at=TUESDAY),
            lambda n=notice, a=answers: actions.answer_notice(n, a, by=hall.owner, at=TUESDAY),
            lambda p=project: actions.withdraw_branch(
                hall.branch(p, "hp"), why="不办了", by=hall.owner, at=TUESDAY
            ),
            lambda: actions.lapse_notices(at=at("2026-06-01")),
        )

        assert sum(done[:2]) <= 1


def test_a_refusal_and_a_grant_of_two_prerequisites_of_one_branch(hall):
    """施工 waits for 工程规划 and 环评."""
    for turn in range(TURNS):
        project = hall.running(**number(turn))
        hall.grant(project, "ba", moment=TUESDAY)
        hall.grant(project, "yd", moment=TUESDAY)
        hall.second_stage(project, moment=TUESDAY)
        hp, gg = (hall.examined(project, code, moment=WEDNESDAY) for code in ("hp", "gg"))

        done = together(
            project,
            lambda hp=hp: cases.refuse(hp, reasons="不符合", by=hall.approvers[HB], at=WEDNESDAY),
            lambda gg=gg: cases.grant(gg, by=hall.approvers[ZR], at=WEDNESDAY),
        )

        assert done == [True, True]
        assert hall.states(project)["sg"] == "blocked"


def test_the_sweeps_beside_those_who_are_late(hall):
    late = at("2026-03-10")
    for turn in range(TURNS):
        stage = hall.dispatched(**number(turn))
        project = stage.project

        together(
            project,
            lambda: actions.deem_stages(at=late),
            lambda: actions.note_late_answers(at=late),
            lambda s=stage: actions.accept_stage(s, by=hall.heads[ZR], at=late),
            lambda p=project: says(hall, p, "ba", "accept", late),
            lambda p=project: says(hall, p, "hp", "supplement", late),
            lambda s=stage: actions.send_notice(s, by=hall.heads[ZR], at=late),
        )

        assert project.events.filter(verb__in=["stage_accepted", "stage_deemed"]).count() == 1


def test_decisions_beside_the_sweeps_and_pauses(hall):
    for turn in range(TURNS):
        project = hall.running(**number(turn))
        hall.grant(project, "ba", moment=TUESDAY)
        yd = hall.examined(project, "yd", moment=WEDNESDAY)
        hp = hall.branch(project, "hp").case
        cases.start_review(hp, by=hall.heads[HB], at=WEDNESDAY)

        together(
            project,
            lambda yd=yd: cases.grant(yd, by=hall.approvers[ZR], at=WEDNESDAY),
            lambda hp=hp: cases.pause(
                hp, "专家评审", days_needed=5, reason="评审", by=hall.heads[HB], at=WEDNESDAY
            ),
            lambda: actions.reckon_stages(at=WEDNESDAY),
            lambda: actions.note_late_answers(at=WEDNESDAY),
        )

        assert hall.stage(project, 1).paused_since == WEDNESDAY.date()


def test_a_paper_brought_anew_while_who_uses_it_opens(hall):
    for turn in range(TURNS):
        stage, _ = told(hall, turn, "hp")
        project = stage.project
        wish = project.branches.get(code="hp").wishes.get()
        wish.material = project.materials.get(name=LICENCE)
        wish.save()

        together(
            project,
            lambda s=stage: actions.accept_stage(s, by=hall.heads[ZR], at=TUESDAY),
            lambda p=project: actions.attach_paper(
                p.materials.get(name=LICENCE), a_scan("新执照.png"), by=hall.owner, at=TUESDAY
            ),
            lambda p=project: actions.replace_paper(
                p.materials.get(name=LICENCE), a_scan("又一张.png"), why="换证", by=hall.heads[FG], at=TUESDAY
            ),
        )

        assert hall.branch(project, "ba").state == "open"


def test_results_handed_over_twice_and_one_of_them_delivered_alone(hall):
    for turn in range(TURNS):
        project = hall.running(**number(turn))
        for code in ("ba", "yd", "hp"):
            hall.grant(project, code, moment=TUESDAY)
        stage, hp = hall.stage(project, 1), hall.branch(project, "hp").case

        done = together(
            project,
            lambda s=stage: actions.hand_over(
                s, way="counter", proof="李明", by=hall.heads[ZR], at=WEDNESDAY
            ),
            lambda s=stage: actions.hand_over(
                s, way="counter", proof="李明", by=hall.heads[ZR], at=WEDNESDAY
            ),
            lambda hp=hp: cases.deliver(hp, "counter", proof="李明", by=hall.heads[HB], at=WEDNESDAY),
        )

        assert sum(done[:2]) == 1
        assert project.letters.filter(kind="results").count() == 1


def test_a_branch_left_out_and_taken_in_while_it_opens_and_its_stage_is_received(hall):
    for turn in range(TURNS):
        project = hall.running(**number(turn))
        ba = hall.examined(project, "ba", moment=TUESDAY)
        hall.bring(project, 2)

        together(
            project,
            lambda ba=ba: cases.grant(ba, by=hall.approvers[FG], at=TUESDAY),
            lambda p=project: actions.leave_out(
                hall.branch(p, "yd"), why="不用", by=hall.heads[ZR], at=TUESDAY
            ),
            lambda p=project: actions.receive(hall.stage(p, 2), by=hall.heads[FG], at=TUESDAY),
            lambda p=project: actions.withdraw_branch(
                hall.branch(p, "hp"), why="不办", by=hall.owner, at=TUESDAY
            ),
        )


@pytest.fixture
def dies(monkeypatch):
    """Runs an act in a worker that is killed when it calls something, at once or after some calls."""

    def run(act, at_the_call_of: str, *, after: int = 0) -> None:
        module, _, name = at_the_call_of.rpartition(".")
        real, calls = getattr(resolve_name(module), name), []

        def sometimes(*args, **kwargs):
            calls.append(1)
            if len(calls) > after:
                raise SystemExit
            return real(*args, **kwargs)

        with monkeypatch.context() as patched, pytest.raises(SystemExit):
            patched.setattr(resolve_name(module), name, sometimes)
            act()

    return run


def test_a_worker_killed_in_the_middle_of_an_act_leaves_nothing_behind(hall, dies):
    """Wherever it stops: at the acceptance of a stage, at a supplement, between two cases of a withdrawal."""
    stage, notice = told(hall, 0, "hp")
    project = stage.project
    answers = dict.fromkeys(notice.wishes.values_list("pk", flat=True), "已改")

    def accept():
        actions.accept_stage(stage, by=hall.heads[ZR], at=TUESDAY)

    def reply():
        actions.answer_notice(notice, answers, by=hall.owner, at=TUESDAY)

    def withdraw():
        actions.withdraw_project(project, why="停止", by=hall.owner, at=TUESDAY)

    before = (hall.states(project), project.events.count(), project.letters.count())
    dies(accept, "apps.cases.actions.open_jointly")
    dies(reply, "apps.workflows.actions.dispatching.settle")
    assert (hall.states(project), project.events.count(), project.letters.count()) == before
    accept()
    reply()
    says(hall, project, "hp", "accept", TUESDAY)
    hall.grant(project, "ba", moment=TUESDAY)
    before = (hall.states(project), project.events.count())
    dies(withdraw, "apps.cases.actions.withdraw", after=1)
    assert (hall.states(project), project.events.count()) == before
    assert hall.branch(project, "yd").case.status == "accepted"

    withdraw()

    check(project)
    assert set(hall.states(project).values()) == {"granted", "withdrawn", "not_needed"}
