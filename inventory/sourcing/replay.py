"""What another network would have done: the orders of a time planned again from what was known then.

Stock, lanes, duties and rules are those of each decision; only the closed warehouses are missing. Nothing is written.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import groupby

from django.db.models import Max, QuerySet

from inventory.models import AllocationDecision
from inventory.sourcing.planner import plan
from inventory.sourcing.stored import problem_from
from inventory.sourcing.types import Candidate, Problem

PLANNED = ("placed", "paid_late", "reshipped", "replanned")


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """One order, as it was and as it would have been; `then` is None where nothing could have served it."""

    order_ref: str
    market: str
    currency: str
    was: Candidate
    then: Candidate | None

    @property
    def moved(self) -> bool:
        """Whether it would have left from elsewhere."""
        return self.then is None or self.then.codes != self.was.codes

    @property
    def dearer(self) -> int:
        """By how much, in minor units; below zero it would have been cheaper."""
        return self.then.score - self.was.score if self.then is not None else 0

    @property
    def days_later(self) -> int:
        """By how many days the last parcel's last day."""
        return (self.then.latest - self.was.latest).days if self.then is not None else 0


@dataclass(frozen=True, kw_only=True)
class MarketReplay:
    """All of a market: sums in minor units of its currency."""

    market: str
    currency: str
    orders: int
    moved: int
    lost: int
    freight_was: int
    freight_then: int
    duty_was: int
    duty_then: int
    parcels_was: int
    parcels_then: int
    days_later: int
    """Days that all orders together would have come later."""

    @property
    def served(self) -> int:
        """Orders that could still have been served: the sums are of these."""
        return self.orders - self.lost

    @property
    def dearer(self) -> int:
        """Freight and duty together."""
        return self.freight_then + self.duty_then - self.freight_was - self.duty_was


def replay(*, first: date, last: date, without: Collection[str], market: str = "") -> Iterator[Replayed]:
    """Each order whose last plan was made on these days (UTC, both included), by market and number.

    What a person chose is replayed as it was planned. Decisions of another engine are planned by this one, both times.
    """
    newest = _kept(first, last, market).values("order_ref").annotate(newest=Max("pk")).values("newest")
    rows = AllocationDecision.objects.filter(pk__in=newest).order_by("market", "order_ref")
    for row in rows.iterator(chunk_size=200):
        problem = problem_from(row.inputs)
        was = plan(problem)
        if was is None:
            continue  # its engine knew a way that this one does not take
        then = plan(_without(problem, frozenset(without)))
        yield Replayed(
            order_ref=row.order_ref,
            market=row.market,
            currency=row.currency,
            was=was.chosen,
            then=then.chosen if then is not None else None,
        )


def orders_between(first: date, last: date) -> int:
    """How many orders `replay` would look at."""
    return _kept(first, last).values("order_ref").distinct().count()


def _kept(first: date, last: date, market: str = "") -> QuerySet[AllocationDecision]:
    kept = AllocationDecision.objects.filter(
        created__gte=datetime.combine(first, time.min, UTC),
        created__lte=datetime.combine(last, time.max, UTC),
        cause__in=PLANNED,
    )
    return (kept.filter(market=market) if market else kept).order_by()


def summed(orders: Iterable[Replayed]) -> tuple[MarketReplay, ...]:
    """By market. The orders come in its order, as `replay` gives them."""
    return tuple(_sum(list(rows)) for _market, rows in groupby(orders, key=lambda one: one.market))


def _sum(rows: list[Replayed]) -> MarketReplay:
    served = [(one.was, one.then) for one in rows if one.then is not None]
    return MarketReplay(
        market=rows[0].market,
        currency=rows[0].currency,
        orders=len(rows),
        moved=sum(one.moved for one in rows),
        lost=sum(one.then is None for one in rows),
        freight_was=sum(was.freight for was, _then in served),
        freight_then=sum(then.freight for _was, then in served),
        duty_was=sum(was.duty for was, _then in served),
        duty_then=sum(then.duty for _was, then in served),
        parcels_was=sum(len(was.consignments) for was, _then in served),
        parcels_then=sum(len(then.consignments) for _was, then in served),
        days_later=sum(one.days_later for one in rows),
    )


def _without(problem: Problem, codes: frozenset[str]) -> Problem:
    return replace(problem, sites=tuple(site for site in problem.sites if site.code not in codes))
