"""Amounts in the currency a rule is written in. Pure: one rounding, at the end; a stale rate is refused."""

from datetime import date
from decimal import Decimal

from core.money import Money, round_half_up
from markets.duty.types import DutyFacts, ExchangeFact
from markets.errors import ExchangeRateMissing, ExchangeRateStale

EURO = "EUR"
ONE = Decimal(1)


def in_currency(amount: Money, currency: str, *, on: date, facts: DutyFacts) -> Money:
    """`amount` in `currency`, crossed through the euro and rounded half up once.

    Raises `ExchangeRateMissing`, and `ExchangeRateStale` for a rate older than the facts allow.
    """
    here = amount.currency.code
    if here == currency:
        return amount
    to_quote, to_base = _rate(here, currency, currency, on, facts), _rate(here, currency, here, on, facts)
    return round_half_up(amount.amount * to_quote.rate / to_base.rate, currency)


def _rate(base: str, quote: str, wanted: str, on: date, facts: DutyFacts) -> ExchangeFact:
    if wanted == EURO:
        return ExchangeFact(rate=ONE, effective_on=on)
    found = facts.exchange.get(wanted)
    if found is None:
        raise ExchangeRateMissing(base=base, quote=quote, on=on)
    if (on - found.effective_on).days > facts.oldest_exchange_days:
        raise ExchangeRateStale(base=base, quote=quote, effective_on=found.effective_on)
    return found
