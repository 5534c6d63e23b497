"""申请表怎么填: the form of one case, filled in as this applicant would, at this place and day."""

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta

from apps.points.models import Level, ServicePoint

from .. import names
from ..facts import tree
from .subjects import Subject, shop_name

_PLACEHOLDER = re.compile(r"\{(\w+)(?::([^{}]*))?\}")


@dataclass
class Application:
    """The filled-in form of one case, and what it is about in a few words."""

    form: dict[str, str]
    summary: str


class Filling:
    """Fills a form as this applicant would, at this place and day."""

    def __init__(self, chance: random.Random, item: dict, subject: Subject, day: date):
        self.chance = chance
        self.item = item
        self.subject = subject
        self.day = day
        self._said: dict[str, str] = {}  # a name that comes twice in one form is the same name

    def application(self) -> Application:
        facts = tree("applications.json")
        fields = tree("forms.json")[self.item["form"]]
        answers = facts["answers"][self.item["form"]] | facts["answers"].get(self.item["code"], {})
        form = {field["name"]: self.answer(self.chance.choice(answers[field["name"]])) for field in fields}
        about = form.get(facts["subject"].get(self.item["form"], ""), "")
        return Application({name: value for name, value in form.items() if value}, about[:60])

    def answer(self, template: str) -> str:
        """One template with its placeholders filled."""
        return _PLACEHOLDER.sub(lambda found: self._filled(found[1], found[2]), template)

    def _filled(self, name: str, bounds: str | None) -> str:
        if name == "n":
            first, last = (int(bound) for bound in bounds.split("-"))
            return str(self.chance.randint(first, last))
        if name == "d":
            first, last = (int(bound) for bound in bounds.split(".."))
            return (self.day + timedelta(days=self.chance.randint(first, last))).isoformat()
        if name == "pick":
            return self.answer(self.chance.choice(bounds.split("|")))
        if name not in self._said:
            self._said[name] = getattr(self, f"_{name}")()
        return self._said[name]

    # -- placeholders

    def _word(self) -> str:
        return self.chance.choice(tree("names.json")["company"]["words"])

    def _me(self) -> str:
        return self.subject.account_name or self.subject.name

    def _name(self) -> str:
        return names.a_person(self.chance, ages=(22, 60), on=self.day).name

    def _kin(self) -> str:
        return self._relative((28, 55))

    def _child(self) -> str:
        return self._relative((1, 8))

    def _relative(self, ages: tuple[int, int]) -> str:
        surname = names.surname_in(self._me())
        return names.a_person(self.chance, ages=ages, on=self.day, surname=surname).name

    def _born(self) -> str:
        return (self.subject.being.born if self.subject.being else date(1960, 5, 1)).isoformat()

    def _phone(self) -> str:
        return names.phone(60_000 + self.chance.randint(0, 9_999))

    def _address(self) -> str:
        return self.subject.address

    def _site(self) -> str:
        return self._somewhere(flat=False)

    def _flat(self) -> str:
        return self._somewhere(flat=True)

    def _somewhere(self, *, flat: bool) -> str:
        home, county = self.subject.home, self._county_point()
        if county is None:
            return names.address(self.chance, county="雁江区", county_path="512002", flat=flat)
        town = home if home.level == Level.TOWNSHIP else home.parent if home.level == Level.VILLAGE else None
        return names.address(
            self.chance,
            county=county.region,
            county_path=county.path,
            town=town.region if town else "",
            village=home.region if home.level == Level.VILLAGE else "",
            flat=flat,
        )

    def _county_point(self) -> ServicePoint | None:
        point = self.subject.home
        while point is not None and point.level != Level.COUNTY:
            point = point.parent
        return point

    def _county(self) -> str:
        point = self._county_point()
        return point.region if point else "雁江区"

    def _place(self) -> str:
        return names.short_place(self._county())

    def _town(self) -> str:
        home = self.subject.home
        if home.level == Level.VILLAGE:
            return home.parent.region
        return home.region if home.level == Level.TOWNSHIP else ""

    def _village(self) -> str:
        return self.subject.home.region if self.subject.home.level == Level.VILLAGE else ""

    def _shop(self) -> str:
        return self._own_name(shop_name(self.chance, self.item, self._place()))

    def _org(self) -> str:
        return self._own_name(names.company_name(self.chance, self._place(), self.item["theme"]))

    def _own_name(self, otherwise: str) -> str:
        return otherwise if self.subject.is_person else self.subject.name

    def _trade(self) -> str:
        """What a place of this name deals in."""
        return _trade_of(self._filled("shop", None), "按许可范围经营")

    def _org_trade(self) -> str:
        return _trade_of(self._filled("org", None), "日用品销售；信息咨询服务")

    def _project(self) -> str:
        pattern = self.chance.choice(tree("names.json")["projects"])
        return pattern.format(place=self._place(), k=self.chance.choice([500, 800, 1200, 2000, 5000]))

    def _pinyin_surname(self) -> str:
        return names.plain(names.surname_in(self._me())).upper()

    def _pinyin_given(self) -> str:
        return names.plain(self._me()).upper().removeprefix(self._pinyin_surname())

    def _year(self) -> str:
        return str(self.day.year - self.chance.randint(1, 12))


def _trade_of(name: str, otherwise: str) -> str:
    trades = tree("applications.json")["trades"]
    return next((trade for word, trade in trades if word in name), otherwise)
