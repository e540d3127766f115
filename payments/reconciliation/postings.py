"""Which accounts a row of a provider's books moves. Pure; what `psp_clearing` receives is the row's own amount."""

from djmoney.money import Money

from core.money import to_minor
from payments.types import LedgerLine

ENTRY_SOURCE = "statement_entry"


def posting_key(entry_pk: int, kind: str) -> str:
    """A row is booked once per kind of posting."""
    return f"{ENTRY_SOURCE}:{entry_pk}:{kind}"


def fee_lines(provider: str, fee: Money) -> tuple[LedgerLine, ...]:
    """What the provider keeps; a negative fee comes back."""
    return _pair(provider, -fee, "psp_fees")


def payout_lines(provider: str, amount: Money) -> tuple[LedgerLine, ...]:
    """From the provider to the bank. A payout is negative at the provider; one that came back is positive."""
    return _pair(provider, amount, "bank")


def adjustment_lines(provider: str, amount: Money, account: str) -> tuple[LedgerLine, ...]:
    """A movement a person has explained, against the account they named."""
    return _pair(provider, amount, account)


def _pair(provider: str, amount: Money, code: str) -> tuple[LedgerLine, ...]:
    if not to_minor(amount):
        return ()
    return (
        LedgerLine("provider", provider, "psp_clearing", amount),
        LedgerLine("shop", "main", code, -amount),
    )


def conversion_lines(*, provider: str, charged: Money, settled: Money, booked: Money) -> tuple[LedgerLine, ...]:
    """The provider exchanged what lay there in the shopper's currency.

    `booked` is what `charged` is worth at our own rate of the day; by how much the provider gave more or
    less is a gain or loss. What was exchanged for what stays visible in `fx_conversion`, in both currencies.
    """
    lines = (
        LedgerLine("provider", provider, "psp_clearing", -charged),
        LedgerLine("shop", "main", "fx_conversion", charged),
        LedgerLine("provider", provider, "psp_clearing", settled),
        LedgerLine("shop", "main", "fx_conversion", -booked),
        LedgerLine("shop", "main", "fx_gain_loss", booked - settled),
    )
    return tuple(line for line in lines if to_minor(line.amount))
