"""Whether what a provider settled is what it should have settled. Pure; minor units of the settlement currency."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from core.money import Money, from_minor, round_half_up, to_minor


@dataclass(frozen=True, kw_only=True)
class Settled:
    """One converted charge as the provider reports it."""

    amount: Money
    fee: Money
    net: Money
    exchange_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class SettlementCheck:
    """What was expected, whether it agrees, and what the exchange cost or brought against the booked rate."""

    expected: Money
    matches: bool
    net_matches: bool
    booked: Money
    difference: Money


def check_settlement(*, charged: Money, settled: Settled, booked_rate: Decimal) -> SettlementCheck:
    """Compare a charge with its settlement: the provider cuts off fractions, the ledger rounds half up."""
    currency = settled.amount.currency.code
    exact = charged.amount * settled.exchange_rate
    unit = from_minor(1, currency).amount
    expected = Money(exact.quantize(unit, rounding=ROUND_DOWN), currency)
    booked = round_half_up(charged.amount * booked_rate, currency)
    return SettlementCheck(
        expected=expected,
        matches=expected == settled.amount,
        net_matches=to_minor(settled.amount) - to_minor(settled.fee) == to_minor(settled.net),
        booked=booked,
        difference=settled.amount - booked,
    )
