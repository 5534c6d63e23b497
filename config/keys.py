"""The three keys: that of sessions, that which encrypts ID numbers, that of the blind index.

Production takes them from the environment and refuses weak ones. A development data folder gets random ones
of its own, so that nothing that was ever published can open anything.
"""

import base64
import binascii
import json
import math
import os
import secrets
from collections import Counter
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from . import places

FILE = "keys.json"
DEVELOPMENT = "development-"  # marks a session key that was made for a data folder


@dataclass(frozen=True)
class Keys:
    secret_key: str
    field_key: str
    index_key: str


class Weak(ValueError):
    """The text says which key is weak, and what would be strong enough."""


def strong() -> Keys:
    """New keys, fit for production."""
    return Keys(
        secret_key=secrets.token_urlsafe(48),
        field_key=base64.b64encode(secrets.token_bytes(32)).decode(),
        index_key=base64.b64encode(secrets.token_bytes(32)).decode(),
    )


def of_folder(folder: Path) -> Keys:
    """Read the keys of a data folder; the first to ask makes them, readable by its owner only."""
    path = folder / FILE
    if not path.exists():
        made = strong()
        _write_once(path, replace(made, secret_key=DEVELOPMENT + made.secret_key))
    stored = json.loads(path.read_text())
    return Keys(**{field.name: stored[field.name] for field in fields(Keys)})


def check(given: Keys) -> None:
    """Refuse what is short, monotonous, or was made for development."""
    _check_session_key(given.secret_key)
    _check_key("FIELD_KEY", given.field_key)
    _check_key("INDEX_KEY", given.index_key)
    if given.field_key == given.index_key:
        raise Weak("FIELD_KEY and INDEX_KEY are the same: each must be random on its own")


def _write_once(path: Path, made: Keys) -> None:
    """Two processes may be first at once: the file appears whole, and the first one's stays."""
    places.make_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(made), file)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _check_session_key(value: str) -> None:
    if value.startswith((DEVELOPMENT, "django-insecure")):
        raise Weak("SECRET_KEY was made for development: make a new one for production")
    if len(value) < 50 or _bits(value) < 200:
        raise Weak("SECRET_KEY is weak: it needs at least 50 random characters")


def _check_key(name: str, value: str) -> None:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Weak(f"{name} is not base64: it must be 32 random bytes in base64") from error
    if len(key) != 32:
        raise Weak(f"{name} is {len(key)} bytes long: it must be 32 random bytes in base64")
    if _bits(key) < 128:
        raise Weak(f"{name} is weak: its bytes are not random")


def _bits(value: str | bytes) -> float:
    """Shannon's estimate of what a value carries; a repeated or counted-up pattern carries little."""
    steps = [later - earlier for earlier, later in zip(_numbers(value), _numbers(value)[1:], strict=False)]
    return min(_entropy(_numbers(value)), _entropy(steps)) * len(value)


def _numbers(value: str | bytes) -> list[int]:
    return list(value) if isinstance(value, bytes) else [ord(character) for character in value]


def _entropy(values: list[int]) -> float:
    total = len(values)
    return -sum(count / total * math.log2(count / total) for count in Counter(values).values())
