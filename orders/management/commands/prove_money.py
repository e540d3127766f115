"""`manage.py prove_money`: prove that the money of every order is the same wherever it is written down."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from orders.proving.checks import CHECKS
from orders.proving.nightly import prove_money
from orders.proving.reading import Outcome


class Command(BaseCommand):
    """Compares order, payments, reports, ledger and documents of all orders. Repairs nothing."""

    help = "Prove the money of all orders; exits 1 when the books of an order do not agree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--since", default="", help="only orders placed on this day or later, 2026-11-30")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, **options: Any) -> None:
        """Run, print, and fail when something differs."""
        run, outcome = prove_money(since=_since(options["since"]))
        self.stdout.write(_as_json(outcome) if options["json"] else _as_text(outcome))
        if not run.is_clean:
            raise CommandError(f"The books of {len(outcome.numbers)} orders do not agree.")


def _since(written: str) -> datetime | None:
    if not written:
        return None
    day = parse_date(written)
    if day is None:
        raise CommandError(f"{written} is not a day such as 2026-11-30.")
    return datetime.combine(day, time(), tzinfo=UTC)


def _as_text(outcome: Outcome) -> str:
    lines = [f"{outcome.orders} orders"]
    for check in CHECKS:
        count = outcome.found[check.code]
        lines.append(f"{'FAIL' if count else 'ok  '} {check.code:<9} {check.sentence}")
        lines += [
            f"       {one.number}: {one.left} and {one.right} {one.currency} (minor units)"
            for one in outcome.failures
            if one.check is check
        ][:10]
    return "\n".join(lines)


def _as_json(outcome: Outcome) -> str:
    rows = [
        {"order": one.number, "check": one.check.code, "left": one.left, "right": one.right, "currency": one.currency}
        for one in outcome.failures
    ]
    return json.dumps({"orders": outcome.orders, "found": outcome.found, "failures": rows}, indent=1)
