"""How good a ranking is, by what people said fits. Pure.

The measure is NDCG@10 in its usual form: a result rated `r` gains `2^r - 1`, divided by `log2(place + 1)` with the
first place being 1; the sum is divided by that of the best possible order of all rated products. What nobody rated
counts as 0. A query of which no product is rated above 0 has no best order: the mean over answerable queries leaves
it out, the mean over all queries counts it as 0.
"""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10

Ratings = Mapping[str, Mapping[str, int]]
"""Query to product code to rating, 0 (unfit) to 3 (what was meant)."""


@dataclass(frozen=True)
class Asked:
    """One query: its products by code in the order found, how long that took, and how good it is."""

    query: str
    found: tuple[str, ...]
    milliseconds: float
    ndcg: float | None

    @property
    def is_answerable(self) -> bool:
        return self.ndcg is not None


def read_ratings(lines: Iterable[str]) -> dict[str, dict[str, int]]:
    """A CSV with the columns query, docid and rating. Of two ratings of a pair the higher one counts.

    Raises `ValueError` with the number of the line that cannot be read.
    """
    ratings: dict[str, dict[str, int]] = {}
    reader = csv.DictReader(lines)
    for row in reader:
        try:
            query, product, rating = row["query"].strip(), row["docid"].strip(), int(row["rating"])
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            raise ValueError(f"line {reader.line_num}: query, docid and rating are needed") from wrong
        rated = ratings.setdefault(query, {})
        rated[product] = max(rating, rated.get(product, 0))
    return ratings


def ndcg(found: Sequence[str], rated: Mapping[str, int], depth: int = DEPTH) -> float | None:
    """Between 0 and 1; None when nothing is rated above 0."""
    best = gain(sorted(rated.values(), reverse=True)[:depth])
    return gain([rated.get(product, 0) for product in found[:depth]]) / best if best else None


def gain(ratings: Sequence[int]) -> float:
    """The discounted cumulative gain of ratings in their order."""
    return sum((2.0**rating - 1) / math.log2(place + 1) for place, rating in enumerate(ratings, start=1))


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of the values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0
