"""`manage.py plan_buying`: demand, forecasts and proposals brought up to date now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inventory.buying.actions.forecasts import forecast_warehouse
from inventory.buying.actions.proposing import propose
from inventory.buying.nightly import learn_demand
from inventory.models import Warehouse


class Command(BaseCommand):
    """The same round as by the clock, whether or not the day's was made already."""

    help = "Derive demand, make forecasts and work out proposals; --everything derives all remembered days anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--everything", action="store_true", help="derive all days that are remembered")

    def handle(self, **options: Any) -> None:
        """Do it, and say how much there was."""
        now = timezone.now()
        for place in Warehouse.objects.filter(is_active=True).order_by("pk"):
            days = learn_demand(place, now, everything=options["everything"])
            made = forecast_warehouse(warehouse_id=place.pk, now=now)
            self.stdout.write(f"{place.code}: {days} days with demand, {made} forecasts")
        self.stdout.write(f"{propose()} proposals are open.")
