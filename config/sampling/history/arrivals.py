"""来办事的人: when somebody comes, where, for what, and how the matter will go. Planned from one seed."""

import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from apps.cases.models import Channel
from apps.points.models import Level, ServicePoint

from ..facts import items
from ..people import BUSY
from .desks import Desks
from .rhythm import Rhythm
from .spread import Spread
from .subjects import Crowd, Subject, ages_for
from .wording import can_be_refused, department_at

NAMESPACE = uuid.UUID("51200000-0000-5000-8000-000000005120")
_TIERS = {Level.COUNTY: 48, Level.CITY: 9, Level.TOWNSHIP: 25, Level.VILLAGE: 18}
_ONLINE_SHARE = {Level.COUNTY: 0.52, Level.CITY: 0.5, Level.TOWNSHIP: 0.22, Level.VILLAGE: 0.0}
_RECEIVED_BY_TOWNSHIPS = 0.2  # weight of county items at a township against those of its own list
_LATE = 0.02
_LATE_AT = {("512081", "C18"): 0.16, ("512021", "C04"): 0.1, ("512022", "C08"): 0.09}
_LATE_IN_TOWNSHIPS = (0.0, 0.0, 0.0, 0.02, 0.03, 0.04, 0.2)  # one in seven is slow
_TOO_OLD_FOR_IT = 62  # from this age on people come in person


class Fate(StrEnum):
    """What happens before a case is accepted; most often nothing worth telling."""

    PLAIN = "plain"
    FAULTS = "faults"
    NEVER_ANSWERED = "never answered"
    NEVER_CAME = "never came"
    SILENT = "silent"
    NOT_OURS = "not ours"
    SENT_BACK = "sent back"
    WITHDRAWN = "withdrawn"
    LEFT_A_DRAFT = "left a draft"
    HANDED_UP_LATE = "handed up late"
    GIVEN_BACK = "given back"


TURNS = {"survey": 0.06, "hearing": 0.006, "extension": 0.03, "handover": 0.02, "terminated": 0.004}
_FATES = {
    "online": {
        Fate.FAULTS: 15, Fate.NEVER_ANSWERED: 1.3, Fate.NEVER_CAME: 1, Fate.SILENT: 0.35, Fate.NOT_OURS: 1.2,
        Fate.WITHDRAWN: 1.6, Fate.LEFT_A_DRAFT: 1, Fate.PLAIN: 78,
    },
    "counter": {
        Fate.FAULTS: 9, Fate.NEVER_ANSWERED: 0.8, Fate.SILENT: 0.15, Fate.NOT_OURS: 0.9, Fate.SENT_BACK: 1.3,
        Fate.WITHDRAWN: 1, Fate.PLAIN: 87,
    },
    "village": {Fate.HANDED_UP_LATE: 4, Fate.GIVEN_BACK: 2, Fate.FAULTS: 5, Fate.PLAIN: 89},
}  # fmt: skip


@dataclass
class Arrival:
    """One case to be told. `hold` leaves it in that status; `brisk` wastes no time on the way there."""

    at: datetime
    channel: str
    path: str
    code: str
    subject: Subject
    fate: Fate = Fate.PLAIN
    refused: bool = False
    late: bool = False
    special: bool = False
    turn: str = ""
    hold: str = ""
    brisk: bool = False
    n: int = 0

    @property
    def key(self) -> uuid.UUID:
        """The key of the case, the same on every run: a case that is on record is not told again."""
        return uuid.uuid5(NAMESPACE, str(self.n))


class Planner:
    """Draws arrivals. `points` by path."""

    def __init__(self, rhythm: Rhythm, points: dict[str, ServicePoint], desks: Desks, now: datetime):
        self.rhythm = rhythm
        self.points = points
        self.now = now
        self.chance = random.Random("arrivals")
        staffed = {point_id for point_id, department_id in desks.clerks if department_id is None}
        staffed |= desks.agents.keys()
        self.spread = Spread(points, [path for path, point in points.items() if point.pk in staffed])
        self._choices: dict[tuple, tuple[list[str], list[float]]] = {}

    def draw(self, cases: int, *, since: date, crowd: Crowd) -> list[Arrival]:
        """That many arrivals from `since` to now, in order of time."""
        moments = sorted(self._moments(cases, since), key=lambda moment: moment[0])
        wanted = Counter(level for _, level, _ in moments)
        places = {level: self.spread.deal(self.chance, level, wanted[level]) for level in _TIERS}
        return [self._arrival(at, places[level].pop(), online, crowd) for at, level, online in moments]

    def _moments(self, cases: int, since: date) -> Iterator[tuple[datetime, Level, bool]]:
        days = [since + timedelta(days=n) for n in range((self.now.date() - since).days + 1)]
        weights = {
            online: [self.rhythm.weight(day, online=online) for day in days] for online in (False, True)
        }
        levels, shares = list(_TIERS), list(_TIERS.values())
        while cases:
            level = self.chance.choices(levels, shares)[0]
            online = self.chance.random() < _ONLINE_SHARE[level]
            day = self.chance.choices(days, weights[online])[0]
            draw = self.rhythm.online if online else self.rhythm.at_the_counter
            at = draw(self.chance, day)
            if at < self.now - timedelta(minutes=20):
                cases -= 1
                yield at, level, online

    def _arrival(self, at: datetime, path: str, online: bool, crowd: Crowd) -> Arrival:
        chance, level = self.chance, self.points[path].level
        codes, weights = self._offered(path)
        code = chance.choices(codes, weights)[0]
        item = items()[code]
        if online and not _fit_for_online(item):
            online = False
            at = self._by_day(at)
        channel = Channel.VILLAGE if level == Level.VILLAGE else Channel.ONLINE if online else Channel.COUNTER
        decided_in = path if level in (Level.CITY, Level.COUNTY) else path[:6]
        return Arrival(
            at=at,
            channel=channel,
            path=path,
            code=code,
            subject=crowd.somebody(item, self.points[path], online=online),
            fate=_fate(
                chance, item, "village" if level == Level.VILLAGE else "online" if online else "counter"
            ),
            refused=chance.random() < 0.025 and can_be_refused(_handled(item), item["type"]),
            late=chance.random() < _late_share(item, path, decided_in),
            special=bool(item.get("special_procedures")) and chance.random() < 0.35,
            turn=_turn(chance),
        )

    def _by_day(self, at: datetime) -> datetime:
        """The same day in hall hours, or the last day before that was worked."""
        return self.rhythm.at_the_counter(
            self.chance, self.rhythm.workday_before(at.date(), int(at.hour < 18))
        )

    def _offered(self, path: str) -> tuple[list[str], list[float]]:
        """What can be brought to a place where somebody answers for it, and how often it is."""
        key = (path[:6], len(path), self.points[path].kind)
        if key not in self._choices:
            weights = {code: _weight(item, path, self.points[path]) for code, item in items().items()}
            weights = {code: weight for code, weight in weights.items() if weight}
            self._choices[key] = (list(weights), list(weights.values()))
        return self._choices[key]


def _late_share(item: dict, path: str, decided_in: str) -> float:
    """Some desks are slower than others: those of a few departments, and of a few townships."""
    if items()[_handled(item)]["level"] == Level.TOWNSHIP.label:
        return random.Random(f"late {path[:9]}").choice(_LATE_IN_TOWNSHIPS)
    return _LATE_AT.get((decided_in, department_at(item, decided_in)), _LATE)


def _turn(chance: random.Random) -> str:
    """What may happen to a case between acceptance and decision; most often nothing."""
    drawn, so_far = chance.random(), 0.0
    for turn, share in TURNS.items():
        so_far += share
        if drawn < so_far:
            return turn
    return ""


def _fate(chance: random.Random, item: dict, way: str) -> Fate:
    fates = _FATES[way]
    fate = chance.choices(list(fates), list(fates.values()))[0]
    at_once = item["committed"]["amount"] == 0
    return (
        Fate.PLAIN if fate == Fate.FAULTS and at_once else fate
    )  # what is done on the spot is put right there


def _fit_for_online(item: dict) -> bool:
    """Old people come in person, and whatever is done on the spot with originals is done there."""
    at_once_with_originals = item["needs_originals"] and item["committed"]["amount"] == 0
    return ages_for(item)[0] < _TOO_OLD_FOR_IT - 2 and not at_once_with_originals


def _weight(item: dict, path: str, place: ServicePoint) -> float:
    if item.get("is_sample"):
        return 0
    weight = item["weight"] ** 0.8
    if place.level == Level.CITY:
        return weight if item.get("city", {}).get("department") in BUSY[path] else 0
    if department_at(item, path[:6]) not in BUSY[path[:6]]:
        staffed = item["level"] == Level.TOWNSHIP.label or _decided_by_township(item)
        if not staffed:
            return 0
    if place.level == Level.COUNTY:
        return weight if item["level"] == Level.COUNTY.label else 0
    if place.level == Level.TOWNSHIP:
        if item["level"] == Level.TOWNSHIP.label:
            return weight
        own = {other["parent"] for other in items().values() if other["level"] == Level.TOWNSHIP.label}
        received = (
            item["level"] == Level.COUNTY.label and "乡级" in item["accept_at"] and item["code"] not in own
        )
        return weight * _RECEIVED_BY_TOWNSHIPS if received else 0
    collected = item.get("collected_in") == place.get_kind_display()
    return weight**0.6 if collected else 0  # of a dozen items none may outnumber those of the halls


def _decided_by_township(item: dict) -> bool:
    return item.get("hands_up_to", "").startswith("XZ")


def _handled(item: dict) -> str:
    return item.get("hands_up_to", item["code"])
