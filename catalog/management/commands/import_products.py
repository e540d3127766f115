"""`manage.py import_products FILE --format shopify`: bring a catalogue in from another system."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from core.jobs import run_job, start_job
from core.models import Job
from markets.models import Market


class Command(BaseCommand):
    """Runs the same job as the admin does, here and now, and prints what became of every product."""

    help = "Import products from a Shopify CSV. A broken row is named; the others go in. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=["shopify"], required=True)
        parser.add_argument("--market", help="whose currency the prices are in (default: the first active market)")
        parser.add_argument("--language", default="en", help="the language of the words in the file")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--errors", type=Path, help="write refused rows with their reasons to this CSV file")

    def handle(self, **options: Any) -> None:
        """Import; exit 1 when the file as a whole is refused."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        params = {
            "format": options["format"],
            "market": options["market"] or _first_market(),
            "language": options["language"],
            "reader": "en",
        }
        with path.open("rb") as handle:
            job = start_job(
                kind="import.catalogue",
                title=f"Import {path.name}",
                params=params,
                file=File(handle, name=path.name),
                dry_run=options["dry_run"],
            )
        job = run_job(job.pk)
        self._report(job)
        if options["errors"]:
            _write_errors(job, options["errors"])
        if job.state != Job.State.DONE:
            raise CommandError(job.failure or f"The import ended {job.state}.")

    def _report(self, job: Job) -> None:
        for found in job.errors.all():
            place = f"line {found.line}" + (f", {found.column}" if found.column else "")
            value = f" “{found.value}”" if found.value else ""
            self.stdout.write(f"{found.get_level_display()}: {place}{value}: {found.message}")
        counts = job.result.get("counts", {})
        words = ", ".join(f"{counts.get(name, 0)} {name}" for name in ("created", "changed", "unchanged", "refused"))
        self.stdout.write(f"{'Would be: ' if job.is_dry_run else ''}{words}.")


def _first_market() -> str:
    code = Market.objects.filter(active=True).order_by("position", "code").values_list("code", flat=True).first()
    if code is None:
        raise CommandError("No market is active. Run `manage.py load_reference` first.")
    return code


def _write_errors(job: Job, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as handle:
        table = csv.writer(handle)
        table.writerow(["line", "column", "value", "reason"])
        table.writerows([e.line, e.column, _inert(e.value), e.message] for e in job.errors.all())


def _inert(text: str) -> str:
    """A cell that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\0") else text
