"""Which line gets what when several want the same pieces: first come, first served, in the order of the cart. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from cart.offers import Offers, demand_of
from cart.quantities import allowed_quantity
from cart.snapshot import SnapshotLine
from inventory.planning import Take, can_be_had, plan_takes
from inventory.types import Demand


def with_what_is_left(rows: Sequence[SnapshotLine], offers: Offers) -> tuple[SnapshotLine, ...]:
    """The lines, each with what those above it leave of its stock: a set and its own component share one shelf."""
    demands = demands_of(rows, offers)
    granted = can_be_had(demands, offers.stock)
    short = {demand.line_ref for demand in demands if granted[demand.line_ref] < demand.quantity}
    return tuple(replace(row, available=granted[row.key]) if row.key in short else row for row in rows)


def takes_of(rows: Sequence[SnapshotLine], offers: Offers) -> tuple[Take, ...]:
    """From where what can be had would leave now."""
    demands = demands_of(rows, offers)
    return plan_takes(demands, offers.stock) if demands else ()


def demands_of(rows: Sequence[SnapshotLine], offers: Offers) -> list[Demand]:
    """What the lines want from the shelves, no more than each can be had of."""
    demands = []
    for row in rows:
        count = allowed_quantity(row.quantity, available=row.available, limit=row.purchase_limit).quantity
        if row.can_be_sold and row.requires_shipping and count:
            demands.append(demand_of(row.key, row.variant_id, count, offers.by_variant[row.variant_id].sellable))
    return demands
