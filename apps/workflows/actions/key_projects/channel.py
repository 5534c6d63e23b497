"""绿色通道: opened and closed with a reason; only for a project on the list (D-25)."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ...milestones import HalfDay
from ...models import Half, KeyProject
from ..editing import NotAllowed
from .keeping import Verb, kept_locked, needs_words, record

MOST_HALVES = 1000
_FIELDS = ["is_green", "green_since", "green_half", "green_halves"]


@transaction.atomic
def open_channel(key_project: KeyProject, halves: int, *, why: str, by: User | None, at: datetime):
    """开通绿色通道: with the time it gives itself, in working half days from this half day on."""
    key_project = kept_locked(key_project, by=by)
    if key_project.is_green:
        raise NotAllowed(f"“{key_project}”的绿色通道已于{key_project.green_since}开通。")
    why = needs_words(why, "请写明开通绿色通道的理由。", 300)
    if not 1 <= halves <= MOST_HALVES:
        raise NotAllowed(f"绿色通道时限是0.5到{MOST_HALVES // 2}个工作日。")
    begun = HalfDay.of(at)
    key_project.is_green, key_project.green_since, key_project.green_halves = True, begun.day, halves
    key_project.green_half = Half.AFTERNOON if begun.is_afternoon else Half.MORNING
    key_project.save(update_fields=_FIELDS)
    facts = channel_facts(key_project)
    record(key_project, Verb.CHANNEL_OPENED, by=by, at=at, reason=why, facts=facts)
    return key_project


@transaction.atomic
def close_channel(key_project: KeyProject, *, why: str, by: User | None, at: datetime) -> KeyProject:
    """关闭绿色通道."""
    key_project = kept_locked(key_project, by=by)
    if not key_project.is_green:
        raise NotAllowed(f"“{key_project}”没有开通绿色通道。")
    why = needs_words(why, "请写明关闭绿色通道的理由。", 300)
    facts = channel_facts(key_project)
    shut(key_project)
    key_project.save(update_fields=_FIELDS)
    record(key_project, Verb.CHANNEL_CLOSED, by=by, at=at, reason=why, facts=facts)
    return key_project


def shut(key_project: KeyProject) -> None:
    """The fields of a closed channel; not saved yet."""
    key_project.is_green, key_project.green_since, key_project.green_halves = False, None, None
    key_project.green_half = ""


def channel_facts(key_project: KeyProject) -> dict:
    """What an event keeps of a channel, since closing it empties the fields."""
    if not key_project.is_green:
        return {}
    since = key_project.green_since.isoformat()
    return {"since": since, "half": str(key_project.green_half), "halves": key_project.green_halves}
