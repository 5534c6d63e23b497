"""服务点、部门、窗口: the four-tier tree as it was before 2016, with its 38 departments and its windows."""

import random
from datetime import date
from functools import cache

from apps.points.models import PATH_LENGTH, Department, HallRules, Kind, Level, ServicePoint
from apps.windows.models import Window

from .facts import rows, tree

OPENING_HOURS = "周一至周五 9:00–12:00，13:30–17:00（法定节假日除外）"
AGENT_HOURS = "周一至周五 9:00–12:00，13:30–17:00；急事可电话预约代办员上门"
BUILT_SHARE = 0.9522  # of the villages: those where an agent point stands
NAMES = {
    Level.CITY: "{region}政务服务中心",
    Level.COUNTY: "{region}政务服务中心",
    Level.TOWNSHIP: "{region}便民服务中心",
    Level.VILLAGE: "{region}便民服务代办点",
}

SINCE = date(2025, 1, 1)
"""The day from which guides, posts and letters of the sample hold."""

Points = dict[str, ServicePoint]  # by path
Departments = dict[tuple[str, str], Department]  # by path of the point and code


def load_points() -> Points:
    """The tree, a level at a time: each point stands directly under the one above, as `open_point` asks."""
    kinds = {kind.label: kind for kind in Kind}
    points: Points = {}
    unbuilt = _villages_without_a_point()
    for level in Level:
        wanted = []
        for number, place in enumerate(rows("divisions.csv")):
            if place["level"] != level:
                continue
            above = points.get(place["parent"])
            wanted.append(
                ServicePoint(
                    level=level,
                    kind=kinds[place["kind"]],
                    code=place["code"].ljust(12, "0"),
                    path=place["code"][: PATH_LENGTH[level]],
                    region=place["name"],
                    name=NAMES[level].format(region=place["name"]),
                    parent=above,
                    is_built=place["code"] not in unbuilt,
                    address=_address(place, above),
                    phone=f"028-26{number + 1:06d}",
                    complaint_phone=f"028-2609{_county_number(place['code']):04d}",
                    opening_hours=AGENT_HOURS if level == Level.VILLAGE else OPENING_HOURS,
                    valid_from=None,
                )
            )
        points |= {point.path: point for point in ServicePoint.objects.bulk_create(wanted)}
    HallRules.objects.create(point=points["5120"], is_historic_sample=True)
    return points


def counties(points: Points) -> list[ServicePoint]:
    return [point for point in points.values() if point.level == Level.COUNTY]


def load_departments(points: Points) -> Departments:
    """38 of the city, 30 of each county. Names are written out in full: four counties have the same thirty."""
    city = points["5120"]
    wanted = [
        Department(
            point=city,
            code=row["code"],
            name=f"{city.region}{row['name']}",
            has_approval_office=row["has_approval_office"] == "1",
            is_moved_in=row["is_moved_in"] == "1",
            is_vertical=row["is_vertical"] == "1",
        )
        for row in rows("departments.csv")
    ]
    wanted += [
        Department(
            point=county,
            code=row["code"],
            name=f"{county.region}{row['name']}",
            former_name=row["former_names"],
            has_approval_power=row["has_approval_power"] == "1",
            has_approval_office=row["has_approval_power"] == "1",
            is_vertical=row["is_vertical"] == "1",
        )
        for county in counties(points)
        for row in rows("departments_county.csv")
    ]
    return {(made.point.path, made.code): made for made in Department.objects.bulk_create(wanted)}


def load_windows(points: Points, departments: Departments) -> None:
    """38 windows in the hall of the city, 33 in that of each county."""
    county_codes = {row["name"]: row["code"] for row in rows("departments_county.csv")}
    wanted = [
        _window(points["5120"], row, departments.get(("5120", row["department"])))
        for row in rows("windows_city.csv")
    ]
    wanted += [
        _window(county, row, departments.get((county.path, county_codes.get(row["department"], ""))))
        for county in counties(points)
        for row in rows("windows_county.csv")
    ]
    Window.objects.bulk_create(wanted)


def _window(point: ServicePoint, row: dict, department: Department | None) -> Window:
    return Window(
        point=point,
        number=row["number"],
        name=row["name"],
        types=row["types"].split(),
        department=department,
    )


def _villages_without_a_point() -> set[str]:
    """Spread over all counties; the villages of 临江镇 all have one."""
    villages = [place["code"] for place in rows("divisions.csv") if place["level"] == Level.VILLAGE]
    missing = len(villages) - round(len(villages) * BUILT_SHARE)
    far_off = [code for code in villages if code[:9] not in ("512002103", "512002001")]
    return set(random.Random("villages without a point").sample(far_off, missing))


def _address(place: dict, above: ServicePoint | None) -> str:
    chance = random.Random(place["code"])
    names = tree("names.json")
    if place["level"] == Level.CITY:
        return "资阳市雁江区娇子大道18号 市政务服务大厅"
    if place["level"] == Level.COUNTY:
        street = chance.choice(names["streets"][place["code"]])
        return f"{place['name']}{street}{chance.randint(2, 180)}号 政务服务大厅"
    if place["level"] == Level.TOWNSHIP:
        return f"{above.region}{place['name']}{chance.choice(names['town_streets'])}{chance.randint(2, 90)}号"
    house = "居民委员会" if place["kind"] == "社区" else "村民委员会"
    return f"{above.parent.region}{above.region}{place['name']}{house}"


def _county_number(code: str) -> int:
    """1 for the city, 2 to 5 for whatever lies in one of the four counties: complaints go to its hall."""
    return _counties().index(code[:6]) + 2 if len(code) >= 6 else 1


@cache
def _counties() -> list[str]:
    return [place["code"] for place in rows("divisions.csv") if place["level"] == Level.COUNTY]
