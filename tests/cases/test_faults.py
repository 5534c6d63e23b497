"""没有算成的办件: one case that cannot be reckoned keeps its dates, is named with its reason, and stops nobody else's."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from apps.cases import actions
from apps.cases.actions import recomputing
from apps.cases.models import AmendmentFault, CalendarAmendment, Case, CaseEvent, ClockDifference
from apps.cases.signals import case_moved
from apps.notices.models import Message
from tests.bulk import copies_of
from tests.cast import at
from tests.races import at_once

from .rearranged import SIGNED_AT, THURSDAY, apply

LATER = at("2026-03-04", "17:00")
OLD, NEW = date(2026, 3, 6), date(2026, 3, 9)


def spoil(case) -> None:
    """A running case without a term, as no action leaves one: nothing can be reckoned from it."""
    _write(case, None)


def mend(case) -> None:
    _write(case, 3)


def _write(case, amount) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET committed_amount = %s WHERE id = %s", [amount, case.pk])


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(recomputing, "BATCH", 4)


@pytest.fixture
def spoiled(accepted, signed):
    """The sixth of eleven cases."""
    case = copies_of(accepted, 10)[4]
    spoil(case)
    return case


def test_one_case_that_cannot_be_reckoned_stops_nobody_else(spoiled, signed, small_batches):
    apply()

    signed.refresh_from_db()
    assert (signed.state, signed.seen, signed.moved) == ("applied", 11, 10)
    assert list(Case.objects.exclude(due_on=NEW).values_list("pk", "due_on")) == [(spoiled.pk, OLD)]
    fault = signed.faults.get()
    assert (fault.case, fault.failed_at, fault.settled_at) == (spoiled, SIGNED_AT, None)
    assert fault.reason == "这件的内容推算不出日期（TypeError），日期没有动；详情见运行日志。"
    assert not CaseEvent.objects.filter(case=spoiled, verb="recomputed").exists()
    assert CaseEvent.objects.filter(verb="recomputed").count() == 10


def test_what_fails_after_the_dates_were_written_leaves_no_trace_of_them(accepted, signed, small_batches):
    chosen = copies_of(accepted, 10)[6]

    def refuse(sender, events, **kwargs):
        if any(event.case_id == chosen.pk for event in events):
            raise LookupError(chosen.applicant_name)

    case_moved.connect(refuse)
    try:
        apply()
    finally:
        case_moved.disconnect(refuse)

    signed.refresh_from_db()
    assert (signed.state, signed.moved, signed.faults.get().case) == ("applied", 10, chosen)
    assert chosen.applicant_name not in signed.faults.get().reason
    assert Case.objects.get(pk=chosen.pk).due_on == OLD
    assert not CaseEvent.objects.filter(case=chosen, verb="recomputed").exists()
    assert not Message.objects.filter(event__case=chosen, kind="recomputed").exists()
    assert CaseEvent.objects.filter(verb="recomputed").count() == 10


def test_what_the_database_refuses_is_named_without_what_the_row_says(accepted, signed):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE cases_case ADD CONSTRAINT spring_is_over CHECK (due_on < date '2026-03-09') NOT VALID"
        )

    apply()

    fault = AmendmentFault.objects.get()
    assert fault.reason == "推算出的日期和这件的其他内容相矛盾（spring_is_over），日期没有动。"
    assert Case.objects.get().due_on == OLD


def test_it_is_tried_again_when_somebody_asks(spoiled, signed, small_batches, centre_admin):
    apply()
    mend(spoiled)

    asked = actions.rerun_faults(signed, by=centre_admin, at=LATER)
    assert (asked.state, asked.total, asked.rerun_by, asked.rerun_at) == ("rerunning", 1, centre_admin, LATER)
    apply(LATER)

    signed.refresh_from_db()
    assert (signed.state, signed.seen, signed.moved, signed.applied_at) == ("applied", 1, 11, LATER)
    assert signed.faults.get().settled_at == LATER
    assert Case.objects.get(pk=spoiled.pk).due_on == NEW
    assert CaseEvent.objects.filter(verb="recomputed").count() == 11
    with pytest.raises(actions.NotAllowed, match="没有还要再算的办件"):
        actions.rerun_faults(signed, by=centre_admin, at=LATER)


def test_what_fails_again_stays_on_record_once(spoiled, signed, centre_admin):
    apply()

    actions.rerun_faults(signed, by=centre_admin, at=LATER)
    with pytest.raises(actions.NotAllowed, match="正在再算，不用再算"):
        actions.rerun_faults(signed, by=centre_admin, at=LATER)
    apply(LATER)

    fault = AmendmentFault.objects.get()
    assert (fault.case, fault.failed_at, fault.settled_at) == (spoiled, LATER, None)
    assert CalendarAmendment.objects.get().state == "applied"


def test_what_is_not_through_is_not_tried_again(entered, centre_admin):
    with pytest.raises(actions.NotAllowed, match="待签发，不用再算"):
        actions.rerun_faults(entered, by=centre_admin, at=LATER)


def test_it_waits_for_another_amendment_which_settles_it_as_well(spoiled, signed, centre_admin, leader):
    apply()
    mend(spoiled)
    second = actions.enter_correction(source="规则调整", by=centre_admin, at=LATER)
    actions.sign_amendment(second, by=leader, at=LATER)

    with pytest.raises(actions.NotAllowed, match="还在重算，完成后再算这一份"):
        actions.rerun_faults(signed, by=centre_admin, at=LATER)
    apply(LATER)

    assert AmendmentFault.objects.get().settled_at == LATER
    assert Case.objects.get(pk=spoiled.pk).due_on == NEW


def test_the_fault_of_a_case_that_ended_is_settled_by_the_night(spoiled, signed, clerk):
    apply()
    actions.withdraw(spoiled, reason="不办了", by=clerk, at=LATER)

    actions.check_clocks(at=at("2026-03-05", "01:20"))

    assert AmendmentFault.objects.get().settled_at == at("2026-03-05", "01:20")


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_and_two_workers_try_it_once(spoiled, signed, centre_admin):
    apply()
    mend(spoiled)

    asked = at_once(2, lambda which: actions.rerun_faults(signed, by=centre_admin, at=LATER))
    assert sorted(type(result).__name__ for result in asked) == ["CalendarAmendment", "NotAllowed"]
    assert at_once(2, lambda which: apply(LATER)) == [None, None]
    apply(LATER)

    assert CaseEvent.objects.filter(case=spoiled, verb="recomputed").count() == 1
    assert CalendarAmendment.objects.get().moved == 11


def test_the_list_before_names_what_cannot_be_reckoned(entered, accepted):
    spoil(copies_of(accepted, 3)[1])

    impact = actions.impact_of(entered, at=SIGNED_AT)

    assert (len(impact), impact.seen) == (3, 4)
    assert list(impact.faulty.values()) == [
        "这件的内容推算不出日期（TypeError），日期没有动；详情见运行日志。"
    ]


# ── the nightly check ────────────────────────────────────────────────────────────────────────────────


NIGHT, NEXT = at("2026-03-06", "01:20"), at("2026-03-07", "01:20")


@pytest.fixture
def unreadable(submitted, calendar):
    """An event that says something else than a day, as an import gone wrong would leave it."""
    CaseEvent.objects.create(
        case=submitted, verb="accepted", at=at("2026-03-03"), after="accepted", facts={"accepted_on": "昨天"}
    )
    return submitted


def test_the_check_names_a_case_that_cannot_be_reckoned_and_goes_on(unreadable, collected):
    Case.objects.filter(pk=collected.pk).update(hand_up_due_on=date(2026, 3, 20))

    assert actions.check_clocks(at=NIGHT) == (2, 2)

    one = ClockDifference.objects.get(case=unreadable)
    assert (one.field, one.label, one.stored) == ("not_reckoned", "无法推算", "")
    assert one.recomputed.startswith("这件的内容推算不出日期（ValueError）")
    assert ClockDifference.objects.filter(case=collected, field="hand_up_due_on").exists()


def test_it_is_noted_once_and_proves_nothing_else_settled(unreadable):
    ClockDifference.objects.create(
        case=unreadable, field="due_on", stored="2026-03-20", recomputed="", found_at=NIGHT, seen_at=NIGHT
    )

    actions.check_clocks(at=NIGHT)
    actions.check_clocks(at=NEXT)

    assert set(ClockDifference.objects.open().values_list("field", flat=True)) == {"due_on", "not_reckoned"}
    assert ClockDifference.objects.get(field="not_reckoned").seen_at == NEXT


def test_the_command_names_it_too(unreadable):
    out = StringIO()

    with pytest.raises(CommandError, match="有不一致的期限"):
        call_command("check_clocks", stdout=out)

    assert f"{unreadable} 无法推算：这件的内容推算不出日期（ValueError）" in out.getvalue()


# ── the sweeps beside an amendment ───────────────────────────────────────────────────────────────────


@pytest.fixture
def waits(submitted, clerk):
    case = actions.return_for_correction(
        submitted, [actions.Found("图不清", seq=2)], by=clerk, at=at("2026-03-03")
    )
    Case.objects.filter(pk=case.pk).update(wait_until=date(2026, 4, 2))
    return case


def test_nothing_lapses_or_is_accepted_by_a_date_that_is_just_being_moved(at_the_counter, waits, signed):
    on_the_day_after = at("2026-04-03", "09:00")

    assert (actions.deem_accepted(at=on_the_day_after), actions.lapse(at=on_the_day_after)) == (0, 0)
    apply(on_the_day_after)

    assert (actions.deem_accepted(at=on_the_day_after), actions.lapse(at=on_the_day_after)) == (1, 1)


def test_a_case_that_could_not_be_recomputed_is_left_until_it_is(submitted, signed, centre_admin):
    def refuse(sender, events, **kwargs):
        raise LookupError

    case_moved.connect(refuse)
    try:
        apply()
    finally:
        case_moved.disconnect(refuse)
    assert Case.objects.get().notice_due_on == date(2026, 3, 9)  # by the new calendar it is the tenth

    assert actions.deem_accepted(at=at("2026-03-10")) == 0
    actions.rerun_faults(signed, by=centre_admin, at=at("2026-03-10"))
    apply(at("2026-03-10"))

    assert Case.objects.get().notice_due_on == date(2026, 3, 10)
    assert actions.deem_accepted(at=at("2026-03-10")) == 0
    assert actions.deem_accepted(at=at("2026-03-11")) == 1


def test_a_tolerated_paper_does_not_lapse_while_its_date_is_moved(submitted, clerk, signed):
    submitted.materials.filter(seq=3).update(state="absent")
    case = actions.accept_tolerated(submitted, promised_by="王小明", by=clerk, at=at("2026-03-03"))
    over = at(f"{case.tolerated_until:%Y-%m-%d}", "23:59")
    Case.objects.filter(pk=case.pk).update(tolerated_until=THURSDAY)

    assert actions.lapse_tolerated(at=over) == 0
    apply(over)
    assert actions.lapse_tolerated(at=over) == 0
    assert actions.lapse_tolerated(at=at("2026-03-20")) == 1


def test_a_sweep_asks_once_about_amendments_and_not_case_by_case(submitted, django_assert_max_num_queries):
    copies_of(submitted, 20)

    with django_assert_max_num_queries(8):
        assert actions.lapse(at=at("2026-03-30")) == 0
    with django_assert_max_num_queries(1):
        list(Case.objects.notice_period_over(on=date(2026, 3, 30)))
