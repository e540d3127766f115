"""Pretty prices. Pure: a proposed price becomes the nearest one that fits the market's rule."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from markets.types import CharmRule


def charm_price(price: Decimal, rule: CharmRule) -> Decimal:
    """The candidate `step * k + ending` that the rule picks for `price`, put on the price grid.

    Ties go up; a result of zero or less becomes the smallest positive candidate. Not for discounts, delivery,
    refunds or fixed prices.
    """
    below = (price - rule.ending) / rule.step
    steps = {"up": _ceiling, "down": _floor}.get(rule.mode, _nearest)(below)
    found = rule.step * steps + rule.ending
    while found <= 0:
        found += rule.step
    return to_grid(found, rule.increment)


def to_grid(price: Decimal, increment: Decimal) -> Decimal:
    """`price` on the grid of `increment`, half up: 19.97 on 0.05 is 19.95."""
    steps = (price / increment).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return (steps * increment).quantize(increment.normalize() if increment < 1 else Decimal(1))


def _nearest(value: Decimal) -> Decimal:
    return (value + Decimal("0.5")).to_integral_value(rounding=ROUND_FLOOR)


def _ceiling(value: Decimal) -> Decimal:
    return value.to_integral_value(rounding=ROUND_CEILING)


def _floor(value: Decimal) -> Decimal:
    return value.to_integral_value(rounding=ROUND_FLOOR)
