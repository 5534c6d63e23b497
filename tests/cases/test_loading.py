"""载入工作日历: what a release brings moves running cases by itself, on record as the system's own amendment."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from apps.calendars import actions as calendars
from apps.calendars import loaded, notices
from apps.calendars.models import CalendarYear
from apps.cases import actions
from apps.cases.models import CalendarAmendment, Case, Channel
from apps.notices.models import Message
from tests.cast import at, fill

from .rearranged import DAY_OFF, SIGNED_AT, SOURCE, THURSDAY, apply, days_of_2026


def load(**options) -> str:
    out = StringIO()
    call_command("load_calendars", stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def moved(accepted, signed):
    """A hall that took the day off into its year, as it was told to."""
    apply()
    assert Case.objects.get().due_on == date(2026, 3, 9)
    return accepted


def test_a_year_put_back_moves_running_cases_with_an_event_each(moved):
    said = load(replace=True)

    case = Case.objects.get()
    assert case.due_on == date(2026, 3, 6)
    amendment = CalendarAmendment.objects.latest("id")
    assert (amendment.kind, amendment.state, amendment.year) == ("notice", "applied", 2026)
    assert (amendment.entered_by, amendment.signed_by, amendment.moved) == (None, None, 1)
    event = case.events.filter(verb="recomputed").latest("id")
    assert (event.by, event.facts["amendment"]) == (None, amendment.pk)
    assert "承诺办结日由2026年3月9日改为3月6日" in Message.objects.get(event=event).text
    assert "2026年：增加0天，去掉1天" in said
    assert f"核了1件在办件，1件的期限随之变动，逐件见“日历变更”第{amendment.pk}号。" in said
    assert actions.check_clocks(at=at("2026-03-06")).differing == 0


def test_loading_again_makes_no_second_amendment(moved):
    load(replace=True)
    before = CalendarAmendment.objects.count()

    load(replace=True)
    load()

    assert CalendarAmendment.objects.count() == before


def test_a_hall_without_cases_needs_no_amendment(calendar):
    calendars.publish(2026, days_of_2026(DAY_OFF), source=SOURCE, published_on=date(2026, 3, 3), at=SIGNED_AT)

    load(replace=True)

    assert loaded.current().is_workday(THURSDAY)
    assert not CalendarAmendment.objects.exists()


def test_a_forecast_that_becomes_a_notice_in_a_release_makes_dates_certain(
    calendar, permit_with_originals, county, citizen, clerk, privacy_notice, monkeypatch
):
    case = actions.draft(
        permit_with_originals, applicant=citizen.applicant, at_point=county, channel=Channel.COUNTER, by=clerk,
        at=at("2026-12-21"),
    )  # fmt: skip
    fill(case, by=clerk, at_=at("2026-12-21"))
    papers = {1: (1, 0), 2: (1, 0), 3: (0, 1)}
    actions.receive(case, papers, by=clerk, at=at("2026-12-21"), privacy_notice="2026-01")
    case = actions.accept(case, by=clerk, at=at("2026-12-21"))
    assert (case.due_on, case.calendar_missing) == (None, True)
    forecast = next(notice for notice in notices.carried() if notice.year == 2027)
    published = notices.Notice(
        2027, notices.PUBLISHED, "国办发明电〔2026〕9号", "", date(2026, 11, 4), forecast.days
    )
    monkeypatch.setattr(notices, "carried", lambda: (published,))

    said = load()

    case.refresh_from_db()
    assert (case.due_on, case.provisional_due_on, case.calendar_missing) == (
        loaded.current().add(date(2026, 12, 21), case.committed_amount).on, None, False,
    )  # fmt: skip
    assert "1件的期限随之变动" in said
    assert "由暂估" in case.events.get(verb="recomputed").reason


def test_a_new_forecast_is_on_record_as_a_correction(accepted):
    CalendarYear.objects.get(pk=2027).delete()

    load()

    amendment = CalendarAmendment.objects.get()
    assert (amendment.kind, amendment.year, amendment.state) == ("correction", None, "applied")
    assert amendment.source.startswith("随软件载入2027年放假安排预测：")


def test_it_waits_for_what_is_on_its_way_and_changes_nothing(accepted, signed):
    with pytest.raises(CommandError, match="2026年的安排没有载入：“2026年放假安排”还在重算"):
        load(replace=True)

    assert not loaded.current().is_workday(THURSDAY)
    apply()
    assert "1件的期限随之变动" in load(replace=True)


def test_what_somebody_has_proposed_for_the_year_is_not_passed_over(moved, centre_admin):
    actions.enter_notice(
        2026, days_of_2026(), source="又一份", published_on=date(2026, 3, 3), by=centre_admin, at=SIGNED_AT
    )

    with pytest.raises(CommandError, match="已有一份等签发"):
        load(replace=True)

    assert not loaded.current().is_workday(THURSDAY)


def test_a_case_that_cannot_be_reckoned_is_told(moved):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET committed_amount = NULL")

    said = load(replace=True)

    assert "1件没有算成，日期没有动" in said
    assert Case.objects.get().due_on == date(2026, 3, 9)


def test_only_the_system_goes_without_a_signature(entered, leader):
    with (
        pytest.raises(IntegrityError, match="an_amendment_in_force_was_signed"),
        transaction.atomic(),
    ):
        CalendarAmendment.objects.update(state="signed", signed_at=SIGNED_AT)
    with pytest.raises(IntegrityError, match="what_nobody_entered_nobody_signs"), transaction.atomic():
        CalendarAmendment.objects.update(entered_by=None)
