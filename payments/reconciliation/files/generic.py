"""Any other table of movements, with a mapping of its columns."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from payments.reconciliation.files.cells import (
    DATE_SHAPES,
    Row,
    currency_of,
    moment_of,
    money_of,
    needed,
    number_of,
)
from payments.types import EntryKind, ProviderEntry

TIMES = ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M", "T%H:%M:%S%z", " %H:%M:%S%z", " %H:%M:%S %z", "T%H:%M:%S.%f%z")
WORDS: tuple[tuple[str, EntryKind], ...] = (
    ("refund", "refund"),
    ("chargeback", "dispute"),
    ("dispute", "dispute"),
    ("payout", "payout"),
    ("withdrawal", "payout"),
    ("transfer", "payout"),
    ("fee", "fee"),
    ("charge", "charge"),
    ("payment", "charge"),
    ("sale", "charge"),
    ("checkout", "charge"),
)


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """Which column holds what. Empty: the file does not say.

    Without a column of kinds what comes is a charge and what goes is a refund. The fee is the difference
    between amount and net where both are there.
    """

    entry_id: str = "id"
    moment: str = "date"
    kind: str = "kind"
    amount: str = "amount"
    fee: str = "fee"
    net: str = "net"
    currency: str = "currency"
    reference: str = "reference"
    order: str = "order"
    payout: str = "payout"
    shape: str = DATE_SHAPES[0]
    mark: str = "."

    @property
    def needs(self) -> tuple[str, ...]:
        """Columns that have to be there."""
        return (self.entry_id, self.moment, self.amount, self.currency)


PAYPAL_ACTIVITY = Mapping(
    entry_id="Transaction ID",
    moment="Date",
    kind="Type",
    amount="Gross",
    fee="Fee",
    net="Net",
    currency="Currency",
    reference="Reference Txn ID",
    order="Invoice Number",
    payout="",
    shape="%m/%d/%Y",
)
"""The columns of PayPal's activity download in English."""


def entry_of(row: Row, mapping: Mapping) -> ProviderEntry:
    """One row. Raises `BadCell`."""
    currency = currency_of(row, mapping.currency)
    amount = money_of(number_of(row, mapping.amount, mark=mapping.mark), currency, mapping.amount)
    fee = money_of(_fee(row, mapping, amount.amount), currency, mapping.fee)
    name = needed(row, mapping.entry_id)
    kind = _kind(row.get(mapping.kind, ""), amount.amount)
    reference = row.get(mapping.reference, "")
    return ProviderEntry(
        entry_id=name,
        kind=kind,
        amount=amount,
        fee=fee,
        net=amount - fee,
        created=_moment(row, mapping),
        provider_ref=reference,
        fact_ref=reference or name,
        order_ref=row.get(mapping.order, ""),
        payout_id=row.get(mapping.payout, "") or (name if kind == "payout" else ""),
    )


def _moment(row: Row, mapping: Mapping) -> datetime:
    return moment_of(row, mapping.moment, *(mapping.shape + time for time in TIMES))


def _fee(row: Row, mapping: Mapping, amount: Decimal) -> Decimal:
    if row.get(mapping.net):
        return amount - number_of(row, mapping.net, mark=mapping.mark)
    return abs(number_of(row, mapping.fee, mark=mapping.mark)) if row.get(mapping.fee) else Decimal(0)


def _kind(written: str, amount: Decimal) -> EntryKind:
    if not written:
        return "charge" if amount >= 0 else "refund"
    word = written.lower()
    found: EntryKind = next((kind for part, kind in WORDS if part in word), "adjustment")
    return "adjustment" if found == "charge" and amount < 0 else found
