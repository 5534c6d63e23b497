"""审查到送达: review, perhaps a special procedure, the decision, delivery and the archive."""

from datetime import date, datetime

from apps.cases import actions
from apps.cases.actions import Way
from apps.cases.models import Channel
from apps.cases.states import Status
from apps.items.models import CaseKind

from . import procedures, wording
from .arrivals import Fate
from .rhythm import morning_of
from .story import Story


def be_decided(story: Story) -> None:
    if story.case.kind == CaseKind.IMMEDIATE:
        _on_the_spot(story)
    else:
        _within_the_promise(story)


def _on_the_spot(story: Story) -> None:
    """当场: the same clerk looks, whoever holds the letter decides, all within minutes."""
    procedures.bring_what_was_left(story)
    story.act(story.in_minutes(0.3, 1), actions.start_review, by=story.clerk)
    opinion = wording.opinion(story.chance, story.case)
    story.act(story.in_minutes(0.5, 2.5), actions.finish_review, by=story.clerk, opinion=opinion)
    _grant(story, story.in_minutes(0.5, 2))


def _within_the_promise(story: Story) -> None:
    hurry = story.arrival.brisk or story.case.committed_amount <= 2
    start = story.in_minutes(5, 45) if hurry else story.in_workdays(story.chance.choice([0, 0, 1]))
    story.act(start, actions.start_review, by=story.clerk)
    if story.arrival.fate == Fate.WITHDRAWN:
        reason = wording.one(story.chance, "withdrawn", story.case)
        by = story.arrival.subject.user if story.online else story.clerk
        story.act(story.in_workdays(story.chance.choice([0, 1])), actions.withdraw, by=by, reason=reason)
        return
    if story.arrival.turn == "terminated":
        procedures.terminate(story)
        return
    procedures.bring_what_was_left(story)
    procedures.take_a_turn(story)
    if story.arrival.special:
        _special_procedure(story)
    if story.case.kind == CaseKind.FORWARDED and procedures.has_somebody_above(story.case):
        procedures.go_up(story)
        _grant(story, story.in_workdays(1))
        return
    finish, decide = _moments_of_the_decision(story)
    opinion = wording.opinion(story.chance, story.case)
    story.act(finish, actions.finish_review, by=story.clerk, opinion=opinion)
    if story.arrival.refused:
        reasons = wording.refusal(story.chance, story.case)
        by = story.world.desks.decider_of(story.case, story.chance)
        story.act(decide, actions.refuse, by=by, reasons=reasons, remedies=wording.remedies(story.case))
    else:
        _grant(story, decide)


def _special_procedure(story: Story) -> None:
    """The guide's own procedure: started by whoever decides, ended when it is done."""
    procedure = story.case.version.special_procedures
    if not procedure:  # what a village collects is handled under the guide of another item
        return
    kind, days = procedure[0]["kind"], procedure[0]["days"]
    by = story.world.desks.decider_of(story.case, story.chance)
    at = story.in_minutes(10, 60) if story.arrival.brisk else story.in_workdays(story.chance.choice([0, 1]))
    reason = wording.special(story.chance, kind, days)
    story.act(at, actions.pause, kind, by=by, days_needed=days, reason=reason)
    longest = max(1, min(days, 12))
    lasts = story.chance.randint(max(1, longest // 3), longest)
    story.act(
        story.in_workdays(lasts), actions.resume, by=by, result=wording.special_result(story.chance, kind)
    )


def _moments_of_the_decision(story: Story) -> tuple[datetime, datetime]:
    """When the opinion is ready and when it is decided: within the promise, or a little after it."""
    today, day = story.at.date(), _day_of_the_decision(story)
    before = story.rhythm.workday_before(day, 1)
    if before > today and story.chance.random() < 0.5:
        return story.rhythm.at_the_counter(story.chance, before), story.rhythm.at_the_counter(
            story.chance, day
        )
    longest = 110 if day > today else 15  # on the last day nobody lets it lie
    finish = story.rhythm.later(max(morning_of(day), story.at), story.chance.uniform(4, longest))
    return finish, story.rhythm.later(finish, story.chance.uniform(4, longest))


def _day_of_the_decision(story: Story) -> date:
    rhythm, today = story.rhythm, story.at.date()
    due = story.case.shown_due_on
    if story.arrival.brisk and story.arrival.hold in _DECIDED_SOON:
        return rhythm.workday_after(today, 1)
    if story.arrival.late:
        return rhythm.workday_after(max(due, today), story.chance.choice([1, 1, 2, 3]))
    days = rhythm.calendar.count(today, due)
    share = story.chance.triangular(0.1, 0.9, 0.45)
    return rhythm.workday_after(today, max(1, min(days, round(days * share)))) if days else today


_DECIDED_SOON = (Status.GRANTED, Status.REFUSED, Status.DELIVERED, Status.ARCHIVED, Status.IN_APPROVAL)


def _grant(story: Story, at: datetime) -> None:
    by = story.world.desks.decider_of(story.case, story.chance)
    opinion = wording.decision(story.chance, story.case)
    number = wording.result_number(story.case, story.arrival.n + 101)
    story.act(at, actions.grant, by=by, opinion=opinion, result_number=number)


def be_delivered(story: Story) -> None:
    way, at = _way(story)
    agent = story.world.desks.agents.get(story.case.intake_point_id)
    by = agent if way == Way.AGENT else story.clerk
    proof = wording.proof(story.chance, story.case, way)
    story.act(at, actions.deliver, way, by=by, proof=proof)
    if story.chance.random() < 0.82 or story.arrival.hold == Status.ARCHIVED:
        at = story.in_workdays(2 if story.arrival.brisk else story.chance.randint(3, 12))
        number = wording.archive_number(story.case, story.arrival.n + 1)
        story.act(at, actions.archive, by=story.clerk, archive_number=number)


def _way(story: Story) -> tuple[Way, datetime]:
    case, chance = story.case, story.chance
    refused = case.status == Status.REFUSED
    if case.channel == Channel.VILLAGE:
        return Way.AGENT, story.in_workdays(chance.randint(1, 4))
    if story.online and not refused and "网上下载" in case.version.delivery_ways and chance.random() < 0.6:
        return Way.ELECTRONIC, story.in_minutes(5, 60)
    if story.online and "邮寄送达" in case.version.delivery_ways and chance.random() < 0.6:
        return Way.MAIL, story.in_workdays(chance.randint(1, 3))
    if case.kind == CaseKind.IMMEDIATE and not story.online:
        return Way.COUNTER, story.in_minutes(2, 12)
    return Way.COUNTER, story.in_workdays(chance.choices([0, 1, 2, 4, 7], [25, 30, 20, 15, 10])[0])
