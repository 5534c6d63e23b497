"""查验文书: is it ours, is it unaltered, does it still hold; with nobody's name beyond a masked one. Changes nothing."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from apps.accounts.identity import mask_name, normalised

from ..models import Letter, LetterQuerySet
from ..standing import Standing, standing_of

_BRACKETS = str.maketrans({"[": "〔", "]": "〕", "(": "〔", ")": "〕", "【": "〔", "】": "〕", "（": "〔", "）": "〕",
                           "［": "〔", "］": "〕"})  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What the public is told of a letter."""

    title: str
    number: str
    organ: str
    item: str
    addressee: str
    date: str
    sha256: str
    standing: Standing


def find_by_token(token: str) -> Letter | None:
    """By the address in the QR code."""
    return _letters().filter(token=token).first() if re.fullmatch(r"[\w-]{10,32}", token) else None


def find_by_code(number: str, code: str) -> Letter | None:
    """By number and check code as people type them. One look-up for both: a wrong one of either finds nothing."""
    wanted = re.sub(r"[^0-9A-Z]", "", normalised(code))
    written = re.sub(r"\s", "", number).translate(_BRACKETS)
    return _letters().filter(number=written, check_code=f"{wanted[:4]}-{wanted[4:]}").first()


def check(letter: Letter) -> Checked:
    """Only what the paper shows; a person's name is masked, since whoever checks may have found the paper."""
    words = letter.data
    name = words["addressee"]
    return Checked(
        title=letter.title,
        number=letter.number,
        organ=words["organ"],
        item=words["item"],
        addressee=mask_name(name) if words["is_person"] else name,
        date=words["date"],
        sha256=letter.sha256,
        standing=standing_of(letter),
    )


def alike(letter: Letter, chunks) -> bool:
    """Whether a file is the very one that was issued, byte for byte."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return bool(letter.sha256) and hmac.compare_digest(digest.hexdigest(), letter.sha256)


def _letters() -> LetterQuerySet:
    return Letter.objects.select_related("case", "project", "project_event", "revocation")
