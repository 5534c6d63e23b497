"""我的待办: the list, its order, its keyset pages, the search and the export."""

from datetime import date

import pytest
from celery import current_app
from django.urls import reverse

from apps.accounts.models import AuditEntry
from apps.cases import actions
from apps.cases.models import Case
from apps.console.views import desk
from tests.bulk import copies_of
from tests.cast import at


@pytest.fixture
def at_desk(client, clerk):
    client.force_login(clerk)
    return client


def test_the_list_is_ordered_by_what_is_due(at_desk, submitted, at_the_counter):
    page = at_desk.get(reverse("console:case-list")).context["page"]

    assert [case.number for case in page] == [submitted.number, at_the_counter.number]
    assert submitted.desk_due_on < at_the_counter.desk_due_on


def test_a_tab_shows_its_stage_only(at_desk, submitted, at_the_counter):
    page = at_desk.get(reverse("console:case-list"), {"stage": "to_accept"}).context["page"]

    assert [case.number for case in page] == [at_the_counter.number]


def test_keyset_pages_meet_without_gap_or_repeat(at_desk, submitted):
    copies_of(submitted, 44)
    seen, after = [], ""

    while True:
        page = at_desk.get(reverse("console:case-list"), {"after": after}).context["page"]
        seen += [case.pk for case in page]
        if page.following is None:
            break
        after = page.following
    back = at_desk.get(reverse("console:case-list"), {"before": page.previous}).context["page"]

    assert len(seen) == len(set(seen)) == 45
    assert [case.pk for case in back] == seen[20:40]


@pytest.mark.query_count("console:case-list")
def test_the_list_costs_the_same_for_one_row_and_for_three(at_desk, submitted, count_queries):
    one = count_queries(at_desk, reverse("console:case-list"))
    copies_of(submitted, 2)

    assert count_queries(at_desk, reverse("console:case-list")) == one <= 12


@pytest.mark.query_count("console:case-search")
def test_the_search_costs_the_same_for_one_row_and_for_three(at_desk, submitted, count_queries):
    one = count_queries(at_desk, reverse("console:case-search"), {"q": "王小明"})
    copies_of(submitted, 2)

    assert count_queries(at_desk, reverse("console:case-search"), {"q": "王小明"}) == one <= 12


@pytest.mark.parametrize("words", ["王小明", "小明", "5199**********0017", "519999199001010017"])
def test_a_case_is_found_by_name_and_by_number_of_its_applicant(at_desk, submitted, words):
    page = at_desk.get(reverse("console:case-search"), {"q": words}).context["page"]

    assert [case.number for case in page] == [submitted.number]


def test_a_whole_number_opens_the_case(at_desk, submitted):
    response = at_desk.get(reverse("console:case-search"), {"q": submitted.number})

    assert response.url == reverse("console:case-detail", args=[submitted.number])


def test_a_search_finds_nothing_of_another_county(client, submitted, clerk_of_another_county):
    client.force_login(clerk_of_another_county)

    assert len(client.get(reverse("console:case-search"), {"q": "王小明"}).context["page"]) == 0


def test_a_look_for_a_person_is_on_record_without_the_words(at_desk, submitted, clerk):
    at_desk.get(reverse("console:case-search"), {"q": "王小明"})

    entry = AuditEntry.objects.get(kind="searched")
    assert (entry.user, entry.detail) == (clerk, {"characters": 3, "found": 1})


def test_an_export_is_masked_and_on_record(client, submitted, auditor):
    client.force_login(auditor)

    content = client.get(reverse("console:case-export")).content.decode("utf-8-sig")

    assert "5199**********0017" in content
    assert "519999199001010017" not in content
    assert AuditEntry.objects.get(kind="exported").detail["rows"] == 1


def test_a_clerk_may_not_export(at_desk, submitted):
    assert at_desk.get(reverse("console:case-export")).status_code == 403


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"received_after": "昨天"}, "筛选条件不对，什么都没有导出。收件日："),
        ({"first": "2026-03-31", "last": "2026-03-01"}, "统计期的首日不能晚于末日。"),
    ],
)
def test_an_export_by_a_filter_that_cannot_be_read_gives_nothing_out(
    client, submitted, auditor, asked, sentence
):
    client.force_login(auditor)

    answer = client.get(reverse("console:case-export"), asked)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert submitted.number not in answer.content.decode()


def test_an_export_is_whole_or_not_at_all(client, submitted, at_the_counter, auditor, monkeypatch):
    monkeypatch.setattr(desk, "EXPORTED", 1)
    client.force_login(auditor)

    answer = client.get(reverse("console:case-export"))

    assert (answer.status_code, "超过 1 件" in answer.content.decode()) == (422, True)
    assert submitted.number not in answer.content.decode()


def test_a_batch_is_started_from_the_list_and_tells_every_result(
    at_desk, at_the_counter, accepted, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setitem(current_app.conf, "task_always_eager", True)
    with django_capture_on_commit_callbacks(execute=True):
        started = at_desk.post(
            reverse("console:batches"), {"kind": "accept", "number": [at_the_counter.number, accepted.number]}
        )

    said = at_desk.get(started["Location"]).content.decode()
    assert "共 2 件，办成 <b>1</b> 件，没有办成 <b>1</b> 件" in said
    assert f"办件{accepted.number}现在是“已受理”，不能受理" in said


def test_what_is_left_out_of_a_batch_is_told(at_desk, at_the_counter):
    started = at_desk.post(
        reverse("console:batches"),
        {"kind": "print", "number": [at_the_counter.number, "51200220260302000998"]},
    )

    assert "有1件不在您的办理范围内，没有列入" in at_desk.get(started["Location"]).content.decode()


@pytest.mark.query_count("console:batch")
def test_the_results_cost_the_same_for_one_case_and_for_three(at_desk, clerk, at_the_counter, count_queries):
    def cost(cases) -> int:
        batch = actions.start_batch("accept", [c.number for c in cases], by=clerk, at=at("2026-03-03"))
        return count_queries(at_desk, reverse("console:batch", args=[batch.pk]))

    one = cost([at_the_counter])

    assert cost([at_the_counter, *copies_of(at_the_counter, 2)]) == one <= 12


def test_nobody_reads_the_batch_of_another(client, clerk, colleague, at_the_counter):
    batch = actions.start_batch("accept", [at_the_counter.number], by=clerk, at=at("2026-03-03"))
    client.force_login(colleague)

    assert client.get(reverse("console:batch", args=[batch.pk])).status_code == 404


def test_an_old_cursor_shows_the_first_page(at_desk, submitted):
    assert len(at_desk.get(reverse("console:case-list"), {"after": "nonsense"}).context["page"]) == 1


def test_the_groups_say_late_soon_and_later(at_desk, submitted, clerk, monkeypatch):
    Case.objects.filter(pk=submitted.pk).update(desk_due_on=date(2020, 1, 2))

    groups = at_desk.get(reverse("console:case-list")).context["groups"]

    assert [name for name, cases in groups] == ["超期"]
    assert actions.deem_accepted(at=at("2026-03-09")) == 0


def test_who_may_only_read_is_offered_nothing_to_choose(client, submitted, supervisor, clerk):
    shown = {}
    for user in (supervisor, clerk):
        client.force_login(user)
        shown[user.username] = client.get(reverse("console:case-list")).content.decode()

    assert "全部办件" in shown["supervisor"] and 'type="checkbox"' not in shown["supervisor"]
    assert "我的待办" in shown["clerk"] and 'type="checkbox"' in shown["clerk"]
