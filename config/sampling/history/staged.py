"""今天的案头: what lies before the cast on the day of loading, so that every face of the hall has something to do."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import Applicant, Mandate, User
from apps.cases.models import Channel
from apps.cases.states import Status
from apps.points.models import ServicePoint

from ..facts import items, tree
from .arrivals import Arrival, Fate
from .rhythm import Rhythm
from .subjects import Crowd, Subject

S = Status
COUNTER, ONLINE, VILLAGE = Channel.COUNTER, Channel.ONLINE, Channel.VILLAGE
DISTRICT, TOWN, HAMLET = "512002", "512002103", "512002103214"
FOOD, PHARMACY, DEVICE = "CG015", "CG017", "CG011"


@dataclass(frozen=True)
class Scene:
    """A case left in one status. `due_in` working days from today is its promise, or it came `ago` working days ago."""

    code: str
    channel: str
    hold: str
    path: str = DISTRICT
    due_in: int | None = None
    ago: int = 0
    who: str = ""  # username of one of the cast; somebody of the crowd when empty
    company: bool = False
    special: bool = False
    turn: str = ""
    refused: bool = False
    fate: Fate = Fate.PLAIN


_DESK = [  # of 雁江区市场监督管理局
    *[Scene(FOOD, ONLINE, S.PRE_SUBMITTED)] * 3,
    Scene(PHARMACY, ONLINE, S.PRE_SUBMITTED, ago=2),
    Scene(FOOD, ONLINE, S.PRE_RETURNED, ago=2, fate=Fate.FAULTS),
    Scene(FOOD, ONLINE, S.PRE_PASSED, ago=2),
    Scene(FOOD, COUNTER, S.RECEIVED, ago=1),
    Scene(DEVICE, COUNTER, S.RECEIVED, ago=5),  # the last day on which it can be answered
    Scene(FOOD, COUNTER, S.SUPPLEMENT, ago=3, fate=Fate.FAULTS),
    Scene(FOOD, COUNTER, S.ACCEPTED, due_in=4),
    Scene(PHARMACY, COUNTER, S.ACCEPTED, due_in=9),
    *[Scene(FOOD, COUNTER, S.IN_REVIEW, due_in=0)] * 2,
    *[Scene(FOOD, COUNTER, S.IN_REVIEW, due_in=1)] * 2,
    Scene(DEVICE, COUNTER, S.IN_REVIEW, due_in=2),
    Scene(PHARMACY, COUNTER, S.IN_REVIEW, due_in=6),
    Scene(FOOD, COUNTER, S.IN_REVIEW, due_in=-2),
    Scene(FOOD, COUNTER, S.SPECIAL, due_in=3, special=True),
    Scene(FOOD, COUNTER, S.SURVEY, due_in=4, turn="survey"),
    Scene(PHARMACY, COUNTER, S.HEARING, due_in=5, turn="hearing"),
    Scene(PHARMACY, COUNTER, S.TERMINATED, ago=8, turn="terminated"),
    Scene("CG006", COUNTER, S.FORWARDED, ago=4),
    Scene(DEVICE, COUNTER, S.IN_APPROVAL, due_in=1),
    Scene(FOOD, COUNTER, S.IN_APPROVAL, due_in=0),
    Scene(PHARMACY, COUNTER, S.IN_APPROVAL, due_in=5),
    *[Scene(FOOD, COUNTER, S.GRANTED, due_in=1)] * 2,
    Scene(FOOD, COUNTER, S.REFUSED, due_in=0, refused=True),
    Scene(FOOD, COUNTER, S.NOT_ACCEPTED, ago=14, fate=Fate.NOT_OURS),
    Scene(PHARMACY, COUNTER, S.SENT_BACK, ago=11, fate=Fate.SENT_BACK),
    Scene(FOOD, ONLINE, S.WITHDRAWN, ago=9, fate=Fate.WITHDRAWN),
    Scene(FOOD, ONLINE, S.LAPSED, ago=30, fate=Fate.NEVER_ANSWERED),
    Scene(DEVICE, COUNTER, S.IN_REVIEW, ago=7, fate=Fate.SILENT),
]
_CITIZENS = [
    Scene("GF007", ONLINE, S.ARCHIVED, ago=25, who="citizen1"),
    Scene("CG025", ONLINE, S.GRANTED, ago=7, who="citizen1"),
    Scene("GF003", ONLINE, S.IN_REVIEW, ago=2, who="citizen1"),
    Scene(FOOD, ONLINE, S.PRE_RETURNED, ago=1, who="citizen1", fate=Fate.FAULTS),
    Scene("GF026", ONLINE, S.DRAFT, who="citizen1"),
    Scene("GF002", COUNTER, S.IN_REVIEW, ago=9, who="citizen2"),
    Scene("XK090", ONLINE, S.DELIVERED, ago=16, who="citizen2"),
    Scene("XZ013", COUNTER, S.IN_APPROVAL, path=TOWN, ago=6, who="citizen3"),
    Scene(FOOD, ONLINE, S.PRE_PASSED, ago=2, who="enterprise1", company=True),
    Scene("XK087", ONLINE, S.ARCHIVED, ago=30, who="enterprise1", company=True),
    Scene("GF001", ONLINE, S.SPECIAL, ago=2, who="enterprise2", company=True, special=True),
    Scene("CG011", ONLINE, S.DELIVERED, path="512021", ago=12, who="enterprise3", company=True),
]
_COUNTRYSIDE = [
    *[Scene(code, VILLAGE, S.COLLECTED, path=HAMLET) for code in ("CJ003", "CJ009", "CJ005")],
    Scene("CJ006", VILLAGE, S.COLLECTED, path=HAMLET, ago=1),
    Scene("CJ001", VILLAGE, S.COLLECTED, path="512002103207", ago=1),
    Scene("CJ012", VILLAGE, S.COLLECTED, path="512002103201", ago=5, fate=Fate.HANDED_UP_LATE),
    Scene("CJ004", VILLAGE, S.RECEIVED, path=HAMLET, ago=2),
    Scene("XZ003", COUNTER, S.RECEIVED, path=TOWN, ago=1),
    Scene("XZ008", COUNTER, S.ACCEPTED, path=TOWN, due_in=5),
    Scene("XZ020", COUNTER, S.IN_REVIEW, path=TOWN, due_in=3),
    Scene("XZ025", COUNTER, S.SPECIAL, path=TOWN, due_in=4, special=True),
    Scene("XZ005", COUNTER, S.IN_APPROVAL, path=TOWN, due_in=2),
    Scene("CJ009", VILLAGE, S.IN_APPROVAL, path=HAMLET, ago=8),
    Scene("CJ005", VILLAGE, S.GRANTED, path=HAMLET, ago=9),
    Scene("CJ003", VILLAGE, S.GRANTED, path=HAMLET, ago=12),
    Scene("SQ006", VILLAGE, S.COLLECTED, path="512002001001"),
    Scene("SQ007", VILLAGE, S.COLLECTED, path="512002001001", ago=1),
    Scene("GF004", COUNTER, S.IN_REVIEW, path="512021", due_in=-3),
    Scene("CG004", COUNTER, S.IN_REVIEW, path="512081", due_in=-1),
    Scene("GF025", COUNTER, S.ACCEPTED, path="512022", due_in=-1),
]


class Stage:
    def __init__(self, rhythm: Rhythm, points: dict[str, ServicePoint], crowd: Crowd, now: datetime):
        self.rhythm = rhythm
        self.points = points
        self.crowd = crowd
        self.now = now
        self.chance = random.Random("scenes")

    def arrivals(self) -> Iterator[Arrival]:
        cast = _cast_as_subjects(self.points)
        for scene in [*_DESK, *_CITIZENS, *_COUNTRYSIDE]:
            home, online = self.points[scene.path], scene.channel == ONLINE
            known = cast.get((scene.who, scene.company))
            subject = known or self.crowd.somebody(items()[scene.code], home, online=online)
            yield Arrival(
                at=self._moment(scene),
                channel=scene.channel,
                path=scene.path,
                code=scene.code,
                subject=subject,
                fate=scene.fate,
                refused=scene.refused,
                special=scene.special,
                turn=scene.turn,
                hold=scene.hold,
                brisk=True,
            )

    def _moment(self, scene: Scene) -> datetime:
        today = self.now.date()
        if scene.due_in is None and scene.ago == 0:
            return self._lately(online=scene.channel == ONLINE)
        if scene.due_in is None:
            day = self.rhythm.workday_before(today, scene.ago)
        else:
            due = self._workday(scene.due_in)
            day = self.rhythm.workday_before(due, items()[scene.code]["committed"]["amount"])
        return self.rhythm.later(_midnight(self.now, day), self.chance.uniform(5, 80))

    def _workday(self, days: int) -> "datetime.date":
        """The N-th working day from today on; before today when negative."""
        today = self.now.date()
        if days < 0:
            return self.rhythm.workday_before(today, -days)
        return self.rhythm.workday_after(self.rhythm.workday_after(today, 0), days)

    def _lately(self, *, online: bool) -> datetime:
        """Within the last hours; at a counter, within the last hours that it was open."""
        if online:
            return self.now - timedelta(minutes=self.chance.randint(60, 900))
        day = self.rhythm.workday_before(self.now.date(), 0)
        at = self.rhythm.later(_midnight(self.now, day), self.chance.uniform(5, 300))
        if at < self.now - timedelta(minutes=20):
            return at
        day = self.rhythm.workday_before(self.now.date(), 1)
        return self.rhythm.later(_midnight(self.now, day), self.chance.uniform(5, 300))


def _midnight(now: datetime, day) -> datetime:
    return now.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)


def _cast_as_subjects(points: dict[str, ServicePoint]) -> dict[tuple[str, bool], Subject]:
    """The citizens of the cast, for themselves and for the first firm they act for."""
    found = {}
    for person in tree("cast.json")["citizens"]:
        user = User.objects.select_related("applicant").get(username=person["username"])
        home = points[person["point"]]
        found[person["username"], False] = _subject(user.applicant, user, home)
        mandate = Mandate.objects.filter(agent=user).select_related("principal").order_by("id").first()
        if mandate:
            found[person["username"], True] = _subject(mandate.principal, user, home)
    return found


def _subject(applicant: Applicant, user: User, home: ServicePoint) -> Subject:
    return Subject(
        name=applicant.name,
        number=applicant.number,
        phone=applicant.phone,
        address=applicant.address,
        home=home,
        kind=applicant.kind,
        account=user.username,
        account_name=user.name,
        applicant=applicant,
        user=user,
    )
