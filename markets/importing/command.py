"""What the import commands share: a file, a day, a dry run, and a report in lines."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.audit import acting_as
from core.errors import DomainError
from markets.importing.running import ImportReport, import_table

MOST_SHOWN = 20


class ImportCommand(BaseCommand):
    """A command that brings one table up to date from files."""

    table: ClassVar[str] = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="the day from which changes hold")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.now().date()
        for path in options["files"]:
            try:
                with acting_as(None, f"import_{self.table}"):
                    report = import_table(
                        table=self.table_of(options), content=path.read_bytes(), name=path.name, as_of=as_of,
                        dry_run=options["dry_run"],
                    )  # fmt: skip
            except (OSError, DomainError) as refusal:
                raise CommandError(f"{path.name}: {refusal}") from refusal
            self.tell(path.name, report)

    def table_of(self, options: dict[str, Any]) -> str:
        """The table that the files are for."""
        return self.table

    def tell(self, name: str, report: ImportReport) -> None:
        """Counts, the first refused lines and, in a dry run, the first differences."""
        count = report.count
        self.stdout.write(
            f"{name}: {count.created} new, {count.changed} changed, {count.closed} closed, {count.unchanged} unchanged,"
            f" {len(report.refused)} refused{' (nothing written)' if report.is_dry_run else ''}"
        )
        for one in report.refused[:MOST_SHOWN]:
            where = f" {one.column} {one.value!r}" if one.column else ""
            self.stdout.write(f"  line {one.line}{where}: {one.message}")
        if report.is_dry_run:
            for step in report.differences[:MOST_SHOWN]:
                self.stdout.write(f"  {step.step} {step.key}: {step.old} → {step.new}")
