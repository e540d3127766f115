"""`manage.py prices_verify`: prove that effective prices are what the price lists say, to the last digit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.derived.verify import wrong_prices


class Command(BaseCommand):
    help = "Recomputes every effective price and compares. Changes nothing; fails when something differs."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = list(wrong_prices(timezone.now()))
        for sentence in wrong:
            self.stdout.write(sentence)
        if wrong:
            raise CommandError(f"{len(wrong)} effective prices are wrong. Run catalog_refresh --all.")
        self.stdout.write("Every effective price is right.")
