"""Stripe's itemized payout reconciliation and balance reports, as its dashboard exports them."""

from collections.abc import Sequence

from payments.providers.stripe.entries import KINDS
from payments.providers.stripe.parsing import uuid_of
from payments.reconciliation.files.cells import Row, currency_of, day_of, moment_of, money_of, needed, number_of
from payments.types import EntryKind, ProviderEntry

COLUMNS = ("balance_transaction_id", "created_utc", "currency", "gross", "fee", "net", "reporting_category")
SHAPES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")


def is_this(heading: Sequence[str]) -> bool:
    """Whether a file with this heading is one of these."""
    return {"balance_transaction_id", "reporting_category"} <= set(heading)


def entry_of(row: Row) -> ProviderEntry:
    """One row. Raises `BadCell`."""
    currency = currency_of(row, "currency")
    kind: EntryKind = KINDS.get(needed(row, "reporting_category"), "adjustment")
    source, intent = row.get("source_id", ""), row.get("payment_intent_id", "")
    gross = number_of(row, "gross")
    faced = row.get("customer_facing_currency", "").upper()
    charged = None
    if faced and faced != currency and row.get("customer_facing_amount"):
        amount = abs(number_of(row, "customer_facing_amount"))
        faced = currency_of(row, "customer_facing_currency")
        charged = money_of(amount if gross >= 0 else -amount, faced, "customer_facing_amount")
    return ProviderEntry(
        entry_id=needed(row, "balance_transaction_id"),
        kind=kind,
        amount=money_of(gross, currency, "gross"),
        fee=money_of(number_of(row, "fee"), currency, "fee"),
        net=money_of(number_of(row, "net"), currency, "net"),
        created=moment_of(row, "created_utc", *SHAPES),
        available_on=day_of(row, "available_on_utc") or day_of(row, "available_on"),
        provider_ref=intent,
        fact_ref=(intent or source) if kind == "charge" else source,
        payment_ref=uuid_of(row.get("payment_metadata[payment_ref]") or row.get("refund_metadata[payment_ref]")),
        order_ref=row.get("payment_metadata[order_ref]", ""),
        payout_id=row.get("automatic_payout_id", "") or (source if kind == "payout" else ""),
        charged=charged,
    )
