"""`manage.py import_rate_sheet ACCOUNT FILE [--from DAY]`: bring in what a carrier charges."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inventory.actions.rate_sheets import import_rate_sheet
from inventory.carriers.registry import account_named
from inventory.errors import CarrierUnknown, SheetUnreadable


class Command(BaseCommand):
    """Parse, call one action, report."""

    help = "Bring in a carrier's rate sheet (CSV) for an account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("account")
        parser.add_argument("file", type=Path)
        parser.add_argument("--from", dest="begins", type=date.fromisoformat, default=None, help="first day, ISO")

    def handle(self, **options: Any) -> None:
        """Say how many rates there are."""
        path: Path = options["file"]
        try:
            sheet = import_rate_sheet(
                account=account_named(options["account"]),
                name=path.name,
                content=path.read_bytes(),
                valid_from=options["begins"] or timezone.now().date(),
            )
        except (CarrierUnknown, SheetUnreadable, OSError) as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"{sheet}: {sheet.row_count} rates from {sheet.valid_from}")
