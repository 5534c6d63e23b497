"""代办员: named under a mandate of the investor; what he did at the investor's is recorded as visits (D-24)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Mandate, User

from ...models import KeyAgent, KeyHandover, KeyProject, KeyVisit
from ..editing import NotAllowed
from .keeping import Verb, kept_locked, needs_words, not_in_the_future, record, served_locked


@transaction.atomic
def name_agent(key_project: KeyProject, user: User, *, by: User | None, at: datetime) -> KeyAgent:
    """指派代办员: only whoever holds a valid mandate of the investor for everything."""
    key_project = kept_locked(key_project, by=by)
    mandate = mandate_of(key_project, user, on=timezone.localdate(at))
    present = key_project.agents.present().select_related("user").first()
    if present is not None:
        raise NotAllowed(f"现在的代办员是{present.user.name}，请办理交接，或先终止代办。")
    agent = key_project.agents.create(user=user, mandate=mandate, from_at=at)
    record(key_project, Verb.AGENT_NAMED, by=by, at=at, facts=agent_facts(agent))
    return agent


@transaction.atomic
def end_agent(key_project: KeyProject, *, why: str, by: User | None, at: datetime) -> KeyAgent:
    """终止代办: by the hall that keeps the project, for instance when the mandate was taken back."""
    key_project = kept_locked(key_project, by=by)
    why = needs_words(why, "请写明终止代办的理由。", 200)
    agent = key_project.agents.present().first()
    if agent is None:
        raise NotAllowed(f"“{key_project}”现在没有代办员。")
    end(agent, why=why, at=at)
    KeyHandover.objects.filter(giver=agent, taken_at=None, withdrawn_at=None).update(withdrawn_at=at)
    record(key_project, Verb.AGENT_ENDED, by=by, at=at, reason=why, facts=agent_facts(agent))
    return agent


@transaction.atomic
def record_visit(
    key_project: KeyProject,
    *,
    visited_on: date,
    place: str,
    done: str,
    next_step: str,
    by: User | None,
    at: datetime,
    next_on: date | None = None,
) -> KeyVisit:
    """上门服务: by the agent while his mandate holds, or by the hall that keeps the project."""
    key_project = served_locked(key_project, by=by, on=timezone.localdate(at))
    not_in_the_future(visited_on, at, "上门日期")
    if next_on is not None and next_on < visited_on:
        raise NotAllowed("下一步的日期不能早于上门日期。")
    visit = key_project.visits.create(
        visited_on=visited_on,
        place=needs_words(place, "请填写上门的地点。", 120),
        done=needs_words(done, "请写明办了什么。", 500),
        next_step=needs_words(next_step, "请写明下一步；没有的，写“无”。", 300),
        next_on=next_on,
        by=by,
        at=at,
    )
    record(key_project, Verb.VISITED, by=by, at=at, facts={"visit": visit.pk, "on": visited_on.isoformat()})
    return visit


def mandate_of(key_project: KeyProject, user: User, *, on: date) -> Mandate:
    """委托书: the one under which this person may act for the investor in everything, locked; or a refusal."""
    if key_project.investor_id is None:
        raise NotAllowed("登记里的投资人还没有对应的办事主体，没有委托书。请先更正登记，关联投资人。")
    given = Mandate.objects.select_for_update().valid_on(on).between(key_project.investor, user)
    mandates = list(given.filter(kind__in=[Mandate.Kind.AGENT, Mandate.Kind.REPRESENTATIVE]).order_by("-id"))
    if not mandates:
        raise NotAllowed(f"{key_project.investor_name}没有给{user.name}有效的委托书，不能代办。")
    whole = next((mandate for mandate in mandates if not mandate.item_codes), None)
    if whole is None:
        raise NotAllowed(f"{user.name}的委托书只限部分事项，全程代办要有全部事项的委托。")
    return whole


def end(agent: KeyAgent, *, why: str, at: datetime) -> None:
    agent.ended_at, agent.ended_why = at, why
    agent.save(update_fields=["ended_at", "ended_why"])


def agent_facts(agent: KeyAgent) -> dict:
    return {"agent": agent.user.username, "mandate": agent.mandate_id}
