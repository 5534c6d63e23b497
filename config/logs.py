"""What the processes say: lines for people in development, JSON in production. Nothing personal in either."""

import structlog
from django_structlog.middlewares import RequestMiddleware

SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    structlog.stdlib.PositionalArgumentsFormatter(),
]


class RequestLog(RequestMiddleware):
    """Logs the path alone: a query string may hold a name or an ID number that somebody searched for."""

    @staticmethod
    def format_request(request):
        return f"{request.method} {request.path}"


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.UnicodeDecoder(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def tables(*, level: str, as_json: bool) -> dict:
    """The LOGGING setting. Tracebacks are plain: a pretty one would print the local variables."""
    if as_json:
        finish = [
            structlog.processors.ExceptionRenderer(),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        finish = [
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
        ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *finish],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Django's own handlers would print each record a second time, and mail it to nobody.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # Both report what the request log says already, with addresses of people or not at all.
            "django.request": {"level": "ERROR"},
            "axes": {"level": "ERROR"},
        },
    }
