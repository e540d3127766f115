"""Price per litre, kilogram and the like. Pure."""

from decimal import Decimal

from core.money import Money, round_half_up

PER: dict[str, tuple[str, Decimal]] = {
    "ml": ("l", Decimal(1000)),
    "l": ("l", Decimal(1)),
    "g": ("kg", Decimal(1000)),
    "kg": ("kg", Decimal(1)),
    "m": ("m", Decimal(1)),
}


def unit_price(price: Money, content: Decimal, unit: str) -> tuple[Money, str]:
    """The price of one litre, kilogram or metre, rounded half up, and that unit."""
    per, factor = PER[unit]
    return round_half_up(price.amount * factor / content, price.currency.code), per
