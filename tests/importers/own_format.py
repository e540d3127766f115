"""Our own table in tests: out to a file, in from one, and what the job said of it."""

from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from catalog.exporters.running import write_table
from catalog.exporters.selection import Scope, Selection
from catalog.models import Product
from core.jobs import run_job, start_job
from core.models import Job

NASTY = (
    "=1+1", "+49 30", "-5 %", "@home", "\tindented", "' quoted", "''", "'=x", 'say "hi"', "a,b;c\td", "x\r\ny",
    "x\ny\n\nz", "#N/A", "[empty]", "急須、やかん", "إبريق الشاي", "\u202eRTL", "a|b\\c", "_x0041_", "{}<>&",
)  # fmt: skip


def bring_in(content: bytes, *, name: str = "products.csv", dry_run: bool = False) -> Job:
    """Import a file in our own format, in this process."""
    params = {"format": "portolan", "market": "de", "language": "en", "reader": "en"}
    file = ContentFile(content, name=name)
    job = start_job(kind="import.catalogue", title="test", params=params, file=file, dry_run=dry_run)
    return run_job(job.pk)


def counts(job: Job) -> dict[str, int]:
    """Products by outcome."""
    assert job.state == Job.State.DONE, job.failure
    return {name: number for name, number in job.result["counts"].items() if number}


def complaints(job: Job) -> list[tuple[int, str, str]]:
    """What was said about rows."""
    return [(error.line, error.column, error.message) for error in job.errors.all()]


def export(folder: Path, *, format_code: str = "csv", **scope: Any) -> bytes:
    """Every product as a file."""
    target = folder / f"out.{format_code}"
    write_table(Selection(Product.objects.all()), Scope(**scope), target, format_code=format_code)
    return target.read_bytes()
