"""重算: batch by batch, each case once, however many workers there are and whenever one of them dies."""

from datetime import date, timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from apps.accounts.roles import Role
from apps.calendars.models import CalendarYear
from apps.cases import actions
from apps.cases.actions import recomputing
from apps.cases.models import AmendmentFault, CalendarAmendment, Case, CaseEvent, Verb
from apps.notices.models import Message
from tests.bulk import copies_of
from tests.cast import at, make_user
from tests.races import at_once

from .rearranged import SIGNED_AT, SOURCE, apply


def everything_written() -> tuple:
    """Everything that a recomputation may write, to compare two runs."""
    return (
        list(Case.objects.order_by("id").values()),
        list(CaseEvent.objects.order_by("id").values()),
        list(Message.objects.order_by("id").values()),
        list(CalendarAmendment.objects.order_by("id").values()),
    )


def test_a_second_run_changes_nothing(accepted, signed):
    apply()
    before = everything_written()

    CalendarAmendment.objects.update(state="signed", last_case=0, seen=0, moved=0, tally={})
    apply()

    after = everything_written()
    assert after[:3] == before[:3]
    assert CalendarAmendment.objects.get().moved == 0


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(recomputing, "BATCH", 3)


def test_a_worker_that_dies_in_the_middle_leaves_no_case_half_done(
    accepted, signed, small_batches, monkeypatch
):
    copies_of(accepted, 9)
    written = []
    real = recomputing.record_all

    def dying(entries):
        written.append(len(entries))
        if len(written) == 3:
            raise OperationalError("the server closed the connection")
        return real(entries)

    monkeypatch.setattr(recomputing, "record_all", dying)
    with pytest.raises(OperationalError):
        for _ in range(9):
            with transaction.atomic():
                actions.recompute_next(at=SIGNED_AT)
    signed.refresh_from_db()
    assert (signed.seen, signed.moved, signed.state) == (6, 6, "applying")
    assert not AmendmentFault.objects.exists()  # no case is to blame for that
    moved = set(CaseEvent.objects.filter(verb="recomputed").values_list("case", flat=True))
    assert moved == set(Case.objects.filter(due_on=date(2026, 3, 9)).values_list("pk", flat=True))

    monkeypatch.setattr(recomputing, "record_all", real)
    apply()

    signed.refresh_from_db()
    assert (signed.seen, signed.moved, signed.state) == (10, 10, "applied")
    assert Case.objects.filter(due_on=date(2026, 3, 9)).count() == 10
    assert CaseEvent.objects.filter(verb="recomputed").count() == 10


def test_a_case_that_an_act_had_reckoned_by_the_old_calendar_is_caught_in_the_end(
    accepted, signed, small_batches
):
    """It was a draft when its place in the order was passed, and came with the date of the calendar before."""
    CalendarAmendment.objects.update(state="applying", last_case=accepted.pk, seen=1)
    CaseEvent.objects.create(case=accepted, verb=Verb.ACCEPTED, at=SIGNED_AT + timedelta(seconds=1), facts={})

    apply()

    assert Case.objects.get().due_on == date(2026, 3, 9)
    assert CalendarAmendment.objects.get().moved == 1


@pytest.mark.parametrize("number", [1, 40])
def test_a_batch_costs_the_same_for_one_case_and_for_forty(
    accepted, signed, number, django_assert_max_num_queries
):
    copies_of(accepted, number)

    with django_assert_max_num_queries(20):
        actions.recompute_next(at=SIGNED_AT)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_move_each_case_once(accepted, signed, small_batches):
    copies_of(accepted, 20)

    def work(which):
        apply(timezone.now())

    assert at_once(3, work) == [None, None, None]
    apply()

    signed.refresh_from_db()
    assert (signed.state, signed.seen, signed.moved) == ("applied", 21, 21)
    assert CaseEvent.objects.filter(verb="recomputed").count() == 21
    assert Case.objects.exclude(due_on=date(2026, 3, 9)).count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_does(entered, leader, city):
    other = make_user("leader2", "秦岭", Role.LEADER, point=city)

    results = at_once(
        2, lambda which: actions.sign_amendment(entered, by=[leader, other][which], at=SIGNED_AT)
    )

    assert sorted(type(result).__name__ for result in results) == ["CalendarAmendment", "NotAllowed"]
    assert CalendarYear.objects.get(pk=2026).source == SOURCE


@pytest.mark.django_db(transaction=True)
def test_an_act_beside_the_recomputation_is_lost_neither_way(accepted, signed, colleague):
    results = at_once(
        2,
        lambda which: (
            actions.start_review(accepted, by=colleague, at=at("2026-03-04", "16:00"))
            if which
            else actions.recompute_next(at=SIGNED_AT)
        ),
    )

    assert [type(result).__name__ for result in results] == ["bool", "Case"]
    apply()
    case = Case.objects.get()
    assert (case.status, case.due_on) == ("in_review", date(2026, 3, 9))
    assert set(case.events.values_list("verb", flat=True)) >= {"recomputed", "review_started"}
