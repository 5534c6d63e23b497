"""The joint projects of the sample: told once through the actions, each standing where its story ends."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.accounts.models import Assignment
from apps.cases import actions as cases
from apps.cases.models import Case, ClockDifference
from apps.workflows.models import Project, ProjectBranch, ProjectEvent, ProjectNotice
from apps.workflows.models.projects import national_code_is_well_formed
from config.sampling import passwords
from config.sampling.facts import tree
from config.sampling.projects import DECIDERS, load_projects

from .conftest import LOADED_AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("said")]

FACTS = tree("projects.json")["projects"]


@pytest.fixture(scope="module")
def said(sample_hall, django_db_blocker):
    """What the loader says that tells them all on a Friday afternoon."""
    sentences: list[str] = []
    with django_db_blocker.unblock():
        load_projects(now=LOADED_AT, say=sentences.append)
    return sentences


def named(facts: dict) -> Project:
    return Project.objects.get(name=facts["name"])


def states(project: Project) -> dict[str, str]:
    return dict(project.branches.values_list("code", "state"))


def in_hand(project: Project) -> set[str]:
    return set(states(project).values()) - {"not_needed"}


def test_all_of_them_are_told_and_none_is_left_out_with_a_refusal(said):
    assert said == [f"并联项目载入完成，共{len(FACTS)}个"]
    assert set(Project.objects.values_list("name", flat=True)) == {one["name"] for one in FACTS}
    assert not Project.objects.filter(is_sample=False).exists()
    for one in FACTS:
        if "code" in one:
            national_code_is_well_formed(one["code"])


def test_telling_again_adds_nothing():
    before = Project.objects.count(), ProjectBranch.objects.count(), ProjectEvent.objects.count()
    again: list[str] = []

    load_projects(now=LOADED_AT, say=again.append)

    assert again == []
    assert (Project.objects.count(), ProjectBranch.objects.count(), ProjectEvent.objects.count()) == before


# -- each stands where the name of its story says


def is_filed(project: Project) -> None:
    assert project.state == "filed"
    assert in_hand(project) == {"waiting"}


def is_half_way(project: Project) -> None:
    assert project.state == "running"
    assert list(project.stages.order_by("number").values_list("state", flat=True))[:2] == [
        "closed",
        "running",
    ]
    silent, ahead = project.consultations.order_by("id")
    assert (silent.kind, ahead.kind, ahead.state) == ("opinion", "survey", "open")
    assert set(silent.members.values_list("reply", "was_silent")) == {("silent_agrees", True)}
    assert ahead.begins_at > LOADED_AT
    assert project.cards.filter(rule="silent", colour="red").exists()


def is_refused_and_taken_up(project: Project) -> None:
    branch = project.branches.get(code="gg")
    assert (branch.state, branch.attempt, branch.was_refused) == ("open", 2, True)
    assert branch.attempts.get().case.status == "refused"
    assert branch.case.status not in ("granted", "refused")


def waits_for_a_supplement(project: Project) -> None:
    notice = ProjectNotice.objects.get(stage__project=project)
    assert (notice.stage.state, notice.answered_at) == ("dispatched", None)
    assert notice.answer_by >= LOADED_AT.date()
    assert notice.wishes.values("branch__department").distinct().count() == 2
    assert set(project.branches.filter(wishes__notice=notice).values_list("answer", flat=True)) == {
        "supplement"
    }


def runs(project: Project) -> None:
    assert project.state == "running"
    assert {"granted", "open"} <= in_hand(project)


def is_all_done(project: Project) -> None:
    assert project.state == "closed"
    assert in_hand(project) == {"granted"}
    assert set(project.branches.filter(state="granted").values_list("case__status", flat=True)) == {
        "delivered"
    }


ENDINGS: dict[str, Callable[[Project], None]] = {
    "filed": is_filed,
    "half_way": is_half_way,
    "refused_and_taken_up": is_refused_and_taken_up,
    "supplement": waits_for_a_supplement,
    "restaurant_running": runs,
    "all_done": is_all_done,
}


@pytest.mark.parametrize("facts", FACTS, ids=lambda facts: facts["name"])
def test_each_stands_where_its_story_ends(facts):
    ENDINGS[facts["story"]](named(facts))


def test_every_story_is_told_at_least_once():
    assert {one["story"] for one in FACTS} == ENDINGS.keys()


# -- what must hold for all of them


def test_the_dates_of_their_cases_are_what_their_events_say():
    seen, differing = cases.check_clocks(at=LOADED_AT)

    assert list(ClockDifference.objects.values_list("case__number", "field")) == []
    assert (seen >= Case.objects.filter(branch__state="open").count() > 3, differing) == (True, 0)


def test_nothing_of_them_lies_in_the_future_or_before_what_led_to_it():
    for project in Project.objects.all():
        times = list(project.events.order_by("id").values_list("at", flat=True))
        assert times == sorted(times), project
        assert timezone.localtime(times[-1]) <= LOADED_AT


def test_whoever_handles_a_branch_has_somebody_who_decides_and_of_investments_people_who_sign_in():
    can_sign_in = passwords.read().keys()
    handled = ProjectBranch.objects.exclude(state="not_needed")
    for point, department, audience in handled.values_list(
        "point", "department", "project__bundle__audience"
    ).distinct():
        here = Assignment.objects.filter(point=point, department=department, valid_to=None)
        people = set(here.values_list("user__username", flat=True))
        deciders = set(here.filter(role__in=DECIDERS).values_list("user__username", flat=True))

        assert len(people) >= 2 and deciders, (point, department)
        if audience == "investment":
            assert len(people & can_sign_in) >= 2 and deciders & can_sign_in, (point, department)


def test_one_of_them_is_a_key_project_with_an_open_channel_and_an_agent_who_visits():
    project = Project.objects.select_related("key_project").get(name="沱江冷链物流中转仓建设项目")

    assert project.key_project.is_green
    assert project.key_project.agents.present().exists() and project.key_project.visits.count() == 2
