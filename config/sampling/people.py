"""人员: the cast with passwords, the staff behind every desk that has work, and a few people and firms with accounts."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from apps.accounts.fields import blind_index
from apps.accounts.models import Applicant, Assignment, Mandate, User
from apps.accounts.roles import Role
from apps.points.models import Level, ServicePoint
from apps.windows.models import Authorisation, Posting, Window

from . import names
from .facts import rows, tree
from .places import SINCE, Departments, Points

_IN_EVERY_COUNTY = ["C19", "C04", "C08", "C24", "C05", "C18", "C16", "C10", "C13", "C11"]
BUSY = {  # departments with people of their own at the desk, per hall; the first one is the headline cast's
    "5120": ["D35", "D06", "D10", "D33", "D11", "D22", "D16", "D01"],
    "512002": [*_IN_EVERY_COUNTY, "C22", "C20", "C15", "C23"],
    "512021": _IN_EVERY_COUNTY,
    "512022": _IN_EVERY_COUNTY,
    "512081": _IN_EVERY_COUNTY,
}
ALSO_JOINT = {"512002": ["C12", "C14", "C21", "C26"]}  # with people for joint projects alone
SHORT = {"5120": "zy", "512002": "yj", "512021": "ay", "512022": "lz", "512081": "jy"}
VILLAGES_AT_WORK = 0.125  # of those with an agent point, in each township; one at least
VILLAGES_OF_THE_CAST = ("512002103214", "512002103207", "512002103201", "512002001001")


@dataclass
class Post:
    """One person at one place: what becomes an account, an assignment, and perhaps a window and a letter."""

    username: str
    name: str
    role: str
    point: ServicePoint | None
    department: object = None
    window: str = ""
    decides: bool = False
    has_password: bool = False
    user: User | None = field(default=None, repr=False)


def load_people(points: Points, departments: Departments, passwords: dict[str, str], *, at: datetime) -> None:
    """Everybody who works here, then the people and firms with accounts. `passwords`: username → hash."""
    posts = [*_headline(points, departments), *_others(points, departments)]
    _open_accounts(posts, passwords, at=at)
    _post_to_windows(posts)
    _give_letters(posts)
    _register_citizens(points, passwords, at=at)


def usernames_with_password() -> dict[str, str]:
    """Whoever can sign in, and the group that shares a password: hashing each one apart would take too long."""
    cast = tree("cast.json")
    groups = {person["username"]: _group(person) for person in cast["staff"]}
    return groups | {person["username"]: "citizens" for person in cast["citizens"]}


def _group(person: dict) -> str:
    if "department" in person:
        return "departments"
    return "centre" if person.get("point", "5120") == "5120" else "villages"


def _headline(points: Points, departments: Departments) -> list[Post]:
    return [
        Post(
            username=person["username"],
            name=person["name"],
            role=person["role"],
            point=points[person["point"]] if "point" in person else None,
            department=departments[person["point"], person["department"]] if "department" in person else None,
            window=person.get("window", ""),
            decides=person.get("decides", False),
            has_password=True,
        )
        for person in tree("cast.json")["staff"]
    ]


def _others(points: Points, departments: Departments) -> list[Post]:
    """One clerk and one approver per busy department, clerk and director per township, agents in some villages."""
    staffed = {(person.get("point"), person.get("department")) for person in tree("cast.json")["staff"]}
    windows = _first_windows()
    posts = []
    for path, codes in BUSY.items():
        for code in [*codes, *ALSO_JOINT.get(path, [])]:
            if (path, code) in staffed:
                continue
            department, place = departments[path, code], f"{SHORT[path]}-{code.lower()}"
            window = windows[path == "5120", code]
            posts.append(Post(f"{place}-clerk", "", Role.CLERK, points[path], department, window=window))
            posts.append(Post(f"{place}-approver", "", Role.APPROVER, points[path], department, decides=True))
    for township in _below(points, Level.TOWNSHIP):
        if (township.path, None) not in staffed:
            place = f"{SHORT[township.path[:6]]}-{names.plain(township.region[:-1])}"
            posts.append(Post(f"{place}-clerk", "", Role.CLERK, township))
            posts.append(Post(f"{place}-director", "", Role.TOWNSHIP_DIRECTOR, township, decides=True))
    for village in villages_at_work(points):
        if (village.path, None) not in staffed:
            posts.append(Post(f"agent-{village.path[4:]}", "", Role.VILLAGE_AGENT, village))
    chance = random.Random("staff")
    for post in posts:
        post.name = names.a_person(chance, ages=(25, 55), on=date(2025, 6, 1)).name
    return posts


def _first_windows() -> dict[tuple[bool, str], str]:
    """The window at which a department's clerk sits: (is it the city's, code of the department) → number."""
    county_codes = {row["name"]: row["code"] for row in rows("departments_county.csv")}
    found: dict[tuple[bool, str], str] = {}
    for row in rows("windows_city.csv"):
        found.setdefault((True, row["department"]), row["number"])
    for row in rows("windows_county.csv"):
        found.setdefault((False, county_codes.get(row["department"], "")), row["number"])
    return {key: number for key, number in found.items()} | {(False, code): "A27" for code in ("C22", "C23")}


def villages_at_work(points: Points) -> list[ServicePoint]:
    """Villages with an agent: some of every township, those of the cast among them."""
    below: dict[int, list[ServicePoint]] = {}
    for village in _below(points, Level.VILLAGE):
        if village.is_built:
            below.setdefault(village.parent_id, []).append(village)
    chosen = []
    for villages in below.values():
        first = [village for village in villages if village.path in VILLAGES_OF_THE_CAST]
        others = [village for village in villages if village not in first]
        wanted = max(1, round(len(villages) * VILLAGES_AT_WORK)) - len(first)
        chosen += first + random.Random(villages[0].path).sample(others, max(0, wanted))
    return chosen


def _below(points: Points, level: Level) -> list[ServicePoint]:
    return [point for point in points.values() if point.level == level]


def _open_accounts(posts: list[Post], passwords: dict[str, str], *, at: datetime) -> None:
    opened_at = beginning()
    made = User.objects.bulk_create(
        User(
            username=post.username,
            name=post.name,
            phone=names.phone(number + 1),
            password=passwords[post.username] if post.has_password else make_password(None),
            is_staff=True,
            is_sample=True,
            date_joined=opened_at,
            password_changed_at=at,
        )
        for number, post in enumerate(posts)
    )
    for post, user in zip(posts, made, strict=True):
        post.user = user
    Assignment.objects.bulk_create(
        Assignment(
            user=post.user, role=post.role, point=post.point, department=post.department, valid_from=SINCE
        )
        for post in posts
    )


def _post_to_windows(posts: list[Post]) -> None:
    windows = {(window.point_id, window.number): window for window in Window.objects.all()}
    Posting.objects.bulk_create(
        Posting(user=post.user, window=windows[post.point.pk, post.window], from_on=SINCE)
        for post in posts
        if post.window
    )


def _give_letters(posts: list[Post]) -> None:
    Authorisation.objects.bulk_create(
        Authorisation(
            user=post.user,
            point=post.point,
            department=post.department,
            power=Authorisation.Power.DECIDE,
            letter_no=f"授权〔{SINCE.year}〕{number}号",
            valid_from=SINCE,
        )
        for number, post in enumerate((post for post in posts if post.decides), start=1)
    )


def _register_citizens(points: Points, passwords: dict[str, str], *, at: datetime) -> None:
    cast, opened_at = tree("cast.json"), beginning()
    chance = random.Random("citizens")
    people = {}
    for number, person in enumerate(cast["citizens"]):
        born, home = date.fromisoformat(person["born"]), points[person["point"]]
        user = User.objects.create(
            username=person["username"],
            name=person["name"],
            phone=names.phone(90_001 + number),
            password=passwords[person["username"]],
            is_sample=True,
            date_joined=opened_at,
            password_changed_at=at,
        )
        people[person["username"]] = user
        applicant_of(
            kind=Applicant.Kind.PERSON,
            name=person["name"],
            number=names.id_number(born, person["male"], 400 + number),
            phone=user.phone,
            address=home_address(chance, home),
            user=user,
            at=opened_at,
        ).save()
    for number, company in enumerate(cast["companies"]):
        organisation = applicant_of(
            kind=company["kind"],
            name=company["name"],
            number=names.credit_code(company["prefix"], 900_001 + number),
            phone=f"028-26{80_001 + number:06d}",
            address=home_address(chance, points[company["point"]]),
            user=None,
            at=opened_at,
        )
        organisation.save()
        for username in [company["admin"], *company["agents"]]:
            Mandate.objects.create(
                principal=organisation,
                agent=people[username],
                kind=Mandate.Kind.REPRESENTATIVE,
                is_company_admin=username == company["admin"],
                valid_from=SINCE,
                given_at=opened_at,
            )


def applicant_of(*, kind, name, number, phone, address, user, at) -> Applicant:
    """An applicant as registration makes one, not yet saved."""
    return Applicant(
        kind=kind,
        name=name,
        number=number,
        number_key=blind_index(number),
        number_last4=number[-4:],
        phone=phone,
        address=address,
        user=user,
        registered_at=at,
    )


def home_address(chance: random.Random, home: ServicePoint) -> str:
    """An address in a place of any level; of the city itself, in its seat."""
    regions = {}
    point = home
    while point is not None:
        regions[point.level] = point
        point = point.parent
    county = regions.get(Level.COUNTY)
    if county is None:
        return names.address(chance, county="雁江区", county_path="512002")
    return names.address(
        chance,
        county=county.region,
        county_path=county.path,
        town=regions[Level.TOWNSHIP].region if Level.TOWNSHIP in regions else "",
        village=home.region if home.level == Level.VILLAGE else "",
    )


def beginning() -> datetime:
    """The moment from which the people of the sample are on record."""
    return timezone.make_aware(datetime.combine(SINCE, time(9)))
