"""生成文书: an issued letter is put on paper once; what is on paper stays, byte for byte."""

import hashlib
import logging
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from ..models import Letter
from ..typesetting import CannotSet, set_letter

logger = logging.getLogger(__name__)
LATE = timedelta(minutes=5)  # after this a letter that is not on paper was missed
AT_ONCE = 200


class CannotRender(Exception):
    """The letter has no paper now; the text says what to do. Number and words stand."""


@transaction.atomic
def render(letter: Letter, *, at: datetime) -> Letter:
    """生成: the PDF with its hash, once, whichever of several workers comes first.

    Of a letter that is on paper already only a lost file is made again, and only when it comes out the same.
    """
    letter = Letter.objects.select_for_update(of=["self"]).get(pk=letter.pk)
    if letter.is_on_paper:
        if not default_storage.exists(letter.pdf.name):
            _restore(letter)
        return letter
    pdf = _set(letter)
    letter.sha256 = hashlib.sha256(pdf).hexdigest()
    letter.pdf.name, letter.rendered_at = _kept(pdf, letter.sha256), at
    letter.save(update_fields=["pdf", "sha256", "rendered_at"])
    return letter


def render_missed(*, at: datetime) -> int:
    """补生成: what a stopped worker or a full queue left behind; one that fails does not hold up the others."""
    done = 0
    for letter in Letter.objects.missed(before=at - LATE)[:AT_ONCE]:
        try:
            render(letter, at=at)
            done += 1
        except CannotRender as reason:
            logger.warning("letter not rendered: %s %s", letter.pk, reason)
    return done


def _set(letter: Letter) -> bytes:
    seal = letter.data.get("seal", "")
    try:
        stamp = default_storage.open(seal).read() if seal else None
    except FileNotFoundError as error:
        raise CannotRender(
            "签发时的印章图找不到了，请从备份恢复数据目录中的 media/seals 后再打开一次。"
        ) from error
    try:
        return set_letter(letter.data, letter.layout, letter.layout_version, stamp)
    except CannotSet as reason:
        raise CannotRender(str(reason)) from reason


def _restore(letter: Letter) -> None:
    pdf = _set(letter)
    if hashlib.sha256(pdf).hexdigest() != letter.sha256:
        raise CannotRender(
            "这份文书的文件丢失了，重新生成的与签发时不一致，所以没有替换。请从备份恢复数据目录中的 media/letters。"
        )
    _kept(pdf, letter.sha256)


def _kept(pdf: bytes, sha256: str) -> str:
    """Content-addressed: a file that a rolled-back attempt left is the same file."""
    name = f"letters/{sha256[:2]}/{sha256[2:4]}/{sha256}.pdf"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(pdf))
