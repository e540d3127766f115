"""The worker is killed five times in the middle of an import, and nothing is missing or there twice."""

import random
from contextlib import suppress
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from time import sleep

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from pytest_django import Settings

from core import tasks
from core.jobs import JobLost, JobRun, resume_job, run_job, stalled_jobs, start_job
from core.models import Job
from markets.cache import forget
from markets.models import Market
from tests.emptying import take_rows_out
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world
from tests.importers.dumps import dump
from tests.importers.many import VARIANTS, table

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 5
PARAMS = {"format": "shopify", "market": "de", "language": "en", "reader": "en"}


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def begin(rows: int, market: str = "de") -> Job:
    """An empty shop with a market and a warehouse, and the job."""
    take_rows_out()
    forget()
    small_world(market)
    a_warehouse("LEJ", market=Market.objects.get(code=market))
    file = ContentFile(table(rows), name="many.csv")
    return start_job(kind="import.catalogue", title="many", params=PARAMS, file=file)


def worker(job: Job) -> ForkProcess:
    """A process of its own that works on the job, forked as Celery forks its workers."""
    connections.close_all()
    process = get_context("fork").Process(target=work_on, args=(job.pk,))
    process.start()
    return process


def work_on(job_id: int) -> None:
    """In the child: never on a connection that the parent had opened."""
    with suppress(AttributeError):
        del connections[connection.alias]
    tasks.run_job(job_id)


def kill_after(process: ForkProcess, job: Job, line: int) -> bool:
    """Kill it once it is that far, at no particular moment. False when it was done before."""
    while process.is_alive():
        job.refresh_from_db()
        if job.progress >= line:
            process.kill()
            process.join(30)
            return True
        process.join(random.uniform(0.01, 0.2))
    return False


def is_found_dead(job: Job) -> bool:
    """Whether the sweeper puts the job back. What the database was committing when the worker died may still come."""
    for _ in range(100):
        if stalled_jobs(older_than=timedelta(0)) == [job.pk]:
            return True
        sleep(0.1)
    return False


def compare_with_a_clean_run(rows: int) -> None:
    clean = run_job(begin(rows).pk)
    assert clean.state == Job.State.DONE, clean.failure
    wanted = dump()
    assert clean.result["counts"]["created"] >= rows // VARIANTS * 0.9

    job = begin(rows)
    for kill in range(1, KILLS + 1):
        assert kill_after(worker(job), job, rows * kill // (KILLS + 2)), "it ended too early"
        assert is_found_dead(job)
    last = worker(job)
    last.join(1800)
    assert last.exitcode == 0

    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure
    assert job.result["counts"] == clean.result["counts"]
    for name, found in dump().items():
        assert found == wanted[name], name


def test_an_import_killed_five_times_ends_as_a_clean_one() -> None:
    compare_with_a_clean_run(1_600)


@pytest.mark.bench
def test_twenty_thousand_rows_killed_five_times_end_as_a_clean_run() -> None:
    compare_with_a_clean_run(20_000)


def test_an_import_stopped_by_a_person_goes_on_where_it_was() -> None:
    job = begin(1_200)
    process = worker(job)
    while process.is_alive():
        job.refresh_from_db()
        if job.progress > 100:
            Job.objects.filter(pk=job.pk).update(wants_cancel=True)
            process.join(60)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELED
    before = job.checkpoint["counts"]["created"]
    assert 0 < before < 300, before

    resume_job(job_id=job.pk)
    done = run_job(job.pk)

    assert done.state == Job.State.DONE, done.failure
    assert done.result["counts"] == {"created": 300}


def test_a_worker_that_was_given_up_cannot_write_any_more() -> None:
    """It was only slow: another worker has the job by now, and what the first one still has open is taken back."""
    job = begin(400)
    run_job(job.pk)
    done = dump()
    Job.objects.filter(pk=job.pk).update(state="running", runner="another")
    late = Job.objects.get(pk=job.pk)
    late.runner = "the first"
    with pytest.raises(JobLost):
        JobRun(late).record(progress=1, checkpoint={"units": 1})

    late.refresh_from_db()
    assert late.checkpoint["units"] == 100
    assert dump() == done
