"""办事规则: which local numbers and closures hold at a place. Read-only."""

from datetime import date

from django.db.models.functions import Length

from .models import PATH_LENGTH, Closure, HallRules


def rules_of(path: str) -> HallRules:
    """办事规则 in force at a place: the nearest set at or above it, else the defaults."""
    prefixes = [path[:length] for length in PATH_LENGTH.values() if length <= len(path)]
    nearest = (
        HallRules.objects.filter(point__path__in=prefixes)
        .order_by(Length("point__path").desc(), "-id")
        .first()
    )
    return nearest or HallRules()


def rules_by_path() -> dict[str, HallRules]:
    """办事规则 of every place that has its own; what stands nearest above another place holds there too."""
    return {rules.point.path: rules for rules in HallRules.objects.select_related("point").order_by("id")}


def closed_days_by_path() -> dict[str, frozenset[date]]:
    """The same days as `closed_days_of`, of every place that is closed itself; they hold for all below it."""
    found: dict[str, frozenset[date]] = {}
    closures = Closure.objects.filter(affects_deadline=True)
    for path, from_on, to_on in closures.values_list("point__path", "from_on", "to_on"):
        found[path] = found.get(path, frozenset()) | _days(from_on, to_on)
    return found


def closed_days_of(path: str) -> frozenset[date]:
    """Days that do not count at a place, by closures of it or of a hall above it that touch deadlines (R12)."""
    prefixes = [path[:length] for length in PATH_LENGTH.values() if length <= len(path)]
    closures = Closure.objects.filter(point__path__in=prefixes, affects_deadline=True)
    return frozenset().union(*(_days(*closure) for closure in closures.values_list("from_on", "to_on")))


def _days(from_on: date, to_on: date) -> frozenset[date]:
    return frozenset(map(date.fromordinal, range(from_on.toordinal(), to_on.toordinal() + 1)))
