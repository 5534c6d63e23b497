"""会商: one visit, one meeting, one sheet; silence is on record, agrees where the bundle says so, and never grants."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apps.cases import actions as case_actions
from apps.cases.models import Case
from apps.supervision.models import Card
from apps.workflows import actions
from apps.workflows.models import Consultation
from tests.cast import at
from tests.races import at_once

from .projects import FG, HB, MONDAY, ZJ, ZR

TUESDAY = at("2026-03-03")
VISIT = at("2026-03-09", "14:00")


@pytest.fixture
def project(hall):
    return hall.running()


def called(hall, project, kind="opinion", names=(FG, HB), **more):
    facts = {
        "subject": "厂区布局",
        "stage": hall.stage(project, 1),
        "by": hall.heads[ZR],
        "at": MONDAY,
    } | more
    if kind in ("survey", "meeting"):
        facts = {"begins_at": VISIT, "place": "城南地块"} | facts
    return actions.convene(project, kind, departments=[hall.departments[name] for name in names], **facts)


def member(hall, consultation, name):
    return consultation.members.select_related("consultation", "department").get(
        department=hall.departments[name]
    )


def test_only_departments_of_the_project_can_be_invited(hall, project, market_bureau):
    hall.departments["市监"] = market_bureau

    with pytest.raises(actions.Incomplete) as refused:
        called(hall, project, names=(FG, "市监"))

    assert refused.value.faults == {"departments": "市场监督管理局不在这个项目里，请从参加部门中选择。"}


def test_a_call_without_subject_place_time_or_guests_names_all_four(hall, project):
    with pytest.raises(actions.Incomplete) as refused:
        called(hall, project, "survey", names=(), subject=" ", place="", begins_at=at("2026-03-01"))

    assert set(refused.value.faults) == {"subject", "place", "begins_at", "departments"}


def test_a_member_proposes_another_time_and_the_lead_sets_it(hall, project):
    survey = called(hall, project, "survey")
    proposed = at("2026-03-10", "09:00")

    actions.reply(
        member(hall, survey, HB), "other_time", other_time=proposed, round=1, by=hall.heads[HB], at=TUESDAY
    )
    actions.change_time(survey, begins_at=proposed, by=hall.heads[ZR], at=TUESDAY)

    survey.refresh_from_db()
    assert (survey.begins_at, survey.round) == (proposed, 2)
    assert set(survey.members.values_list("reply", flat=True)) == {""}


def test_a_gathering_is_set_and_proposed_within_a_year(hall, project):
    far, sentence = at("2062-03-10", "09:00"), "时间最远定在一年以内"

    with pytest.raises(actions.Incomplete, match=sentence):
        called(hall, project, "survey", begins_at=far)
    survey = called(hall, project, "survey")
    with pytest.raises(actions.Incomplete, match=sentence):
        actions.reply(
            member(hall, survey, HB), "other_time", other_time=far, round=1, by=hall.heads[HB], at=TUESDAY
        )
    with pytest.raises(actions.Incomplete, match=sentence):
        actions.change_time(survey, begins_at=far, by=hall.heads[ZR], at=TUESDAY)

    survey.refresh_from_db()
    assert survey.round == 1


def test_a_time_that_was_withdrawn_cannot_be_confirmed(hall, project):
    survey = called(hall, project, "survey")
    actions.change_time(survey, begins_at=at("2026-03-10", "09:00"), by=hall.heads[ZR], at=TUESDAY)

    with pytest.raises(actions.NotAllowed, match="时间已经改为03月10日 09:00"):
        actions.reply(member(hall, survey, HB), "confirmed", round=1, by=hall.heads[HB], at=TUESDAY)


def test_a_survey_that_was_called_off_cannot_be_confirmed(hall, project):
    survey = called(hall, project, "survey")
    actions.call_off(survey, why="下雨", by=hall.heads[ZR], at=TUESDAY)

    with pytest.raises(actions.NotAllowed, match="已取消"):
        actions.reply(member(hall, survey, HB), "confirmed", round=1, by=hall.heads[HB], at=TUESDAY)


def test_a_department_answers_for_itself_only(hall, project):
    survey = called(hall, project, "survey")

    with pytest.raises(actions.NotAllowed, match="由生态环境局答复"):
        actions.reply(member(hall, survey, HB), "confirmed", round=1, by=hall.heads[ZJ], at=TUESDAY)


def test_a_survey_is_put_on_record_on_its_day_with_who_was_absent_and_signed_by_who_was_there(hall, project):
    survey = called(hall, project, "survey", names=(FG, HB, ZR))
    actions.reply(member(hall, survey, FG), "confirmed", round=1, by=hall.heads[FG], at=TUESDAY)
    with pytest.raises(actions.NotAllowed, match="到当天才能写记录"):
        actions.hold(survey, record="看过", by=hall.heads[ZR], at=TUESDAY)

    absent = member(hall, survey, HB)
    actions.hold(survey, record="现场与图纸一致", absent=[absent.pk], by=hall.heads[ZR], at=VISIT)

    absent.refresh_from_db()
    assert (absent.reply, absent.was_silent) == ("absent", True)
    actions.sign(member(hall, survey, FG), by=hall.heads[FG], at=VISIT)
    with pytest.raises(actions.NotAllowed, match="没有到场"):
        actions.sign(member(hall, survey, HB), by=hall.heads[HB], at=VISIT)


def test_an_excuse_is_no_absence(hall, project):
    survey = called(hall, project, "survey")
    excused = member(hall, survey, HB)
    actions.reply(excused, "excused", words="全局培训", round=1, by=hall.heads[HB], at=TUESDAY)

    actions.hold(survey, record="看过", absent=[excused.pk], by=hall.heads[ZR], at=VISIT)

    excused.refresh_from_db()
    assert (excused.reply, excused.was_silent) == ("excused", False)


def test_an_opinion_not_given_in_time_counts_as_no_objection_by_the_rule_and_is_noted_once(hall, project):
    opinion = called(hall, project)
    assert opinion.answer_by == date(2026, 3, 5)

    assert actions.note_silence(at=at("2026-03-05")) == 0
    assert actions.note_silence(at=at("2026-03-06")) == 1
    assert actions.note_silence(at=at("2026-03-06")) == 0

    silent = member(hall, opinion, HB)
    assert (silent.reply, silent.was_silent) == ("silent_agrees", True)
    assert "视为无意见，责任仍在该部门" in project.events.get(verb="silent").reason
    with pytest.raises(actions.NotAllowed, match="答复期限已过"):
        actions.reply(silent, "objects", words="不同意", round=1, by=hall.heads[HB], at=at("2026-03-09"))


def test_where_the_bundle_does_not_allow_it_silence_is_only_silence(hall):
    opinion = called(hall, hall.running())
    Consultation.objects.filter(pk=opinion.pk).update(silence_agrees=False)

    actions.note_silence(at=at("2026-03-06"))

    assert member(hall, opinion, HB).reply == "silent"


def test_a_countersign_sheet_never_signs_itself(hall, project):
    sheet = called(hall, project, "countersign")

    actions.note_silence(at=at("2026-03-06"))

    silent = member(hall, sheet, HB)
    assert (silent.reply, silent.signed_at) == ("silent", None)
    with pytest.raises(IntegrityError, match="silence_never_signs"), transaction.atomic():
        Consultation.objects.filter(pk=sheet.pk).update(silence_agrees=True)


def test_a_vote_is_counted(hall, project):
    vote = called(hall, project, "vote", names=(FG, HB, ZJ))
    actions.reply(member(hall, vote, FG), "agrees", round=1, by=hall.heads[FG], at=TUESDAY)
    actions.reply(
        member(hall, vote, HB), "objects", words="噪声未处理", round=1, by=hall.heads[HB], at=TUESDAY
    )
    with pytest.raises(actions.NotAllowed, match="还在答复期内"):
        actions.hold(vote, record="表决", by=hall.heads[ZR], at=TUESDAY)

    vote = actions.hold(vote, record="表决", by=hall.heads[ZR], at=at("2026-03-06"))

    assert vote.outcome == "同意1票，不同意1票，弃权0票，未投票1票"


def test_no_setting_and_no_silence_ever_grants_a_permit(hall):
    """Every rule of silence is on, every sweep has run a year later: no branch is decided, and no consultation decides one."""
    project = hall.running()
    for kind in ("opinion", "survey", "meeting", "countersign", "vote"):
        called(hall, project, kind)
    assert (
        hall.version.silence_on_opinion and hall.version.silence_on_survey and hall.version.silence_on_meeting
    )

    for day in ("2026-03-20", "2026-06-30", "2026-12-20"):
        moment = at(day)
        actions.note_silence(at=moment)
        actions.deem_stages(at=moment)
        actions.note_late_answers(at=moment)
        actions.lapse_notices(at=moment)
        case_actions.deem_accepted(at=moment)
        case_actions.lapse(at=moment)
    for consultation in project.consultations.filter(state="open"):
        actions.hold(consultation, record="结束", by=hall.heads[ZR], at=at("2026-12-21"))

    assert hall.branch(project, "ba").state == "open"
    assert not Case.objects.filter(status="granted").exists()
    with pytest.raises(IntegrityError, match="a_decision_is_made_by_somebody"), transaction.atomic():
        Case.objects.filter(branch__project=project).update(status="granted", decided_on=date(2026, 12, 21))


@pytest.mark.django_db(transaction=True)
def test_a_change_of_time_and_a_confirmation_at_one_moment_never_confirm_the_old_time(hall):
    project = hall.running()
    survey = called(hall, project, "survey")
    later = at("2026-03-11", "09:00")
    acts = [
        lambda: actions.change_time(survey, begins_at=later, by=hall.heads[ZR], at=TUESDAY),
        lambda: actions.reply(member(hall, survey, HB), "confirmed", round=1, by=hall.heads[HB], at=TUESDAY),
    ]

    at_once(2, lambda n: acts[n]())

    assert member(hall, survey, HB).reply == ""


def test_a_silent_department_gets_a_red_card_and_no_second_one_from_a_second_run(hall, project):
    called(hall, project)

    actions.note_silence(at=at("2026-03-06"))
    actions.note_silence(at=at("2026-03-09"))

    cards = Card.objects.order_by("department__code")
    assert [(card.department.name, card.colour, card.rule, card.project_id) for card in cards] == [
        (FG, "red", "silent", project.pk),
        (HB, "red", "silent", project.pk),
    ]


def test_who_was_absent_from_a_survey_gets_a_red_card_and_who_had_an_excuse_does_not(hall, project):
    survey = called(hall, project, "survey", names=(FG, HB, ZR))
    for name in (FG, ZR):
        actions.reply(member(hall, survey, name), "confirmed", round=1, by=hall.heads[name], at=TUESDAY)
    actions.reply(member(hall, survey, HB), "excused", words="培训", round=1, by=hall.heads[HB], at=TUESDAY)

    absent = [member(hall, survey, name).pk for name in (FG, HB)]
    actions.hold(survey, record="看过", absent=absent, by=hall.heads[ZR], at=VISIT)

    assert list(Card.objects.values_list("department__name", flat=True)) == [FG]


def test_nobody_who_voted_can_be_called_absent(hall, project):
    vote = called(hall, project, "vote", names=(FG, HB))
    actions.reply(member(hall, vote, FG), "agrees", round=1, by=hall.heads[FG], at=TUESDAY)
    actions.reply(
        member(hall, vote, HB), "objects", words="噪声未处理", round=1, by=hall.heads[HB], at=TUESDAY
    )

    vote = actions.hold(
        vote, record="表决", absent=[member(hall, vote, HB).pk], by=hall.heads[ZR], at=TUESDAY
    )

    assert vote.outcome == "同意1票，不同意1票，弃权0票，未投票0票"
    assert not Card.objects.exists()


def test_the_same_is_not_asked_twice_at_one_time(hall, project):
    called(hall, project)

    with pytest.raises(actions.NotAllowed, match="正在征询中"):
        called(hall, project)
