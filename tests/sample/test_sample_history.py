"""The history: every status, real days, nothing out of nothing, and never twice."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.calendars import loaded
from apps.cases import actions
from apps.cases.models import Case, CaseEvent, CaseFile, Channel
from apps.cases.states import MOVES, Status, Verb
from apps.items.models import CaseKind
from apps.supervision import actions as supervision
from apps.supervision.models import Card, Rule
from config.sampling.history import telling
from config.sampling.history.rhythm import Rhythm
from tests.cast import at

from .conftest import LOADED_AT

pytestmark = pytest.mark.django_db

CASES, DAYS = 110, 61


@pytest.fixture(scope="module")
def history(sample_hall, django_db_blocker):
    """What a run says that tells a short history up to a Friday afternoon."""
    said = []
    with django_db_blocker.unblock():
        telling.tell(now=LOADED_AT, say=said.append, cases=CASES, days=DAYS)
    return said


@pytest.fixture(autouse=True)
def told(history):
    return history


def test_it_shows_its_progress_and_tells_every_case(history):
    told = Case.objects.filter(is_sample=True, is_joint=False).count()
    progress = [line for line in history if line.startswith("历史办件")]

    assert progress[-1] == f"历史办件载入完成，共{told}件"
    assert progress[0].startswith(f"历史办件 {telling.EVERY}/{told} 2026-")
    assert told > CASES


def test_every_status_is_there_on_every_level():
    assert set(Case.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Case.objects.values_list("intake_point__level", flat=True)) == {"3", "4", "5", "6"}
    assert set(Case.objects.values_list("channel", flat=True)) >= {
        Channel.COUNTER, Channel.ONLINE, Channel.MOBILE, Channel.VILLAGE
    }  # fmt: skip


def test_a_case_stands_where_its_events_have_brought_it():
    for case in Case.objects.exclude(status=Status.DRAFT).prefetch_related("events"):
        status = Status.DRAFT
        for event in sorted(case.events.all(), key=lambda event: event.id):
            if event.after:
                assert status in MOVES[event.verb].before
                assert event.before == status
                status = event.after
        assert case.status == status


def test_time_runs_forward_and_ends_today():
    for case in Case.objects.prefetch_related("events"):
        moments = [event.at for event in sorted(case.events.all(), key=lambda event: event.id)]
        assert moments == sorted(moments)
    assert CaseEvent.objects.filter(at__gt=LOADED_AT).count() == 0
    assert not Card.objects.filter(issued_at__gt=LOADED_AT).exists()


def test_the_hall_works_in_its_hours_and_the_clock_at_any_time():
    rhythm = Rhythm(loaded.current())
    at_home = {Verb.SUBMITTED, Verb.RESUBMITTED, Verb.WITHDRAWN, Verb.DEEMED_ACCEPTED, Verb.LAPSED}
    for event in CaseEvent.objects.exclude(verb__in=at_home):
        local = timezone.localtime(event.at)
        assert rhythm.is_open(local.date()), event.verb
        assert time(9) <= local.time() <= time(17, 15), event.verb


def test_people_are_there_for_it_and_four_eyes_decide():
    for event in CaseEvent.objects.select_related("by", "assignment"):
        assert (event.by is None) == (event.verb in (Verb.DEEMED_ACCEPTED, Verb.LAPSED))
        assert event.by is None or event.by.is_staff == (event.assignment is not None)
    committed = Case.objects.filter(kind=CaseKind.COMMITTED, decided_on__isnull=False)
    assert not committed.filter(decided_by=F("accepted_by")).exists()
    assert not committed.filter(decided_by=F("reviewer")).exists()


def test_the_checks_of_today_find_nothing_that_was_missed():
    assert actions.deem_accepted(at=LOADED_AT) == 0
    assert actions.lapse(at=LOADED_AT) == 0
    assert supervision.issue_cards(at=LOADED_AT) == 0


def test_cards_hang_from_the_first_check_that_could_see_them():
    for card in Card.objects.filter(rule=Rule.OVERDUE, clock="committed").exclude(
        case__is_deemed_accepted=True
    ):
        assert timezone.localtime(card.issued_at).date() == card.due_on + timedelta(days=1)
    deemed = Case.objects.filter(is_deemed_accepted=True)
    assert deemed.exists()
    assert all(case.cards.filter(rule=Rule.DEEMED_ACCEPTED).exists() for case in deemed)


def test_the_desks_of_the_cast_have_something_to_do():
    market = Case.objects.filter(department__name="雁江区市场监督管理局")
    citizen = Case.objects.filter(applicant__user__username="citizen1")
    township = Case.objects.filter(intake_path__startswith="512002103")

    assert 20 <= market.open().count() <= 40
    assert market.overdue(on=LOADED_AT.date()).exists() and market.paused().exists()
    assert market.running().filter(due_on=LOADED_AT.date()).exists()
    assert Counter(citizen.values_list("status", flat=True)) == {
        "archived": 1, "granted": 1, "in_review": 1, "pre_returned": 1, "draft": 1
    }  # fmt: skip
    assert township.filter(status=Status.COLLECTED).count() >= 4
    assert township.filter(status=Status.COLLECTED, hand_up_due_on__lt=LOADED_AT.date()).exists()


def test_papers_filed_online_can_be_opened():
    files = list(CaseFile.objects.all())

    assert len(files) > 30
    assert {file.content_type for file in files} == {"image/png", "application/pdf"}
    for file in files[:20]:
        with file.content.open("rb") as content:
            assert len(content.read()) == file.size


def test_a_second_run_adds_nothing():
    before, said = Case.objects.count(), []

    telling.tell(now=LOADED_AT + timedelta(days=3), say=said.append)

    assert (Case.objects.count(), said) == (before, ["历史办件已经载入"])


def test_a_run_that_was_killed_goes_on_where_it_stopped(monkeypatch):
    whole = set(Case.objects.values_list("key", flat=True))
    gone = list(Case.objects.filter(status=Status.DRAFT).values_list("key", flat=True))
    Case.objects.filter(key__in=gone).delete()  # as if the run had stopped before them
    monkeypatch.setattr(telling, "_is_finished", lambda: False)
    said = []

    telling.tell(now=LOADED_AT + timedelta(days=3), say=said.append, cases=5, days=2)

    assert set(Case.objects.values_list("key", flat=True)) == whole
    assert said[-1] == f"历史办件载入完成，共{len(whole)}件"


def test_half_a_case_is_never_left(monkeypatch):
    key = Case.objects.filter(status=Status.DRAFT).values_list("key", flat=True)[0]
    Case.objects.filter(key=key).delete()
    monkeypatch.setattr(telling, "_is_finished", lambda: False)
    monkeypatch.setattr(telling.explaining, "answer_cards", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        telling.tell(now=LOADED_AT, say=lambda words: None)

    assert not Case.objects.filter(key=key).exists()


# -- the arithmetic of hall hours


@pytest.fixture
def rhythm():
    return Rhythm(loaded.current())


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (("2026-11-20", "11:50"), 5, ("2026-11-20", "11:55")),
        (("2026-11-20", "11:50"), 20, ("2026-11-20", "13:40")),
        (("2026-11-20", "16:50"), 20, ("2026-11-23", "09:10")),  # Friday into Monday
        (("2026-09-30", "16:50"), 20, ("2026-10-08", "09:10")),  # over the national holiday
        (("2026-11-21", "10:00"), 0, ("2026-11-23", "09:00")),
    ],
)
def test_hall_time_stands_still_while_the_hall_is_shut(rhythm, start, minutes, end):
    assert rhythm.later(at(*start), minutes) == at(*end)


def test_make_up_saturdays_are_worked_and_holidays_are_not(rhythm):
    assert rhythm.weight(date(2026, 10, 10), online=False) > 0  # 国庆节调休上班
    assert rhythm.weight(date(2026, 10, 5), online=False) == 0
    assert 0 < rhythm.weight(date(2026, 10, 5), online=True) < 0.5
