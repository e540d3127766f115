"""`manage.py seed_demo`: fill an empty shop with the demo shop Meridian."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalog.models import Product, TranslationState
from catalog.translating.provenance import written_as
from content.demo.seeding.steps import STEPS
from core.audit import acting_as


class Command(BaseCommand):
    """Makes the demo shop. Running it again brings changed texts and pictures up to date and adds nothing twice."""

    help = (
        "Seed the demo shop Meridian: 61 products in eight languages, ten markets, three warehouses,"
        " and a fortnight of orders."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the shop has products")
        names = [name for name, _step in STEPS]
        parser.add_argument("--only", choices=names, action="append", help="this step; may be said again")
        parser.add_argument("--without", choices=names, action="append", default=[], help="every step but this")
        parser.add_argument("--allow-production", action="store_true", help="also with production settings")

    def handle(self, **options: Any) -> None:
        """Run every step and say how long it took. The demo accounts have a public password."""
        if options["if_empty"] and Product.objects.exists():
            return
        if not settings.DEMO_ALLOWED and not options["allow_production"]:
            raise CommandError(
                "The demo shop has accounts with a public password. Production settings refuse it;"
                " --allow-production insists."
            )
        with acting_as(None, "demo shop"), written_as(TranslationState.State.APPROVED):
            for name, step in STEPS:
                if name in options["without"] or (options["only"] and name not in options["only"]):
                    continue
                began = time.monotonic()
                step()
                self.stdout.write(f"  {name}: {time.monotonic() - began:.1f} s")
