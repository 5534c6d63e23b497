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
    that decides the same item.
    """
    prefixes = [at.path[:length] for length in PATH_LENGTH.values() if length <= len(at.path)]
    rows = list(
        Offering.objects.filter(item=item, scope__path__in=prefixes, level__lte=at.level)
        .select_related("department")
        .order_by("-level", "-scope__path")
    )
    intake = next((row for row in rows if row.level == at.level), None)
    if intake is None:
        return None
    deciding = next((row for row in rows if row.authority == Offering.Authority.DECIDE), None)
    if deciding is None:
        return None
    if deciding.level == at.level:
        return Route(intake, at, deciding.department)
    point = ServicePoint.objects.get(
        level=deciding.level, path=at.path[: PATH_LENGTH[Level(deciding.level)]], valid_to=None
    )
    return Route(intake, point, deciding.department)
