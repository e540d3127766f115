"""`manage.py import_products FILE`: bring a catalogue in from a file, whatever shop it comes from."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from catalog.importers.errors import FileRefused
from catalog.importers.formats import Head, Kind
from catalog.importers.inspecting import look_at
from catalog.importers.preparing import KIND, how_of, named_mapping, settle_params
from catalog.importers.reading.encodings import NAMES
from catalog.importers.refused import has_refused_rows, refused_rows
from catalog.importers.registry import detect_format, import_format, import_formats
from core.jobs import run_job, start_job
from core.models import Job, JobError
from core.spreadsheets import guarded
from markets.models import Market

READ_BY = ("format", "encoding", "sheet")
READABLE = (".csv", ".psv", ".tsv", ".txt", ".json", ".jsonl", ".yaml", ".yml", ".gz")
COUNTS = ("created", "changed", "unchanged", "refused")


class Command(BaseCommand):
    """Runs the same job as the admin does, here and now, and prints what became of every product."""

    help = (
        "Import products from a file: a table (CSV, XLSX), JSON, YAML or a ZIP. A broken row is named; the others go"
        " in. A second run changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path, help="a file, or a folder with the files of one system")
        parser.add_argument("--format", default="", help=f"found out by default; one of {', '.join(import_formats())}")
        parser.add_argument("--market", help="whose currency the prices are in (default: the first active market)")
        parser.add_argument("--language", default="en", help="the language of the words in the file")
        parser.add_argument("--encoding", default="", choices=sorted(NAMES), help="found out by default")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook (default: the first)")
        parser.add_argument("--mapping", default="", help="read the columns as remembered under this name")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--errors", type=Path, help="write what was said about rows to this CSV file")
        parser.add_argument("--refused", type=Path, help="write the refused rows with their reasons to this file")

    def handle(self, **options: Any) -> None:
        """Import; exit 1 when the file as a whole is refused."""
        path: Path = options["file"]
        if path.is_dir() and (alone := known_alone(path, options)) is not None:
            self._import(alone, options)
        elif path.is_dir():
            with TemporaryDirectory(prefix="import-") as folder:
                self._import(zipped(path, Path(folder) / f"{path.name or 'files'}.zip"), options)
        elif path.is_file():
            self._import(path, options)
        else:
            raise CommandError(f"There is no file {path}.")

    def _import(self, path: Path, options: dict[str, Any]) -> None:
        try:
            params = _params(path, options)
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        with path.open("rb") as handle:
            job = start_job(
                kind=KIND,
                title=f"Import {path.name}",
                params=params,
                file=File(handle, name=path.name),
                dry_run=options["dry_run"],
            )
        job = run_job(job.pk)
        self._report(job)
        if options["errors"]:
            _write_errors(job, options["errors"])
        if options["refused"] and has_refused_rows(job):
            _write_refused(job, options["refused"])
        if job.state != Job.State.DONE:
            raise CommandError(job.failure or f"The import ended {job.state}.")

    def _report(self, job: Job) -> None:
        for found in job.errors.iterator():
            place = f"line {found.line}" + (f", {found.column}" if found.column else "")
            value = f" “{found.value}”" if found.value else ""
            self.stdout.write(f"{found.get_level_display()}: {place}{value}: {found.message}")
        if job.is_dry_run:
            for item in job.items.filter(outcome="changed").iterator():
                for where, field, old, new in item.changes:
                    place = f"{item.title} {where}".strip()
                    self.stdout.write(f"changed: {place}, {field}: “{old}” → “{new}”")
        counts = job.result.get("counts", {})
        words = ", ".join(f"{counts.get(name, 0)} {name}" for name in COUNTS)
        self.stdout.write(f"{'Would be: ' if job.is_dry_run else ''}{words}.")


def readable(folder: Path) -> list[Path]:
    """The tables and documents right in a folder."""
    return [each for each in sorted(folder.iterdir()) if each.is_file() and each.name.lower().endswith(READABLE)]


def known_alone(folder: Path, options: dict[str, Any]) -> Path | None:
    """The only file of a folder that a format knows, where the files are not one system's set."""
    found = readable(folder)
    together = detect_format((Head(folder.name, Kind.FILES, names=tuple(each.name for each in found)),))
    if together is not None or (options["format"] and import_format(options["format"]).kind == Kind.FILES):
        return None
    known = [each for each in found if _is_known(each, options)]
    return known[0] if len(known) == 1 else None


def _is_known(path: Path, options: dict[str, Any]) -> bool:
    try:
        with path.open("rb") as handle:
            format_of = look_at(handle, path.name, how_of({name: options[name] for name in READ_BY})).detected()
    except FileRefused:
        return False
    return format_of is not None and options["format"] in ("", format_of.code)


def zipped(folder: Path, target: Path) -> Path:
    """The files of a folder as one archive: systems of several files are read from a ZIP."""
    found = readable(folder)
    if not found:
        raise CommandError(f"There is nothing to read in {folder}.")
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for each in found:
            archive.write(each, each.name)
    return target


def _params(path: Path, options: dict[str, Any]) -> dict[str, Any]:
    asked = {name: options[name] for name in ("format", "language", "encoding", "sheet")}
    asked |= {"market": options["market"] or _first_market(), "reader": "en"}
    with path.open("rb") as handle:
        seen = look_at(handle, path.name, how_of(asked))
    params = settle_params(seen, asked)
    reading = import_format(params["format"])
    if options["mapping"]:
        params["mapping"] = named_mapping(options["mapping"], seen, reading)
    return params


def _first_market() -> str:
    code = Market.objects.filter(active=True).order_by("position", "code").values_list("code", flat=True).first()
    if code is None:
        raise CommandError("No market is active. Run `manage.py load_reference` first.")
    return code


def _write_errors(job: Job, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as handle:
        table = csv.writer(handle)
        table.writerow(["line", "column", "value", "level", "reason"])
        rows: list[JobError] = list(job.errors.all())
        table.writerows(
            [row.line, guarded(row.column), guarded(row.value), row.level, guarded(row.message)] for row in rows
        )


def _write_refused(job: Job, path: Path) -> None:
    with refused_rows(job) as (_ending, pieces), path.open("wb") as handle:
        handle.writelines(pieces)
