"""`manage.py stock_audit`: prove that counters, batches and transfers equal the ledger; repair them on request."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Sum

from core import audit
from inventory.models import StockItem, StockMovement
from inventory.stockwork.audit import wrong_batches, wrong_transfers

COUNTERS = ("on_hand", "allocated", "reserved")


class Command(BaseCommand):
    """Compares each stock row with the sum of its movements."""

    help = "Compare stock counters with the stock ledger; --fix sets the counters to what the ledger says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--fix", action="store_true", help="set wrong counters to the ledger's sums")

    def handle(self, **options: Any) -> None:
        """Print every row that differs; exit 1 when one does and nothing was fixed."""
        wrong = 0
        for pk in StockItem.objects.order_by("pk").values_list("pk", flat=True).iterator():
            wrong += self._check(pk, fix=options["fix"])
        for sentence in chain(wrong_batches(fix=options["fix"]), wrong_transfers(fix=options["fix"])):
            self.stdout.write(sentence)
            wrong += 1
        if wrong and not options["fix"]:
            raise CommandError(f"{wrong} stock rows differ from their ledger. Run with --fix to repair them.")
        self.stdout.write(f"{StockItem.objects.count()} stock rows checked, {wrong} repaired.")

    def _check(self, pk: int, *, fix: bool) -> int:
        with transaction.atomic():
            item = StockItem.objects.lock().get(pk=pk)
            said = ledger_sums(pk)
            have = {name: getattr(item, name) for name in COUNTERS}
            if said == have:
                return 0
            self.stdout.write(f"stock row {pk}: counters {have}, ledger {said}")
            if fix:
                StockItem.objects.filter(pk=pk).update(**said)
                audit.record("stock.repair", item, data={"from": have, "to": said}, reason="stock_audit --fix")
            return 1


def ledger_sums(stock_item_id: int) -> dict[str, int]:
    """What the movements of one row add up to, by counter."""
    sums = StockMovement.objects.filter(stock_item_id=stock_item_id).aggregate(
        **{name: Sum(f"d_{name}", default=0) for name in COUNTERS}
    )
    return {name: int(sums[name]) for name in COUNTERS}
