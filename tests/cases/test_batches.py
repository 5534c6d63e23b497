"""批量办理: each case by itself, its result told; a batch goes on where it stopped."""

import pytest

from apps.cases import actions, tasks
from apps.cases.actions import NotAllowed
from apps.cases.models import Batch, BatchLine, Case, CaseMaterial, Status
from tests.bulk import copies_of
from tests.cast import at
from tests.races import at_once

pytestmark = pytest.mark.django_db


def start(case_numbers, by, kind="accept", **facts) -> Batch:
    return actions.start_batch(kind, case_numbers, by=by, at=at("2026-03-03"), **facts)


def results(batch: Batch) -> list[tuple]:
    return list(batch.lines.order_by("id").values_list("state", "sentence"))


def run(batch: Batch) -> None:
    for line in batch.lines.order_by("id"):
        actions.run_line(line, at=at("2026-03-03"))
    actions.finish_batch(batch, at=at("2026-03-03"))


def test_what_is_refused_is_named_and_the_others_are_done(at_the_counter, clerk):
    lacking = copies_of(at_the_counter, 1)[0]
    CaseMaterial.objects.create(
        case=lacking,
        material=at_the_counter.materials.get(seq=1).material,
        seq=1,
        name="申请书",
        necessity="required",
    )
    batch = start([at_the_counter.number, lacking.number], clerk)

    run(batch)

    assert sorted(results(batch)) == [
        ("done", ""),
        ("refused", "还缺1份必要材料（申请书），请一次告知申请人补正。"),
    ]
    at_the_counter.refresh_from_db()
    lacking.refresh_from_db()
    assert (at_the_counter.status, lacking.status) == (Status.ACCEPTED, Status.RECEIVED)


def test_a_batch_that_is_run_again_does_nothing_twice(at_the_counter, clerk):
    batch = start([at_the_counter.number], clerk)
    run(batch)
    run(batch)

    assert at_the_counter.events.filter(verb="accepted").count() == 1


def test_a_batch_that_stopped_goes_on_where_it_stopped(at_the_counter, clerk):
    cases = [at_the_counter, *copies_of(at_the_counter, 3)]
    batch = start([case.number for case in cases], clerk)
    actions.run_line(batch.lines.order_by("id").first(), at=at("2026-03-03"))
    assert not actions.finish_batch(batch, at=at("2026-03-03"))

    run(batch)

    batch.refresh_from_db()
    assert (batch.finished_at is not None, Case.objects.filter(status=Status.ACCEPTED).count()) == (True, 4)


def test_no_more_than_five_hundred_and_not_nothing(at_the_counter, clerk):
    with pytest.raises(NotAllowed, match="一次最多500件，现在选了501件"):
        start([str(n) for n in range(501)], clerk)
    with pytest.raises(NotAllowed, match="请先选中办件"):
        start([], clerk)


def test_a_case_of_another_place_is_not_taken(at_the_counter, clerk_of_another_county):
    with pytest.raises(NotAllowed, match="不在您的办理范围内"):
        start([at_the_counter.number], clerk_of_another_county)


def test_the_head_gives_cases_to_a_colleague_and_to_nobody_else(
    accepted, window_head, colleague, clerk_of_another_county
):
    given = start([accepted.number], window_head, "dispatch", to=colleague)
    run(given)
    accepted.refresh_from_db()
    assert (accepted.status, accepted.reviewer) == (Status.IN_REVIEW, colleague)

    other = copies_of(accepted, 1, status=Status.ACCEPTED)[0]
    refused = start([other.number], window_head, "dispatch", to=clerk_of_another_county)
    run(refused)
    assert results(refused) == [("refused", "冯涛不在这件的办理部门，不能分派。")]


def test_who_may_not_dispatch_starts_none(accepted, clerk, colleague):
    with pytest.raises(NotAllowed, match="您没有批量分派的权限"):
        start([accepted.number], clerk, "dispatch", to=colleague)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_case_once(at_the_counter, clerk):
    cases = [at_the_counter, *copies_of(at_the_counter, 7)]
    batch = start([case.number for case in cases], clerk)

    failed = [result for result in at_once(2, lambda _: tasks.run_batch(batch.pk)) if result is not None]

    assert failed == []
    assert Batch.objects.get(pk=batch.pk).finished_at is not None
    assert set(batch.lines.values_list("state", flat=True)) == {BatchLine.State.DONE}
    assert {case.events.filter(verb="accepted").count() for case in Case.objects.all()} == {1}
