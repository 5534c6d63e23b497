"""限速: how often one address may try something that could be used to fish for other people's data."""

from axes.helpers import get_client_ip_address
from django.http import HttpRequest

from apps.accounts import tries


def too_many(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Counts this try; True from the (limit + 1)th within the time that the first one began."""
    return tries.count(f"throttle:{what}:{get_client_ip_address(request)}", seconds=seconds) > limit


def is_blocked(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Whether this address has failed `limit` times lately; asking does not count."""
    return tries.counted(_wrong(request, what)) >= limit


def count_wrong(request: HttpRequest, what: str, *, seconds: int) -> None:
    """Counts a wrong try; the time runs from the first one."""
    tries.count(_wrong(request, what), seconds=seconds)


def _wrong(request: HttpRequest, what: str) -> str:
    return f"wrong:{what}:{get_client_ip_address(request)}"
