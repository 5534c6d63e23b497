"""代办服务 on the board: who goes for the investor, what he did last, and what was handed on. Read-only, one statement."""

from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from apps.accounts.models import User

from ..models import KeyAgent, KeyHandover, KeyProject, KeyVisit
from .facts import Agency, Agent, Handover, Visit

LATEST = 2  # visits; all of them stand on the page of the key project
_AGENT = {
    "name": "user__name", "since": "from_at", "valid_from": "mandate__valid_from", "valid_to": "mandate__valid_to",
    "revoked_at": "mandate__revoked_at",
}  # fmt: skip
_VISIT = {
    "on": "visited_on",
    "place": "place",
    "done": "done",
    "next_step": "next_step",
    "next_on": "next_on",
}
_HANDOVER = {
    "giver": "given_by__name",
    "taker": "taker__name",
    "given_at": "given_at",
    "taken_at": "taken_at",
}


def agency_of(key_project: int | None, user: User) -> Agency | None:
    """None where there is no key project, or where `user` may not see it."""
    if key_project is None or not user.has_perm("workflows.view_keyproject"):
        return None
    visits = KeyVisit.objects.filter(key_project=OuterRef("pk"))
    handovers = KeyHandover.objects.filter(key_project=OuterRef("pk"), withdrawn_at=None)
    found = (
        KeyProject.objects.visible_to(user)
        .filter(pk=key_project)
        .annotate(
            agents_now=_rows(KeyAgent.objects.present().filter(key_project=OuterRef("pk")), _AGENT),
            visits_last=_rows(visits.order_by("-visited_on", "-id"), _VISIT, LATEST),
            handovers_last=_rows(handovers.order_by("-id"), _HANDOVER),
            visited=Subquery(visits.values("key_project").values(number=Count("pk"))),
        )
        .values("agents_now", "visits_last", "handovers_last", "visited")
        .first()
    )
    if found is None:
        return None
    return Agency(
        key_project=key_project,
        agent=next(map(_agent, found["agents_now"]), None),
        visited=found["visited"] or 0,
        visits=tuple(map(_visit, found["visits_last"])),
        handover=next(map(_handover, found["handovers_last"]), None),
    )


def _rows(rows, fields: dict[str, str], number: int = 1) -> ArraySubquery:
    return ArraySubquery(rows.values(json=JSONObject(**fields))[:number])


def _agent(row: dict) -> Agent:
    return Agent(
        row["name"], _day_of(row["since"]), _day(row["valid_from"]), _day(row["valid_to"]), row["revoked_at"] is not None
    )  # fmt: skip


def _visit(row: dict) -> Visit:
    return Visit(_day(row["on"]), row["place"], row["done"], row["next_step"], _day(row["next_on"]))


def _handover(row: dict) -> Handover:
    return Handover(row["giver"], row["taker"], _day_of(row["given_at"]), _day_of(row["taken_at"]))


def _day(text: str | None) -> date | None:
    return text and date.fromisoformat(text)


def _day_of(text: str | None) -> date | None:
    """The day of a moment, in the time of the hall."""
    return text and timezone.localdate(datetime.fromisoformat(text))
