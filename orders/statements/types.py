"""What a statement is asked for, and its rows. Plain frozen values; amounts are `Money` of the row's own currency."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from core.money import Money, from_minor

By = Literal["refund", "order"]
"""Under which day a refund stands: the day it went back, or the day its order was placed."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A period, both days included, and what it is narrowed to; empty is everything.

    Days are the local days of the market an order belongs to, as its documents tell them.
    """

    first: date
    last: date
    seller: str = ""
    market: str = ""
    currency: str = ""

    def as_sql(self) -> dict[str, Any]:
        """The parameters every query of this package names."""
        return {
            "first": self.first,
            "last": self.last,
            "seller": self.seller,
            "market": self.market,
            "currency": self.currency,
        }


@dataclass(frozen=True, kw_only=True)
class SalesRow:
    """What was invoiced and credited in one market and currency. What is credited is told as a positive amount."""

    market: str
    currency: str
    invoices: int
    invoiced: Money
    invoiced_tax: Money
    credit_notes: int
    credited: Money
    credited_tax: Money

    @property
    def gross(self) -> Money:
        """What is left with tax."""
        return self.invoiced - self.credited

    @property
    def tax(self) -> Money:
        """The tax in it."""
        return self.invoiced_tax - self.credited_tax

    @property
    def net(self) -> Money:
        """What is left without tax."""
        return self.gross - self.tax


@dataclass(frozen=True, kw_only=True)
class TaxRow:
    """The tax of one place at one rate: invoices less credit notes. `rate` is a part of one."""

    country: str
    place: str
    rate: Decimal
    reason: str
    label: str
    scheme: str
    currency: str
    documents: int
    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        """Net and tax together."""
        return self.net + self.tax


@dataclass(frozen=True, kw_only=True)
class FeeRow:
    """What a provider kept. Fees that came back count against it."""

    provider: str
    currency: str
    bookings: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class RefundRow:
    """What went back under one day. `to_credit` and `excess` are parts of `amount`.

    `excess` was never due, such as money paid twice or more than a changed order costs; no refund's own credit note
    tells of it.
    """

    day: date
    currency: str
    refunds: int
    amount: Money
    to_credit: Money
    excess: Money


@dataclass(frozen=True, kw_only=True)
class LiabilityRow:
    """What is owed on gift cards or as store credit: opening + added - spent - ended = closing."""

    code: str
    currency: str
    opening: Money
    added: Money
    spent: Money
    ended: Money
    closing: Money


@dataclass(frozen=True, kw_only=True)
class AgreementRow:
    """The documents of a period beside the ledger of the same days, in one currency."""

    currency: str
    documented: Money
    received: Money
    refunded: Money

    @property
    def moved(self) -> Money:
        """What came in less what went back."""
        return self.received - self.refunded

    @property
    def difference(self) -> Money:
        """Documents less movements: what is not documented yet, is in doubt, or was moved on another day."""
        return self.documented - self.moved

    @property
    def agrees(self) -> bool:
        """To the minor unit."""
        return not self.difference.amount


@dataclass(frozen=True, kw_only=True)
class DifferenceRow:
    """One order whose documents of a period do not say what moved for it in that period."""

    order: str
    documented: Money
    moved: Money

    @property
    def difference(self) -> Money:
        """Documents less movements."""
        return self.documented - self.moved


def minor(amount: int | Decimal | None, currency: str) -> Money:
    """A sum the database made of minor units."""
    return from_minor(int(amount or 0), currency)
