"""Gift cards and store credit for tests, made the way the shop makes them."""

import itertools

from djmoney.money import Money

from core.integrity import registered, run
from payments.actions.credit import Issued, give_store_credit, issue_card
from payments.models import CreditAccount

_numbers = itertools.count(1)


def eur(amount: str) -> Money:
    return Money(amount, "EUR")


def card(amount: str = "50.00", *, market: str = "de") -> Issued:
    """A new gift card with its code."""
    issued = issue_card(
        amount=eur(amount), source=f"test:{next(_numbers)}", why="granted", market=market, language="de"
    )
    assert issued is not None
    return issued


def credit(amount: str = "50.00", *, email: str = "guest@example.com", user_id: int | None = None) -> CreditAccount:
    """Store credit of a guest or a member."""
    return give_store_credit(
        email=email, user_id=user_id, amount=eur(amount), ref=f"test:{next(_numbers)}", why="granted"
    )


def broken(*codes: str) -> dict[str, tuple[str, ...]]:
    """The integrity checks that find something."""
    checks = [check for check in registered() if not codes or check.code in codes]
    return {found.check.code: found.examples for found in run(checks) if found.count}
