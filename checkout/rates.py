"""The exchange rate to the seller's books: taken when a checkout starts, kept for the market's minutes, then renewed.

What the shopper pays never depends on it: prices are rows of lists. A rate that is missing or too old is left out, and
the order says so; it is not replaced by an old one.
"""

import logging

from django.utils import timezone

from checkout.models import Checkout
from markets.errors import ExchangeRateMissing, ExchangeRateStale
from markets.fx import LockedRate, RateFact, fx_policy, rate_on
from markets.fx.lookup import reporting_currency
from markets.types import MarketContext

logger = logging.getLogger(__name__)


def lock_rate(checkout: Checkout, market: MarketContext) -> RateFact | None:
    """The checkout's rate, taken anew when its minutes are over. Sets the field; the caller saves the row."""
    now = timezone.now()
    base, quote = market.currency, reporting_currency(market.seller)
    kept = LockedRate.read(checkout.locked_rate)
    if kept is not None and kept.holds_at(now, base=base, quote=quote):
        return kept.fact
    checkout.locked_rate = {}
    try:
        fact = rate_on(base, quote, now.date(), market=market.code)
    except (ExchangeRateMissing, ExchangeRateStale) as refusal:
        logger.warning("no exchange rate for the books: %s %s/%s", refusal.code, base, quote)
        return None
    checkout.locked_rate = LockedRate.begun(fact, at=now, policy=fx_policy(market.code)).as_json()
    return fact
