"""承办部门: which point handles a branch, and which department there has the name that the bundle gives. Read-only."""

from collections.abc import Iterable

from apps.points.models import PATH_LENGTH, Department, Level, ServicePoint


def hall_of(point: ServicePoint) -> ServicePoint:
    """The hall that a project belongs to: the county's above a township or village, else the point itself."""
    if point.level in (Level.CITY, Level.COUNTY):
        return point
    return ServicePoint.objects.get(
        level=Level.COUNTY, path=point.path[: PATH_LENGTH[Level.COUNTY]], valid_to=None
    )


def halls_by_level(hall: ServicePoint) -> dict[str, ServicePoint]:
    """办理层级 → hall: a county's project may have branches at the city above it (D-29), not the other way round."""
    city = hall
    if hall.level == Level.COUNTY:
        city = ServicePoint.objects.get(
            level=Level.CITY, path=hall.path[: PATH_LENGTH[Level.CITY]], valid_to=None
        )
    return {"": hall, Level.CITY.value: city, Level.COUNTY.value: hall}


def departments_at(halls: Iterable[ServicePoint]) -> dict[tuple[int, str], Department]:
    """Every department of these halls by (point, name without its region)."""
    found = {}
    for department in Department.objects.filter(point__in={hall.pk for hall in halls}).select_related(
        "point"
    ):
        plain = department.name.removeprefix(department.point.region)
        found.setdefault((department.point_id, plain), department)
        found[department.point_id, department.name] = department
    return found
