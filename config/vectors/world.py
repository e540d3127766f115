"""The shop's own reference tables as facts, read from their files, and the parcels that cases describe."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from core.money import Money
from markets.duty.types import DutyFacts, DutyRow, ExchangeFact, LowValueFact
from markets.landed import LandedFacts
from markets.reference.files import FOLDER
from markets.reference.rows import low_value_rules, tax_rates, territories
from markets.tax.facts import local_rate
from markets.tax.types import RateFact, RegistrationFact, TaxFacts, TerritoryFact, index_rates
from markets.types import CharmRule, MarketContext

SELLER = "seller"
CATEGORIES_FILE, TERRITORIES_FILE, RULES_FILE, PLACES_FILE = (
    "vat_rates",
    "territory_exceptions",
    "low_value_rules",
    "places",
)


@cache
def _read(name: str) -> Any:
    return json.loads((Path(FOLDER) / f"{name}.json").read_text("utf-8"))


@cache
def reference_facts() -> LandedFacts:
    """Everything the reference tables say, of all times. No seller is registered anywhere, no tariff is known."""
    places = _read(PLACES_FILE)
    rates = tuple(_rate(row) for row in tax_rates(_read(CATEGORIES_FILE)))
    regions: dict[str, set[str]] = {}
    for rate in rates:
        regions.setdefault(rate.country, set()).add(rate.region)
    known = {country: names - {""} for country, names in regions.items()}
    areas: dict[str, tuple[TerritoryFact, ...]] = {}
    for row in territories(_read(TERRITORIES_FILE), known):
        fact = _territory(row.key, row.values)
        areas[fact.country] = (*areas.get(fact.country, ()), fact)
    tax = TaxFacts(
        rates=index_rates(rates),
        territories=areas,
        registrations=(),
        categories=frozenset({"standard", *(rate.category for rate in rates), *_closed_categories()}),
        taxed_as=places["taxed_as"],
        eu=frozenset(places["eu_vat_area"]),
    )
    duty = DutyFacts(
        low_value=tuple(_rule(row.key[0], row) for row in low_value_rules(_read(RULES_FILE)) if row.values["active"]),
        eu=frozenset(places["eu_customs_union"]),
    )
    return LandedFacts(tax=tax, duty=duty)


def facts_with(
    *,
    registrations: Sequence[tuple[str, str]] = (),
    rates: Sequence[RateFact] = (),
    rows: Sequence[DutyRow] = (),
    exchange: Mapping[str, str] | None = None,
    rules: Sequence[LowValueFact] = (),
    on: date,
) -> LandedFacts:
    """The reference tables with what a case states: registrations as (country, scheme), rates in place of theirs."""
    known = reference_facts()
    table = {place: dict(rows) for place, rows in known.tax.rates.items()}
    for rate in rates:
        table[(rate.country, rate.region)] = {**table.get((rate.country, rate.region), {}), rate.category: ()}
    for rate in rates:
        here = table[(rate.country, rate.region)]
        here[rate.category] = (*here[rate.category], rate)
    held = tuple(
        RegistrationFact(f"registration:{country}:{scheme}", SELLER, country, scheme)
        for country, scheme in registrations
    )
    replaced = {rule.code for rule in rules}
    return LandedFacts(
        tax=replace(
            known.tax,
            rates=table,
            registrations=held,
            categories=known.tax.categories | {rate.category for rate in rates},
        ),
        duty=replace(
            known.duty,
            rows=tuple(rows),
            low_value=(*(rule for rule in known.duty.low_value if rule.code not in replaced), *rules),
            exchange={
                code: ExchangeFact(rate=Decimal(rate), effective_on=on, source="case")
                for code, rate in (exchange or {}).items()
            },
        ),
    )


def rate_fact(country: str, percent: str, *, region: str = "", category: str = "standard", **more: Any) -> RateFact:
    """A rate as a case states it, in percent."""
    return RateFact(f"case:{country}:{region}:{percent}", country, region, category, Decimal(percent) / 100, **more)


def rule_named(code: str) -> LowValueFact:
    """A rule of the reference table, active or not."""
    for row in low_value_rules(_read(RULES_FILE)):
        if row.key[0] == code:
            return _rule(code, row)
    raise KeyError(code)


def rules_naming(destination: str, param: str) -> list[LowValueFact]:
    """Every rule of a destination that has a certain number, active or not."""
    found = [_rule(row.key[0], row) for row in low_value_rules(_read(RULES_FILE))]
    return [rule for rule in found if rule.destination == destination and param in rule.params]


def market_of(country: str, currency: str, *, entry: str = "net", **changes: Any) -> MarketContext:
    """A market that sells to a country. Its tax is rounded once per rate unless a case says otherwise."""
    plain = MarketContext(
        id=0,
        code=country.lower(),
        name=country,
        currency=currency,
        language="en",
        languages=("en",),
        default_language="en",
        country=country,
        countries=(country,),
        display=entry,
        price_entry=entry,
        tax_mode="gross_constant",
        rounding_level="document",
        tax_rounding="half_up",
        duty_mode="choice",
        return_days=14,
        withdrawal_days=14,
        timezone="UTC",
        units="metric",
        price_increment=Decimal("0.01"),
        charm_rule=CharmRule(Decimal(0), Decimal(1), "nearest", Decimal("0.01")),
        order_button_text="",
        url_prefix="/",
        hreflang=country,
        seller=SELLER,
    )
    return replace(plain, **changes)


def money(written: str, currency: str) -> Money:
    return Money(Decimal(written), currency)


def _rate(row: Any) -> RateFact:
    country, region, category, kind = row.key
    return RateFact(
        f"rate:{country}:{region}:{category}",
        country,
        region,
        category,
        row.values["rate"],
        rate_class=row.values["rate_class"],
        rate_of=row.values["rate_of"],
        kind=kind,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )


def _territory(key: tuple[Any, ...], values: Mapping[str, Any]) -> TerritoryFact:
    country, name = key
    return TerritoryFact(
        rule_id=f"territory:{country}:{name}",
        country=country,
        name=name,
        pattern=values["postal_code_regex"],
        treatment=values["treatment"],
        region=values["region"],
        as_country=values["as_country"],
        local_rate=local_rate(values["source_treatment"]),
        in_customs_union=values["in_customs_union"],
    )


def _rule(code: str, row: Any) -> LowValueFact:
    values = row.values
    currency = values["threshold_currency"]
    amount = values["threshold_amount"]
    return LowValueFact(
        rule_id=f"low_value:{code}",
        code=code,
        destination=values["destination"],
        scheme=values["scheme"],
        threshold=Money(amount, currency) if amount is not None and currency else None,
        operator=values["threshold_operator"],
        basis=values["threshold_basis"],
        includes_freight=bool(values["threshold"].get("includes_freight")),
        excluded_goods=tuple(values["excluded_goods"]),
        params=values["engine_params"],
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )


def _closed_categories() -> set[str]:
    """Categories that schemes are closed to."""
    rows = _read(RULES_FILE)["rows"]
    return {category for row in rows for category in row["engine_params"].get("excluded", ())}
