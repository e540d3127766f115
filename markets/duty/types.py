"""The rows that duty, fees, restrictions and import schemes are decided by. Plain frozen values, never model rows.

Every row carries the identity of the table row it was read from (`rule_id`), so that a quote can name what it rests
on. Periods are inclusive; None is an open end. Countries are ISO 3166 codes of two letters; `EU27` as a destination
stands for every member of the European Union.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from core.money import Money

DutyKind = Literal["mfn", "preference", "surcharge", "antidumping", "per_code"]
FeeKind = Literal["brokerage", "disbursement", "ddp", "handling"]
Incoterm = Literal["", "dap", "ddp"]
Effect = Literal["block", "license", "warn", "dap_only"]
Basis = Literal["cif", "fob"]

EU = "EU27"
"""The destination of rows that hold in every member state."""


@dataclass(frozen=True)
class Period:
    """The days on which a row holds, both included."""

    effective_from: date | None = None
    effective_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


@dataclass(frozen=True, kw_only=True)
class DutyRow(Period):
    """One layer of a tariff. `rate_percent` and `specific` may both be given: then they add up.

    The row with the longest `hs_prefix` wins within its kind and name; "" is every code. `origin` is "" for any
    origin, a country's code or the code of a group of `DutyFacts.origin_groups`. A `per_code` row is owed once for
    every distinct code of six digits in the parcel.
    """

    rule_id: str
    destination: str
    hs_prefix: str
    origin: str
    kind: DutyKind
    rate_percent: Decimal | None
    specific: Money | None
    specific_unit: Literal["", "kg", "piece", "code"]
    needs_proof: bool
    name: str


@dataclass(frozen=True, kw_only=True)
class FeeRow(Period):
    """What clearing a parcel costs besides duty and tax. `percent` is of duty and import tax together.

    `carrier_service` "" is every service, `incoterm` "" both. The amount is the larger of `minimum` and
    `fixed` + `percent`.
    """

    rule_id: str
    destination: str
    carrier_service: str
    kind: FeeKind
    incoterm: Incoterm
    fixed: Money | None
    percent: Decimal | None
    minimum: Money | None


@dataclass(frozen=True, kw_only=True)
class RestrictionRow(Period):
    """What may not, or not without more, go somewhere. Matches by HS prefix or by a flag of the goods.

    `block` stops the parcel; `license` stops it until a licence is on file; `warn` is told to operators; `dap_only`
    forbids paying duty in advance.
    """

    rule_id: str
    destination: str
    hs_prefix: str
    flag: str
    effect: Effect
    note: str


@dataclass(frozen=True, kw_only=True)
class LowValueFact(Period):
    """An import scheme for small consignments. `threshold` is compared by `operator` (`<=`, `<` or `>`) on `basis`.

    `params` are the row's numbers for the engine, as published: strings, numbers, lists and mappings.
    """

    rule_id: str
    code: str
    destination: str
    scheme: str
    threshold: Money | None
    operator: str
    basis: str
    includes_freight: bool
    excluded_goods: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ExchangeFact:
    """One euro is `rate` units of a currency, as published on a day."""

    rate: Decimal
    effective_on: date
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class DutyFacts:
    """Everything the engine knows about borders. Read once for a day, used for many parcels."""

    rows: tuple[DutyRow, ...] = ()
    fees: tuple[FeeRow, ...] = ()
    restrictions: tuple[RestrictionRow, ...] = ()
    origin_groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Countries by the code of the group that treats them alike: `EU27`, `FTA-KR`."""
    low_value: tuple[LowValueFact, ...] = ()
    valuation: Mapping[str, Basis] = field(default_factory=dict)
    """Whether freight counts for duty, by destination. A destination without an entry counts it."""
    eu: frozenset[str] = frozenset()
    """The members of the European Union's customs union: one destination for goods from outside."""
    exchange: Mapping[str, ExchangeFact] = field(default_factory=dict)
    """Units of a currency for one euro, the latest on or before the day; thresholds compare in their own currency."""
    oldest_exchange_days: int = 5
    """How old a rate may be before the engine refuses to compare with it."""

    @cached_property
    def rows_by_code(self) -> Mapping[tuple[str, str], tuple[DutyRow, ...]]:
        """The layers by destination and code prefix: tariffs have many thousand rows, goods meet a few."""
        found: dict[tuple[str, str], list[DutyRow]] = {}
        for row in self.rows:
            if row.kind != "per_code":
                found.setdefault((row.destination, row.hs_prefix), []).append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    @cached_property
    def rows_per_code(self) -> tuple[DutyRow, ...]:
        """The amounts that are owed once for every distinct code of a parcel."""
        return tuple(row for row in self.rows if row.kind == "per_code")
