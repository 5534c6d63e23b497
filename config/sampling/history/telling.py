"""载入历史办件: once per hall, in the order of time, each case in a transaction of its own.

What has been told stands in the cases themselves, by their keys; the day that counts as today, and the end, stand in
the audit trail. A run that was killed goes on where it stopped, with the same today and the same plan. Two processes
share the work by place, so that they never wait for each other's serial numbers.
"""

import gc
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from apps.accounts.actions import audit
from apps.accounts.models import AuditEntry
from apps.calendars import loaded
from apps.cases.actions import NotAllowed
from apps.cases.models import Case
from apps.items.models import Item
from apps.points.models import ServicePoint
from config.hall import manage

from .. import hall
from ..whole import all_or_nothing
from . import explaining, subjects
from .arrivals import Arrival, Planner
from .coming_in import come_in
from .deciding import be_decided, be_delivered
from .desks import staffed
from .pacing import Pace
from .rhythm import Rhythm
from .staged import Stage
from .story import Story, World

CASES = 2_080
DAYS = 61
EVERY = 40  # cases of one's own between two words on the progress
SUBJECT = "演示大厅历史办件"
OWN_SHARE = ("5120", "512002", "512022")  # about half of all; the other counties are the second process's
_LOCK = 5_120_000_001  # of PostgreSQL, so that two runs at once do not tell the same
_SECOND_LOCK = _LOCK + 1

Say = Callable[[str], None]


@dataclass(frozen=True)
class Telling:
    """How the history was begun: its today, its length."""

    now: datetime
    cases: int
    days: int


def tell(*, now: datetime, say: Say, cases: int = CASES, days: int = DAYS, alone: bool = True) -> None:
    """Tells what is not told yet. `cases` and `days` count only for the run that begins; not `alone`, a second
    process tells its share at the same time."""
    if not hall.stands():
        say("数据库里没有演示大厅，不载入历史办件")
        return
    with _locked(_LOCK) as first:
        if not first:
            say("历史办件正由另一个进程载入")
        elif _is_finished():
            say("历史办件已经载入")
        else:
            _tell_all(_begun(Telling(timezone.localtime(now), cases, days)), say, alone=alone)


def tell_second_share(*, say: Say) -> None:
    """The second process's part of a history that another one has begun and waits for."""
    parent = os.getppid()
    with _locked(_SECOND_LOCK) as first:
        if first and not _is_finished():
            history = History(_begun(None))
            history.tell(history.share(1), say, pace=Pace(1), while_=lambda: os.getppid() == parent)


class History:
    """The plan of one telling, with all that its stories need."""

    def __init__(self, telling: Telling):
        self.desks = staffed()
        rhythm = Rhythm(loaded.current())
        points = {
            point.path: point for point in ServicePoint.objects.select_related("parent__parent__parent")
        }
        catalogue = {i.code: i for i in Item.objects.select_related("current", "hands_up_to__current")}
        self.world = World(self.desks, rhythm, catalogue, points, telling.now)
        self.since = _midnight(telling.now) - timedelta(days=telling.days)
        self.crowd = subjects.Crowd(random.Random("crowd"), self.since.date())
        self.arrivals = self._plan(telling, rhythm, points)
        with all_or_nothing():
            subjects.save(self.crowd.everybody, self.desks.agents, since=self.since)

    def _plan(self, telling: Telling, rhythm: Rhythm, points: dict[str, ServicePoint]) -> list[Arrival]:
        planner = Planner(rhythm, points, self.desks, telling.now)
        arrivals = planner.draw(telling.cases, since=self.since.date(), crowd=self.crowd)
        arrivals += Stage(rhythm, points, self.crowd, telling.now).arrivals()
        arrivals.sort(key=lambda arrival: arrival.at)
        for number, arrival in enumerate(arrivals):
            arrival.n = number
        return arrivals

    def share(self, number: int) -> list[Arrival]:
        return [arrival for arrival in self.arrivals if (arrival.path[:6] in OWN_SHARE) == (number == 0)]

    def tell(
        self,
        arrivals: list[Arrival],
        say: Say,
        *,
        pace: Pace | None = None,
        while_: Callable[[], bool] = lambda: True,
    ) -> None:
        told = _told()
        gc.freeze()  # the plan stays to the end: looking it through again and again for garbage costs a fifth
        for count, arrival in enumerate(arrivals, start=1):
            if not while_():
                return
            if arrival.key not in told:
                if pace:
                    pace.go_to(arrival.at)
                self._tell_one(arrival, say)
            if count % EVERY == 0:
                say(f"历史办件 {len(_told())}/{len(self.arrivals)} {arrival.at:%Y-%m-%d}")
        if pace:
            pace.leave()

    def _tell_one(self, arrival: Arrival, say: Say) -> None:
        """One case from its beginning to today, or nothing of it."""
        try:
            with all_or_nothing():
                case = Story(arrival, self.world).tell(come_in, be_decided, be_delivered)
                explaining.answer_cards(case, self.world, arrival.n)
        except NotAllowed as refusal:
            say(f"第{arrival.n}件没有载入：{refusal}")


def _tell_all(telling: Telling, say: Say, *, alone: bool) -> None:
    history = History(telling)
    if alone:
        history.tell(history.arrivals, say)
    else:
        second = subprocess.Popen(manage("load_sample", "--second-share"))
        try:
            history.tell(history.share(0), say, pace=Pace(0))
            if second.wait():
                raise subprocess.CalledProcessError(second.returncode, second.args)
        finally:
            second.kill()
            second.wait()
    told = len(_told())
    detail = {"finished": True, "told": told}
    audit(AuditEntry.Kind.CONFIGURED, by=None, at=timezone.now(), subject=SUBJECT, detail=detail)
    left_out = len(history.arrivals) - told
    say(f"历史办件载入完成，共{told}件" + (f"，{left_out}件没有载入" if left_out else ""))


def _told() -> set:
    return set(Case.objects.filter(is_sample=True, is_joint=False).values_list("key", flat=True))


def _begun(telling: Telling | None) -> Telling:
    """The telling as it was first begun; a later run takes its today and its length from there."""
    begun = AuditEntry.objects.filter(subject=SUBJECT, detail__has_key="now").order_by("id").first()
    if begun:
        facts = begun.detail
        now = timezone.localtime(datetime.fromisoformat(facts["now"]))
        return Telling(now, facts["cases"], facts["days"])
    detail = {"now": telling.now.isoformat(), "cases": telling.cases, "days": telling.days}
    audit(AuditEntry.Kind.CONFIGURED, by=None, at=telling.now, subject=SUBJECT, detail=detail)
    return telling


def _is_finished() -> bool:
    return AuditEntry.objects.filter(subject=SUBJECT, detail__finished=True).exists()


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


@contextmanager
def _locked(number: int) -> Iterator[bool]:
    """Whether no other run holds this lock, for as long as the block lasts; a run that dies gives it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        first = cursor.fetchone()[0]
        try:
            yield first
        finally:
            if first:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
