"""一件的经过: from the first act to today, by the people whose turn it is, at moments when they are there."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.cases.models import Case, Channel
from apps.cases.states import DECIDED, Status
from apps.items.models import Item
from apps.points.models import ServicePoint

from .arrivals import Arrival
from .clockchecks import check
from .desks import Desks
from .rhythm import Rhythm, next_quarter


class NotYet(Exception):
    """What comes next lies in the future, or is left for whoever tries the hall out."""


class Overtaken(Exception):
    """The clock has changed the case before anybody acted."""


@dataclass(frozen=True)
class World:
    """What all stories share."""

    desks: Desks
    rhythm: Rhythm
    items: dict[str, Item]
    points: dict[str, ServicePoint]
    now: datetime


class Story:
    def __init__(self, arrival: Arrival, world: World):
        self.arrival = arrival
        self.world = world
        self.rhythm = world.rhythm
        self.chance = random.Random(f"story {arrival.n}")
        self.at = arrival.at
        self.case: Case | None = None
        self._clerk: User | None = None

    @property
    def online(self) -> bool:
        return self.arrival.channel == Channel.ONLINE

    @property
    def clerk(self) -> User:
        """Whoever has taken the case on at the desk where it is handled."""
        if self._clerk is None:
            self._clerk = self.world.desks.clerk_of(self.case, self.chance)
        return self._clerk

    # -- acts

    def act(self, at: datetime, do, *args, by: User, **facts) -> None:
        """One act of the trade at its moment, unless that moment has not come."""
        if self.arrival.hold == self.case.status:
            raise NotYet
        self.let_pass(min(at, self.world.now))
        if at > self.world.now:
            raise NotYet
        self.case, self.at = do(self.case, *args, by=by, at=at, **facts), at

    def let_pass(self, until: datetime) -> None:
        """Time goes by and the clock is looked at; raises Overtaken when that changed the status."""
        before = self.case.status
        self.case = check(self.case, since=self.at, until=until)
        if self.case.status != before:
            self.at = self.case.events.order_by("-id").values_list("at", flat=True)[0]
            raise Overtaken

    def nothing_happens(self) -> None:
        self.let_pass(self.world.now)
        raise NotYet

    # -- moments

    def in_minutes(self, first: float, last: float) -> datetime:
        """Within so many minutes of hall time."""
        return self.rhythm.later(self.at, self.chance.uniform(first, last))

    def in_workdays(self, days: int) -> datetime:
        """Some time in the hall on the N-th working day after; without days, later today."""
        if days == 0:
            return self.in_minutes(5, 90)
        day = self.rhythm.workday_after(self.at.date(), days)
        return self.rhythm.at_the_counter(self.chance, day)

    def at_home(self, days: int) -> datetime:
        """When a citizen sits down to it: evenings and days off too."""
        moment = self.rhythm.online(self.chance, self.at.date() + timedelta(days=days))
        return max(moment, self.at + timedelta(minutes=self.chance.randint(20, 180)))

    def in_one_go(self, at: datetime) -> datetime:
        """A moment from which ten minutes pass before the clock is looked at again: what is done on the spot."""
        at = self.rhythm.next_open(at)
        if at.minute % 15 >= 4:
            at = next_quarter(at) + timedelta(minutes=self.chance.uniform(0.5, 3))
        opened = self.rhythm.next_open(at)
        return at if opened == at else opened + timedelta(minutes=self.chance.uniform(0.5, 3))

    # -- the whole way

    def tell(self, come_in, be_decided, be_delivered) -> Case:
        with suppress(NotYet):
            with suppress(Overtaken):
                come_in(self)
            with suppress(Overtaken):
                if self.case.status == Status.ACCEPTED:
                    be_decided(self)
            if self.case.status in DECIDED:
                be_delivered(self)
        with suppress(Overtaken):  # the last thing that can happen by the clock alone
            self.let_pass(self.world.now)
        return self.case
