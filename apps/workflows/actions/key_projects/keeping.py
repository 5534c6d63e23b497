"""The first and the last beat of every act on a key project: lock it, ask whose it is; write the event."""

from datetime import date, datetime

from django.utils import timezone

from apps.accounts.models import Mandate, User

from ...models import KeyAgent, KeyProject, KeyProjectEvent, Project
from ..editing import NotAllowed, needs_words

__all__ = [
    "Verb",
    "acting_agent",
    "keeps",
    "kept_locked",
    "needs_words",
    "not_in_the_future",
    "record",
    "served_locked",
]

Verb = KeyProjectEvent.Verb


def kept_locked(key_project: KeyProject, *, by: User | None) -> KeyProject:
    """For the register: by the hall that keeps it, and only while the project is listed."""
    locked = _locked(key_project)
    _of_its_hall(locked, by)
    if not locked.is_listed:
        raise NotAllowed(f"“{locked}”已于{locked.delisted_on}移出重点项目，不能再改。")
    return locked


def served_locked(key_project: KeyProject, *, by: User | None, on: date) -> KeyProject:
    """For what an agent records: the agent himself while his mandate holds, or the hall that keeps the project."""
    locked = _locked(key_project)
    if not locked.is_listed:
        raise NotAllowed(f"“{locked}”已于{locked.delisted_on}移出重点项目，代办已经结束。")
    if by is None or keeps(locked, by):
        return locked
    acting_agent(locked, by=by, on=on)
    return locked


def keeps(key_project: KeyProject, by: User) -> bool:
    """Whether this person keeps the register of the hall that listed it."""
    point = by.acting.point if by.acting else None
    covers = point is not None and point.covers(key_project.path)
    return covers and by.has_perm("workflows.keep_key_project")


def acting_agent(key_project: KeyProject, *, by: User, on: date) -> KeyAgent:
    """The present agent, if that is `by` and his mandate holds today; the mandate is read under a lock.

    Somebody who takes the mandate back at this moment comes before or after, never between.
    """
    agent = key_project.agents.present().first()
    if agent is None or agent.user_id != by.pk:
        raise NotAllowed(f"您不是“{key_project}”现在的代办员。")
    agent.mandate = Mandate.objects.select_for_update().get(pk=agent.mandate_id)
    if not agent.may_act_on(on):
        raise NotAllowed("投资人的委托书已经撤销或者到期，代办随即停止。请先重新取得委托。")
    return agent


def not_in_the_future(day: date, at: datetime, what: str) -> None:
    if day > timezone.localdate(at):
        raise NotAllowed(f"{what}{day}还没有到，只能记已经发生的。")


def record(
    key_project: KeyProject,
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    facts: dict | None = None,
    project: Project | None = None,
) -> KeyProjectEvent:
    return KeyProjectEvent.objects.create(
        key_project=key_project,
        project=project,
        verb=verb,
        by=by,
        assignment=by.acting if by else None,
        at=at,
        reason=reason,
        facts=facts or {},
    )


def _locked(key_project: KeyProject) -> KeyProject:
    return KeyProject.objects.select_for_update(of=["self"]).select_related("point").get(pk=key_project.pk)


def _of_its_hall(key_project: KeyProject, by: User | None) -> None:
    if by is not None and not keeps(key_project, by):
        raise NotAllowed(f"“{key_project}”由{key_project.point}登记，请联系该中心。")
