"""`manage.py evaluate_search RATINGS.csv`: how well search orders what people rated, and how fast."""

import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.actions.derived import drain_dirty
from catalog.models import Product
from catalog.search.evaluation import DEPTH, Asked, mean, ndcg, percentile, read_ratings
from catalog.search.protocol import search_backend
from markets.models import Market

MOST_FOUND = 1000


class Command(BaseCommand):
    help = (
        "Prints NDCG@10 (gain 2^rating - 1, log2 discount, unrated products count as 0), the number of queries without"
        " a result, and how long a search takes. The file has the columns query, docid (the product's code) and rating."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ratings", type=Path, metavar="RATINGS.csv")
        parser.add_argument("--language", default="en")
        parser.add_argument("--market", help="where to search (default: the first active market, as for an import)")
        parser.add_argument("--each", action="store_true", help="also print every query, the worst first")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["ratings"].open(encoding="utf-8-sig", newline="") as lines:
                ratings = read_ratings(lines)
        except (OSError, ValueError) as wrong:
            raise CommandError(str(wrong)) from wrong
        if not ratings:
            raise CommandError("The file rates nothing.")
        market = _market(options["market"])
        self._tell_known(ratings)
        while drain_dirty():
            pass  # what was just imported is found only after it was derived
        ask(next(iter(ratings)), {}, options["language"], market)  # the first search of a process also fills its memory
        asked = [ask(query, rated, options["language"], market) for query, rated in ratings.items()]
        if options["each"]:
            self._print_each(asked)
        self._print(asked, ratings)

    def _tell_known(self, ratings: Mapping[str, Mapping[str, int]]) -> None:
        """A product nobody has cannot be found: without any of them the figures would mean nothing."""
        rated = {product for products in ratings.values() for product in products}
        known = Product.objects.filter(code__in=rated, status=Product.Status.ACTIVE).count()
        if not known:
            raise CommandError("None of the rated products is on sale. Import them first; their codes are the docids.")
        self.stdout.write(f"rated products on sale: {known} of {len(rated)}")

    def _print_each(self, asked: list[Asked]) -> None:
        for one in sorted(asked, key=lambda one: -1 if one.ndcg is None else one.ndcg):
            said = "  -   " if one.ndcg is None else f"{one.ndcg:.4f}"
            self.stdout.write(f"{said} {one.milliseconds:7.1f} ms {len(one.found):5d} found  {one.query}")

    def _print(self, asked: list[Asked], ratings: Mapping[str, Mapping[str, int]]) -> None:
        answerable = [one.ndcg for one in asked if one.ndcg is not None]
        first = [(one.query, product) for one in asked for product in one.found[:DEPTH]]
        rated = sum(product in ratings[query] for query, product in first)
        empty = [one.query for one in asked if not one.found]
        lost = [one.query for one in asked if not one.found and one.is_answerable]
        times = [one.milliseconds for one in asked]
        for line in (
            f"queries: {len(asked)}, of which {len(answerable)} have a relevant product",
            f"NDCG@{DEPTH} of those: {mean(answerable):.4f}",
            f"NDCG@{DEPTH} of all: {sum(answerable) / len(asked):.4f}",
            f"rated among the first {DEPTH}: {rated / max(len(first), 1):.1%}",
            f"without a result: {len(empty)}, of which {len(lost)} have a relevant product",
            f"time: p50 {percentile(times, 0.5):.1f} ms, p95 {percentile(times, 0.95):.1f} ms",
        ):
            self.stdout.write(line)
        for query in empty:
            self.stdout.write(f"nothing found: {query}")


def _market(code: str | None) -> int:
    rows = Market.objects.filter(active=True).order_by("position", "code")
    found = (rows.filter(code=code) if code else rows).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(f"There is no active market {code or ''}".strip() + ".")
    return found


def ask(query: str, rated: Mapping[str, int], language: str, market_id: int) -> Asked:
    """One search, as the results page does it."""
    began = time.perf_counter()
    found = search_backend().find(text=query, language=language, market_id=market_id, limit=MOST_FOUND)
    took = (time.perf_counter() - began) * 1000
    codes = Product.objects.in_bulk(found.product_ids[:MOST_FOUND])
    products = tuple(codes[pk].code for pk in found.product_ids if pk in codes)
    return Asked(query, products, took, ndcg(products, rated))
