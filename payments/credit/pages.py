"""The pages of gift cards and store credit as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.money import Money, from_minor
from payments.credit.queries import is_over, movements_of
from payments.models import CreditAccount, CreditEntry


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One row of the list: when, what, how much, for which order."""

    at: datetime
    label: str
    amount: Money
    order_ref: str


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """The balance of a gift card, or the question for its code."""

    title: str
    action_url: str
    error: str = ""
    balance: Money | None = None
    letters: str = ""
    until: date | None = None
    is_over: bool = False
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CreditPage:
    """Somebody's store credit, by currency, with what moved it. `action_url` lets this browser spend it."""

    title: str
    balances: tuple[Money, ...]
    movements: tuple[Movement, ...]
    action_url: str = ""
    is_opened: bool = False
    cart_url: str = ""


def card_page(card: CreditAccount, *, title: str, action_url: str) -> CardPage:
    """What the holder of a code is shown."""
    return CardPage(
        title=title,
        action_url=action_url,
        balance=card.balance,
        letters=card.last_four,
        until=card.expires_on,
        is_over=is_over(card),
        movements=movements([card]),
    )


def movements(accounts: Sequence[CreditAccount]) -> tuple[Movement, ...]:
    """The latest movements of the accounts."""
    return tuple(_movement(entry) for entry in movements_of([account.pk for account in accounts]))


def balances(accounts: Sequence[CreditAccount]) -> tuple[Money, ...]:
    """What is on them, by currency."""
    sums: dict[str, int] = {}
    for account in accounts:
        sums[account.currency] = sums.get(account.currency, 0) + account.balance_minor
    return tuple(from_minor(minor, currency) for currency, minor in sorted(sums.items()))


def _movement(entry: CreditEntry) -> Movement:
    return Movement(
        at=entry.created, label=str(entry.get_kind_display()), amount=entry.amount, order_ref=entry.order_ref
    )
