"""How a price is shown: former price, prior low and percentage only where they may be."""

from collections.abc import Sequence

from catalog.prices.history import percent_off
from catalog.types import PriceView
from core.money import Money


def price_view(
    now: Money,
    *,
    list_amount: Money | None = None,
    prior_low: Money | None = None,
    from_price: bool = False,
    unit: str | None = None,
    own: bool = False,
) -> PriceView:
    """A reduction is announced only below the prior low; otherwise the price stands alone."""
    percent = percent_off(now.amount, prior_low.amount) if prior_low is not None else None
    if percent is None or list_amount is None:
        return PriceView(now=now, from_price=from_price, unit=unit, own=own)
    return PriceView(now=now, was=list_amount, prior_low=prior_low, percent=percent, from_price=from_price, unit=unit)


def spread(amounts: Sequence[Money]) -> bool:
    """Whether the amounts differ, so that the lowest one is shown as "from"."""
    return len({amount.amount for amount in amounts}) > 1
