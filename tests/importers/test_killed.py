"""The worker is killed five times in the middle of an import, and nothing is missing or there twice."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import sleep
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from pytest_django import Settings

from config.launch.places import ROOT
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

WORKER = """
import sys
import django
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
django.setup()
from core.tasks import run_job
run_job(int(sys.argv[1]))
"""
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


def worker(job: Job, media: str) -> "subprocess.Popen[bytes]":
    """A process of its own that works on the job, as a Celery worker would."""
    at = connection.settings_dict
    address = f"postgresql://{quote(at['USER'])}@/{at['NAME']}?host={quote(at['HOST'])}&port={at['PORT'] or ''}"
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": address,
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER, str(job.pk), media], cwd=ROOT, env=variables)


def kill_after(process: "subprocess.Popen[bytes]", job: Job, line: int) -> bool:
    """Kill it once it is that far, at no particular moment. False when it was done before."""
    while process.poll() is None:
        job.refresh_from_db()
        if job.progress >= line:
            process.send_signal(signal.SIGKILL)
            process.wait(30)
            return True
        try:
            process.wait(random.uniform(0.01, 0.2))
        except subprocess.TimeoutExpired:
            continue
    return False


def is_found_dead(job: Job) -> bool:
    """Whether the sweeper puts the job back. What the database was committing when the worker died may still come."""
    for _ in range(100):
        if stalled_jobs(older_than=timedelta(0)) == [job.pk]:
            return True
        sleep(0.1)
    return False


def compare_with_a_clean_run(rows: int, settings: Settings) -> None:
    clean = run_job(begin(rows).pk)
    assert clean.state == Job.State.DONE, clean.failure
    wanted = dump()
    assert clean.result["counts"]["created"] >= rows // VARIANTS * 0.9

    job = begin(rows)
    for kill in range(1, KILLS + 1):
        assert kill_after(worker(job, settings.MEDIA_ROOT), job, rows * kill // (KILLS + 2)), "it ended too early"
        assert is_found_dead(job)
    assert worker(job, settings.MEDIA_ROOT).wait(1800) == 0

    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure
    assert job.result["counts"] == clean.result["counts"]
    for name, found in dump().items():
        assert found == wanted[name], name


def test_an_import_killed_five_times_ends_as_a_clean_one(settings: Settings) -> None:
    compare_with_a_clean_run(1_600, settings)


@pytest.mark.bench
def test_twenty_thousand_rows_killed_five_times_end_as_a_clean_run(settings: Settings) -> None:
    compare_with_a_clean_run(20_000, settings)


def test_an_import_stopped_by_a_person_goes_on_where_it_was(settings: Settings) -> None:
    job = begin(1_200)
    process = worker(job, settings.MEDIA_ROOT)
    while process.poll() is None:
        job.refresh_from_db()
        if job.progress > 100:
            Job.objects.filter(pk=job.pk).update(wants_cancel=True)
            process.wait(60)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELED
    before = job.checkpoint["counts"]["created"]
    assert 0 < before < 300, before

    resume_job(job_id=job.pk)
    done = run_job(job.pk)

    assert done.state == Job.State.DONE, done.failure
    assert done.result["counts"] == {"created": 300}


def test_a_worker_that_was_given_up_cannot_write_any_more(settings: Settings) -> None:
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
