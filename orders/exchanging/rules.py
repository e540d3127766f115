"""Prices and money of an exchange, and who gets it before the goods are back. Pure; amounts are minor units."""

from dataclasses import dataclass

from orders.models import ExchangeFirst, ExchangePrice, ExchangeSends

GOOD_ORDERS = 3
"""So many orders that were carried out, none of them disputed, make a customer known."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of a customer: orders carried out, banks that took money back, goods lent and not back yet."""

    is_member: bool = False
    completed: int = 0
    disputes: int = 0
    lent: int = 0

    @property
    def is_good(self) -> bool:
        return self.is_member and self.completed >= GOOD_ORDERS and not self.disputes and not self.lent


def sends(policy: str, standing: Standing) -> str:
    """When what is wanted leaves, by the market's policy and the customer's standing."""
    first = policy == ExchangeFirst.KNOWN and standing.is_good
    return ExchangeSends.FIRST if first else ExchangeSends.AFTER


def agreed_unit(policy: str, *, today: int, paid: int) -> int:
    """The unit price of what is wanted: today's, or what was paid when that is lower and the market says so."""
    return min(today, paid) if policy == ExchangePrice.LOWER else today


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What comes back against what is wanted. `credit` goes into the new order; of `due` and `back` one is nothing."""

    credit: int
    due: int
    back: int


def balance(*, worth: int, total: int) -> Balance:
    """Set the worth of what comes back against the total of what is sent instead.

    Raises `ValueError` for less than nothing.
    """
    if worth < 0 or total < 0:
        raise ValueError(f"{worth} against {total}")
    credit = min(worth, total)
    return Balance(credit=credit, due=total - credit, back=worth - credit)


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What left a new order again, by where it goes."""

    lent: int
    """So much was only lent: nothing goes to the customer, they have the old goods still."""
    back: int
    """So much goes back to the payments of the old order."""


def leaving(*, minor: int, credit: int, settled: int, returned: int) -> Leaving:
    """Divide what left the new order: what was lent is forgiven first, what goods came back for is paid back.

    `credit` was put in, `settled` of it is covered by goods, `returned` left before. Raises `ValueError` beyond it.
    """
    if not 0 <= minor <= credit - returned:
        raise ValueError(f"{minor} of {credit - returned}")
    lent = min(minor, max(0, credit - settled - returned))
    return Leaving(lent=lent, back=minor - lent)
