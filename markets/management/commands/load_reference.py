"""`manage.py load_reference`: bring the reference tables up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.audit import acting_as
from markets.errors import ReferenceRefused
from markets.reference import load_reference
from markets.reference.files import FOLDER


class Command(BaseCommand):
    help = "Loads markets, tax rates and the other reference tables. Loading them again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where the JSON files are")
        parser.add_argument("--only", nargs="*", default=(), help="tables to load")
        parser.add_argument("--force", action="store_true", help="load older files and correct rows of the past")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as(None, "load_reference"):
                done = load_reference(folder=options["folder"], force=options["force"], only=tuple(options["only"]))
        except ReferenceRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except (OSError, ValueError, KeyError) as trouble:
            raise CommandError(f"This is not a folder of reference tables: {trouble!r}") from trouble
        for one in done:
            if one.skipped:
                self.stdout.write(f"{one.table}: already loaded")
                continue
            count = one.count
            self.stdout.write(
                f"{one.table}: {count.created} new, {count.changed} changed, {count.closed} closed,"
                f" {count.unchanged} unchanged"
            )
