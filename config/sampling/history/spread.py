"""分布: where people bring their matters, so that no township and no agent is without work. Pure."""

import random
from collections import Counter
from collections.abc import Collection

from apps.points.models import Kind, Level, ServicePoint

from ..people import VILLAGES_OF_THE_CAST

_COUNTIES = {"512021": 29, "512002": 28, "512081": 27, "512022": 16}
"""Share of each county in what comes to the four county halls, about as its people; 雁江 is also the city's seat."""

_PLACES_OF_THE_CAST = {*VILLAGES_OF_THE_CAST, *(path[:9] for path in VILLAGES_OF_THE_CAST)}
_BUSIER_WITH_THE_CAST = 6
_BUSIER = {Kind.STREET: 1.8, Kind.TOWN: 1.2, Kind.COMMUNITY: 2.0}  # than a 乡, than a 村


class Spread:
    """Deals places. `points` are all by path, `staffed` the townships and villages where somebody sits."""

    def __init__(self, points: dict[str, ServicePoint], staffed: Collection[str]):
        self.points = points
        self._villages = Counter(path[:9] for path, point in points.items() if point.level == Level.VILLAGE)
        self._staffed = sorted(staffed)

    def deal(self, chance: random.Random, level: Level, count: int) -> list[str]:
        """That many places of a level in no order: every township and village once, then by their size."""
        if level == Level.CITY:
            return ["5120"] * count
        if level == Level.COUNTY:
            return chance.choices(list(_COUNTIES), list(_COUNTIES.values()), k=count)
        places = [path for path in self._staffed if self.points[path].level == level]
        dealt = chance.sample(places, min(count, len(places)))
        dealt += chance.choices(places, [self._size(path) for path in places], k=count - len(dealt))
        chance.shuffle(dealt)
        return dealt

    def _size(self, path: str) -> float:
        size = self._villages[path] if self.points[path].level == Level.TOWNSHIP else 1
        size *= _BUSIER.get(self.points[path].kind, 1)
        return size * _BUSIER_WITH_THE_CAST if path in _PLACES_OF_THE_CAST else size
