"""凭编号查进度 (D-54): a case for anybody who has its number and the last four of the ID, and for nobody who guesses them."""

from collections.abc import Callable
from typing import TypeVar

from apps.accounts import tries
from apps.accounts.identity import normalised

from .models import Case

WRONG_TRIES = 20  # for one number, by whoever and from wherever
FORGOTTEN_AFTER = 3600  # seconds from the first of them
Found = TypeVar("Found")


class GuessedTooOften(Exception):
    """This number was asked for with wrong characters too often; the text is fit to show."""


def case_with(number: str, last4: str) -> Case | None:
    """The case where both fit."""
    found = Case.objects.with_number_and_last4(number, last4)
    return guarded(
        number, found.select_related("item", "version", "point", "intake_point", "applicant").first
    )


def guarded(number: str, look: Callable[[], Found | None]) -> Found | None:
    """What `look` finds, unless this number was tried wrongly too often.

    Addresses change cheaply, so wrong pairs are counted by the number they try.
    """
    key = f"guesses:{normalised(number)[:20].encode('ascii', 'replace').hex()}"
    if tries.counted(key) >= WRONG_TRIES:
        raise GuessedTooOften("这个编号的后四位错得太多，请一小时后再查，或登录后在“我的办件”里看。")
    found = look()
    if found is None:
        tries.count(key, seconds=FORGOTTEN_AFTER)
    return found
