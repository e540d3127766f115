"""How much each gift card and the store credit pay of a total. Pure; minor units of one currency."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Purse:
    """An account that may pay: its number and what is on it."""

    account_id: int
    balance: int


@dataclass(frozen=True, kw_only=True)
class Share:
    """So much is taken from an account. `balance` is what was on it when this was planned."""

    account_id: int
    minor: int
    balance: int

    @property
    def left(self) -> int:
        return self.balance - self.minor


def plan_shares(purses: Sequence[Purse], *, total: int, most: int, step: int = 1) -> tuple[Share, ...]:
    """Take from each in turn until the total is reached, at most `most` of it.

    What is left to pay another way is a multiple of `step`, because some currencies are charged in steps only.
    Raises `ValueError` for amounts below zero.
    """
    if total < 0 or step < 1 or any(purse.balance < 0 for purse in purses):
        raise ValueError("no plan for amounts below zero")
    able = min(total, max(most, 0), sum(purse.balance for purse in purses))
    left = able if able == total else max(0, able - (able - total) % step)
    shares = []
    for purse in purses:
        taken = min(purse.balance, left)
        left -= taken
        shares.append(Share(account_id=purse.account_id, minor=taken, balance=purse.balance))
    return tuple(shares)
