"""Long work with progress: started by a person, run by a worker, resumable after a kill, cancellable."""

from core.jobs.running import JobKind, JobRun, cancel_job, run_job, stalled_jobs, start_job

__all__ = ["JobKind", "JobRun", "cancel_job", "run_job", "stalled_jobs", "start_job"]
