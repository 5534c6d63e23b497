"""What supervision writes: cards and what is said of them, and the seals of the days."""

from .cards import (
    APPEAL_DAYS,
    BATCH,
    BEFORE_FORWARDING,
    NotAllowed,
    explain,
    issue_cards,
    issue_for_decided,
    issue_for_deemed,
    issue_for_repeated_notice,
    revoke,
)
from .moved import withdraw_moved
from .projects import issue_for_silence
from .sealing import Fault, bundle_of, published, seal_day, seal_days, verify_seals

__all__ = [
    "APPEAL_DAYS",
    "BATCH",
    "BEFORE_FORWARDING",
    "Fault",
    "NotAllowed",
    "bundle_of",
    "explain",
    "issue_cards",
    "issue_for_decided",
    "issue_for_deemed",
    "issue_for_repeated_notice",
    "issue_for_silence",
    "published",
    "revoke",
    "seal_day",
    "seal_days",
    "verify_seals",
    "withdraw_moved",
]
