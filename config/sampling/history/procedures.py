"""受理与程序: tolerance and promise at the counter; surveys, hearings, extensions, the way up, and an early end."""

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.cases import actions
from apps.cases.models import Case
from apps.cases.states import Status
from apps.items.models import ItemType
from apps.points.models import Department

from .. import scans
from . import wording
from .story import Story


def accept(story: Story, at: datetime) -> None:
    """受理: as it is, or with a promise for what may be promised and time for what may follow."""
    papers = list(story.case.materials.all())
    promisable = [paper.seq for paper in papers if paper.may_be_promised]
    if promisable:
        story.act(at, actions.take_promise, promisable, by=story.clerk)
        at += timedelta(minutes=1)
    if any(paper.may_be_tolerated for paper in papers):
        story.act(at, actions.accept_tolerated, by=story.clerk, promised_by=story.case.contact_name)
    else:
        story.act(at, actions.accept, by=story.clerk)


def pass_or_tolerate(story: Story, at: datetime, note: str) -> None:
    """预审通过: where that is the acceptance, what may follow is promised first."""
    at_the_counter = story.case.version.needs_originals or story.case.version.advisory_pre_review
    papers = list(story.case.materials.all())
    if not at_the_counter and any(paper.may_be_tolerated for paper in papers):
        accept(story, at)
        return
    story.act(at, actions.pass_pre_review, by=story.clerk, note=note)


def bring_what_was_left(story: Story) -> None:
    """补交容缺材料, in time."""
    if not story.case.is_tolerated:
        return
    days = 0 if story.arrival.brisk or story.case.committed_amount == 0 else story.chance.choice([1, 1, 2, 3])
    wanted = [paper.seq for paper in story.case.materials.all() if paper.is_awaited]
    story.act(story.in_workdays(days), actions.bring_tolerated, wanted, by=story.clerk)


def take_a_turn(story: Story) -> None:
    """What the planner drew for this case, if it can be done where the case is handled."""
    {"survey": _survey, "hearing": _hearing, "extension": _extension, "handover": _handover}.get(
        story.arrival.turn, lambda story: None
    )(story)


def terminate(story: Story) -> None:
    by = story.world.desks.decider_of(story.case, story.chance)
    story.act(
        story.in_workdays(1),
        actions.terminate,
        by=by,
        reason=wording.one(story.chance, "terminations", story.case),
    )


def go_up(story: Story) -> None:
    """上报: to the department of the city, and its answer comes back; whoever decides has not examined it."""
    by = story.clerk
    above = _department_above(story.case)
    opinion = wording.opinion(story.chance, story.case)
    story.act(story.in_workdays(1), actions.forward, to=above, opinion=opinion, by=by)
    days = 1 if story.arrival.brisk else story.chance.randint(2, 8)
    story.act(
        story.in_workdays(days),
        actions.note_result,
        result=wording.one(story.chance, "forwarded_results", story.case),
        by=by,
    )


def has_somebody_above(case: Case) -> bool:
    return _department_above(case) is not None


def _survey(story: Story) -> None:
    people = _two_of_the_desk(story)
    if people is None or story.case.committed_amount < 2 or not wording.has_a_place_to_see(story.case):
        return
    first, second = people
    at = story.in_minutes(20, 200)
    planned_on = story.rhythm.workday_after(at.date(), 1)
    place = wording.place_to_see(story.case)

    def arrange(case: Case, **facts) -> Case:
        return actions.open_survey(case, **facts).case

    story.act(at, arrange, planned_on=planned_on, place=place, first=first, second=second, by=first)
    if story.arrival.hold == Status.SURVEY:
        story.nothing_happens()
    there = story.rhythm.at_the_counter(story.chance, planned_on)
    findings = wording.one(story.chance, "survey_findings", story.case)

    def sign_first(case: Case, *, by: User, at: datetime) -> Case:
        survey = actions.open_survey_of(case)
        actions.add_photo(survey, scans.picture_of(story.chance, "现场"), by=by, at=at)
        return actions.sign_survey(survey, by=by, at=at, findings=findings, is_passed=True)

    def sign_second(case: Case, *, by: User, at: datetime) -> Case:
        return actions.sign_survey(actions.open_survey_of(case), by=by, at=at)

    story.act(there, sign_first, by=first)
    story.act(story.in_minutes(10, 60), sign_second, by=second)


def _hearing(story: Story) -> None:
    people = _two_of_the_desk(story)
    if people is None or story.case.committed_amount < 2 or story.case.item.type != ItemType.PERMIT:
        return
    officer, presider = people
    if presider.pk in (story.case.accepted_by_id, story.case.reviewer_id):
        officer, presider = presider, officer
    if presider.pk in (story.case.accepted_by_id, story.case.reviewer_id, story.case.filed_by_id):
        return

    def offer(case: Case, *, by: User, at: datetime) -> Case:
        subject = wording.one(story.chance, "hearing_subjects", case)
        return actions.offer_hearing(case, subject=subject, by=by, at=at).case

    def ask(case: Case, *, by: User, at: datetime) -> Case:
        return actions.ask_hearing(
            actions.open_hearing_of(case), asked_by_name=case.contact_name, by=by, at=at
        )

    def call(case: Case, *, by: User, at: datetime) -> Case:
        held_on = story.rhythm.workday_after(at.date(), 8)
        place = "政务服务中心二楼会议室"
        return actions.call_hearing(
            actions.open_hearing_of(case), held_on=held_on, place=place, presider=presider, by=by, at=at
        )

    def hold(case: Case, *, by: User, at: datetime) -> Case:
        minutes = wording.one(story.chance, "hearing_minutes", case)
        return actions.hold_hearing(
            actions.open_hearing_of(case), minutes=minutes, signed_by=f"{case.contact_name}、{presider.name}",
            by=by, at=at,
        )  # fmt: skip

    story.act(story.in_minutes(20, 90), offer, by=officer)
    story.act(story.in_minutes(30, 90) if story.arrival.brisk else story.in_workdays(1), ask, by=officer)
    story.act(story.in_workdays(1), call, by=officer)
    story.act(story.in_workdays(8), hold, by=officer)


def _extension(story: Story) -> None:
    due = story.case.shown_due_on
    if due is None or story.case.committed_amount < 3:
        return
    by = story.world.desks.decider_of(story.case, story.chance)
    before_due = story.rhythm.at_the_counter(story.chance, story.rhythm.workday_before(due, 1))
    if before_due <= story.at:
        return
    amount = story.chance.choice([3, 5, 5, 10])
    reason = wording.one(story.chance, "extensions", story.case)
    story.act(before_due, actions.extend, amount=amount, reason=reason, by=by)


def _handover(story: Story) -> None:
    desk = (story.case.point_id, story.case.department_id)
    deciders = {person.pk for person in story.world.desks.deciders.get(desk, [])}  # they are to decide it
    busy = {story.clerk.pk, story.case.reviewer_id, *deciders}
    to = next((one for one in story.world.desks.clerks.get(desk, []) if one.pk not in busy), None)
    if to is not None:
        note = wording.one(story.chance, "handovers", story.case)
        story.act(story.in_minutes(30, 200), actions.hand_over, to=to, note=note, by=story.clerk)


def _two_of_the_desk(story: Story) -> tuple[User, User] | None:
    desk = (story.case.point_id, story.case.department_id)
    people = {
        person.pk: person
        for person in [*story.world.desks.clerks.get(desk, []), *story.world.desks.deciders.get(desk, [])]
    }
    if len(people) < 2:
        return None
    first, second = list(people.values())[:2]
    return first, second


def _department_above(case: Case) -> Department | None:
    """The department of the city whose name ends alike, else its first with power of approval."""
    above = list(Department.objects.filter(point__path=case.path[:4]).order_by("code"))
    if len(case.path) <= 4 or not above:
        return None
    own = case.department.name if case.department else ""
    return next((body for body in above if own and body.name[-4:] == own[-4:]), above[0])
