"""From PayPal's transaction report to rows of books. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from djmoney.money import Money

from payments.providers.paypal.amounts import from_paypal
from payments.providers.paypal.building import order_ref_of
from payments.providers.paypal.promises import payment_in
from payments.types import EntryKind, ProviderEntry

Plain = Mapping[str, Any]
SPAN = timedelta(days=31)
"""PayPal reports at most so much at once."""
COUNTED = ("S", "V")
"""Done, or done and later undone by a row of its own. What is denied or waits has moved nothing."""
KINDS: dict[str, EntryKind] = {
    "T00": "charge",
    "T01": "fee",
    "T04": "payout",
    "T1106": "dispute",
    "T1107": "refund",
    "T1108": "fee",
    "T1109": "fee",
    "T1110": "dispute",
    "T1111": "dispute",
    "T1201": "dispute",
    "T1202": "dispute",
    "T1205": "dispute",
    "T1207": "dispute",
    "T1208": "dispute",
}
"""By transaction event code, or its first three signs. Everything else is an adjustment that a person looks at."""


def spans(begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time from `begin` to `end` in pieces PayPal answers for."""
    while begin < end:
        stop = min(begin + SPAN, end)
        yield begin, stop
        begin = stop


def entry_of(row: Plain) -> ProviderEntry | None:
    """One row of the report; nothing for one that moved no money. What PayPal kept it reports as a negative fee.

    A dispute's row does not name the dispute, only the capture it is about.
    """
    said = row["transaction_info"]
    if str(said.get("transaction_status")) not in COUNTED:
        return None
    name, code = str(said["transaction_id"]), str(said.get("transaction_event_code") or "")
    amount = from_paypal(said["transaction_amount"])
    fee = _fee(said, amount)
    kind = kind_of(code, amount)
    return ProviderEntry(
        entry_id=name,
        kind=kind,
        amount=amount,
        fee=fee,
        net=amount - fee,
        created=datetime.fromisoformat(str(said["transaction_initiation_date"])),
        provider_ref=str(said.get("paypal_reference_id") or ""),
        fact_ref=name if kind in ("charge", "refund", "payout") else "",
        payment_ref=payment_in(str(said.get("custom_field") or "")),
        order_ref=order_ref_of(str(said.get("invoice_id") or ""))[:40],
        payout_id=name if kind == "payout" else "",
    )


def kind_of(code: str, amount: Money) -> EntryKind:
    """What a transaction event code means. What goes the other way than usual is nobody's purchase or refund."""
    kind = KINDS.get(code) or KINDS.get(code[:3], "adjustment")
    is_usual = amount.amount >= 0 if kind == "charge" else amount.amount <= 0 if kind == "refund" else True
    return kind if is_usual else "adjustment"


def _fee(said: Plain, amount: Money) -> Money:
    if not said.get("fee_amount"):
        return amount - amount
    return -from_paypal(said["fee_amount"])
