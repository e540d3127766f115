"""The parcels of one order together: what one sells to another member state counts before the next is judged. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from core.money import Money, from_minor, to_minor
from markets.duty.exchange import in_currency
from markets.landed.cost import landed_cost
from markets.landed.types import LandedCost, LandedFacts, Parcel
from markets.tax.types import SHIPPING

EURO = "EUR"
COUNTED = frozenset({"origin", "destination"})
"""Schemes of sales to consumers of other member states that the union's limit decided."""


def landed_costs(parcels: Sequence[Parcel], facts: LandedFacts, *, tells: bool = False) -> list[LandedCost]:
    """`landed_cost` of each parcel of an order, in their order.

    The union's limit for distance sales holds for the order's sum: every parcel is judged with those before it
    counted, so that the one that crosses the limit and all later ones are taxed where they arrive. Raises what
    `landed_cost` raises.
    """
    found: list[LandedCost] = []
    sold: Money | None = None
    for parcel in parcels:
        before = parcel.eu_sales_this_year
        asked = parcel if sold is None or before is None else replace(parcel, eu_sales_this_year=before + sold)
        found.append(landed_cost(asked, facts, tells=tells))
        if before is not None:
            here = _sold_in_union(found[-1], parcel, facts)
            sold = here if sold is None else sold + here
    return found


def _sold_in_union(found: LandedCost, parcel: Parcel, facts: LandedFacts) -> Money:
    """The net price of goods, services and delivery that count against the limit, in EUR."""
    minor = sum(
        to_minor(tax.base)
        for tax in found.tax_lines
        if tax.scheme in COUNTED and (tax.key == SHIPPING or tax.key in found.treatments)
    )
    if not minor:
        return Money(0, EURO)
    return in_currency(from_minor(minor, parcel.market.currency), EURO, on=parcel.on, facts=facts.duty)
