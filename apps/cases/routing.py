"""收件地与办理地: which point takes an item in, and which one decides it. Read-only."""

from dataclasses import dataclass

from apps.items.models import Item, Offering
from apps.points.models import PATH_LENGTH, Department, Level, ServicePoint


@dataclass(frozen=True)
class Route:
    """受理路径: `intake` is the row that lets the point take it in, `point` and `department` decide."""

    intake: Offering
    point: ServicePoint
    department: Department | None


def route(item: Item, at: ServicePoint) -> Route | None:
    """The way of an item from a point, or None where it cannot be handed in there.

    A point that decides keeps the case; one that only collects or receives passes it to the nearest point above
    that decides the same item, or the item it was collected for (代办件).
    """
    prefixes = [at.path[:length] for length in PATH_LENGTH.values() if length <= len(at.path)]
    rows = list(
        Offering.objects.filter(
            item__in=[item.pk, item.hands_up_to_id], scope__path__in=prefixes, level__lte=at.level
        )
        .select_related("department")
        .order_by("-level", "-scope__path", "-kind", "id")
    )
    own = (row for row in rows if row.item_id == item.pk and row.level == at.level)
    intake = next((row for row in own if row.kind in ("", at.kind)), None)
    if intake is None:
        return None
    for deciding in (row for row in rows if row.authority == Offering.Authority.DECIDE):
        point = _point_of(deciding, at)
        if deciding.kind in ("", point.kind):
            return Route(intake, point, deciding.department)
    return None


def _point_of(row: Offering, at: ServicePoint) -> ServicePoint:
    """The point of the row's level at or above a place."""
    if row.level == at.level:
        return at
    return ServicePoint.objects.get(
        level=row.level, path=at.path[: PATH_LENGTH[Level(row.level)]], valid_to=None
    )
