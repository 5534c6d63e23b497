"""A hall for one benchmark: its own servers and data, gone with it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def hall(settings: str = "config.settings") -> Iterator[None]:
    """Django is set up inside; whatever needs its settings is imported there, and not before."""
    from config.servers import Servers  # noqa: PLC0415  the environment must be complete before settings are read

    data = Path(tempfile.mkdtemp(prefix="yizhan-bench-"))
    data.chmod(0o755)
    started = Servers(data, say=lambda name, line: None, quick=True)
    started.start(database=True, queue=True)
    os.environ |= {
        "DATABASE_URL": started.database_url, "REDIS_URL": started.redis_url, "YIZHAN_DATA": str(data),
        "YIZHAN_MODE": "test", "DJANGO_SETTINGS_MODULE": settings, "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    try:
        import django  # noqa: PLC0415

        django.setup()
        yield
    finally:
        started.stop()
