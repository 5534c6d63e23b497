"""收件到受理: how a case comes in, online, at a counter or in a village, until it is accepted or has ended before."""

from datetime import timedelta

from apps.accounts.models import User
from apps.cases import actions
from apps.cases.models import CaseMaterial, Channel
from apps.cases.states import Status
from apps.items.models import CaseKind, Necessity
from apps.points.models import Level

from ..facts import items
from ..hall import PRIVACY_VERSION
from ..scans import scan_of
from . import procedures, wording
from .answers import Filling
from .arrivals import Fate
from .story import NotYet, Story


def come_in(story: Story) -> None:
    {Channel.ONLINE: _online, Channel.COUNTER: _counter, Channel.VILLAGE: _village}[story.arrival.channel](
        story
    )


# -- online


def _online(story: Story) -> None:
    user = story.arrival.subject.user
    _draft(story, user)
    if story.arrival.fate == Fate.LEFT_A_DRAFT or story.arrival.hold == Status.DRAFT:
        raise NotYet
    _upload(story, user)
    at = story.at + timedelta(minutes=story.chance.uniform(2, 7))
    mobile = story.chance.random() < 0.6
    story.act(at, actions.submit, by=user, privacy_notice=PRIVACY_VERSION, has_mobile=mobile)
    _pre_review(story)


def _draft(story: Story, by: User) -> None:
    arrival, world = story.arrival, story.world
    item = world.items[arrival.code]
    story.case = actions.draft(
        item,
        applicant=arrival.subject.applicant,
        at_point=world.points[arrival.path],
        channel=arrival.channel,
        by=by,
        at=arrival.at,
        key=arrival.key,
        is_sample=True,
    )
    filled = Filling(
        story.chance, items()[story.arrival.code], arrival.subject, arrival.at.date()
    ).application()
    story.at = arrival.at + timedelta(minutes=story.chance.uniform(1.5, 5))
    story.case = actions.save_draft(story.case, form=filled.form, summary=filled.summary, at=story.at)


def _upload(story: Story, user: User) -> None:
    for material in story.case.materials.order_by("seq"):
        if material.necessity == Necessity.BY_PROMISE:
            actions.mark_material(material, CaseMaterial.State.PROMISED, at=story.at)
        elif material.necessity == Necessity.REQUIRED or (
            material.necessity == Necessity.TOLERABLE and story.chance.random() < 0.85
        ):
            story.at += timedelta(minutes=story.chance.uniform(0.4, 3))
            actions.attach(material, scan_of(story.chance, material.name), by=user, at=story.at)


def _pre_review(story: Story) -> None:
    arrival, user = story.arrival, story.arrival.subject.user
    if arrival.fate == Fate.SILENT:
        story.nothing_happens()
    at = _first_look(story)
    if arrival.fate == Fate.NOT_OURS:
        _refuse_acceptance(story, at)
        return
    if arrival.fate == Fate.WITHDRAWN and story.chance.random() < 0.5:
        reason = wording.one(story.chance, "withdrawn", story.case)
        story.act(story.at_home(0), actions.withdraw, by=user, reason=reason)
        return
    if arrival.fate in (Fate.FAULTS, Fate.NEVER_ANSWERED) and not story.case.notices_sent:
        _return(story, at)
        return
    on_the_spot = story.case.kind == CaseKind.IMMEDIATE and not story.case.version.needs_originals
    at = story.in_one_go(at) if on_the_spot else at
    note = wording.passed(story.chance, story.case)
    procedures.pass_or_tolerate(story, at, note)
    if story.case.status == Status.PRE_PASSED:
        _hand_in(story)


def _first_look(story: Story):
    """Most are answered the same or the next working day; a few are late against the target."""
    if story.arrival.brisk:
        return story.in_minutes(10, 60)
    late = story.chance.choices([0, 1, 2], [74, 23, 3])[0]
    return story.in_minutes(15, 200) if late == 0 else story.in_workdays(late)


def _return(story: Story, at) -> None:
    user, materials = story.arrival.subject.user, list(story.case.materials.order_by("seq"))
    found = wording.faults_of(story.chance, story.case, materials, online=True)
    story.act(at, actions.return_for_correction, found, by=story.clerk)
    if story.arrival.fate == Fate.NEVER_ANSWERED:
        story.nothing_happens()
    at = story.at_home(story.chance.choices([0, 1, 2, 3, 5, 8], [30, 28, 16, 12, 8, 6])[0])
    if story.arrival.hold == story.case.status or at > story.world.now:
        story.act(at, actions.resubmit, {}, by=user)  # not yet
    answers = {}
    for fault in actions.open_faults(story.case).order_by("id"):
        answers[fault.pk] = wording.answer_to(story.chance, fault.text)
        fault.material.case = story.case
        actions.attach(fault.material, scan_of(story.chance, fault.material.name), by=user, at=at)
    story.act(at + timedelta(minutes=2), actions.resubmit, answers, by=user)
    _pre_review(story)


def _hand_in(story: Story) -> None:
    """The originals come to the counter; the clerk who holds them accepts at once."""
    if story.arrival.fate == Fate.NEVER_CAME:
        story.nothing_happens()
    if story.arrival.brisk:
        at = story.in_minutes(40, 120)
    else:
        at = story.in_workdays(story.chance.choices([0, 1, 2, 3, 5], [15, 35, 25, 15, 10])[0])
    window = story.world.desks.window_of(story.clerk)
    story.act(at, actions.hand_in, _papers(story), by=story.clerk, window=window)
    _accept(story)


# -- at a counter


def _counter(story: Story) -> None:
    clerk = _clerk_at_the_counter(story)
    _draft(story, clerk)
    window = story.world.desks.window_of(clerk)
    at = story.at + timedelta(minutes=story.chance.uniform(1, 4))
    story.act(at, actions.receive, _papers(story), by=clerk, privacy_notice=PRIVACY_VERSION, window=window)
    _answer_at_the_counter(story)


def _clerk_at_the_counter(story: Story) -> User:
    """Whoever sits where it is brought: the department's window, the comprehensive one, or the township's."""
    world, point = story.world, story.world.points[story.arrival.path]
    general = world.desks.clerks.get((point.pk, None), [])
    if point.level == Level.TOWNSHIP or (general and story.chance.random() < 0.25):
        return story.chance.choice(general)
    department = wording.department_at(items()[story.arrival.code], point.path)
    desks = [
        users
        for (at, _), users in world.desks.clerks.items()
        if at == point.pk and users[0].acting.department_id and users[0].acting.department.code == department
    ]
    return story.chance.choice(desks[0])


def _answer_at_the_counter(story: Story) -> None:
    fate = story.arrival.fate
    if fate == Fate.SILENT:
        story.nothing_happens()
    if fate == Fate.NOT_OURS:
        _refuse_acceptance(story, story.in_minutes(4, 20))
    elif fate == Fate.SENT_BACK:
        reason = wording.one(story.chance, "sent_back", story.case)
        story.act(
            story.in_workdays(story.chance.choice([0, 0, 1])),
            actions.send_back,
            by=story.clerk,
            reason=reason,
        )
    elif fate in (Fate.FAULTS, Fate.NEVER_ANSWERED):
        _supplement(story)
    else:
        _accept(story)


def _supplement(story: Story) -> None:
    materials = list(story.case.materials.order_by("seq"))
    found = wording.faults_of(story.chance, story.case, materials, online=False)
    at = (
        story.in_minutes(5, 30)
        if story.arrival.brisk
        else story.in_workdays(story.chance.choice([0, 0, 1, 2]))
    )
    story.act(at, actions.ask_supplement, found, by=story.clerk)
    if story.arrival.fate == Fate.NEVER_ANSWERED:
        story.nothing_happens()
    at = story.in_workdays(story.chance.choices([1, 2, 3, 5, 8], [30, 30, 20, 12, 8])[0])
    faults = actions.open_faults(story.case)
    answers = {fault.pk: wording.answer_to(story.chance, fault.text, online=False) for fault in faults}
    story.act(at, actions.supplement, answers, by=story.clerk)
    _accept(story)


# -- in a village


def _village(story: Story) -> None:
    agent = story.world.desks.agents[story.world.points[story.arrival.path].pk]
    _draft(story, agent)
    at = story.at + timedelta(minutes=story.chance.uniform(3, 10))
    story.act(at, actions.collect, _papers(story), by=agent, privacy_notice=PRIVACY_VERSION)
    if story.arrival.fate == Fate.GIVEN_BACK:
        reason = wording.one(story.chance, "sent_back", story.case)
        story.act(story.in_workdays(1), actions.give_back, by=agent, reason=reason)
        return
    late = story.arrival.fate == Fate.HANDED_UP_LATE
    days = story.chance.randint(4, 6) if late else story.chance.choices([1, 2, 3], [40, 40, 20])[0]
    at = story.in_workdays(0 if story.arrival.brisk and not late else days)
    story.act(at, actions.hand_up, by=_clerk_of_the_township(story))
    _answer_at_the_counter(story)


def _clerk_of_the_township(story: Story) -> User:
    above = story.world.points[story.arrival.path].parent_id
    return story.chance.choice(story.world.desks.clerks[above, None])


# -- acceptance


def _accept(story: Story) -> None:
    if story.arrival.fate == Fate.WITHDRAWN and story.chance.random() < 0.5:
        reason = wording.one(story.chance, "withdrawn", story.case)
        story.act(story.in_minutes(20, 200), actions.withdraw, by=story.clerk, reason=reason)
        return
    procedures.accept(story, _time_to_accept(story))


def _time_to_accept(story: Story):
    terms = story.case.item.hands_up_to.current if story.case.item.hands_up_to_id else story.case.version
    if terms.kind == CaseKind.IMMEDIATE:
        return story.in_one_go(story.in_minutes(2, 15))
    if story.arrival.brisk or story.chance.random() < 0.8:
        return story.in_minutes(2, 25)
    return story.in_workdays(1)


def _refuse_acceptance(story: Story, at) -> None:
    reason, where_to_go = wording.not_accepted(story.chance, story.case)
    story.act(at, actions.refuse_acceptance, by=story.clerk, reason=reason, where_to_go=where_to_go)


def _papers(story: Story) -> dict[int, tuple[int, int]]:
    """What is handed over: every required paper, the originals of what was uploaded, and most of those that may follow."""
    return {
        row.seq: (row.material.originals, row.material.copies)
        for row in story.case.materials.select_related("material").order_by("seq")
        if row.necessity == Necessity.REQUIRED
        or row.state == CaseMaterial.State.UPLOADED
        or (row.necessity in (Necessity.TOLERABLE, Necessity.BY_PROMISE) and story.chance.random() < 0.85)
    }
