"""`manage.py forecast_backtest FILE`: how good the forecasts would have been on somebody's real sales."""

import csv
import gzip
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError

from inventory.buying.backtesting import Comparison, Score, compare

FEES = frozenset({"POST", "D", "M", "DOT", "C2", "BANK CHARGES", "AMAZONFEE", "S", "CRUK", "PADS"})
"""Codes of the Online Retail data that are no goods."""


class Command(BaseCommand):
    """Reads lines of invoices (the columns of the UCI Online Retail data) and needs no database."""

    help = "Compare the shop's forecasts with the seasonal-naive ones on a file of sales (CSV, may be gzipped)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and how far and how often is looked ahead."""
        parser.add_argument("file", type=Path, help="a CSV file, or a folder that holds one")
        parser.add_argument("--horizon", type=int, default=28, help="days ahead (default 28)")
        parser.add_argument("--origins", type=int, default=4, help="how many days to start from (default 4)")

    def handle(self, **options: Any) -> None:
        """Print both errors; exit 1 when the yardstick was better."""
        series = sales_of(_file(options["file"]))
        if not series:
            raise CommandError("The file holds no sales.")
        first = min(min(days) for days in series.values())
        last = max(max(days) for days in series.values())
        found = compare(series, first=first, last=last, horizon=options["horizon"], origins=options["origins"])
        self.stdout.write(f"{first} to {last}, {len(series)} articles, {found.series} with enough history")
        self.stdout.write(f"{found.origins} starts, {found.horizon} days ahead, errors by week and article")
        self._print(found)
        if found.ours.wape >= found.naive.wape or found.ours.rmsse >= found.naive.rmsse:
            raise CommandError("The seasonal-naive forecast was better.")

    def _print(self, found: Comparison) -> None:
        self.stdout.write(f"{'':16}{'WAPE':>8}{'RMSSE':>8}{'bias':>8}")
        for name, score in (("seasonal naive", found.naive), ("this shop", found.ours)):
            self.stdout.write(_row(name, score))


def _row(name: str, score: Score) -> str:
    return f"{name:16}{score.wape:8.3f}{score.rmsse:8.3f}{score.bias:+8.3f}"


def _file(place: Path) -> Path:
    if not place.is_dir():
        return place
    found = sorted([*place.glob("*.csv"), *place.glob("*.csv.gz")])
    if not found:
        raise CommandError(f"{place} holds no CSV file.")
    return found[0]


def sales_of(path: Path) -> dict[str, dict[date, int]]:
    """Pieces per article and day. A cancellation takes the pieces off the sale it cancels, as the shop's own do."""
    open_sales: defaultdict[tuple[str, str], list[tuple[date, int]]] = defaultdict(list)
    for code, customer, day, pieces in _lines(path):
        key = (code, customer)
        if pieces > 0:
            open_sales[key].append((day, pieces))
        else:
            _take_back(open_sales[key], -pieces)
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for (code, _customer), sales in open_sales.items():
        for day, pieces in sales:
            if pieces:
                found[code][day] = found[code].get(day, 0) + pieces
    return dict(found)


def _take_back(sales: list[tuple[date, int]], pieces: int) -> None:
    """From the latest sale backwards; what was sold before the file began is nobody's."""
    for place in range(len(sales) - 1, -1, -1):
        day, sold = sales[place]
        taken = min(sold, pieces)
        sales[place] = (day, sold - taken)
        pieces -= taken
        if not pieces:
            return


def _lines(path: Path) -> Iterator[tuple[str, str, date, int]]:
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    with _opened(path) as file:
        for row in csv.DictReader(file):
            code = row["StockCode"].strip().upper()
            pieces = int(row["Quantity"])
            is_taken_back = row["InvoiceNo"].startswith("C")
            if code in FEES or code.startswith("GIFT_") or not pieces or is_taken_back != (pieces < 0):
                continue
            yield code, row["CustomerID"], date.fromisoformat(row["InvoiceDate"][:10]), pieces


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8"))
    return path.open(encoding="utf-8")
