"""Hints to the workers; the rows are the truth."""

import logging
from collections.abc import Callable
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake_closing() -> None:
    """A canceled order may have payments that are still open."""
    send: Callable[..., Any] = current_app.send_task
    try:
        send("orders.tasks.close_payments", retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("no worker could be woken for orders.tasks.close_payments: %s", error)
