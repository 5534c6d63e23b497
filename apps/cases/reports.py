"""统计: read-only aggregates over cases that somebody may see."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left, Length

from apps.items.models import Unit

from .measures import Period, condition

_IN_WORKDAYS = Q(statutory_unit=Unit.WORKDAY)


def figures(cases: QuerySet, names: Iterable[str], period: Period, today: date) -> dict[str, int]:
    """Every measure in one statement."""
    return cases.aggregate(**_counts(names, period, today))


def compared(cases: QuerySet, names: Iterable[str], period: Period, today: date) -> dict[str, int]:
    """The measures of the period and, as `<name>_before`, of the period before, in one statement."""
    names = list(names)
    earlier = {f"{name}_before": Count("pk", filter=condition(name, period.before, today)) for name in names}
    times = {
        "used_total": Sum("used_days", filter=condition("finished", period, today)),
        "statutory_total": Sum(
            "statutory_amount", filter=condition("finished", period, today) & _IN_WORKDAYS
        ),
        "used_of_statutory": Sum("used_days", filter=condition("finished", period, today) & _IN_WORKDAYS),
    }
    return cases.aggregate(**_counts(names, period, today), **earlier, **times)


def by_place(
    cases: QuerySet, prefixes: Iterable[tuple[str, int]], names: Iterable[str], period: Period, today: date
) -> dict[str, dict[str, int]]:
    """Figures per place of receipt: for each (scope, length) one row per place below the scope. One statement in all."""
    names = list(names)
    parts = [
        cases.filter(intake_path__startswith=scope)
        .order_by()
        .alias(depth=Length("intake_path"))
        .filter(
            depth__gte=length
        )  # what the place above took in itself belongs to none of the places below it
        .annotate(place=Left("intake_path", length))
        .values("place")
        .annotate(**_counts(names, period, today))
        .values_list("place", *names)
        for scope, length in prefixes
    ]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def by_key(
    cases: QuerySet, keys: list[str], names: Iterable[str], period: Period, today: date, *, limit: int = 60
):
    """Figures per department, window or item: `keys` are what a row is named by; the busiest first."""
    counts = _counts(names, period, today)
    rows = cases.order_by().values(*keys).annotate(**counts)
    first = next(iter(counts))
    return list(rows.filter(**{f"{first}__gt": 0}).order_by(f"-{first}", keys[0])[:limit])


def by_day(cases: QuerySet, period: Period, today: date) -> list[dict]:
    """办结量与按时率 per day of the decision."""
    names = ("finished", "on_time")
    finished = cases.filter(condition("finished", period, today)).order_by()
    return list(
        finished.values("decided_on").annotate(**_counts(names, period, today)).order_by("decided_on")
    )


def _counts(names: Iterable[str], period: Period, today: date) -> dict[str, Count]:
    return {name: Count("pk", filter=condition(name, period, today)) for name in names}
