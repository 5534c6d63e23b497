"""并联审批的数字: each opens the list of what it counted, and no project is counted twice."""

import re

import pytest
from django.urls import reverse

from apps.cases.measures import Period
from apps.workflows import actions, reports
from apps.workflows.models import Project
from tests.cast import at
from tests.workflows.projects import FG, HB, MONDAY, ZR, hall

pytestmark = pytest.mark.django_db
__all__ = ["hall"]
MARCH = Period(MONDAY.date(), at("2026-03-31").date())


@pytest.fixture
def told(hall):
    """One stage done in four days where one after another takes fifteen, and a second project that waits."""
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    hall.grant(project, "yd", moment=at("2026-03-06"))
    hall.grant(project, "hp", moment=at("2026-03-16"))
    other = hall.dispatched(national_code="2603-512002-04-01-000002")
    actions.chase(hall.branch(other.project, "ba"), words="请答复", by=hall.heads[ZR], at=MONDAY)
    return hall


def test_days_saved_are_the_days_in_a_row_less_the_days_used(told):
    [saved] = reports.days_saved(Project.objects.all(), MARCH)

    assert (saved.stages, saved.legal, saved.promised, saved.serial, saved.used) == (1, 45, 15, 15, 10)
    assert (saved.saved, saved.spared) == (5, 35)


def test_a_project_counts_once_however_many_stages_and_cases_it_has(told):
    counted = reports.projects_counted(Project.objects.all(), MARCH, at("2026-03-20").date())

    assert counted == {"filed": 2, "running": 2, "closed": 0, "given_up": 0, "stage_overdue": 0}


def test_a_department_is_on_time_by_the_promise_of_its_own_branches(told):
    rows = {
        row["department__name"]: row
        for row in reports.branches_by_department(Project.objects.all(), MARCH, at("2026-03-20").date())
    }

    assert {name: (row["ended"], row["on_time"], row["late"]) for name, row in rows.items()} == {
        FG: (1, 1, 0), ZR: (1, 1, 0), HB: (1, 0, 1),
    }  # fmt: skip
    assert (rows[FG]["unanswered"], rows[FG]["chased"]) == (1, 1)


def test_every_figure_of_the_page_opens_a_list_of_its_length(told, client, supervisor, clock):
    clock(at("2026-03-20"))
    client.force_login(supervisor)
    page = client.get(
        reverse("dashboard:projects"), {"period": "custom", "from": "2026-03-01", "to": "2026-03-31"}
    )
    links = re.findall(r'<a href="(/dashboard/projects/[^"]+)">([\d,]+)</a>', page.content.decode())

    assert page.status_code == 200
    assert "77.78%" in page.content.decode()  # 35 of the 45 days of the law were not used
    assert len(links) > 20
    for address, figure in links:
        shown = client.get(address.replace("&amp;", "&")).content.decode()
        assert re.search(r'id="total">([\d,]+)', shown)[1] == figure, address


def test_a_list_that_is_no_figure_is_not_there_and_departments_do_not_look(told, client, supervisor, clock):
    clock(at("2026-03-20"))
    client.force_login(supervisor)

    assert (
        client.get(reverse("dashboard:project-rows", args=["projects"]), {"measure": "x"}).status_code == 404
    )
    assert (
        client.get(reverse("dashboard:project-rows", args=["drafts"]), {"measure": "filed"}).status_code
        == 404
    )
    client.force_login(told.heads[FG])
    assert client.get(reverse("dashboard:projects")).status_code == 403


@pytest.mark.query_count("dashboard:project-rows")
def test_the_list_behind_a_figure_costs_the_same_for_one_row_and_for_three(
    told, client, supervisor, clock, count_queries
):
    clock(at("2026-03-20"))
    client.force_login(supervisor)
    address = reverse("dashboard:project-rows", args=["branches"])
    asked = {"period": "custom", "from": "2026-03-01", "to": "2026-03-31"}

    one = count_queries(client, address, asked | {"measure": "late"})
    three = count_queries(client, address, asked | {"measure": "ended"})

    assert one == three <= 12
