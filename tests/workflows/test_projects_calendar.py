"""日历变更 and joint projects: what is still running follows the calendar, says so, and nothing falls due by an old one."""

from datetime import date, timedelta

import pytest

from apps.calendars.workdays import Special
from apps.cases import actions as cases
from apps.workflows import actions
from apps.workflows.models import ProjectEvent, ProjectNotice
from apps.workflows.states import Verb
from apps.workflows.tasks import reckon_stages
from tests.cases.rearranged import DAY_OFF, SOURCE, apply, days_of_2026
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def rearrange(centre_admin, leader):
    """Entered by one, signed by another, worked through for all cases."""

    def signed(*days: Special, on: str = "2026-03-03"):
        entered = cases.enter_notice(
            2026,
            days_of_2026(*days),
            source=SOURCE,
            published_on=date(2026, 3, 3),
            by=centre_admin,
            at=at(on),
        )
        cases.sign_amendment(entered, by=leader, at=at(on, "16:00"))
        apply(at(on, "16:01"))
        return entered

    return signed


def told(project):
    return list(ProjectEvent.objects.filter(project=project, verb=Verb.RECOMPUTED).order_by("id"))


def test_a_day_off_moves_both_dates_of_a_running_stage_and_says_why(hall, rearrange):
    project = hall.running()
    before = hall.stage(project, 1)
    assert (before.due_on, before.statutory_due_on) == (date(2026, 3, 23), date(2026, 5, 8))
    amendment = rearrange(DAY_OFF)

    assert actions.reckon_stages(at=at("2026-03-03", "16:05"), amendment=amendment) == 1

    after = hall.stage(project, 1)
    assert (after.due_on, after.statutory_due_on) == (
        date(2026, 3, 24),
        date(2026, 5, 9),
    )  # a Saturday at work
    (event,) = told(project)
    assert event.reason.startswith("因2026年放假安排，承诺办结日由3月23日")
    assert "改为3月24日" in event.reason and event.reason.endswith(f"依据：{SOURCE}。")
    assert event.facts["moved"]["due_on"] == ["2026-03-23", "2026-03-24"]
    assert actions.reckon_stages(at=at("2026-03-04")) == 0 and len(told(project)) == 1


def test_the_terms_of_acceptance_answer_and_supplement_move_from_the_days_they_run_from(hall, rearrange):
    project = hall.told(moment=at("2026-03-03"))
    notice = hall.stage(project, 1).notices.get()
    other = hall.dispatched(
        moment=at("2026-03-03"), name="另一个厂房", national_code="2603-512002-04-01-999999"
    )
    assert other.accept_by == date(2026, 3, 10)
    assert hall.branch(other.project, "yd").answer_by == date(2026, 3, 4)
    rearrange(
        Special(date(2026, 3, 4), False, "临时放假"),
        Special(notice.answer_by, False, "临时放假"),
        on="2026-03-03",
    )

    assert actions.reckon_stages(at=at("2026-03-03", "17:00")) == 2

    assert hall.stage(other.project, 1).accept_by == date(2026, 3, 11)
    assert hall.branch(other.project, "yd").answer_by == date(2026, 3, 5)
    moved = ProjectNotice.objects.get(pk=notice.pk).answer_by
    assert moved == notice.answer_by + timedelta(days=1)
    assert "补正期限由" in told(project)[0].reason
    assert "“建设项目用地预审”答复期限由3月4日" in told(other.project)[0].reason


def test_no_stage_is_deemed_accepted_by_the_calendar_of_yesterday(hall, rearrange):
    stage = hall.dispatched()
    assert stage.accept_by == date(2026, 3, 9)
    rearrange(DAY_OFF)  # and nobody has reckoned the stages yet

    assert actions.deem_stages(at=at("2026-03-10")) == 0

    late = hall.stage(stage.project, 1)
    assert (late.state, late.accept_by) == ("dispatched", date(2026, 3, 10))
    assert actions.deem_stages(at=at("2026-03-11")) == 1
    assert hall.stage(stage.project, 1).is_deemed_accepted


def test_no_notice_lapses_by_the_calendar_of_yesterday(hall, rearrange):
    project = hall.told(moment=at("2026-03-03"))
    notice = hall.stage(project, 1).notices.get()
    rearrange(Special(notice.answer_by, False, "临时放假"))
    day_after = notice.answer_by + timedelta(days=1)

    assert actions.lapse_notices(at=at(day_after.isoformat())) == 0

    assert hall.branch(project, "yd").state == "waiting"
    assert actions.lapse_notices(at=at((day_after + timedelta(days=1)).isoformat())) == 1
    assert hall.branch(project, "yd").state == "withdrawn"


def test_the_applicant_keeps_the_last_day_that_was_told_when_the_calendar_gives_less(hall, rearrange):
    last_day = hall.stage(hall.told(moment=at("2026-03-03")), 1).notices.get().answer_by
    rearrange(Special(last_day, False, "临时放假"))
    actions.reckon_stages(at=at("2026-03-03", "17:00"))
    given = ProjectNotice.objects.get().answer_by
    rearrange(on="2026-03-04")  # taken back

    assert actions.reckon_stages(at=at("2026-03-04", "17:00")) == 0

    assert ProjectNotice.objects.get().answer_by == given == last_day + timedelta(days=1)


def test_an_amendment_in_force_sends_for_the_projects(
    hall, rearrange, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(reckon_stages, "apply_async", lambda args, **options: sent.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        amendment = rearrange(DAY_OFF)

    assert sent == [[amendment.pk]]
    project = hall.running()
    assert reckon_stages(amendment.pk) == 0  # what begins afterwards is right from the start
    assert told(project) == []
