"""`manage.py draft_lanes`: lanes as the delivery tables of a market describe them, switched off."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.actions.sourcing import draft_lanes
from markets.models import Market


class Command(BaseCommand):
    """Begins a network of lanes from what is there; the costs are then to be replaced by the carrier's."""

    help = "Make inactive lanes from the delivery methods, rates and days of a market."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--market", required=True, help="the market's code")

    def handle(self, **options: Any) -> None:
        """Say how many are new. Raises `CommandError` for an unknown market."""
        if not Market.objects.filter(code=options["market"]).exists():
            raise CommandError(f"No such market: {options['market']}")
        made = draft_lanes(market_code=options["market"])
        self.stdout.write(f"{made} lanes drafted, switched off. Enter what parcels cost, then switch them on.")
