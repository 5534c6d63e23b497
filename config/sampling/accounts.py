"""演示账号: who can sign in to the sample hall, with which password, and what to look at as that person."""

import unicodedata

from apps.accounts.models import User

from . import passwords
from .facts import tree

COLUMNS = {
    "role": "角色",
    "username": "用户名",
    "password": "密码",
    "name": "姓名",
    "place": "所在",
    "note": "用处",
}
LOST = "（口令文件不在此数据目录，运行 manage.py load_sample --hall 重新生成）"


def accounts() -> list[dict[str, str]]:
    """Role, username, password, name, place and a word on each, in the order of the cast."""
    cast = tree("cast.json")
    users = User.objects.filter(is_sample=True).prefetch_related(
        "assignments__point", "assignments__department", "applicant", "mandates_held__principal"
    )
    known = {user.username: user for user in users.filter(username__in=[p["username"] for p in _all(cast)])}
    typed = passwords.read()
    return [
        {
            "role": _role(known[person["username"]], cast),
            "username": person["username"],
            "password": typed.get(person["username"], LOST),
            "name": person["name"],
            "place": _place(known[person["username"]]),
            "note": person["note"],
        }
        for person in _all(cast)
        if person["username"] in known
    ]


def _all(cast: dict) -> list[dict]:
    return [*cast["citizens"], *cast["staff"]]


def _role(user: User, cast: dict) -> str:
    held = user.assignments.all()
    if held:
        return held[0].get_role_display()
    mandated = {name for company in cast["companies"] for name in (company["admin"], *company["agents"])}
    return "企业经办人" if user.username in mandated else "自然人"


def _place(user: User) -> str:
    held = user.assignments.all()
    if held:
        return str(held[0].department or held[0].point or "全系统")
    return "、".join(mandate.principal.name for mandate in user.mandates_held.all()) or user.applicant.address


def table(found: list[dict[str, str]]) -> str:
    """The accounts in columns that stand straight where Chinese characters are two wide."""
    rows = [list(COLUMNS.values()), *([account[key] for key in COLUMNS] for account in found)]
    widths = [max(_width(row[n]) for row in rows) for n in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell + " " * (widths[n] - _width(cell)) for n, cell in enumerate(row)).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
