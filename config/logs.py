"""One log for everything: a readable line on a terminal, JSON where machines collect it."""

from __future__ import annotations

import logging.config
from typing import Any

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.typing import Processor

SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
# These say each request or task a second time, or speak of their own inner life.
QUIET = (
    "amqp",
    "celery.app.trace",
    "celery.beat",
    "celery.redirected",
    "celery.worker.strategy",
    "django.server",
    "gunicorn.access",
    "kombu",
    "paypalrestsdk",
    "PIL",
    "stripe",
    "urllib3",
)


def configure(settings: dict[str, Any]) -> None:
    """Called by Django with `LOGGING`: `as_json` and `level`."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"ours": {"()": _formatter, "as_json": settings["as_json"]}},
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "ours"}},
            "root": {"handlers": ["out"], "level": settings["level"]},
            "loggers": {
                "django": {"handlers": [], "level": settings["level"], "propagate": True},
                **{name: {"level": "WARNING"} for name in QUIET},
            },
        }
    )


def _formatter(*, as_json: bool) -> structlog.stdlib.ProcessorFormatter:
    ends: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [_without_noise, ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain_traceback)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ends],
    )


def _without_noise(logger: Any, method: str, event: Any) -> Any:
    """On a terminal the supervisor's prefix and the clock on the wall do; machines keep every field."""
    for field in ("timestamp", "logger", "user_agent"):
        event.pop(field, None)
    return event
