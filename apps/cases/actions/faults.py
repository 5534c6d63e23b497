"""没有算成的原因: what is put on record of a case whose dates could not be reckoned."""

import logging

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from .moves import NotAllowed

logger = logging.getLogger(__name__)
NOT_OF_A_CASE = (OperationalError, InterfaceError, MemoryError)
"""The database or the machine gives way: no case is to blame, and whoever comes next tries again."""


def why(error: Exception, case) -> str:
    """A sentence for the page. The error's own words go to the log at most; the database's, which repeat a row, nowhere."""
    known = str(error) if isinstance(error, NotAllowed) else _named(error)
    in_the_database = isinstance(error, DatabaseError)
    logger.error("case %s not reckoned: %s", case.id, known, exc_info=None if in_the_database else error)
    return known[:200]


def _named(error: Exception) -> str:
    kind = type(error).__name__
    if isinstance(error, IntegrityError):
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or kind
        return f"推算出的日期和这件的其他内容相矛盾（{rule}），日期没有动。"
    return f"这件的内容推算不出日期（{kind}），日期没有动；详情见运行日志。"
