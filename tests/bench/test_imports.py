"""How long imports take and how much memory they need. Printed; the promises are asserted with room to spare."""

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile, File
from django.db import connection
from pytest_django import Settings

from config.launch.places import ROOT
from core.jobs import run_job, start_job
from core.models import Job
from markets.models import Market
from tests.factories.inventory import a_warehouse
from tests.factories.markets import small_world
from tests.importers.many import lines
from tests.importers.test_killed import begin

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
ICECAT = Path(__file__).parents[3] / "shared" / "data" / "catalog-icecat" / "products.jsonl.gz"
MIB = 1024 * 1024
WORKER = """
import sys
import django
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
django.setup()
from core.tasks import run_job
run_job(int(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def world(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    small_world("us")
    a_warehouse("LEJ", market=Market.objects.get(code="us"))


def timed(job: Job) -> tuple[Job, float]:
    began, worked = time.perf_counter(), time.process_time()
    done = run_job(job.pk)
    assert done.state == Job.State.DONE, done.failure
    print(f"\n{done.title}: {time.process_time() - worked:.0f} s of this process's own work", end="")
    return done, time.perf_counter() - began


@pytest.mark.skipif(not ICECAT.is_file(), reason="the real file is not here")
def test_nineteen_thousand_products_with_many_details_come_in_under_ten_minutes() -> None:
    how_many = int(os.environ.get("ICECAT_PRODUCTS", "19406"))
    with gzip.open(ICECAT, "rt", encoding="utf-8") as whole:
        content = "".join(line for _number, line in zip(range(how_many), whole, strict=False)).encode()
    params = {"format": "icecat", "market": "us", "language": "en"}
    for run in ("first run", "second run"):
        file = ContentFile(content, name="icecat.jsonl")
        done, seconds = timed(start_job(kind="import.catalogue", title="icecat", params=params, file=file))
        counts = done.result["counts"]
        print(
            f"\nicecat, {run}: {sum(counts.values())} products {counts} in {seconds:.0f} s, "
            f"{seconds * 1000 / how_many:.1f} ms each"
        )
        assert seconds < 600  # fewer come in slower: the vocabulary is made at the beginning


def fresh_worker(job: Job, media: str) -> "subprocess.Popen[bytes]":
    """A process that begins with nothing of this one's memory, and works on the job."""
    at = connection.settings_dict
    address = f"postgresql://{quote(at['USER'])}@/{at['NAME']}?host={quote(at['HOST'])}&port={at['PORT'] or ''}"
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": address,
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-c", WORKER, str(job.pk), media], cwd=ROOT, env=variables)


def test_a_hundred_thousand_rows_need_no_more_memory_than_ten_thousand(tmp_path: Path, settings: Settings) -> None:
    """A process of its own each time; what counts is the most memory it ever had."""
    most = {}
    for rows in (10_000, int(os.environ.get("IMPORT_ROWS", "100000"))):
        job = begin(8, market="us")
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as table:
            table.writelines(f"{line}\n" for line in lines(rows))
        with path.open("rb") as content:
            job.file.save("many.csv", File(content))
        job.params = job.params | {"market": "us"}
        job.save()
        began = time.perf_counter()
        process = fresh_worker(job, str(settings.MEDIA_ROOT))
        _pid, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.failure
        most[rows] = usage.ru_maxrss / 1024
        seconds = time.perf_counter() - began
        print(f"\n{rows} rows: {seconds:.0f} s, {seconds * 1000 / rows:.1f} ms a row, {most[rows]:.0f} MiB at most")
    few, many = most.values()
    assert many - few < 120
