"""签发机关设置: name, 机关代字, seal, remedies of a department or point. Letters already issued keep what they had."""

import hashlib
import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from apps.points.models import Department, ServicePoint

from .. import bodies
from ..models import IssuingBody, seal_path

LARGEST = 1024 * 1024
SHORT_NAME = re.compile(r"[\u3400-\u9fff]{1,20}")


class BadSeal(Exception):
    """What was set does not fit; `field` says which, the text is fit to show."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


@transaction.atomic
def set_body(
    of: Department | ServicePoint,
    *,
    short_name: str,
    name: str = "",
    review_body: str = "",
    court: str = "",
    seal: bytes | None = None,
) -> IssuingBody:
    """设置签发机关. A new 机关代字 begins series of its own; without `seal` the seal stays as it is."""
    if not SHORT_NAME.fullmatch(short_name):
        raise BadSeal("short_name", "机关代字用汉字，1至20个，例如“雁江市监”。")
    key = {"department": of} if isinstance(of, Department) else {"point": of}
    body = IssuingBody.objects.select_for_update().filter(**key).first() or IssuingBody(**key)
    body.short_name, body.name, body.review_body, body.court = short_name, name, review_body, court
    if seal is not None:
        _put_seal(body, seal)
    try:
        with transaction.atomic():
            body.save()
    except IntegrityError as error:
        raise BadSeal("short_name", f"机关代字“{short_name}”已由另一个机关使用，请换一个。") from error
    bodies.forget()
    transaction.on_commit(bodies.forget)
    return body


def _put_seal(body: IssuingBody, seal: bytes) -> None:
    drawn = seal.lstrip().startswith(b"<svg ") and b"<script" not in seal
    if not (seal.startswith(b"\x89PNG\r\n\x1a\n") or drawn):
        raise BadSeal("seal", "印章图须是PNG图片（透明底，正方形）。")
    if len(seal) > LARGEST:
        raise BadSeal("seal", "印章图不能超过1MB，请缩小后再传。")
    body.seal_sha256 = hashlib.sha256(seal).hexdigest()
    name = seal_path(body, "seal.svg" if drawn else "seal.png")
    body.seal.name = name if default_storage.exists(name) else default_storage.save(name, ContentFile(seal))
