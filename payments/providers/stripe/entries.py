"""From Stripe's balance transactions to rows of books. Pure: tested on recorded objects."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from djmoney.money import Money

from payments.providers.stripe.amounts import from_stripe
from payments.providers.stripe.parsing import metadata_of, moment, uuid_of
from payments.types import EntryKind, ProviderEntry

Plain = Mapping[str, Any]
KINDS: dict[str, EntryKind] = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "partial_capture_reversal": "refund",
    "payment_refund": "refund",
    "dispute": "dispute",
    "dispute_reversal": "dispute",
    "fee": "fee",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "fee",
    "tax": "fee",
    "network_cost": "fee",
    "payout": "payout",
    "payout_reversal": "payout",
    "payout_cancel": "payout",
    "payout_failure": "payout",
}
"""By reporting category, else by type. Everything else is an adjustment that a person looks at."""


def entry_of(row: Plain) -> ProviderEntry:
    """One balance transaction whose `source` was expanded."""
    currency = str(row["currency"])
    source = row.get("source")
    behind: Plain = source if isinstance(source, Mapping) else {}
    name = str(behind.get("id") or source or "")
    kind = _kind(row, name)
    amount = from_stripe(int(row["amount"]), currency)
    available = row.get("available_on")
    rate = row.get("exchange_rate")
    return ProviderEntry(
        entry_id=str(row["id"]),
        kind=kind,
        amount=amount,
        fee=from_stripe(int(row["fee"]), currency),
        net=from_stripe(int(row["net"]), currency),
        created=moment(row["created"]),
        available_on=moment(available).date() if available else None,
        provider_ref=_named(behind, "payment_intent"),
        fact_ref=_fact_ref(kind, behind, name),
        payment_ref=uuid_of(metadata_of(behind).get("payment_ref")),
        order_ref=str(metadata_of(behind).get("order_ref") or "")[:40],
        payout_id=name if kind == "payout" else "",
        charged=_charged(kind, amount, behind) if rate is not None else None,
        exchange_rate=Decimal(str(rate)) if rate is not None else None,
    )


def says_its_rows(row: Plain) -> bool:
    """Whether Stripe knows which rows a payout consists of: automatic ones, once Stripe has finished with them."""
    source = row.get("source")
    if not isinstance(source, Mapping) or source.get("object") != "payout":
        return False
    return bool(source.get("automatic")) and source.get("reconciliation_status") == "completed"


def _kind(row: Plain, source: str) -> EntryKind:
    category, type_ = str(row.get("reporting_category") or ""), str(row.get("type") or "")
    if category in KINDS:
        return KINDS[category]
    if type_ == "adjustment" and source.startswith(("dp_", "du_")):
        return "dispute"
    return "adjustment" if category else KINDS.get(type_, "adjustment")


def _fact_ref(kind: EntryKind, behind: Plain, name: str) -> str:
    """A capture is told under its payment intent, everything else under its own name."""
    return _named(behind, "payment_intent") or name if kind == "charge" else name


def _named(thing: Plain, field: str) -> str:
    inner = thing.get(field)
    return str(inner["id"] if isinstance(inner, Mapping) else inner or "")


def _charged(kind: EntryKind, amount: Money, behind: Plain) -> Money | None:
    """What moved in the shopper's currency, with the sign of the balance's movement."""
    if kind not in ("charge", "refund", "dispute") or not behind.get("currency"):
        return None
    units = int(behind.get("amount_captured") or behind.get("amount") or 0)
    moved = from_stripe(units, str(behind["currency"]))
    return moved if amount.amount >= 0 else -moved
