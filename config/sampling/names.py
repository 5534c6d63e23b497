"""虚构的人和单位: names, numbers and addresses that belong to nobody (region 519999 does not exist). Pure."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from pypinyin import lazy_pinyin

from apps.accounts.identity import CREDIT_ALPHABET, BadNumber, clean_credit_code, clean_id_number

from .facts import tree

NOWHERE = "519999"
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714: the nine characters inside a credit code


@dataclass(frozen=True)
class Being:
    """A person as a register knows one."""

    name: str
    male: bool
    born: date


def a_person(
    chance: random.Random, *, ages: tuple[int, int], on: date, male: bool | None = None, surname: str = ""
) -> Being:
    """Somebody of an age within the bounds on that day, named after the fashion of the year of birth."""
    male = chance.random() < 0.5 if male is None else male
    days = chance.randint(ages[0] * 365 + ages[0] // 4 + 1, (ages[1] + 1) * 365 + ages[1] // 4 - 1)
    born = on - timedelta(days=days)
    return Being(person_name(chance, born.year, male, surname or surname_of(chance)), male, born)


def person_name(chance: random.Random, year: int, male: bool, surname: str) -> str:
    names = tree("names.json")
    given = names["given"]
    era = "born_before_1965" if year < 1965 else "born_1965_1995" if year <= 1995 else "born_after_1995"
    fashion = given[era]["male" if male else "female"]
    if chance.random() < names["rare_share"]:
        return surname + chance.choice(given["rare"])
    if chance.random() < names["one_character_share"]:
        return surname + chance.choice(fashion)
    return surname + "".join(chance.sample(fashion, 2))


def surname_in(name: str) -> str:
    """The surname of a name made here; two characters of it may be one (欧阳)."""
    known = {surname for surname, _ in tree("names.json")["surnames"]}
    return name[:2] if name[:2] in known else name[:1]


def surname_of(chance: random.Random) -> str:
    return weighted(chance, tree("names.json")["surnames"])


def weighted(chance: random.Random, pairs: list[tuple[str, float]]) -> str:
    return chance.choices([name for name, _ in pairs], [weight for _, weight in pairs])[0]


def id_number(born: date, male: bool, serial: int) -> str:
    """公民身份号码 with its check digit; the last of the three serial digits is odd for men. Serials go to 499."""
    body = f"{NOWHERE}{born:%Y%m%d}{serial * 2 + male:03d}"
    return _completed(body, "0123456789X", clean_id_number)


def credit_code(prefix: str, serial: int) -> str:
    """统一社会信用代码: `prefix` is authority, kind of body and two letters (91…MA, 92…MA, 52…MJ)."""
    kind, letters = prefix[:2], prefix[2:]
    inner = f"{letters}{serial:0{8 - len(letters)}d}"
    total = sum(int(c, 36) * weight for c, weight in zip(inner, _INNER_WEIGHTS, strict=True))
    check = "0123456789X"[(11 - total % 11) % 11]
    return _completed(f"{kind}{NOWHERE}{inner}{check}", CREDIT_ALPHABET, clean_credit_code)


def _completed(body: str, alphabet: str, clean) -> str:
    for character in alphabet:
        try:
            return clean(body + character)
        except BadNumber:
            continue
    raise ValueError(body)


def short_place(region: str) -> str:
    """雁江区 → 雁江, 通贤镇 → 通贤: as firms carry it in their names."""
    return region[:-2] if region.endswith(("街道", "社区")) else region[:-1] if len(region) > 2 else region


def company_name(chance: random.Random, place: str, theme: str) -> str:
    company = tree("names.json")["company"]
    trades = company["trades"].get(theme, company["trades"]["其他"])
    suffix = weighted(chance, company["suffixes"])
    return f"{place}{chance.choice(company['words'])}{chance.choice(trades)}{suffix}"


def patterned(chance: random.Random, kind: str, place: str) -> str:
    """A shop, cooperative, school, association or public body by one of its patterns."""
    company = tree("names.json")["company"]
    return chance.choice(company[kind]).format(
        place=place, word=chance.choice(company["words"]), surname=surname_of(chance)
    )


def address(
    chance: random.Random,
    *,
    county: str,
    county_path: str,
    town: str = "",
    village: str = "",
    flat: bool | None = None,
) -> str:
    """A street of the county town, of a small town, or a group of a village, as far as the place is known.

    `flat` asks for a home in a block, or for anything but one; by chance when left open.
    """
    names = tree("names.json")
    block = f"{chance.choice(names['estates'])}{chance.randint(1, 22)}栋{chance.randint(1, 3)}单元"
    door = f"{chance.randint(1, 18)}{chance.randint(1, 4):02d}号"
    if village.endswith("社区"):
        return (
            f"{county}{town}{village}{block}{door}"
            if flat is not False
            else f"{county}{town}{village}临街门面"
        )
    if village:
        return f"{county}{town}{village}{chance.randint(1, 12)}组{chance.randint(1, 60)}号"
    if town and not town.endswith("街道"):
        return f"{county}{town}{chance.choice(names['town_streets'])}{chance.randint(1, 160)}号"
    street = f"{county}{chance.choice(names['streets'][county_path])}{chance.randint(1, 280)}号"
    in_a_block = chance.random() < 0.5 if flat is None else flat
    if in_a_block:
        return f"{street}{block}{door}"
    return street if chance.random() < 0.7 else f"{street}附{chance.randint(1, 12)}号"


def phone(number: int) -> str:
    """A mobile number of the block that examples use."""
    return f"138000{number:05d}"


def plain(name: str) -> str:
    """The name in small Latin letters, with the reading that a character has as a surname (曾 is zeng).

    Some rare characters are in no table of readings, and a name must never become empty letters: theirs are ours.
    """
    words = tree("words.json")
    first = words["surnames"].get(name[0])

    def unknown(characters: str) -> list[str]:
        return [words["given"].get(character, character) for character in characters]

    letters = [first or "", *lazy_pinyin(name[1:] if first else name, errors=unknown)]
    return "".join("".join(c for c in part if c.isascii() and c.isalpha()) for part in letters)
