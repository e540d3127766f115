"""Start, run, cancel and resume jobs.

A kind of job is a class named by dotted path in `settings.JOB_KINDS`. It works in steps and says after each how far it
is. A kind that writes rows says so with `run.record(...)` inside the transaction of those rows: a job that is killed
then goes on exactly behind what is in, and nothing is done twice or skipped. Each run has a token of its own; a run
whose job was given to another worker meanwhile cannot record any more.
"""

import logging
import uuid
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
from core.models import Job, JobError, JobItem
from core.wakeups import wake_on_commit

logger = logging.getLogger(__name__)


UNHEARD = timedelta(minutes=1)
"""How long a job waits before workers are told of it again: somebody is looking at the page."""


class JobCanceled(Exception):
    """Somebody asked the job to stop; raised at its next step."""


class JobLost(Exception):
    """The job belongs to another worker by now; whatever this one had open is taken back."""


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

    def record(
        self,
        *,
        progress: int,
        total: int | None = None,
        checkpoint: Mapping[str, Any] | None = None,
        errors: Iterable[JobError] = (),
        items: Iterable[JobItem] = (),
    ) -> None:
        """Store how far the job is in the caller's transaction, with the rows that this covers. Raises `JobLost`."""
        self.job.progress = progress
        self.job.total = total if total is not None else self.job.total
        self.job.checkpoint = dict(checkpoint) if checkpoint is not None else self.job.checkpoint
        self.job.heartbeat_at = timezone.now()
        with transaction.atomic():
            mine = Job.objects.filter(pk=self.job.pk, runner=self.job.runner, state=Job.State.RUNNING)
            if not mine.update(
                progress=self.job.progress,
                total=self.job.total,
                checkpoint=self.job.checkpoint,
                heartbeat_at=self.job.heartbeat_at,
                updated=timezone.now(),
            ):
                raise JobLost
            JobError.objects.bulk_create(errors, batch_size=1000)
            JobItem.objects.bulk_create(items, batch_size=1000)

    def stop_if_asked(self) -> None:
        """Between two steps, with no transaction open: raises `JobCanceled` when a person asked the job to stop."""
        self.job.refresh_from_db(fields=["wants_cancel"])
        if self.job.wants_cancel:
            raise JobCanceled

    def advance(
        self,
        *,
        progress: int,
        total: int | None = None,
        checkpoint: Mapping[str, Any] | None = None,
        errors: Iterable[JobError] = (),
    ) -> None:
        """Store how far the job is, in a transaction of its own. Raises `JobCanceled` and `JobLost`."""
        self.record(progress=progress, total=total, checkpoint=checkpoint, errors=errors)
        self.stop_if_asked()

    def error(self, *, line: int, message: str, column: str = "", value: str = "", is_note: bool = False) -> JobError:
        """An unsaved row error to hand to `advance`."""
        level = JobError.Level.NOTE if is_note else JobError.Level.REFUSED
        return JobError(job=self.job, line=line, column=column[:100], value=value[:200], message=message, level=level)


def prepare_job(
    *, kind: str, title: str, params: Mapping[str, Any], file: File[Any] | None = None, dry_run: bool = False
) -> Job:
    """Store a job that waits until a person says so with `queue_job`. Raises `KeyError` for an unknown kind."""
    return _made(Job(kind=kind, title=title[:200], params=dict(params), is_dry_run=dry_run), file, Job.State.PREPARED)


def start_job(
    *, kind: str, title: str, params: Mapping[str, Any], file: File[Any] | None = None, dry_run: bool = False
) -> Job:
    """Store a job and hand it to a worker after commit. Raises `KeyError` for an unknown kind."""
    return _made(Job(kind=kind, title=title[:200], params=dict(params), is_dry_run=dry_run), file, Job.State.QUEUED)


def _made(job: Job, file: File[Any] | None, state: str) -> Job:
    import_string(settings.JOB_KINDS[job.kind])
    job.started_by_id = audit.current_actor().user_id
    job.state = state
    with transaction.atomic():
        if file is not None:
            job.file.save(file.name or "input", file, save=False)
        job.save()
        if state == Job.State.QUEUED:
            _hand_over(job)
    return job


def queue_job(*, job_id: int, params: Mapping[str, Any], dry_run: bool) -> Job:
    """Hand a prepared job to a worker with what was decided. One that was handed over before is left alone."""
    with transaction.atomic():
        job = Job.objects.lock().get(pk=job_id)
        if job.state == Job.State.PREPARED:
            job.become(state=Job.State.QUEUED)
            job.params, job.is_dry_run = dict(params), dry_run
            job.started_by_id = audit.current_actor().user_id
            job.save(update_fields=["params", "is_dry_run", "started_by", "updated"])
            _hand_over(job)
    return job


def _hand_over(job: Job) -> None:
    audit.record("job.start", job, data={"kind": job.kind, "dry_run": job.is_dry_run})
    wake_on_commit("core.tasks.run_job", job.pk)


def resume_job(*, job_id: int) -> Job:
    """Let a job that was stopped or failed go on behind its last step. Any other is left alone."""
    with transaction.atomic():
        job = Job.objects.lock().get(pk=job_id)
        if job.state in (Job.State.CANCELED, Job.State.FAILED):
            job.become(state=Job.State.QUEUED)
            job.wants_cancel, job.failure, job.finished_at = False, "", None
            job.save(update_fields=["wants_cancel", "failure", "finished_at", "updated"])
            audit.record("job.resume", job)
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
        job.runner = str(uuid.uuid4())
        job.save(update_fields=["started_at", "heartbeat_at", "runner"])
    label = str(job.started_by) if job.started_by_id else f"job {job.pk}"
    with audit.acting_as(job.started_by_id, label):
        _work(job)
    return job


def _work(job: Job) -> None:
    kind: JobKind = import_string(settings.JOB_KINDS[job.kind])()
    try:
        job.result = dict(kind.run(JobRun(job)))
    except JobLost:
        logger.warning("job %s was given to another worker", job.pk)
    except JobCanceled:
        _end(job, Job.State.CANCELED)
    except DomainError as refusal:
        job.failure = str(refusal)
        _end(job, Job.State.FAILED)
    except Exception as error:  # the boundary of a worker: the person who started it must learn of any trouble
        logger.exception("job %s failed", job.pk)
        job.failure = f"{type(error).__name__}: {error}"[:2000].replace("\0", "")
        _end(job, Job.State.FAILED)
    else:
        _end(job, Job.State.DONE)


def _end(job: Job, state: str) -> None:
    with transaction.atomic():
        now = Job.objects.lock().get(pk=job.pk)
        if now.runner != job.runner or now.state != Job.State.RUNNING:
            logger.warning("job %s was given to another worker", job.pk)
            return
        job.finished_at = timezone.now()
        job.become(state=state)
        job.save(update_fields=["finished_at", "result", "failure"])


def cancel_job(*, job_id: int) -> Job:
    """Ask a job to stop; a waiting one stops at once, a running one at its next step."""
    with transaction.atomic():
        job = Job.objects.lock().get(pk=job_id)
        job.wants_cancel = True
        job.save(update_fields=["wants_cancel"])
        if job.state in (Job.State.PREPARED, Job.State.QUEUED):
            job.become(state=Job.State.CANCELED)
        audit.record("job.cancel", job)
    return job


def stalled_jobs(older_than: timedelta = timedelta(minutes=5)) -> list[int]:
    """Jobs that wait for a worker who may never have heard of them, and those whose worker died; returns their ids.

    The dead ones are put back in the queue. Telling a worker twice is harmless: a job runs once.
    """
    now = timezone.now()
    limit = now - older_than
    unheard = Job.objects.filter(state=Job.State.QUEUED, updated__lt=now - min(older_than, UNHEARD))
    revived = list(unheard.values_list("pk", flat=True))
    for job_id in Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=limit).values_list("pk", flat=True):
        with transaction.atomic():
            job = Job.objects.lock().get(pk=job_id)
            if job.state == Job.State.RUNNING and job.heartbeat_at is not None and job.heartbeat_at < limit:
                job.become(state=Job.State.QUEUED)
                revived.append(job.pk)
    return revived
