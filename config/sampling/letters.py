"""签发机关: 机关代字 and drawn seals for every department and township of the sample. A seal says 演示 where a real one has its star."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.letters.bodies import derived_short_name, full_name, stem
from apps.letters.models import IssuingBody, seal_path
from apps.points.models import Department, Level, ServicePoint

from .facts import rows
from .places import Departments, Points

RED = "#c8102e"
SIDE, RADIUS = 200, 68


def load_bodies(points: Points, departments: Departments) -> None:
    short = {row["code"]: row["short"] for row in rows("departments_county.csv")}
    wanted = [_of_department(made, short.get(made.code, "")) for made in departments.values()]
    townships = [point for point in points.values() if point.level == Level.TOWNSHIP]
    wanted += [_of_township(point, _is_alone(point, townships)) for point in townships]
    IssuingBody.objects.bulk_create(wanted)


def drawn_seal(name: str) -> bytes:
    """A round red seal with the name along its rim, each character turned towards the middle."""
    span = min(280, 26 * (len(name) - 1))
    size = 22 if len(name) <= 14 else 18
    letters = []
    for place, character in enumerate(name):
        turn = -span / 2 + (span * place / (len(name) - 1) if len(name) > 1 else 0)
        letters.append(
            f'<text transform="translate(100,100) rotate({turn:.2f}) translate(0,-{RADIUS})" font-size="{size}">{character}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
        f'<circle cx="100" cy="100" r="95" fill="none" stroke="{RED}" stroke-width="5"/>'
        f'<g fill="{RED}" fill-opacity="0.9" font-family="Noto Serif SC" text-anchor="middle">{"".join(letters)}'
        '<text x="100" y="160" font-size="26">演示</text></g></svg>'
    ).encode()


def _of_department(department: Department, short: str) -> IssuingBody:
    region = department.point.region
    short_name = f"{stem(region)}{short}" if short else derived_short_name(department.name, region)
    return _sealed(IssuingBody(department=department, short_name=short_name), full_name(department))


def _of_township(point: ServicePoint, alone: bool) -> IssuingBody:
    own = stem(point.region) if alone else point.region
    office = "办事处" if point.region.endswith("街道") else "人民政府"
    body = IssuingBody(point=point, short_name=f"{stem(point.parent.region)}{own}府")
    return _sealed(body, f"{point.parent.region}{point.region}{office}")


def _is_alone(point: ServicePoint, townships: list[ServicePoint]) -> bool:
    """Whether no 镇 and 乡 of one county differ by their grade only."""
    same = [
        one
        for one in townships
        if one.parent_id == point.parent_id and stem(one.region) == stem(point.region)
    ]
    return len(same) == 1


def _sealed(body: IssuingBody, name: str) -> IssuingBody:
    seal = drawn_seal(name)
    body.seal_sha256 = hashlib.sha256(seal).hexdigest()
    path = seal_path(body, "seal.svg")
    body.seal.name = path if default_storage.exists(path) else default_storage.save(path, ContentFile(seal))
    return body
