"""Which ledger accounts a movement of a gift card or of store credit moves. Pure.

What the shop owes is a liability: putting money in makes it more negative, spending brings it back to nothing. The
other side says why. Spending and giving back pass through the clearing account of the provider `credit`, which the
payment's own fact empties again, so that a payment by gift card is booked like every other.

The credit of an exchange lies on `exchange_clearing` between two orders. Where the new goods leave before the old ones
are back, it is lent: `exchange_advances` says what is still to come back as goods.
"""

from typing import Literal

from djmoney.money import Money

from payments.types import LedgerLine

SOURCE = "credit_entry"
PROVIDER = "credit"
Why = Literal["payment", "sold", "granted", "refunded", "advanced", "expired"]

_OTHER = {
    "sold": ("shop", "main", "customer_receivable"),
    "refunded": ("shop", "main", "customer_receivable"),
    "granted": ("shop", "main", "credit_granted"),
    "advanced": ("shop", "main", "exchange_advances"),
    "expired": ("shop", "main", "credit_breakage"),
    "payment": ("provider", PROVIDER, "psp_clearing"),
}
LIABILITIES = {
    "gift_card": "gift_card_liability",
    "store_credit": "store_credit_liability",
    "exchange": "exchange_clearing",
}


def credit_lines(kind: str, amount: Money, why: Why) -> tuple[LedgerLine, ...]:
    """Both sides of `amount` more (or, below zero, less) being owed on an account of this kind."""
    owner_kind, owner_id, code = _OTHER[why]
    return (
        LedgerLine("shop", "main", LIABILITIES[kind], -amount),
        LedgerLine(owner_kind, owner_id, code, amount),
    )


def advance_lines(amount: Money) -> tuple[LedgerLine, ...]:
    """Goods came back for what was lent: the advance becomes a refund of the order they are from."""
    return (
        LedgerLine("shop", "main", "exchange_advances", -amount),
        LedgerLine("shop", "main", "customer_receivable", amount),
    )
