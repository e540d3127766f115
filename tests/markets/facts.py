"""Small tax worlds without a database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import Money
from markets.tax.types import (
    RateFact,
    RegistrationFact,
    TaxableLine,
    TaxFacts,
    TaxQuestion,
    TerritoryFact,
    index_rates,
)
from markets.types import CharmRule, MarketContext

ON = date(2026, 11, 22)
CANARIES = TerritoryFact("t1", "ES", "Canary Islands", r"^(35|38)\d{3}$", "outside")
MADEIRA = TerritoryFact("t2", "PT", "Madeira", r"^9[0-4]\d{2}(-\d{3})?$", "region", region="Madeira")
NORTH = TerritoryFact("t3", "CY", "Northern part", r"^99\d{2}$", "block")


def market(**changes: Any) -> MarketContext:
    plain = MarketContext(
        id=1,
        code="de",
        name="Germany",
        currency="EUR",
        language="de",
        languages=("de", "en"),
        default_language="de",
        country="DE",
        countries=("DE",),
        display="gross",
        price_entry="gross",
        tax_mode="gross_constant",
        rounding_level="line",
        tax_rounding="half_up",
        duty_mode="ddp",
        return_days=30,
        withdrawal_days=14,
        timezone="Europe/Berlin",
        units="metric",
        price_increment=Decimal("0.01"),
        charm_rule=CharmRule(Decimal("0.99"), Decimal(1), "nearest", Decimal("0.01")),
        order_button_text="Zahlungspflichtig bestellen",
        url_prefix="/de/de/",
        hreflang="DE",
        seller="us",
    )
    return replace(plain, **changes)


def rate(country: str, percent: str, category: str = "standard", **more: Any) -> RateFact:
    fraction = Decimal(percent) / 100
    return RateFact(f"{country}:{category}:{percent}", country, more.pop("region", ""), category, fraction, **more)


def registered(*where: str) -> tuple[RegistrationFact, ...]:
    """`DE` is a domestic registration, `DE:oss` one of that scheme."""
    parts = (one.partition(":") for one in where)
    return tuple(RegistrationFact(f"{code}:{scheme}", "us", code, scheme or "domestic") for code, _, scheme in parts)


def facts(
    *rates: RateFact,
    registrations: tuple[RegistrationFact, ...] = (),
    territories: tuple[TerritoryFact, ...] = (),
) -> TaxFacts:
    by_country: dict[str, tuple[TerritoryFact, ...]] = {}
    for one in territories:
        by_country[one.country] = (*by_country.get(one.country, ()), one)
    return TaxFacts(
        rates=index_rates(rates),
        territories=by_country,
        registrations=registrations,
        categories=frozenset({"standard", "food", *(one.category for one in rates)}),
        taxed_as={"MC": "FR", "LI": "CH"},
        eu=frozenset({"DE", "FR", "AT", "ES", "PT", "HU", "LU", "FI", "EE"}),
    )


def question(
    *amounts: str, country: str = "DE", shipping: str = "0", currency: str = "EUR", **more: Any
) -> TaxQuestion:
    """Lines of the standard category; `lines=` replaces them."""
    lines = more.pop("lines", None) or tuple(line(f"l{at}", amount, currency) for at, amount in enumerate(amounts))
    return TaxQuestion(
        market=more.pop("market", None) or market(currency=currency),
        country=country,
        on=more.pop("on", ON),
        lines=lines,
        shipping=Money(shipping, currency),
        **more,
    )


def line(key: str, amount: str, currency: str = "EUR", category: str = "standard", quantity: int = 1) -> TaxableLine:
    return TaxableLine(key, category, Money(amount, currency), quantity)
