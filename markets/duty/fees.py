"""What clearing a parcel costs besides duty and tax. Pure."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from core.money import Money, round_half_up
from markets.duty.restrictions import destinations_of
from markets.duty.types import DutyFacts, FeeRow

HUNDRED = Decimal(100)


def fees_for(*, country: str, carrier_service: str, incoterm: str, on: date, facts: DutyFacts) -> tuple[FeeRow, ...]:
    """The rows that hold: of one kind, the one that names the service and the destination itself speaks first."""
    names = destinations_of(country, facts)
    found: dict[str, FeeRow] = {}
    for row in facts.fees:
        if row.destination not in names or not row.holds_on(on) or row.incoterm not in ("", incoterm):
            continue
        if row.carrier_service and row.carrier_service != carrier_service:
            continue
        before = found.get(row.kind)
        if before is None or _closeness(row, country) > _closeness(before, country):
            found[row.kind] = row
    return tuple(found[kind] for kind in sorted(found))


def fee_amount(row: FeeRow, *, charges: Money, local: Callable[[Money], Money]) -> Money:
    """The larger of the minimum and fixed + percent of duty and import tax. `local` turns a row's amount into ours."""
    currency = charges.currency.code
    exact = charges.amount * (row.percent or Decimal(0)) / HUNDRED
    exact += local(row.fixed).amount if row.fixed is not None else Decimal(0)
    least = local(row.minimum).amount if row.minimum is not None else Decimal(0)
    return round_half_up(max(exact, least), currency)


def _closeness(row: FeeRow, country: str) -> tuple[bool, bool, bool, str]:
    return bool(row.carrier_service), row.destination == country, bool(row.incoterm), row.rule_id
