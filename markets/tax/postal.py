"""Sales tax by postal code: a state, its county, city and districts each take a part.

Where a state has rates by postal code, they alone hold: a code nobody knows is a refusal, never the state's rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from markets.cache import remembered
from markets.models import PostalTaxRate
from markets.tax.facts import tax_facts_for
from markets.tax.rates import STANDARD
from markets.tax.types import RateFact, TaxFacts

ZIP_DIGITS = 5


@dataclass(frozen=True)
class PostalRateFact:
    """The rate of a postal code and its parts, as fractions that add up to it."""

    rule_id: str
    country: str
    region: str
    name: str
    rate: Decimal
    parts: Mapping[str, Decimal]
    """By `state`, `county`, `city` and `special`; parts of nothing are left out."""


def postal_rate_for(country: str, postal_code: str, on: date) -> PostalRateFact | None:
    """The rate of a postal code on a day; nothing when none is known. One query at first, none when warm."""
    code = postal_code.strip().upper()
    if country == "US":
        code = code[:ZIP_DIGITS]
    return remembered(("postal rate", country, code, on), lambda: _read(country, code, on)) if code else None


def tax_facts_at(on: date, *, country: str, region: str, postal_code: str) -> TaxFacts:
    """The tax facts of a day as they hold for one address: its state's rates are those of its postal code."""
    facts = tax_facts_for(on)
    if not region or (country, region) not in remembered(("postal regions", on), lambda: _regions(on)):
        return facts
    found = postal_rate_for(country, postal_code, on)
    known: tuple[RateFact, ...] = ()
    if found is not None and found.region == region:
        known = (
            RateFact(
                rule_id=found.rule_id, country=country, region=region, category=STANDARD, rate=found.rate,
                rate_class="postal", kind="sales",
            ),
        )  # fmt: skip
    return replace(facts, rates={**facts.rates, (country, region): {STANDARD: known}})


def _regions(on: date) -> frozenset[tuple[str, str]]:
    return frozenset(PostalTaxRate.objects.on(on).order_by().values_list("country_id", "region").distinct())


def _read(country: str, code: str, on: date) -> PostalRateFact | None:
    row = PostalTaxRate.objects.on(on).filter(country_id=country, postal_code=code).first()
    if row is None:
        return None
    parts = {name: getattr(row, f"{name}_rate") for name in ("state", "county", "city", "special")}
    return PostalRateFact(
        rule_id=f"postal_rate:{row.pk}",
        country=country,
        region=row.region,
        name=row.name,
        rate=row.rate,
        parts={name: part for name, part in parts.items() if part},
    )
