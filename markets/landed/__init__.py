"""Landed cost: what a parcel costs at the door, tax, duty and fees included, and why. Pure: facts in, answer out.

`landed_cost(parcel, facts)` answers, `landed_costs` for the parcels of one order together; `landed_facts_for(day)`
reads the facts, without a query when warm.
"""

from markets.landed.cost import landed_cost
from markets.landed.facts import landed_facts_for
from markets.landed.several import landed_costs
from markets.landed.types import Buyer, DutyLine, FeeLine, LandedCost, LandedFacts, Parcel, ParcelLine, Treatment

__all__ = [
    "Buyer",
    "DutyLine",
    "FeeLine",
    "LandedCost",
    "LandedFacts",
    "Parcel",
    "ParcelLine",
    "Treatment",
    "landed_cost",
    "landed_costs",
    "landed_facts_for",
]
