"""去哪里办: at which points an item can be handed in, one level of the tree at a time."""

from dataclasses import dataclass
from datetime import date

from apps.items.models import Item, Offering
from apps.points.models import Level, ServicePoint


@dataclass(frozen=True)
class Place:
    point: ServicePoint
    takes_in: bool  # an application may be filed here
    leads_on: bool  # points below it take the item in as well


def places_for(item: Item, *, under: ServicePoint | None, on: date) -> list[Place]:
    """The points right below `under` (the city and its counties at first) that have to do with the item.

    Villages collect papers by hand, which is no receipt by the authority: one cannot file with them from here.
    """
    rows = _rows(item)
    points = ServicePoint.objects.open_on(on).built()
    points = points.filter(parent=under) if under else points.filter(level__in=[Level.CITY, Level.COUNTY])
    places = [_place(point, rows) for point in points.in_order()]
    return [place for place in places if place.takes_in or place.leads_on]


def takes_in(item: Item, point: ServicePoint) -> bool:
    return _place(point, _rows(item)).takes_in


def _rows(item: Item) -> list[tuple[str, str, str]]:
    taken = Offering.objects.for_item(item).exclude(authority=Offering.Authority.COLLECT)
    return list(taken.values_list("level", "kind", "scope__path"))


def _place(point: ServicePoint, rows: list[tuple[str, str, str]]) -> Place:
    here = any(
        level == point.level and kind in ("", point.kind) and point.path.startswith(scope)
        for level, kind, scope in rows
    )
    below = point.level != Level.CITY and any(
        level > point.level and (point.path.startswith(scope) or scope.startswith(point.path))
        for level, _, scope in rows
    )
    return Place(point, here, below)
