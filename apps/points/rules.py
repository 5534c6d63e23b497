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


def closed_days_of(path: str) -> frozenset[date]:
    """Days that do not count at a place, by closures of it or of a hall above it that touch deadlines (R12)."""
    prefixes = [path[:length] for length in PATH_LENGTH.values() if length <= len(path)]
    closures = Closure.objects.filter(point__path__in=prefixes, affects_deadline=True)
    return frozenset(
        date.fromordinal(day)
        for from_on, to_on in closures.values_list("from_on", "to_on")
        for day in range(from_on.toordinal(), to_on.toordinal() + 1)
    )
