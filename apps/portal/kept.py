"""留住填写内容: a form that came after its session had ended travels, signed, through the sign-in page. Pure."""

from collections.abc import Sequence

from django.core import signing

SALT = "kept-form"
LIVES_FOR = 3600  # seconds


def pack(path: str, fields: Sequence[tuple[str, str]]) -> str:
    return signing.dumps({"path": path, "fields": list(fields)}, salt=SALT, compress=True)


def unpack(text: str) -> dict | None:
    """`path` and `fields` of a kept form; None when it is not ours or too old."""
    try:
        return signing.loads(text, salt=SALT, max_age=LIVES_FOR)
    except signing.BadSignature:
        return None
