"""`manage.py catalog_refresh`: derive prices, filters and search documents of what changed, or of everything."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from catalog.actions.derived import drain_dirty, mark_dirty, mark_due, rebuild_prices
from catalog.derived.listing import begin_listing_anew
from catalog.models import Product


class Command(BaseCommand):
    help = "Derives effective prices, facet rows and search documents. Twice is the same as once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every product, not only those that changed")
        parser.add_argument("--prices", action="store_true", help="first the prices of every product, in sets: quick")

        parser.add_argument(
            "--listings-anew",
            action="store_true",
            help="forget the listing index and build it without gaps: listings are empty meanwhile; implies --all",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["prices"]:
            self.stdout.write(f"Prices of {rebuild_prices()} products changed.")
        if options["listings_anew"]:
            begin_listing_anew()
        if options["all"] or options["listings_anew"]:
            mark_dirty(product_ids=Product.objects.values_list("pk", flat=True))
        mark_due()
        self.stdout.write(f"{drain_dirty(limit=10_000_000)} products derived.")
