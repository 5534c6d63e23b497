#!/usr/bin/env python
import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import OperationalError
from redis.exceptions import ConnectionError as QueueError

from apps.cases.management.commands.deadlines import Command as Deadlines
from apps.workflows.management.commands.plan import Command as Plan

WITHOUT_A_HALL = {"deadlines": Deadlines, "plan": Plan}
"""What is reckoned by the built-in calendar needs no settings, no keys and no servers."""


def main() -> None:
    command = WITHOUT_A_HALL.get("".join(sys.argv[1:2]))
    if command and not any(word.startswith("--d") for word in sys.argv):
        settings.configure()
        command().run_from_argv(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, QueueError) as error:
        if "--traceback" in sys.argv or not is_absent(error):
            raise
        sys.exit(absence(error))


def is_absent(error: Exception) -> bool:
    """Nobody listens there, as opposed to a server that answers and has a complaint."""
    return any(sign in str(error) for sign in ("refused", "timed out", "timeout expired", "translate host"))


def absence(error: Exception) -> str:
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return f"A server named in the environment does not answer: {' '.join(str(error).split())}"
    return "No servers run for this checkout: start them with `make run`, or set DATABASE_URL and REDIS_URL."


if __name__ == "__main__":
    main()
