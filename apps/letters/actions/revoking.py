"""撤销文书: a letter that was wrong is not taken from the record; whoever checks it learns that it holds no longer."""

from datetime import datetime

from django.db import IntegrityError, transaction

from apps.accounts.models import User

from ..models import Letter, Revocation


class NotAllowed(Exception):
    """The letter does not allow it; the text is fit to show."""


@transaction.atomic
def revoke(letter: Letter, *, reason: str, by: User, at: datetime) -> Revocation:
    """撤销: with a reason, once. What the letter told is not undone by it: that is a matter of the case."""
    reason = reason.strip()
    if not reason:
        raise NotAllowed("请写明撤销这份文书的理由。")
    if at < letter.issued_at:
        raise NotAllowed("撤销不能早于签发。")
    try:
        with transaction.atomic():
            return Revocation.objects.create(letter=letter, reason=reason[:2000], by=by, at=at)
    except IntegrityError as error:
        raise NotAllowed(f"{letter}已经撤销，不能再撤销一次。") from error
