"""`manage.py listings_verify`: prove that the listing index says of every product what its rows say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.derived.listing import wrong_pieces
from catalog.models import Product

BATCH = 500


class Command(BaseCommand):
    help = "Derives the listing index of every product and compares. Changes nothing; fails when something differs."

    def handle(self, *args: Any, **options: Any) -> None:
        at, wrong = timezone.now(), 0
        ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            for sentence in wrong_pieces(ids[start : start + BATCH], at):
                self.stdout.write(sentence)
                wrong += 1
        if wrong:
            raise CommandError(f"{wrong} pieces of the listing index are wrong. Run catalog_refresh --all.")
        self.stdout.write("Listings count what is there.")
