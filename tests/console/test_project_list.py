"""并联项目 in lists: what waits for one, what one leads, what runs and what has ended; the green channel first."""

import re
from datetime import date

import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.workflows import actions
from apps.workflows.models import KeyProject, Project
from tests.cast import at, make_user
from tests.workflows.projects import FG, HB, ZJ, ZR

pytestmark = pytest.mark.django_db
LIST = reverse("console:project-list")


def text_of(response) -> str:
    return response.content.decode()


def test_the_tabs_say_what_waits_what_one_leads_what_runs_and_what_has_ended(as_, hall, clock):
    asked = hall.dispatched(name="城南厂房", national_code="2603-512002-04-01-000001").project
    running = hall.running(name="城北厂房", national_code="2603-512002-04-01-000002")
    ended = hall.running(name="城东厂房", national_code="2603-512002-04-01-000003")
    actions.withdraw_project(ended, why="不建了", by=hall.owner, at=at("2026-03-02"))
    clock(at("2026-03-03"))
    client = as_(hall.heads[HB])

    shown = {
        tab: re.findall(r"(城.厂房)</a>", text_of(client.get(LIST, {"tab": tab})))
        for tab in ("waiting", "led", "living", "ended")
    }

    assert shown == {
        "waiting": ["城南厂房"], "led": [], "living": ["城北厂房", "城南厂房"], "ended": ["城东厂房"],
    }  # fmt: skip
    led = text_of(as_(hall.heads[ZR]).get(LIST, {"tab": "led"}))
    assert str(asked.number) in led and str(running.number) in led and str(ended.number) not in led


def test_a_consultation_that_one_has_not_answered_waits_too(as_, hall, project):
    client = as_(hall.heads[ZJ])
    before = text_of(client.get(LIST, {"tab": "waiting"}))
    actions.convene(
        project, "opinion", subject="征求意见", departments=[hall.departments[ZJ]], by=hall.heads[ZR],
        at=at("2026-03-05"), stage=hall.stage(project, 1),
    )  # fmt: skip

    page = text_of(client.get(LIST))

    assert "没有等您答复的项目" in before
    assert project.number in page and 'aria-label="1 个项目待我答复"' in page


def test_whoever_only_looks_has_no_tab_for_answers_and_no_badge(as_, hall, project, supervisor):
    page = text_of(as_(supervisor).get(LIST))

    assert "待我答复" not in page and "我牵头的" not in page
    assert project.number in page


def test_a_row_says_the_stage_how_far_and_what_falls_due_next(as_, hall, project, clock):
    clock(at("2026-03-16"))

    page = text_of(as_(hall.heads[ZR]).get(LIST, {"tab": "living"}))

    assert "第1阶段 立项用地（办理中）" in page and "1 / 5" in page
    assert "超 2 个工作日" in page and "2 项超期" in page


@pytest.mark.parametrize("words", ["调味料", "2603-512002", "5120022026"])
def test_a_search_looks_through_all_that_one_may_see(as_, hall, project, words):
    page = text_of(as_(hall.heads[ZJ]).get(LIST, {"q": words, "tab": "waiting"}))

    assert project.number in page


def test_a_search_finds_nothing_outside_the_scope(as_, hall, project, market_bureau):
    stranger = make_user("stranger", "市监", Role.CLERK, point=hall.county, department=market_bureau)
    page = text_of(as_(stranger).get(LIST, {"q": "调味料"}))

    assert "没有找到" in page and project.number not in page


def test_the_list_is_turned_page_by_page(as_, hall, clock):
    for n in range(21):
        hall.filed(name=f"厂房{n:02}", national_code=f"2603-512002-04-01-{n:06}")
    clock(at("2026-03-02"))
    client = as_(hall.heads[FG])

    first = client.get(LIST, {"tab": "living"})
    second = client.get(LIST, {"tab": "living", "after": first.context["page"].following})

    assert [row.name for row in first.context["page"].rows] == [f"厂房{n:02}" for n in range(20, 0, -1)]
    assert [row.name for row in second.context["page"].rows] == ["厂房00"]


@pytest.mark.query_count("console:project-list")
@pytest.mark.parametrize("tab", ["waiting", "led", "living", "ended"])
def test_the_list_costs_the_same_with_one_and_with_three(as_, hall, clock, count_queries, tab):
    client = as_(hall.heads[ZR])
    clock(at("2026-03-02"))

    def one(number: int):
        code = f"2603-512002-04-01-00000{number}"
        stage = hall.dispatched(name=f"厂房{number}", national_code=code)
        if tab == "ended":
            actions.withdraw_project(stage.project, why="不建了", by=hall.owner, at=at("2026-03-02"))

    one(1)
    few = count_queries(client, LIST, {"tab": tab})
    one(2)
    one(3)

    assert count_queries(client, LIST, {"tab": tab}) == few <= 12


GREEN = {"green_since": date(2026, 3, 2), "green_half": "am", "green_halves": 60}


@pytest.fixture
def queue(hall, key_project, clock):
    """Twenty-five projects that wait for their lead; the third and the fourth from the beginning go by the green channel."""
    projects = [hall.filed(name=f"厂房{n:02}", national_code=f"2603-512002-04-01-{n:06}") for n in range(25)]
    KeyProject.objects.filter(pk=key_project.pk).update(is_green=True, **GREEN)
    Project.objects.filter(pk__in=[one.pk for one in projects[2:4]]).update(key_project=key_project)
    clock(at("2026-03-02"))
    return projects


def names(answer) -> list[str]:
    return [row.name for row in answer.context["page"].rows]


def test_what_goes_by_the_green_channel_stands_first_and_is_marked(as_, hall, queue):
    first = as_(hall.heads[FG]).get(LIST, {"tab": "led"})

    assert names(first)[:4] == ["厂房03", "厂房02", "厂房24", "厂房23"]
    assert text_of(first).count('<span class="chip chip-ok">') == 2
    assert "绿色通道" in re.sub(r"<[^>]+>", "", text_of(first).split("厂房03")[1].split("厂房02")[0])


@pytest.mark.parametrize("sort", ["green", "newest"])
def test_pages_of_either_order_show_every_project_once_forwards_and_back(as_, hall, queue, sort):
    client = as_(hall.heads[FG])
    first = client.get(LIST, {"tab": "led", "sort": sort})
    second = client.get(LIST, {"tab": "led", "sort": sort, "after": first.context["page"].following})
    back = client.get(LIST, {"tab": "led", "sort": sort, "before": second.context["page"].previous})

    newest = [f"厂房{n:02}" for n in range(24, -1, -1)]
    green = ["厂房03", "厂房02", *(name for name in newest if name not in ("厂房03", "厂房02"))]
    assert names(first) + names(second) == (green if sort == "green" else newest)
    assert names(back) == names(first)
    assert second.context["page"].following is None


def test_the_cursor_of_the_other_order_or_a_broken_one_shows_the_first_page(as_, hall, queue):
    client = as_(hall.heads[FG])
    first = names(client.get(LIST, {"tab": "led"}))

    for cursor in ("7", "1_x", "99999999999999999999_1", "1_99999999999999999999", "2026-03-02_1"):
        answer = client.get(LIST, {"tab": "led", "after": cursor})
        assert answer.status_code == 200
        assert names(answer) == first


@pytest.mark.parametrize("asked", [{"q": "厂房"}, {"tab": "ended"}])
def test_what_was_found_or_has_ended_is_shown_by_its_day(as_, hall, queue, asked):
    for project in queue if "tab" in asked else []:
        actions.withdraw_project(project, why="不建了", by=hall.owner, at=at("2026-03-02"))

    answer = as_(hall.heads[FG]).get(LIST, asked)

    assert names(answer)[:2] == ["厂房24", "厂房23"]
    assert names(as_(hall.heads[FG]).get(LIST, asked | {"sort": "green"}))[:2] == ["厂房03", "厂房02"]


@pytest.mark.query_count("console:project-list")
@pytest.mark.parametrize("sort", ["green", "newest"])
def test_a_full_page_of_either_order_costs_what_one_row_costs(as_, hall, queue, count_queries, sort):
    client = as_(hall.heads[FG])
    many = count_queries(client, LIST, {"tab": "led", "sort": sort})
    Project.objects.exclude(pk=queue[0].pk).update(state="withdrawn", closed_on=date(2026, 3, 2))

    assert count_queries(client, LIST, {"tab": "led", "sort": sort}) == many <= 12


def test_whoever_has_nothing_to_answer_sees_first_what_he_leads(as_, hall, clock):
    clock(at("2026-03-02"))
    before = as_(hall.heads[FG]).get(LIST)
    project = hall.filed()
    led = as_(hall.heads[FG]).get(LIST)
    other = hall.dispatched(name="冷库", national_code="2603-512002-04-01-000009").project
    asked = as_(hall.heads[FG]).get(LIST)

    assert "没有等您答复的项目" in text_of(before)
    assert names(led) == [project.name]
    assert names(asked) == [other.name] and "我牵头的" in text_of(asked)
    assert names(as_(hall.heads[FG]).get(LIST, {"tab": "waiting"})) == [other.name]
