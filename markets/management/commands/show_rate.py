"""`manage.py show_rate EUR USD --on 2026-11-20 --market us`: the rate that would be used, and where it comes from."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from markets.fx.lookup import rate_on


class Command(BaseCommand):
    help = "Shows an exchange rate with its day, its source and the market's mark-up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("base", type=str.upper)
        parser.add_argument("quote", type=str.upper)
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="the day; today when left out")
        parser.add_argument("--market", default="", help="ask by the policy of this market")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["on"] or timezone.now().date()
        try:
            fact = rate_on(options["base"], options["quote"], day, market=options["market"] or None)
        except DomainError as refusal:
            raise CommandError(f"{refusal.code}: {refusal}") from refusal
        self.stdout.write(f"1 {fact.base} = {fact.rate} {fact.quote} ({fact.source}, {fact.on.isoformat()})")
        if fact.markup_percent:
            self.stdout.write(f"with the mark-up of {fact.markup_percent} %: {fact.with_markup}")
