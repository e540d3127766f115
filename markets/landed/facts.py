"""The facts of a day for the landed-cost engine: read once, remembered."""

from datetime import date

from markets.duty.facts import duty_facts_for
from markets.landed.types import LandedFacts
from markets.tax.facts import tax_facts_for


def landed_facts_for(on: date) -> LandedFacts:
    """Every fact of tax and of borders that holds on the day: two queries at first, none when warm."""
    return LandedFacts(tax=tax_facts_for(on), duty=duty_facts_for(on))
