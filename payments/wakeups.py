"""Hints to the workers. The rows are the truth: a hint nobody hears costs time, never money."""

import logging
from collections.abc import Callable
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake_webhook(event_pk: int) -> None:
    """A message waits in the inbox."""
    _send("payments.tasks.process_webhook", event_pk)


def wake_refund(refund_id: int) -> None:
    """A refund was promised."""
    _send("payments.tasks.submit_refund", refund_id)


def wake_sandbox() -> None:
    """The sandbox has something to deliver."""
    _send("payments.tasks.run_sandbox")


def _send(task: str, *args: Any) -> None:
    send: Callable[..., Any] = current_app.send_task
    try:
        send(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("no worker could be woken for %s: %s", task, error)
