"""申请人: the people and firms who bring the cases of the history, made up first and saved together."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from apps.accounts.fields import blind_index
from apps.accounts.models import Applicant, Mandate, User
from apps.points.models import Level, ServicePoint

from .. import names
from ..facts import tree
from ..people import applicant_of, home_address

Kind = Applicant.Kind
_SERIALS = range(
    210, 400
)  # the low ones are left to whoever tries the hall out with numbers of the standards
_REUSED = 0.22  # how often somebody comes back with another matter
_CREDIT_PREFIX = {
    Kind.ENTERPRISE: "91MA",
    Kind.PUBLIC_BODY: "12MA",
    Kind.ASSOCIATION: "52MJ",
    Kind.OTHER: "92MA",
}


@dataclass
class Subject:
    """Somebody who applies. A person with an account files alone; a firm files through its representative."""

    name: str
    number: str
    phone: str
    address: str
    home: ServicePoint
    kind: str = Kind.PERSON
    being: names.Being | None = None
    account: str = ""  # username of whoever signs in for it; empty for walk-ins
    account_name: str = ""
    agent_at: ServicePoint | None = None  # the village whose agent holds a mandate
    brought: set[str] = field(default_factory=set)  # items, so that nobody asks for the same twice
    applicant: Applicant | None = None
    user: User | None = None

    @property
    def is_person(self) -> bool:
        return self.kind == Kind.PERSON


class Crowd:
    """Everybody who ever comes, found again by where they live and whether they have an account."""

    def __init__(self, chance: random.Random, since: date):
        self.chance = chance
        self.since = since
        self.everybody: list[Subject] = []
        self._at: dict[tuple, list[Subject]] = {}
        self._numbers: set[str] = set()
        self._accounts: set[str] = set()

    def somebody(self, item: dict, home: ServicePoint, *, online: bool) -> Subject:
        """A person or an organisation, as it is usual for the item."""
        if home.level == Level.VILLAGE:
            return self.person(item, home, online=False, agent=True)
        share = tree("applications.json")["personal_share"].get(item["form"], 0.55)
        possible = "1" in item["service_objects"]
        if possible and (len(item["service_objects"]) == 1 or self.chance.random() < share):
            return self.person(item, home, online=online)
        return self.organisation(item, home, online=online)

    def person(self, item: dict, home: ServicePoint, *, online: bool, agent: bool = False) -> Subject:
        ages = ages_for(item)
        key = (home.path, online, agent)
        known = self._known(key, item, lambda subject: _fits(subject, ages, self.since))
        if known:
            return known
        male = True if item["form"] in tree("applications.json")["men_only"] else None
        being = names.a_person(self.chance, ages=ages, on=self.since, male=male)
        subject = Subject(
            name=being.name,
            number=self._id_number(being),
            phone=names.phone(10_000 + len(self.everybody)),
            address=home_address(self.chance, home),
            home=home,
            being=being,
            agent_at=home if agent else None,
        )
        if online:
            subject.account, subject.account_name = self._account(being), being.name
        return self._enter(key, item, subject)

    def organisation(self, item: dict, home: ServicePoint, *, online: bool) -> Subject:
        kind = _kind_of_organisation(self.chance, item)
        key = (home.path, online, kind, item["theme"])
        known = self._known(key, item, lambda subject: True)
        if known:
            return known
        subject = Subject(
            name=_organisation_name(self.chance, kind, item, home),
            number=names.credit_code(_CREDIT_PREFIX[kind], len(self.everybody) + 101),
            phone=f"028-27{len(self.everybody) + 1:06d}",
            address=home_address(self.chance, home),
            home=home,
            kind=kind,
        )
        if online:
            being = names.a_person(self.chance, ages=(25, 50), on=self.since)
            subject.account, subject.account_name = self._account(being), being.name
        return self._enter(key, item, subject)

    def _known(self, key, item: dict, fits) -> Subject | None:
        if self.chance.random() > _REUSED:
            return None
        candidates = [s for s in self._at.get(key, []) if item["code"] not in s.brought and fits(s)]
        if not candidates:
            return None
        subject = self.chance.choice(candidates)
        subject.brought.add(item["code"])
        return subject

    def _enter(self, key, item: dict, subject: Subject) -> Subject:
        subject.brought.add(item["code"])
        self.everybody.append(subject)
        self._at.setdefault(key, []).append(subject)
        return subject

    def _id_number(self, being: names.Being) -> str:
        for serial in _SERIALS:
            number = names.id_number(being.born, being.male, serial)
            if number not in self._numbers:
                self._numbers.add(number)
                return number
        raise ValueError(f"too many people born on {being.born}")

    def _account(self, being: names.Being) -> str:
        wanted = f"{names.plain(being.name)}{being.born:%m%d}"
        username, turn = wanted, 1
        while username in self._accounts:
            turn += 1
            username = f"{wanted}x{turn}"
        self._accounts.add(username)
        return username


def ages_for(item: dict) -> tuple[int, int]:
    ages = tree("applications.json")["ages"]
    first, last = ages.get(item["code"]) or ages.get(item["form"]) or (20, 65)
    return first, last


def _fits(subject: Subject, ages: tuple[int, int], on: date) -> bool:
    age = (on - subject.being.born).days / 365.25
    return ages[0] <= age <= ages[1] + 1


def _kind_of_organisation(chance: random.Random, item: dict) -> str:
    small = item["code"] in tree("applications.json")["shop_kind"]
    public, social = item["form"] in ("project", "works"), item["form"] in ("event", "organisation")
    weights = {
        Kind.ENTERPRISE: 12,
        Kind.PUBLIC_BODY: 3 * public,
        Kind.ASSOCIATION: 8 * social,
        Kind.OTHER: 40 * small,
    }
    if item["code"] == "CG009":  # 农民专业合作社
        weights = {Kind.OTHER: 1}
    possible = [kind for kind in weights if kind in item["service_objects"]]
    return chance.choices(possible, [weights[kind] for kind in possible])[0]


def _organisation_name(chance: random.Random, kind: str, item: dict, home: ServicePoint) -> str:
    place = names.short_place(home.region if home.level != Level.CITY else "资阳市")
    small = item["code"] in tree("applications.json")["shop_kind"]
    if kind == Kind.ENTERPRISE:
        return (
            f"{shop_name(chance, item, place)}有限公司"
            if small
            else names.company_name(chance, place, item["theme"])
        )
    if kind == Kind.PUBLIC_BODY:
        return names.patterned(chance, "public_bodies", place)
    if kind == Kind.ASSOCIATION:
        return names.patterned(chance, "associations", place)
    if item["form"] in ("farm", "company"):
        return names.patterned(chance, "cooperatives", place)
    return shop_name(chance, item, place)


def shop_name(chance: random.Random, item: dict, place: str) -> str:
    """A small shop of the kind that asks for this item."""
    facts = tree("applications.json")
    pattern = chance.choice(facts["shops"][facts["shop_kind"].get(item["code"], "any")])
    word = chance.choice(tree("names.json")["company"]["words"])
    return pattern.format(place=place, surname=names.surname_of(chance), word=word)


def save(crowd: list[Subject], agents: dict[int, User], *, since: datetime) -> None:
    """Accounts, applicants and mandates in bulk; whoever is on record already is taken from there."""
    registered_at = since - timedelta(days=30)
    _save_accounts(crowd, registered_at)
    keys = {blind_index(subject.number): subject for subject in crowd}
    known = {row.number_key: row for row in Applicant.objects.filter(number_key__in=keys)}
    new = {
        key: applicant_of(
            kind=subject.kind,
            name=subject.name,
            number=subject.number,
            phone=subject.phone,
            address=subject.address,
            user=subject.user if subject.is_person else None,
            at=registered_at,
        )
        for key, subject in keys.items()
        if key not in known
    }
    Applicant.objects.bulk_create(new.values())
    for key, subject in keys.items():
        subject.applicant = known.get(key) or new[key]
    _save_mandates([keys[key] for key in new], agents, registered_at)


def _save_accounts(crowd: list[Subject], at: datetime) -> None:
    wanted = {subject.account: subject for subject in crowd if subject.account}
    known = {user.username: user for user in User.objects.filter(username__in=wanted)}
    made = User.objects.bulk_create(
        User(
            username=username,
            name=subject.account_name,
            phone=subject.phone if subject.is_person else names.phone(50_000 + number),
            password=make_password(None),
            is_sample=True,
            date_joined=at,
        )
        for number, (username, subject) in enumerate(wanted.items())
        if username not in known
    )
    known |= {user.username: user for user in made}
    for username, subject in wanted.items():
        subject.user = known[username]


def _save_mandates(crowd: list[Subject], agents: dict[int, User], at: datetime) -> None:
    mandates = []
    for subject in crowd:
        if subject.agent_at:
            mandates.append(_mandate(subject, agents[subject.agent_at.pk], Mandate.Kind.AGENT, at))
        elif subject.user and not subject.is_person:
            mandates.append(_mandate(subject, subject.user, Mandate.Kind.REPRESENTATIVE, at))
    Mandate.objects.bulk_create(mandates)


def _mandate(subject: Subject, agent: User, kind: str, at: datetime) -> Mandate:
    return Mandate(
        principal=subject.applicant,
        agent=agent,
        kind=kind,
        is_company_admin=kind == Mandate.Kind.REPRESENTATIVE,
        valid_from=at.date(),
        given_at=at,
        note="书面委托书由代办员留存" if kind == Mandate.Kind.AGENT else "",
    )
