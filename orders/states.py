"""The derived axes of an order, computed from plain facts by one rule each, and the chain shown to people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PARCEL_WORK = frozenset({"picking", "packed"})
RETURNS_OPEN = frozenset({"requested", "approved", "label_sent", "received", "inspected"})
RETURNS_WAITING = frozenset({"requested", "received", "inspected"})
"""Open returns whose next step is ours."""


@dataclass(frozen=True, kw_only=True)
class MoneyFacts:
    """Sums over the receipts, in minor units."""

    total: int
    authorized: int
    received: int
    refunded: int
    disputed: int


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    """The counters of one line."""

    quantity: int
    canceled: int
    shipped: int
    delivered: int
    returned: int


def payment_state(facts: MoneyFacts) -> str:
    """What the money says. A dispute outweighs everything; an order of zero is paid when nothing is due."""
    if facts.disputed > 0:
        return "disputed"
    if facts.received > 0 and facts.refunded >= facts.received:
        return "refunded"
    if facts.refunded > 0:
        return "partly_refunded"
    if facts.received >= facts.total:
        return "paid"
    if facts.received > 0:
        return "partly_paid"
    return "authorized" if facts.authorized > 0 else "none"


def fulfillment_state(lines: Iterable[LineFacts], parcels: Iterable[str]) -> str:
    """How far the goods are. Canceled units do not count."""
    counters = list(lines)
    wanted = sum(line.quantity - line.canceled for line in counters)
    shipped = sum(line.shipped for line in counters)
    delivered = sum(line.delivered for line in counters)
    if shipped == 0:
        return _before_shipping([state for state in parcels if state != "canceled"])
    if delivered >= wanted:
        return "delivered"
    if delivered > 0:
        return "partly_delivered"
    return "shipped" if shipped >= wanted else "partly_shipped"


def _before_shipping(parcels: list[str]) -> str:
    if any(state in PARCEL_WORK for state in parcels):
        return "preparing"
    return "allocated" if parcels else "none"


def aftersales_state(lines: Iterable[LineFacts], returns: Iterable[str]) -> str:
    """How far returns are. An open return outweighs finished ones."""
    if any(state in RETURNS_OPEN for state in returns):
        return "open"
    counters = list(lines)
    returned = sum(line.returned for line in counters)
    if returned == 0:
        return "none"
    return "returned" if returned >= sum(line.shipped for line in counters) else "partly_returned"


Station = Literal["pending_payment", "paid", "preparing", "shipped", "completed", "after_sales", "canceled", "expired"]
CHAIN: tuple[Station, ...] = ("pending_payment", "paid", "preparing", "shipped", "completed")


def station(*, lifecycle: str, payment: str, fulfillment: str, aftersales: str) -> Station:
    """Where the order stands on the single chain that people are shown: a projection, never stored."""
    if lifecycle in ("canceled", "expired"):
        return "canceled" if lifecycle == "canceled" else "expired"
    if lifecycle in ("draft", "pending_payment"):
        return "pending_payment"
    if aftersales != "none":
        return "after_sales"
    if lifecycle == "completed" or fulfillment == "delivered":
        return "completed"
    if fulfillment in ("partly_shipped", "shipped", "partly_delivered"):
        return "shipped"
    return "preparing" if fulfillment == "preparing" else "paid"
