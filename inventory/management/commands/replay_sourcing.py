"""`manage.py replay_sourcing`: what the orders of a month would have cost without some warehouses."""

from argparse import ArgumentParser
from calendar import monthrange
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.money import format_money, from_minor
from inventory.models import Warehouse
from inventory.sourcing.replay import MarketReplay, Replayed, replay, summed


class Command(BaseCommand):
    """Plans again what was planned then, from what was known then. Writes nothing."""

    help = "Plan the orders of a month again without some warehouses and print the difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--without", action="append", default=[], metavar="CODE", help="a warehouse that is closed")
        parser.add_argument("--month", required=True, metavar="YYYY-MM", help="the month of the orders")
        parser.add_argument("--market", default="", help="one market only")
        parser.add_argument("--orders", action="store_true", help="print every order that would have moved")

    def handle(self, **options: Any) -> None:
        """Print a line per market. Raises `CommandError` for an unknown warehouse or month."""
        first, last = month_of(options["month"])
        without = set(options["without"])
        unknown = without - set(Warehouse.objects.filter(code__in=without).values_list("code", flat=True))
        if unknown:
            raise CommandError(f"No such warehouse: {', '.join(sorted(unknown))}")
        orders = list(replay(first=first, last=last, without=without, market=options["market"]))
        if options["orders"]:
            for one in orders:
                self._tell_order(one)
        for market in summed(orders):
            self._tell(market)
        if not orders:
            self.stdout.write("No decisions were kept in that month.")

    def _tell_order(self, one: Replayed) -> None:
        if one.then is None:
            self.stdout.write(f"{one.order_ref}: {'+'.join(one.was.codes)} → nothing could have served it")
        elif one.moved:
            amount = format_money(from_minor(one.dearer, one.currency), "en")
            route = f"{'+'.join(one.was.codes)} → {'+'.join(one.then.codes)}"
            self.stdout.write(f"{one.order_ref}: {route}, {amount}, {one.days_later:+d} days")

    def _tell(self, found: MarketReplay) -> None:
        amount = format_money(from_minor(found.dearer, found.currency), "en")
        self.stdout.write(
            f"{found.market}: {found.orders} orders, {found.moved} would have moved, {found.lost} not served;"
            f" {amount} more freight and duty, parcels {found.parcels_was} → {found.parcels_then},"
            f" {found.days_later:+d} days in all"
        )


def month_of(written: str) -> tuple[date, date]:
    """The first and last day of "2026-10". Raises `CommandError`."""
    try:
        year, month = (int(part) for part in written.split("-"))
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError as wrong:
        raise CommandError(f"No month: {written}") from wrong
