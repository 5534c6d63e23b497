"""代办交接: the agent signs the list of papers that he gives, the next one signs that he has them; then he is the agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User

from ...models import KeyHandover, KeyHandoverPaper, KeyProject
from ..editing import NotAllowed
from .agents import agent_facts, end, mandate_of
from .keeping import Verb, acting_agent, keeps, needs_words, record, served_locked

MOST_PAPERS = 100


@dataclass(frozen=True, slots=True)
class Paper:
    """交接材料."""

    name: str
    originals: int
    copies: int


@transaction.atomic
def give_papers(
    key_project: KeyProject, taker: User, papers: Sequence[Paper], *, by: User, at: datetime, note: str = ""
) -> KeyHandover:
    """交出材料: the first signature, by the agent himself. The next one needs a mandate of his own."""
    today = timezone.localdate(at)
    key_project = served_locked(key_project, by=by, on=today)
    giver = acting_agent(key_project, by=by, on=today)
    if taker.pk == by.pk:
        raise NotAllowed("不能交接给自己。")
    if not taker.is_staff:
        raise NotAllowed(f"{taker.name}没有工作台账号，不能在系统里签收；请由中心终止代办后重新指派。")
    mandate_of(key_project, taker, on=today)
    if key_project.handovers.filter(taken_at=None, withdrawn_at=None).exists():
        raise NotAllowed("还有一次交接没有签收，请先等对方签收，或者撤回。")
    handover = key_project.handovers.create(
        giver=giver, taker=taker, note=note.strip()[:300], given_by=by, given_at=at
    )
    KeyHandoverPaper.objects.bulk_create(_listed(handover, papers))
    facts = {"handover": handover.pk, "taker": taker.username, "papers": len(papers)}
    record(key_project, Verb.HANDOVER_GIVEN, by=by, at=at, facts=facts)
    return handover


@transaction.atomic
def take_papers(handover: KeyHandover, *, by: User, at: datetime) -> KeyHandover:
    """接收材料: the second signature, and with it the agent changes."""
    key_project, handover = _open_locked(handover)
    if handover.taker_id != by.pk:
        raise NotAllowed("这次交接不是交给您的，只有接收人本人可以签收。")
    mandate = mandate_of(key_project, by, on=timezone.localdate(at))
    end(handover.giver, why=f"交接给{by.name}", at=at)
    handover.taken_by, handover.taken_at = by, at
    handover.save(update_fields=["taken_by", "taken_at"])
    agent = key_project.agents.create(user=by, mandate=mandate, from_at=at)
    facts = {"handover": handover.pk, **agent_facts(agent)}
    record(key_project, Verb.HANDOVER_TAKEN, by=by, at=at, facts=facts)
    return handover


@transaction.atomic
def withdraw_papers(handover: KeyHandover, *, by: User, at: datetime) -> KeyHandover:
    """撤回交接: before the second signature, by whoever gave or by the hall that keeps the project."""
    key_project, handover = _open_locked(handover)
    if handover.given_by_id != by.pk and not keeps(key_project, by):
        raise NotAllowed("只有交出材料的代办员本人，或者登记这个项目的中心可以撤回。")
    handover.withdrawn_at = at
    handover.save(update_fields=["withdrawn_at"])
    record(key_project, Verb.HANDOVER_WITHDRAWN, by=by, at=at, facts={"handover": handover.pk})
    return handover


def _open_locked(handover: KeyHandover) -> tuple[KeyProject, KeyHandover]:
    key_project = KeyProject.objects.select_for_update().get(pk=handover.key_project_id)
    handover = KeyHandover.objects.select_related("giver").get(pk=handover.pk)
    if handover.taken_at is not None:
        raise NotAllowed("这次交接已经签收。")
    if handover.withdrawn_at is not None:
        raise NotAllowed("这次交接已经撤回。")
    return key_project, handover


def _listed(handover: KeyHandover, papers: Sequence[Paper]) -> list[KeyHandoverPaper]:
    if not papers:
        raise NotAllowed("请列出交接的材料，至少一份。")
    if len(papers) > MOST_PAPERS:
        raise NotAllowed(f"一次交接最多{MOST_PAPERS}种材料。")
    rows = []
    for seq, paper in enumerate(papers, start=1):
        name = needs_words(paper.name, f"第{seq}行没有写材料名称。", 120)
        if paper.originals + paper.copies < 1:
            raise NotAllowed(f"“{name}”没有写份数。")
        rows.append(
            KeyHandoverPaper(
                handover=handover, seq=seq, name=name, originals=paper.originals, copies=paper.copies
            )
        )
    return rows
