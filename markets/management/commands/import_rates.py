"""`manage.py import_rates FILE | --latest`: write exchange rates down. Doing it again changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.audit import acting_as
from core.errors import DomainError
from markets.fx.actions import Imported, import_rates
from markets.fx.ecb import BASE, SOURCE, opened
from markets.fx.fetching import import_latest


class Command(BaseCommand):
    help = "Imports reference rates of the European Central Bank: CSV or XML, plain, .gz or .zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a file of daily or historical rates")
        parser.add_argument("--latest", action="store_true", help="fetch the file of the last day instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == options["latest"]:
            raise CommandError("Name a file, or say --latest.")
        try:
            with acting_as(None, "import_rates"):
                done = self._fetched() if options["latest"] else self._read(options["file"])
        except (DomainError, OSError) as trouble:
            raise CommandError(str(trouble)) from trouble
        self._report(done)

    def _read(self, path: Path) -> Imported:
        with opened(path) as cells:
            return import_rates(cells=cells, base=BASE, source=SOURCE)

    def _fetched(self) -> Imported:
        if not settings.ECB_RATES_URL:
            raise CommandError("ECB_RATES_URL is not set.")
        return import_latest(settings.ECB_RATES_URL)

    def _report(self, done: Imported) -> None:
        self.stdout.write(
            f"{done.created} new, {done.unchanged} known, {done.doubtful} waiting for approval; newest {done.newest}"
        )
        if done.unknown:
            self.stdout.write(f"not in the shop's currencies: {', '.join(sorted(done.unknown))}")
