"""`manage.py import_tax_rates FILE…`: tax rates of countries and states, or of postal codes, from CSV or JSON."""

from argparse import ArgumentParser
from typing import Any

from markets.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Brings tax rates to what files say. Importing a file again changes nothing."
    table = "postal_rates"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--table", choices=["postal_rates", "tax_rates"], default="postal_rates", help="which table"
        )

    def table_of(self, options: dict[str, Any]) -> str:
        return str(options["table"])
