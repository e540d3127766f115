"""Wake-ups for the workers. The rows in PostgreSQL are the truth; losing every task here loses nothing."""

from celery import shared_task

from core import idempotency, jobs, notifications, outbox
from core.wakeups import wake


@shared_task(queue="default")
def drain_outbox() -> int:
    """Deliver what waits on the outbox."""
    return outbox.drain(limit=200)


@shared_task(queue="mail")
def send_messages() -> int:
    """Send what waits in the message log."""
    return notifications.deliver_due(limit=100)


@shared_task(queue="bulk", time_limit=6 * 3600, soft_time_limit=6 * 3600 - 60)
def run_job(job_id: int) -> None:
    """Run one job."""
    jobs.run_job(job_id)


@shared_task(queue="default")
def revive_jobs() -> int:
    """Start jobs again whose worker died."""
    revived = jobs.stalled_jobs()
    for job_id in revived:
        wake("core.tasks.run_job", job_id)
    return len(revived)


@shared_task(queue="default")
def purge_idempotency() -> int:
    """Forget idempotency keys that are older than a week."""
    return idempotency.purge()
