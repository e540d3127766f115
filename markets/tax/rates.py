"""Which rate holds. Pure. A missing rate is a refusal, never zero."""

from datetime import date

from markets.errors import TaxRateAmbiguous, TaxRateNotFound
from markets.tax.types import Place, RateFact, Reason, TaxFacts

STANDARD = "standard"
LABELS = {"JP": "consumption_tax", "BR": "icms", "US": "sales_tax"}
BY_KIND = {"gst": "gst", "sales": "sales_tax"}


def rate_for(place: Place, category: str, on: date, facts: TaxFacts) -> RateFact:
    """The rate of `category` in `place` on the day: its own row, else the standard one.

    A region with rates of its own never borrows those of its country. Raises `TaxRateNotFound` and `TaxRateAmbiguous`.
    """
    if category not in facts.categories:
        raise TaxRateNotFound(place=place.code, category=category, on=on)
    here = facts.rates.get((place.country, place.region)) if place.region else None
    table = here or facts.rates.get((place.country, ""), {})
    for wanted in dict.fromkeys((category, STANDARD)):
        found = [rate for rate in table.get(wanted, ()) if rate.holds_on(on) and rate.kind != "excise"]
        if len(found) > 1:
            raise TaxRateAmbiguous(place=place.code, category=category, on=on)
        if found:
            return found[0]
    raise TaxRateNotFound(place=place.code, category=category, on=on)


def reason_of(rate: RateFact) -> Reason:
    """Why this rate: it is zero, the standard one, or one for a special category."""
    if rate.rate == 0:
        return "zero"
    return "standard" if rate.category == STANDARD else "reduced"


def label_of(place: Place, rate: RateFact | None) -> str:
    """What the tax is called there."""
    if rate is not None and rate.kind in BY_KIND and place.country not in LABELS:
        return BY_KIND[rate.kind]
    return LABELS.get(place.country, "vat")
