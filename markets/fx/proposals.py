"""Proposing prices in another currency: rate, mark-up, ending, grid; and leaving prices alone that hardly move."""

from datetime import date
from decimal import Decimal

from core.money import Money, round_half_up
from markets.charm import charm_price
from markets.fx.lookup import policy_of, rate_by
from markets.fx.types import PERCENT, RateFact
from markets.models import Market
from markets.queries import charm_rule


def propose_price(
    amount: Money, *, market: Market, on: date, factor: Decimal = Decimal(1), current: Money | None = None
) -> Money:
    """`amount` as a price of `market`: converted with its mark-up times `factor`, with its ending, on its grid.

    One rounding, at the end. Inside the market's dead band the `current` price stays, so that the price history stays
    readable. For lists of prices that somebody looks at before they count; never at a checkout. Raises
    `ExchangeRateMissing`, `ExchangeRateStale`.
    """
    fact = rate_by(amount.currency.code, market.currency_id, on, policy_of(market))
    return price_at(amount, fact, market=market, factor=factor, current=current)


def price_at(
    amount: Money, fact: RateFact, *, market: Market, factor: Decimal = Decimal(1), current: Money | None = None
) -> Money:
    """The same with a rate at hand, for many prices. Asks the database nothing."""
    exact = amount.amount * fact.with_markup * factor
    if current is not None and _hardly_moves(current.amount, exact, market.fx_dead_band_percent):
        return current
    return round_half_up(charm_price(exact, charm_rule(market)), market.currency_id)


def _hardly_moves(current: Decimal, exact: Decimal, band_percent: Decimal) -> bool:
    return current > 0 and abs(exact - current) * PERCENT < band_percent * current
