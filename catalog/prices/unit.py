"""Price per litre, kilogram and the like, where the law or the shop wants one."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from catalog.prices.policy import shown_policy
from core.money import Money, exponent, format_money, round_half_up
from markets.types import MarketContext

PER: dict[str, tuple[str, Decimal]] = {
    "ml": ("l", Decimal(1000)),
    "l": ("l", Decimal(1)),
    "g": ("kg", Decimal(1000)),
    "kg": ("kg", Decimal(1)),
    "m": ("m", Decimal(1)),
}
SMALL: dict[str, tuple[str, Decimal]] = {
    "ml": ("100 ml", Decimal(100)),
    "l": ("100 ml", Decimal("0.1")),
    "g": ("100 g", Decimal(100)),
    "kg": ("100 g", Decimal("0.1")),
}
IN_SMALL = {"ml": Decimal(1), "l": Decimal(1000), "g": Decimal(1), "kg": Decimal(1000)}
SMALL_PACK = Decimal(250)
"""Up to so many grams or millilitres the smaller unit is allowed where a market chose it by size."""


class Content(Protocol):
    """What is in a pack."""

    @property
    def content_amount(self) -> Decimal | None:
        """How much."""

    @property
    def content_unit(self) -> str:
        """Of which unit."""


@dataclass(frozen=True, kw_only=True)
class UnitRule:
    """Which unit prices a market shows: `large` (kilogram, litre), `small` (100 g), `by_size`; and how they round."""

    unit: str = "large"
    rounds_up: bool = False


def unit_price(price: Money, content: Decimal, unit: str, rule: UnitRule | None = None) -> tuple[Money, str]:
    """The price of one unit, rounded once, and that unit. Without a rule per kilogram, litre or metre, half up."""
    rule = rule or UnitRule()
    per, factor = _unit(content, unit, rule)
    exact = price.amount * factor / content
    if rule.rounds_up:
        step = Decimal(1).scaleb(-exponent(price.currency.code))
        return Money(exact.quantize(step, rounding=ROUND_CEILING), price.currency), per
    return round_half_up(exact, price.currency.code), per


def unit_rule(market: MarketContext) -> UnitRule | None:
    """What a market shows: its own choice, else what its consumer law asks; None for nothing."""
    policy = shown_policy(market.id)
    wanted = policy.unit_prices
    if wanted == "law":
        wanted = "large" if "unit_price" in market.consumer_flags else "never"
    return None if wanted == "never" else UnitRule(unit=wanted, rounds_up=policy.unit_rounding == "up")


def unit_text(price: Money, pack: Content, market: MarketContext) -> str | None:
    """ "€19.96 / l": the amount and its unit; None without a known content, or where the market shows none."""
    if not pack.content_amount or pack.content_unit not in PER:
        return None
    rule = unit_rule(market)
    if rule is None:
        return None
    amount, per = unit_price(price, pack.content_amount, pack.content_unit, rule)
    # Translators: a unit price such as "€19.96 / kg".
    return _("%(amount)s / %(unit)s") % {"amount": format_money(amount, market.language), "unit": per}


def _unit(content: Decimal, unit: str, rule: UnitRule) -> tuple[str, Decimal]:
    is_small = rule.unit == "small" or (rule.unit == "by_size" and content * IN_SMALL.get(unit, 1000) <= SMALL_PACK)
    return SMALL[unit] if is_small and unit in SMALL else PER[unit]
