"""Wake-ups for the workers. The rows in PostgreSQL are the truth; losing every task here loses nothing."""

import logging
from typing import Any

from celery import shared_task
from kombu.exceptions import OperationalError

from core import idempotency, jobs, notifications, outbox

logger = logging.getLogger(__name__)

@shared_task(queue="default")
def drain_outbox() -> int:
    """Deliver what waits on the outbox."""
    return outbox.drain(limit=200)


@shared_task(queue="mail")
def send_messages() -> int:
    """Send what waits in the message log."""
    return notifications.deliver_due(limit=100)


@shared_task(queue="bulk", time_limit=None, soft_time_limit=None)
def run_job(job_id: int) -> None:
    """Run one job."""
    jobs.run_job(job_id)


@shared_task(queue="default")
def revive_jobs() -> int:
    """Start jobs again whose worker died."""
    revived = jobs.stalled_jobs()
    for job_id in revived:
        enqueue_job(job_id)
    return len(revived)


@shared_task(queue="default")
def purge_idempotency() -> int:
    """Forget idempotency keys that are older than a week."""
    return idempotency.purge()


def wake_outbox() -> None:
    """A hint that the outbox has work; nothing is lost when nobody hears it."""
    _hint(drain_outbox)


def wake_mail() -> None:
    """A hint that messages wait."""
    _hint(send_messages)


def enqueue_job(job_id: int) -> None:
    """Hand a job to a worker; a lost hint is repaired by `revive_jobs` of queued rows."""
    _hint(run_job, job_id)


def _hint(task: Any, *args: Any) -> None:
    try:
        task.apply_async(args=args, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("no worker could be woken for %s: %s", task.name, error)
