"""Start, run and cancel jobs.

A kind of job is a class named by dotted path in `settings.JOB_KINDS`. It works in steps: after each it calls
`run.advance(...)`, which stores progress and a checkpoint in the same short transaction as nothing else, so a
job that is killed goes on from its last checkpoint. A kind must therefore be idempotent per step.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from core import audit
from core.errors import DomainError
from core.models import Job, JobError
from core.wakeups import wake_on_commit

logger = logging.getLogger(__name__)


class JobCanceled(Exception):
    """Somebody asked the job to stop; raised at its next step."""


class JobKind(Protocol):
    """What a kind of job must do."""

    def run(self, run: "JobRun") -> Mapping[str, Any]:
        """Do the work from `run.checkpoint` on, reporting as it goes; the result is shown to the person."""


class JobRun:
    """A running job, as its kind sees it."""

    def __init__(self, job: Job) -> None:
        self.job = job

    @property
    def checkpoint(self) -> dict[str, Any]:
        """Where a run before this one got to; empty at first."""
        return dict(self.job.checkpoint)

    def advance(
        self,
        *,
        progress: int,
        total: int | None = None,
        checkpoint: Mapping[str, Any] | None = None,
        errors: Iterable[JobError] = (),
    ) -> None:
        """Store how far the job is. Raises `JobCanceled` when a person asked it to stop."""
        self.job.progress = progress
        if total is not None:
            self.job.total = total
        if checkpoint is not None:
            self.job.checkpoint = dict(checkpoint)
        self.job.heartbeat_at = timezone.now()
        with transaction.atomic():
            JobError.objects.bulk_create(errors)
            self.job.save(update_fields=["progress", "total", "checkpoint", "heartbeat_at", "updated"])
        self.job.refresh_from_db(fields=["wants_cancel"])
        if self.job.wants_cancel:
            raise JobCanceled

    def error(self, *, line: int, message: str, column: str = "", value: str = "", is_note: bool = False) -> JobError:
        """An unsaved row error to hand to `advance`."""
        level = JobError.Level.NOTE if is_note else JobError.Level.REFUSED
        return JobError(job=self.job, line=line, column=column[:100], value=value[:200], message=message, level=level)


def start_job(
    *, kind: str, title: str, params: Mapping[str, Any], file: File[Any] | None = None, dry_run: bool = False
) -> Job:
    """Store a job and hand it to a worker after commit. Raises `KeyError` for an unknown kind."""
    import_string(settings.JOB_KINDS[kind])
    actor = audit.current_actor()
    with transaction.atomic():
        job = Job(kind=kind, title=title[:200], params=dict(params), is_dry_run=dry_run, started_by_id=actor.user_id)
        if file is not None:
            job.file.save(file.name or "input", file, save=False)
        job.save()
        audit.record("job.start", job, data={"kind": kind, "dry_run": dry_run})
        wake_on_commit("core.tasks.run_job", job.pk)
    return job


def run_job(job_id: int) -> Job:
    """Run a queued job in this process to its end. A job somebody else runs is left alone."""
    with transaction.atomic():
        job = Job.objects.lock().get(pk=job_id)
        if job.state != Job.State.QUEUED:
            return job
        job.become(state=Job.State.RUNNING)
        job.started_at = job.started_at or timezone.now()
        job.heartbeat_at = timezone.now()
        job.save(update_fields=["started_at", "heartbeat_at"])
    label = str(job.started_by) if job.started_by_id else f"job {job.pk}"
    with audit.acting_as(job.started_by_id, label):
        _work(job)
    return job


def _work(job: Job) -> None:
    kind: JobKind = import_string(settings.JOB_KINDS[job.kind])()
    try:
        job.result = dict(kind.run(JobRun(job)))
    except JobCanceled:
        _end(job, Job.State.CANCELED)
    except DomainError as refusal:
        job.failure = str(refusal)
        _end(job, Job.State.FAILED)
    except Exception as error:  # the boundary of a worker: the person who started it must learn of any trouble
        logger.exception("job %s failed", job.pk)
        job.failure = f"{type(error).__name__}: {error}"[:2000]
        _end(job, Job.State.FAILED)
    else:
        _end(job, Job.State.DONE)


def _end(job: Job, state: str) -> None:
    with transaction.atomic():
        job.finished_at = timezone.now()
        job.become(state=state)
        job.save(update_fields=["finished_at", "result", "failure"])


def cancel_job(*, job_id: int) -> Job:
    """Ask a job to stop; a waiting one stops at once, a running one at its next step."""
    with transaction.atomic():
        job = Job.objects.lock().get(pk=job_id)
        job.wants_cancel = True
        job.save(update_fields=["wants_cancel"])
        if job.state == Job.State.QUEUED:
            job.become(state=Job.State.CANCELED)
        audit.record("job.cancel", job)
    return job


def stalled_jobs(older_than: timedelta = timedelta(minutes=5)) -> list[int]:
    """Jobs that wait for a worker who may never have heard of them, and those whose worker died; returns their ids.

    The dead ones are put back in the queue. Telling a worker twice is harmless: a job runs once.
    """
    limit = timezone.now() - older_than
    revived = list(Job.objects.filter(state=Job.State.QUEUED, updated__lt=limit).values_list("pk", flat=True))
    for job_id in Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=limit).values_list("pk", flat=True):
        with transaction.atomic():
            job = Job.objects.lock().get(pk=job_id)
            if job.state == Job.State.RUNNING and job.heartbeat_at is not None and job.heartbeat_at < limit:
                job.become(state=Job.State.QUEUED)
                revived.append(job.pk)
    return revived
