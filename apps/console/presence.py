"""谁也打开着这件: a clerk sees who else has the case open. Kept for less than a minute, and of no legal weight."""

import time
from functools import cache

import redis
from django.conf import settings

from apps.accounts.models import User
from apps.cases.models import Case

STAYS = 45  # seconds after the last sign of life; the page gives one every twenty


@cache
def _valkey() -> redis.Redis:
    location = settings.CACHES["default"]["LOCATION"]
    return redis.Redis.from_url(
        location, socket_timeout=0.5, socket_connect_timeout=0.5, decode_responses=True
    )


def arrive(case: Case, user: User) -> None:
    """This person has the case open now."""
    key, now = _key(case), time.time()
    try:
        with _valkey().pipeline(transaction=False) as line:
            line.zadd(key, {f"{user.pk}:{user.name}": now})
            line.zremrangebyscore(key, 0, now - STAYS)
            line.expire(key, STAYS)
            line.execute()
    except redis.RedisError:
        return  # a hint only: the page is shown all the same


def others(case: Case, user: User) -> list[str]:
    """The names of those who have it open beside this person."""
    try:
        there = _valkey().zrangebyscore(_key(case), time.time() - STAYS, "+inf")
    except redis.RedisError:
        return []
    people = dict(member.split(":", 1) for member in there)
    people.pop(str(user.pk), None)
    return sorted(people.values())


def _key(case: Case) -> str:
    return f"open-case:{case.pk}"
