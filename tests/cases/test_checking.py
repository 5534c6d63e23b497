"""时限核对: the stored dates are the projection of the events, and whoever changes one by hand is found out."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from apps.cases import actions, tasks
from apps.cases.models import CalendarAmendment, Case, CaseEvent, ClockDifference
from tests.bulk import copies_of
from tests.cast import at

NIGHT = at("2026-03-06", "01:20")
NEXT = at("2026-03-07", "01:20")


def plant(case, **columns) -> None:
    """Behind everybody's back, as a hand in the database would."""
    names = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_case SET {names} WHERE id = %s", [*columns.values(), case.pk])


def open_ones() -> list[tuple]:
    found = ClockDifference.objects.open().order_by("case", "field")
    return list(found.values_list("case", "field", "stored", "recomputed"))


@pytest.mark.parametrize(
    "story",
    ["submitted", "accepted", "in_review", "in_approval", "collected", "at_the_counter"],
)
def test_a_clean_history_finds_nothing(story, request):
    request.getfixturevalue(story)

    assert actions.check_clocks(at=NIGHT) == (1, 0)
    assert open_ones() == []


def test_a_life_with_everything_finds_nothing_at_any_step(
    submitted, citizen, clerk, colleague, window_head, approver
):
    case = submitted
    steps = [
        lambda: actions.return_for_correction(
            case, [actions.Found("图不清", seq=2)], by=clerk, at=at("2026-03-03")
        ),
        lambda: actions.resubmit(
            case,
            dict.fromkeys(case.notices.get().faults.values_list("pk", flat=True), "已改"),
            by=citizen,
            at=at("2026-03-04"),
        ),
        lambda: actions.pass_pre_review(case, by=clerk, at=at("2026-03-05")),
        lambda: actions.start_review(case, by=colleague, at=at("2026-03-05")),
        lambda: actions.extend(case, amount=3, reason="情况复杂", by=window_head, at=at("2026-03-06")),
        lambda: actions.pause(
            case, "检测", days_needed=2, reason="送检", by=window_head, at=at("2026-03-06")
        ),
        lambda: actions.pause(
            case, "现场踏勘", days_needed=2, reason="看现场", by=window_head, at=at("2026-03-09")
        ),
        lambda: actions.resume(case, kind="检测", result="合格", by=window_head, at=at("2026-03-10")),
        lambda: actions.resume(case, result="看过", by=window_head, at=at("2026-03-12")),
        lambda: actions.ask_hearing(
            actions.offer_hearing(case, subject="邻里", by=window_head, at=at("2026-03-12")),
            asked_by_name="王小明",
            by=window_head,
            at=at("2026-03-13"),
        ),
    ]
    for number, step in enumerate(steps):
        step()
        assert actions.check_clocks(at=NIGHT).differing == 0, (number, open_ones())


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"due_on": "2026-03-12"}, [("due_on", "2026-03-12", "2026-03-06")]),
        ({"statutory_due_on": "2026-04-30"}, [("statutory_due_on", "2026-04-30", "2026-03-31")]),
        ({"yellow_on": None}, [("yellow_on", "", "2026-03-05")]),
        ({"desk_due_on": "9999-12-31"}, [("desk_due_on", "9999-12-31", "2026-03-06")]),
        ({"accepted_on": "2026-03-04"}, [("accepted_on", "2026-03-04", "2026-03-03")]),
        ({"paused_since": "2026-03-04"}, [("paused_since", "2026-03-04", "")]),
        ({"status": "in_review"}, [("status", "审查中", "已受理")]),
        ({"committed_amount": 30}, []),  # the events say what was promised, and the date is still that
    ],
)
def test_a_date_planted_by_hand_is_found(accepted, columns, found):
    plant(accepted, **columns)

    actions.check_clocks(at=NIGHT)

    assert open_ones() == [(accepted.pk, *one) for one in found]


@pytest.mark.parametrize(
    ("story", "columns", "recomputed"),
    [
        ("submitted", {"notice_due_on": "2026-03-20"}, "2026-03-09"),
        ("submitted", {"pre_review_due_on": "2026-03-20"}, "2026-03-03"),
        ("collected", {"hand_up_due_on": "2026-03-20"}, "2026-03-05"),
        ("at_the_counter", {"notice_due_on": None}, "2026-03-09"),
    ],
)
def test_a_service_date_planted_by_hand_is_found(story, columns, recomputed, request):
    case = request.getfixturevalue(story)
    plant(case, **columns)

    actions.check_clocks(at=NIGHT)

    name, value = next(iter(columns.items()))
    assert (case.pk, name, value or "", recomputed) in open_ones()


def test_a_period_of_the_applicant_may_not_be_cut(submitted, clerk):
    case = actions.return_for_correction(
        submitted, [actions.Found("图不清", seq=2)], by=clerk, at=at("2026-03-03")
    )
    plant(case, wait_until="2026-03-10")

    actions.check_clocks(at=NIGHT)

    assert (case.pk, "wait_until", "2026-03-10", "2026-04-02") in open_ones()


def test_a_difference_is_noted_once_and_settled_when_it_is_gone(accepted):
    plant(accepted, due_on="2026-03-12")
    actions.check_clocks(at=NIGHT)
    actions.check_clocks(at=NEXT)

    noted = ClockDifference.objects.get()
    assert (noted.found_at, noted.seen_at, noted.settled_at) == (NIGHT, NEXT, None)

    plant(accepted, due_on="2026-03-06")
    actions.check_clocks(at=NEXT)

    noted.refresh_from_db()
    assert noted.settled_at == NEXT
    plant(accepted, due_on="2026-03-12")
    actions.check_clocks(at=NEXT)
    assert ClockDifference.objects.count() == 2


def test_the_difference_of_a_case_that_ended_is_looked_for_no_more(accepted, clerk):
    plant(accepted, due_on="2026-03-12")
    actions.check_clocks(at=NIGHT)

    actions.withdraw(accepted, reason="不办了", by=clerk, at=NIGHT)
    actions.check_clocks(at=NEXT)

    assert open_ones() == []


def test_a_correction_puts_right_what_was_planted(accepted, centre_admin, leader):
    plant(accepted, due_on="2026-03-12")
    entered = actions.enter_correction(source="核对发现1件不一致", by=centre_admin, at=NIGHT)
    actions.sign_amendment(entered, by=leader, at=NIGHT)
    while actions.recompute_next(at=NIGHT):
        pass

    actions.check_clocks(at=NEXT)

    accepted.refresh_from_db()
    assert (accepted.due_on, open_ones()) == (date(2026, 3, 6), [])
    assert CaseEvent.objects.get(verb="recomputed").facts["moved"] == {"due_on": ["2026-03-12", "2026-03-06"]}


def test_it_waits_while_an_amendment_is_worked_through(accepted, centre_admin, leader):
    entered = actions.enter_correction(source="核对", by=centre_admin, at=NIGHT)
    actions.sign_amendment(entered, by=leader, at=NIGHT)

    with pytest.raises(actions.NotAllowed, match="正在重算"):
        actions.check_clocks(at=NIGHT)

    tasks.check_clocks()
    assert not ClockDifference.objects.exists()
    CalendarAmendment.objects.update(state="applied")
    assert actions.check_clocks(at=NIGHT).seen == 1


def test_the_command_names_each_difference_and_fails(accepted):
    out = StringIO()
    call_command("check_clocks", stdout=out)
    assert out.getvalue() == "核对了1件，0处不一致。\n"

    plant(accepted, due_on="2026-03-12")
    with pytest.raises(CommandError, match="有不一致的期限"):
        call_command("check_clocks", stdout=out)

    assert f"{accepted} 承诺办结日：存的是2026-03-12，应为2026-03-06" in out.getvalue()


@pytest.mark.parametrize("number", [1, 40])
def test_a_clean_check_costs_the_same_for_one_case_and_for_forty(accepted, number, django_assert_num_queries):
    made = copies_of(accepted, number)
    events = list(accepted.events.order_by("id"))
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, verb=one.verb, at=one.at, before=one.before, after=one.after, facts=one.facts)
        for case in made
        for one in events
    )

    with django_assert_num_queries(11):
        assert actions.check_clocks(at=NIGHT) == (number + 1, 0)
    assert Case.objects.count() == number + 1
