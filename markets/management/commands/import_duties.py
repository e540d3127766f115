"""`manage.py import_duties FILE…`: duties, valuations, fees or restrictions from CSV."""

from argparse import ArgumentParser
from typing import Any

from markets.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Brings duties (or another customs table) to what files say. Importing a file again changes nothing."
    table = "duties"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--table", choices=["duties", "valuation", "fees", "restrictions"], default="duties", help="which table"
        )

    def table_of(self, options: dict[str, Any]) -> str:
        return str(options["table"])
