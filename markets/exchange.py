"""Converting prices. Pure: one rounding, at the end. Used to propose prices, never when charging."""

from decimal import Decimal

from core.money import Money, round_half_up

PERCENT = Decimal(100)


def convert(amount: Money, *, quote: str, rate: Decimal, markup_percent: Decimal = Decimal(0)) -> Money:
    """`amount` in `quote` at `rate`, with the market's mark-up inside."""
    return round_half_up(amount.amount * rate * (1 + markup_percent / PERCENT), quote)


def cross_rate(*, to_base: Decimal, to_quote: Decimal) -> Decimal:
    """The rate between two currencies that are both quoted against a third; never rounded."""
    return to_quote / to_base
