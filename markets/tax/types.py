"""Questions to the tax calculator, the facts it decides by, and its answers. Plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from core.money import Money, zero
from markets.types import MarketContext

Reason = Literal[
    "standard",
    "reduced",
    "zero",
    "export",
    "not_registered",
    "below_threshold",
    "reverse_charge",
    "exempt",
    "not_computed",
    "no_import_tax",
    "in_duty",
    "on_delivery",
    "not_taxed",
    "voucher",
]

SHIPPING = "shipping"
"""The key of the lines that stand for delivery; there is one per rate of the goods."""


@dataclass(frozen=True)
class TaxableLine:
    """Something sold: `amount` is the whole line after discounts, entered as the market enters its prices."""

    key: str
    tax_category: str
    amount: Money
    quantity: int = 1


@dataclass(frozen=True)
class TaxQuestion:
    """One planned shipment: tax is decided per shipment, not per cart."""

    market: MarketContext
    country: str
    on: date
    lines: tuple[TaxableLine, ...]
    shipping: Money
    region: str = ""
    postal_code: str = ""
    ship_from_country: str = ""
    """Where the goods start. Empty: the country they go to."""


@dataclass(frozen=True)
class TaxLine:
    """The tax of one line, zero amounts included. `base + amount` is what is paid for it with tax."""

    key: str
    place: str
    rate: Decimal
    base: Money
    amount: Money
    included: bool
    """Whether the amount asked about contains the tax; otherwise it is added."""
    reason: Reason
    label: str
    """What the tax is called: a key for `markets.tax.labels`."""
    rule_id: str
    scheme: str = ""
    """Under which arrangement it is collected, or not: `domestic`, `oss`, `IOSS`, `standard_import`."""
    part: str = ""
    """Which of several taxes on the same thing: `national`, `local`, `excise`."""

    @property
    def gross(self) -> Money:
        return self.base + self.amount


@dataclass(frozen=True)
class RateFact:
    """A row of the rate table."""

    rule_id: str
    country: str
    region: str
    category: str
    rate: Decimal
    rate_class: str = "standard"
    rate_of: str = "net"
    kind: str = "vat"
    effective_from: date | None = None
    effective_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True)
class TerritoryFact:
    """A postal-code area with its own treatment."""

    rule_id: str
    country: str
    name: str
    pattern: str
    treatment: str
    region: str = ""
    as_country: str = ""
    local_rate: Decimal | None = None
    """The tax that such an area takes of imports, where it has one of its own."""
    in_customs_union: bool = True
    """Whether goods reach it without a customs border from its country."""


@dataclass(frozen=True)
class RegistrationFact:
    """A valid registration of a seller."""

    rule_id: str
    seller: str
    country: str
    scheme: str
    region: str = ""
    threshold: Money | None = None


@dataclass(frozen=True)
class UntaxedFact:
    """A seller that charges no tax in a country; without a country, nowhere. `note` says why, by language."""

    rule_id: str
    seller: str
    country: str = ""
    note: tuple[tuple[str, str], ...] = ()

    def told(self, language: str) -> str:
        """Why, in the language, else in English, else as it was written first; empty when nobody wrote it."""
        words = dict(self.note)
        return words.get(language) or words.get("en") or next(iter(words.values()), "")


@dataclass(frozen=True)
class TaxFacts:
    """Everything the calculator knows. Indexed once, used for many questions."""

    rates: Mapping[tuple[str, str], Mapping[str, tuple[RateFact, ...]]]
    """By (country, region), then by category."""
    territories: Mapping[str, tuple[TerritoryFact, ...]]
    registrations: tuple[RegistrationFact, ...]
    categories: frozenset[str]
    taxed_as: Mapping[str, str] = field(default_factory=dict)
    eu: frozenset[str] = frozenset()
    untaxed: tuple[UntaxedFact, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a shipment is taxed."""

    code: str
    country: str
    region: str = ""
    is_outside: bool = False
    rule_id: str = ""
    local_rate: Decimal | None = None
    in_customs_union: bool = True


def index_rates(rates: tuple[RateFact, ...]) -> dict[tuple[str, str], dict[str, tuple[RateFact, ...]]]:
    """The rates as `TaxFacts` wants them."""
    index: dict[tuple[str, str], dict[str, tuple[RateFact, ...]]] = {}
    for rate in rates:
        here = index.setdefault((rate.country, rate.region), {})
        here[rate.category] = (*here.get(rate.category, ()), rate)
    return index


def total_tax(lines: tuple[TaxLine, ...], currency: str) -> Money:
    """The tax of all lines."""
    return sum((line.amount for line in lines), zero(currency))
