"""全有或全无: a piece of the sample is written as a whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """One transaction in which no verb sets a savepoint: none is undone by itself, and they were a third of all statements.

    Nor does the disk have to answer for each piece: what a power failure takes is made again.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            connection.features.uses_savepoints = True
