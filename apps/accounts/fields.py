"""加密字段: a text kept as AES-256-GCM in the database, and the keyed hash by which it can still be found."""

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

_NONCE = 12  # bytes, the size GCM is made for
_MARK = b"\x01"  # first byte of every cell: the key generation, so that keys can be changed later


def _key(name: str) -> bytes:
    key = base64.b64decode(getattr(settings, name))
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes in base64.")
    return key


def seal(text: str) -> bytes:
    """Ciphertext of a text: key mark, nonce, sealed bytes."""
    nonce = os.urandom(_NONCE)
    return _MARK + nonce + AESGCM(_key("FIELD_KEY")).encrypt(nonce, text.encode(), _MARK)


def unseal(cell: bytes) -> str:
    """The text of a cell made by `seal`; raises cryptography's InvalidTag when the cell was tampered with."""
    cell = bytes(cell)
    return AESGCM(_key("FIELD_KEY")).decrypt(cell[1 : 1 + _NONCE], cell[1 + _NONCE :], cell[:1]).decode()


def blind_index(text: str) -> str:
    """HMAC-SHA256 of a number, hex: equal numbers give equal keys, and the key alone gives nothing away."""
    return hmac.new(_key("INDEX_KEY"), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.BinaryField):
    """A str in Python, ciphertext in the database. It cannot be searched: keep a `blind_index` beside it."""

    description = "encrypted text"

    def get_db_prep_value(self, value, connection, prepared=False):
        sealed = None if value is None else seal(value) if isinstance(value, str) else value
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value, expression, connection):
        return None if value is None else unseal(value)

    def value_to_string(self, obj):
        raise TypeError("An encrypted field is not serialised to fixtures.")

    def to_python(self, value):
        return value
