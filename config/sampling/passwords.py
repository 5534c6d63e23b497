"""演示口令: random for each data folder, kept in a file there that only its owner can read, never in the database."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password

from apps.accounts.models import User

FILE = "demo-accounts.json"
_SMALL = "abcdefghjkmnpqrstuvwxyz"  # without l, o and i, which look like figures
_FIGURES = "23456789"


def make(usernames: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """A password per group (username → group): what to type, and what the database keeps, each by username."""
    groups = sorted(set(usernames.values()))
    typed = {group: _new() for group in groups}
    kept = {group: make_password(password) for group, password in typed.items()}  # slow by design
    return (
        {username: typed[group] for username, group in usernames.items()},
        {username: kept[group] for username, group in usernames.items()},
    )


def path() -> Path:
    return settings.ENVIRONMENT.data / FILE


def write(typed: dict[str, str]) -> None:
    draft = path().with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(typed, file, indent=1)
    draft.replace(path())


def read() -> dict[str, str]:
    """What was written for this data folder; nothing when it was made elsewhere."""
    try:
        return json.loads(path().read_text())
    except FileNotFoundError:
        return {}


def _new() -> str:
    """Three short groups, easy to type from paper: Kmtr-4837-wqxd."""
    words = ["".join(secrets.choice(_SMALL) for _ in range(4)) for _ in range(2)]
    password = f"{words[0].title()}-{''.join(secrets.choice(_FIGURES) for _ in range(4))}-{words[1]}"
    validate_password(password, User())
    return password
