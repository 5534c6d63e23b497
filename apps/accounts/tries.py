"""尝试次数: how often something was tried lately, counted in the cache that all processes share."""

from django.core.cache import cache


def count(key: str, *, seconds: int) -> int:
    """Notes one more try and tells how many there were within the time that the first one began."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two lines: a new time begins
        cache.set(key, 1, seconds)
        return 1


def counted(key: str) -> int:
    """How many tries are remembered; asking does not count."""
    return cache.get(key, 0)
