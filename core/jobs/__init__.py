"""Long work with progress: started by a person, run by a worker, resumable after a kill, cancellable."""

from core.jobs.running import (
    JobCanceled,
    JobKind,
    JobLost,
    JobRun,
    cancel_job,
    prepare_job,
    queue_job,
    resume_job,
    run_job,
    stalled_jobs,
    start_job,
)

__all__ = [
    "JobCanceled",
    "JobKind",
    "JobLost",
    "JobRun",
    "cancel_job",
    "prepare_job",
    "queue_job",
    "resume_job",
    "run_job",
    "stalled_jobs",
    "start_job",
]
