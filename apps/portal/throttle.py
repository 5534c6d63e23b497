"""限速: how often one address may try something that could be used to fish for other people's data."""

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest


def too_many(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Counts this try; True from the (limit + 1)th within the time that the first one began."""
    key = f"throttle:{what}:{get_client_ip_address(request)}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out between the two lines: a new time begins
        cache.set(key, 1, seconds)
        return False


def is_blocked(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Whether this address has failed `limit` times lately; asking does not count."""
    return cache.get(_wrong(request, what), 0) >= limit


def count_wrong(request: HttpRequest, what: str, *, seconds: int) -> None:
    """Counts a wrong try; the time runs from the first one."""
    key = _wrong(request, what)
    cache.add(key, 0, seconds)
    try:
        cache.incr(key)
    except ValueError:  # it ran out between the two lines: a new time begins
        cache.set(key, 1, seconds)


def _wrong(request: HttpRequest, what: str) -> str:
    return f"wrong:{what}:{get_client_ip_address(request)}"
