"""The return of one period to the one-stop shop (OSS) or the import one-stop shop (IOSS), from issued documents.

What is declared where:

* A document belongs to the return of the period it was issued in.
* What it is about was supplied on the day the customer's money was accepted (`paid_on`; Implementing Regulation (EU)
  282/2011, Art. 41a). If that day lies in the same period, it counts among the period's supplies; if it lies in an
  earlier one, it corrects that earlier period, by member state and as tax alone (Directive 2006/112/EC, Art. 369g
  (4), 369t (2)). So nothing that was declared ever moves: a late invoice and a credit note are corrections.
* Amounts in another currency are exchanged at the rate of the European Central Bank for the last day of the period
  they were supplied in, else of the next day that has one (Art. 369h (2), 369u), each row once, half up to the cent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import Money, from_minor, round_half_up
from orders.statements.periods import Scheme, TaxPeriod

EURO = "EUR"
NOTHING = Money("0.00", EURO)
Supply = Literal["goods", "services"]
RateOf = Callable[[str, date], Decimal | None]
"""One euro in a currency by the rate for a day; none while it is not published."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What documents of one period say together: signed sums in minor units, credit notes below zero."""

    country: str
    sent_from: str
    supply: Supply
    is_reduced: bool
    rate: Decimal
    supplied_on: date
    currency: str
    net: int
    tax: int


@dataclass(frozen=True, kw_only=True)
class ReturnRow:
    """Supplies of the period to one member state, from one state, of one kind, at one rate. In euro."""

    country: str
    sent_from: str
    supply: Supply
    is_reduced: bool
    rate: Decimal
    net: Money
    tax: Money

    @property
    def percent(self) -> Decimal:
        """The rate in percent."""
        return Decimal(f"{(self.rate * 100).normalize():f}")


@dataclass(frozen=True, kw_only=True)
class CorrectionRow:
    """By how much the tax of an earlier period changes for one member state. In euro, signed."""

    period: TaxPeriod
    country: str
    tax: Money


@dataclass(frozen=True, kw_only=True)
class UnionReturn:
    """One return. `too_old` corrections can no longer be declared here: the member state itself is told."""

    scheme: Scheme
    period: TaxPeriod
    rows: tuple[ReturnRow, ...]
    corrections: tuple[CorrectionRow, ...]
    too_old: tuple[CorrectionRow, ...] = ()
    missing: tuple[tuple[str, date], ...] = field(default=())
    """Currencies and days without a rate. Then the return is not complete, and is not handed out."""

    @property
    def balances(self) -> dict[str, Money]:
        """What is owed per member state, corrections included; below zero is a claim of the seller."""
        sums: dict[str, Money] = defaultdict(lambda: NOTHING)
        for row in self.rows:
            sums[row.country] += row.tax
        for correction in self.corrections:
            sums[correction.country] += correction.tax
        return dict(sorted(sums.items()))

    @property
    def total(self) -> Money:
        """What is paid with the return: member states with a claim do not lessen what others get (Art. 369i)."""
        return sum((owed for owed in self.balances.values() if owed.amount > 0), NOTHING)


class ReturnIncomplete(DomainError):
    """Rates are not known, so the sums would be wrong."""

    code = "RETURN_INCOMPLETE"

    def __init__(self, missing: Sequence[tuple[str, date]]) -> None:
        self.missing = tuple(missing)
        told = ", ".join(f"{currency} ({day.isoformat()})" for currency, day in self.missing)
        super().__init__(_("The return is not complete. Exchange rates are missing: %(list)s.") % {"list": told})


def union_return(declared: Iterable[Declared], *, scheme: Scheme, period: TaxPeriod, rate_of: RateOf) -> UnionReturn:
    """The return of `period` from everything documents of that period say. Pure but for `rate_of`."""
    rows: dict[_Place, _Pair] = {}
    corrections: dict[tuple[TaxPeriod, str], Money] = {}
    missing: dict[tuple[str, date], None] = {}
    for (about, place, currency), (net, tax) in _summed(declared, scheme).items():
        rate = Decimal(1) if currency == EURO else rate_of(currency, about.last)
        if rate is None:
            missing[currency, about.last] = None
        elif about >= period:
            before = rows.get(place, _Pair(NOTHING, NOTHING))
            rows[place] = _Pair(before.net + _euro(net, currency, rate), before.tax + _euro(tax, currency, rate))
        else:
            where = (about, place.country)
            corrections[where] = corrections.get(where, NOTHING) + _euro(tax, currency, rate)
    changes = [
        CorrectionRow(period=about, country=country, tax=tax)
        for (about, country), tax in sorted(corrections.items())
        if tax.amount
    ]
    return UnionReturn(
        scheme=scheme,
        period=period,
        rows=tuple(_row(place, told) for place, told in sorted(rows.items()) if told.net.amount or told.tax.amount),
        corrections=tuple(one for one in changes if one.period.can_be_corrected_in(period)),
        too_old=tuple(one for one in changes if not one.period.can_be_corrected_in(period)),
        missing=tuple(missing),
    )


def must_be_complete(found: UnionReturn) -> None:
    """Raises `ReturnIncomplete`."""
    if found.missing:
        raise ReturnIncomplete(found.missing)


def _row(place: "_Place", told: "_Pair") -> ReturnRow:
    return ReturnRow(
        country=place.country,
        sent_from=place.sent_from,
        supply=place.supply,
        is_reduced=place.is_reduced,
        rate=place.rate,
        net=told.net,
        tax=told.tax,
    )


def _summed(declared: Iterable[Declared], scheme: Scheme) -> dict[tuple[TaxPeriod, "_Place", str], tuple[int, int]]:
    """Sums in each currency before anything is exchanged, so that every row is rounded once."""
    sums: dict[tuple[TaxPeriod, _Place, str], tuple[int, int]] = {}
    for one in declared:
        place = _Place(one.country, one.sent_from, one.supply, one.is_reduced, one.rate)
        key = (TaxPeriod.holding(one.supplied_on, scheme), place, one.currency)
        net, tax = sums.get(key, (0, 0))
        sums[key] = (net + one.net, tax + one.tax)
    return sums


def _euro(amount: int, currency: str, rate: Decimal) -> Money:
    """An amount in euro; `rate` is one euro in its currency."""
    return round_half_up(from_minor(amount, currency).amount / rate, EURO)


class _Place(NamedTuple):
    """What makes a row of its own."""

    country: str
    sent_from: str
    supply: Supply
    is_reduced: bool
    rate: Decimal


class _Pair(NamedTuple):
    net: Money
    tax: Money
