"""The first and the last beat of every act on a bundle: lock, check what it would become; write the event."""

import re
from collections.abc import Mapping
from datetime import datetime

from apps.accounts.models import User
from apps.points.models import Level

from ..checking import Fault, Sheet, faults_of
from ..models import Bundle, BundleEvent, BundleVersion
from ..reading import Parts, parts_of

Verb = BundleEvent.Verb


class NotAllowed(Exception):
    """The bundle does not allow it; the text is fit to show."""


class Broken(NotAllowed):
    """The version would be wrong, or is. `faults` names everything at once, each with its path."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(fault.message for fault in faults))
        self.faults = faults


def for_the_whole_hall(by: User | None) -> None:
    """A bundle is one for the city and all its counties; `by=None` is the system."""
    point = by.acting.point if by is not None and by.acting else None
    if by is not None and (point is None or point.level != Level.CITY):
        raise NotAllowed("套餐全市通用，只能由市政务服务中心编辑和发布。")


def draft_locked(version: BundleVersion, *, by: User | None) -> Parts:
    """The version with its row locked until the end of the transaction: edits of one version come one after another."""
    for_the_whole_hall(by)
    locked = BundleVersion.objects.select_for_update(of=["self"]).select_related("bundle").get(pk=version.pk)
    if not locked.is_draft:
        raise NotAllowed(f"{locked}{locked.get_state_display()}，不能再改；要改请起草新版本。")
    return parts_of(locked)


def check(before: Parts, after: Sheet, *, also: Mapping[str, str] | None = None) -> None:
    """Refuses what an edit would break. What was wrong already, and what a draft may still lack, does not stop it."""
    items = {**before.items, **(also or {})}
    stood = {(fault.code, fault.path) for fault in faults_of(before.sheet(), items)}
    new = [
        fault
        for fault in faults_of(after, items)
        if not fault.is_unfinished and (fault.code, fault.path) not in stood
    ]
    if new:
        raise Broken(new)


def needs_words(text: str, sentence: str, longest: int) -> str:
    text = text.strip()
    if not text:
        raise NotAllowed(sentence)
    if len(text) > longest:
        raise NotAllowed(f"“{text[:10]}…”太长，最多{longest}个字。")
    return text


def fit_for_an_address(code: str) -> str:
    """A code stands in addresses of pages: what would end a part of one is refused."""
    if not re.fullmatch(r"[\w-]+", code):
        raise NotAllowed(f"编号“{code}”里只能有字母、数字、汉字、短横线和下划线，请改一改。")
    return code


def record(
    bundle: Bundle,
    verb: Verb,
    *,
    by: User | None,
    at: datetime,
    version: BundleVersion | None = None,
    reason: str = "",
    facts: dict | None = None,
) -> BundleEvent:
    return BundleEvent.objects.create(
        bundle=bundle,
        version=version,
        verb=verb,
        by=by,
        assignment=by.acting if by else None,
        at=at,
        reason=reason,
        facts=facts or {},
    )
