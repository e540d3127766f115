"""Which accounts a fact about money moves. Pure."""

from djmoney.money import Money

from payments.types import LedgerLine

FACT_SOURCE = "payment_fact"
TXN_KINDS = {
    "captured": "capture",
    "refunded": "refund",
    "fee": "fee",
    "disputed": "chargeback",
    "dispute_reversed": "chargeback_reversal",
}
_OTHER_SIDE = {
    "captured": ("customer_receivable", -1),
    "refunded": ("customer_receivable", 1),
    "fee": ("psp_fees", 1),
    "disputed": ("chargebacks", 1),
    "dispute_reversed": ("chargebacks", -1),
}


def lines_for(kind: str, amount: Money, provider: str) -> tuple[LedgerLine, ...]:
    """Both sides of a fact: what sits at the provider, and what that is owed to or caused by."""
    code, sign = _OTHER_SIDE[kind]
    return (
        LedgerLine("provider", provider, "psp_clearing", -sign * amount),
        LedgerLine("shop", "main", code, sign * amount),
    )


def posting_key(fact_pk: int) -> str:
    """A fact is posted once."""
    return f"{FACT_SOURCE}:{fact_pk}"
