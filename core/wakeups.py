"""Wake a worker. Only ever a hint: rows in PostgreSQL are the truth, and sweepers find what no hint announced."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake(task: str, *args: int) -> None:
    """Tell a worker that `task` has something to do. Nobody hearing it is no trouble."""
    try:
        current_app.send_task(task, args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("no worker could be woken for %s: %s", task, error)


def wake_on_commit(task: str, *args: int) -> None:
    """The same once the running transaction is visible to the worker."""
    transaction.on_commit(partial(wake, task, *args), robust=True)
