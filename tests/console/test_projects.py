"""并联项目 at the console."""

import pytest
from django.urls import reverse

from tests.cast import at
from tests.workflows.projects import FG, ZR

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("view", ["gantt", "flow", "table", "nothing"])
def test_every_view_shows(client, hall, clock, view):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    clock(at("2026-03-05"))
    client.force_login(hall.heads[FG])

    page = client.get(reverse("console:project-detail", args=[project.number]), {"view": view})

    assert page.status_code == 200
    open(f"/tmp/board/{view}.html", "w").write(text_of(page))


def test_queries(client, hall, clock, count_queries):
    project = hall.running()
    clock(at("2026-03-05"))
    client.force_login(hall.heads[FG])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    for url in (reverse("console:project-detail", args=[project.number]), reverse("console:project-list")):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        for q in captured: print(q["sql"][:150], "..." )
        print(len(captured))
    assert 0
