"""时限单位: half days run from the hour of acceptance (R13); an extension keeps its own unit in a term of another (R6)."""

from datetime import date

import pytest

from apps.calendars import loaded
from apps.cases import actions, explanation
from apps.cases.actions.projection import Projection, rows_of, standings
from apps.cases.models import Case
from apps.items.models import ItemVersion
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs(submitted, clerk, colleague):
    """Accepts the case under the terms of another guide, and starts its review."""

    def accepted(*, hour="10:00", **terms):
        ItemVersion.objects.filter(pk=submitted.version_id).update(**terms)
        submitted.refresh_from_db()
        actions.pass_pre_review(submitted, by=clerk, at=at("2026-03-03", hour))
        return actions.start_review(submitted, by=colleague, at=at("2026-03-03", "17:00"))

    return accepted


def is_projected(case) -> bool:
    """By the columns, by the events, and by the strip that everybody may read."""
    rows, projection = rows_of(Case.objects.filter(pk=case.pk)), Projection()
    alike = [projection.moves(row, standings(rows)[row.id]) for row in rows] == [{}]
    strips = explanation.both(Case.objects.get(pk=case.pk), loaded.current(), frozenset(), date(2026, 3, 5))
    told = [strip.due_on for strip in strips] == [case.due_on, case.statutory_due_on]
    last = all(max(cell.day for week in one.weeks for cell in week if cell) == one.due_on for one in strips)
    return alike and told and last and actions.check_clocks(at=at("2026-03-06", "01:20"))[1] == 0


@pytest.mark.parametrize(
    ("hour", "halves", "due"),
    [
        ("11:59", 1, date(2026, 3, 3)),
        ("12:00", 1, date(2026, 3, 4)),
        ("15:30", 1, date(2026, 3, 4)),
        ("15:30", 2, date(2026, 3, 4)),
        ("15:30", 3, date(2026, 3, 5)),
    ],
)
def test_a_promise_in_half_days_runs_from_the_hour_of_acceptance(runs, hour, halves, due):
    case = runs(hour=hour, committed_unit="half_day", committed_amount=halves)

    assert case.due_on == due
    assert is_projected(case)


def test_the_hour_is_still_known_when_half_days_were_paused(runs, window_head):
    case = runs(hour="15:30", committed_unit="half_day", committed_amount=1)
    actions.pause(case, "检测", days_needed=2, reason="送检", by=window_head, at=at("2026-03-03", "17:10"))

    case = actions.resume(case, result="合格", by=window_head, at=at("2026-03-05"))

    assert case.due_on == date(2026, 3, 6)
    assert is_projected(case)


@pytest.mark.parametrize(
    ("amount", "unit", "plain", "extended"),
    [
        (3, "month", date(2026, 6, 3), date(2026, 6, 17)),
        (30, "calendar_day", date(2026, 4, 2), date(2026, 4, 17)),
        (20, "workday", date(2026, 3, 31), date(2026, 4, 15)),
    ],
)
def test_ten_working_days_more_are_neither_ten_months_nor_ten_calendar_days(
    runs, window_head, amount, unit, plain, extended
):
    case = runs(statutory_amount=amount, statutory_unit=unit)
    assert case.statutory_due_on == plain

    case = actions.extend(case, amount=10, reason="检测", by=window_head, at=at("2026-03-05"))

    assert (case.due_on, case.statutory_due_on) == (date(2026, 3, 20), extended)
    assert is_projected(case)


def test_an_extension_in_its_own_unit_stands_still_with_the_clock(runs, window_head):
    case = runs(statutory_amount=30, statutory_unit="calendar_day")
    actions.extend(case, amount=10, reason="检测", by=window_head, at=at("2026-03-05"))

    paused = actions.pause(case, "检测", days_needed=2, reason="送检", by=window_head, at=at("2026-03-05"))
    assert (paused.due_on, paused.statutory_due_on) == (None, None)

    case = actions.resume(case, result="合格", by=window_head, at=at("2026-03-10"))
    assert case.statutory_due_on == date(2026, 4, 21)
    assert is_projected(case)


def test_an_extension_behind_a_guess_is_a_guess(runs, window_head):
    case = runs(statutory_amount=11, statutory_unit="month")

    case = actions.extend(case, amount=10, reason="检测", by=window_head, at=at("2026-03-05"))

    assert (case.statutory_due_on, case.calendar_missing) == (None, True)
    assert case.provisional_statutory_on > date(2027, 2, 3)
