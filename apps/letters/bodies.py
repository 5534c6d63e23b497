"""签发机关 in force: what is set for a department or point, and what follows from its name where nothing is set.

Derived: the full name is region and department, for a township its government; the 机关代字 is the region without its
grade and the usual short form of the department (雁江 + 市监); review is by the people's government above, a suit goes to
the court of the county. Asked at every letter, so kept in the process for a minute; a change made here is seen at once,
by other processes within that minute.
"""

import re
import time
from dataclasses import dataclass

from apps.points.models import Department, Level, ServicePoint

from .models import IssuingBody

KEPT_FOR = 60  # seconds
GRADES = re.compile(r"(?<=..)(市|区|县|镇|乡|街道|村|社区)$")
OFFICES = re.compile(r"(局|委员会|办公室|委|厅|处|中心|支队|大队)$")
ABBREVIATIONS = {
    "市场监督管理": "市监", "食品药品监督管理": "食药监", "工商行政管理": "工商", "发展和改革": "发改",
    "经济和信息化": "经信", "教育和体育": "教体", "人力资源和社会保障": "人社", "住房和城乡建设": "住建",
    "住房和城乡规划建设": "住建", "城乡规划": "规划", "国土资源": "国土", "自然资源和规划": "自规", "自然资源": "自资",
    "生态环境": "环", "环境保护": "环", "交通运输": "交", "卫生和计划生育": "卫计", "卫生健康": "卫健", "农业农村": "农",
    "文化广播电视和旅游": "文旅", "文化广播影视新闻出版": "文广", "安全生产监督管理": "安监", "应急管理": "应急",
    "城市管理行政执法": "城管", "公安": "公", "民政": "民", "财政": "财", "水务": "水", "林业": "林", "商务": "商务",
    "科学技术和知识产权": "科知", "科学技术": "科", "医疗保障": "医保", "退役军人事务": "退役", "行政审批": "审批",
}  # fmt: skip
UNKNOWN_COURT = "有管辖权的人民法院"

_kept: dict[tuple[str, int], tuple[float, "Body"]] = {}


@dataclass(frozen=True)
class Body:
    """What a letter takes over from whoever issues it."""

    name: str
    short_name: str
    seal: str
    review_body: str
    court: str
    address: str
    phone: str


def body_of_department(pk: int) -> Body:
    return _remembered("department", pk)


def body_of_point(pk: int) -> Body:
    return _remembered("point", pk)


def forget() -> None:
    """After a change: the next letter asks the database again."""
    _kept.clear()


LED_FROM_ABOVE = re.compile("税务|海关|国家安全|外汇管理|金融监督|人民银行")
"""Organs that are led vertically by law, not only run so within a province."""


def derived_short_name(name: str, region: str) -> str:
    """机关代字 from names: 雁江区 and 市场监督管理局 give 雁江市监."""
    plain = OFFICES.sub("", name.removeprefix(region).removeprefix(stem(region)))
    return f"{stem(region)}{ABBREVIATIONS.get(plain, plain)}"[:20]


def stem(region: str) -> str:
    """A place without its grade: 雁江区 is 雁江; two characters stay whole (达县)."""
    return GRADES.sub("", region)


def full_name(department: Department) -> str:
    region = department.point.region
    return department.name if department.name.startswith(stem(region)) else f"{region}{department.name}"


def _remembered(what: str, pk: int) -> Body:
    known, now = _kept.get((what, pk)), time.monotonic()
    if known is None or now - known[0] > KEPT_FOR:
        known = now, _department(pk) if what == "department" else _point(pk)
        _kept[what, pk] = known
    return known[1]


def _department(pk: int) -> Body:
    department = Department.objects.select_related("point__parent", "issuing_body").get(pk=pk)
    point, row = department.point, getattr(department, "issuing_body", None)
    return _body(
        row,
        name=full_name(department),
        short_name=derived_short_name(department.name, point.region),
        review_body=_review_body(department),
        court=_court(point),
        point=point,
    )


def _review_body(department: Department) -> str:
    """复议机关 (行政复议法 arts 24, 27): the government of the place; above customs, taxes and state security their own superior."""
    if department.is_vertical and LED_FROM_ABOVE.search(department.name):
        above = department.point.parent
        plain = department.name.removeprefix(department.point.region)
        return f"{above.region}{plain}" if above else f"上一级{plain.removesuffix('局')}机关"
    return f"{department.point.region}人民政府"


def _point(pk: int) -> Body:
    point = ServicePoint.objects.select_related("parent__parent", "issuing_body").get(pk=pk)
    above = point.parent or point
    county = {Level.TOWNSHIP: above, Level.VILLAGE: above.parent or above}.get(point.level, point)
    stems = [stem(place.region) for place in _line(point, until=county)]
    return _body(
        getattr(point, "issuing_body", None),
        name=_government(point) if point.level == Level.TOWNSHIP else point.name,
        short_name=f"{''.join(stems)}{'府' if point.level == Level.TOWNSHIP else ''}"[:20],
        review_body=f"{county.region}人民政府",
        court=_court(county),
        point=point,
    )


def _line(point: ServicePoint, *, until: ServicePoint) -> list[ServicePoint]:
    """The place and those above it up to the county, the highest first."""
    line = [point]
    while line[0].pk != until.pk and line[0].parent is not None:
        line.insert(0, line[0].parent)
    return line


def _government(point: ServicePoint) -> str:
    return f"{point.region}办事处" if point.region.endswith("街道") else f"{point.region}人民政府"


def _court(place: ServicePoint) -> str:
    return f"{place.region}人民法院" if place.level == Level.COUNTY else UNKNOWN_COURT


def _body(
    row: IssuingBody | None, *, name: str, short_name: str, review_body: str, court: str, point: ServicePoint
) -> Body:
    return Body(
        name=row.name if row and row.name else name,
        short_name=row.short_name if row else short_name,
        seal=row.seal.name if row and row.seal else "",
        review_body=row.review_body if row and row.review_body else review_body,
        court=row.court if row and row.court else court,
        address=point.address,
        phone=point.phone,
    )
