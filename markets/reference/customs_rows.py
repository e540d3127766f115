"""The customs reference file as rows of our tables."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from markets.models import ClearanceFee, CustomsValuation, DutyRule, OriginGroup, RestrictionRule
from markets.reference.periods import DatedRow
from markets.reference.rows import amount, day, sourced
from markets.reference.writing import Count, DatedTable, write_dated, write_plain

Told = Mapping[str, Any]
DUTY_KEY = ("destination", "hs_prefix", "origin", "kind", "name")


def write_customs(content: Told, *, as_of: date, force: bool) -> Count:
    """Bring valuations, groups of origins, named duty layers, fees and restrictions up to date."""
    count = write_plain(OriginGroup, groups(content))
    for name, table, rows in (
        ("customs valuation", _by(CustomsValuation, "destination"), valuations(content)),
        ("duties", _by(DutyRule, *DUTY_KEY), duties(content)),
        ("clearance fees", _by(ClearanceFee, "code"), fees(content)),
        ("restrictions", _by(RestrictionRule, "code"), restrictions(content)),
    ):
        count.add(write_dated(name, table, rows, as_of=as_of, force=force))
    return count


def groups(content: Told) -> Iterator[tuple[str, dict[str, Any]]]:
    """Groups of origins by code."""
    for row in content["origin_groups"]:
        yield row["code"], {"name": row["name"], "countries": row["countries"], **sourced(row)}


def valuations(content: Told) -> Iterator[DatedRow]:
    """What duty is taken of."""
    for row in content["valuation"]:
        yield _dated(row, (row["destination"],), {"basis": row["basis"]})


def duties(content: Told) -> Iterator[DatedRow]:
    """Layers of tariffs that are known by name."""
    for row in content["duties"]:
        values = {
            "rate_percent": amount(row.get("rate_percent")),
            "specific_amount": amount(row.get("specific_amount")),
            "specific_currency": row.get("specific_currency", ""),
            "specific_unit": row.get("specific_unit", ""),
            "needs_proof": row.get("needs_proof", False),
        }
        yield _dated(row, tuple(row[column] for column in DUTY_KEY), values)


def fees(content: Told) -> Iterator[DatedRow]:
    """What clearing a parcel costs."""
    for row in content["fees"]:
        values = {name: row.get(name, "") for name in ("carrier_service", "incoterm")}
        values |= {name: amount(row.get(name)) for name in ("fixed", "percent", "minimum")}
        values |= {name: row[name] for name in ("destination", "kind", "currency")}
        yield _dated(row, (row["code"],), {**values, "active": row.get("active", True)})


def restrictions(content: Told) -> Iterator[DatedRow]:
    """What may not go somewhere."""
    for row in content["restrictions"]:
        values = {name: row[name] for name in ("destination", "hs_prefix", "flag", "effect", "legal_basis")}
        yield _dated(row, (row["code"],), {**values, "active": row.get("active", True)})


def _by(model: Any, *columns: str) -> DatedTable:
    def new(key: tuple[Any, ...]) -> Mapping[str, Any]:
        return dict(zip(columns, key, strict=True))

    return DatedTable(model, columns, new)


def _dated(row: Told, key: tuple[Any, ...], values: Mapping[str, Any]) -> DatedRow:
    return DatedRow(
        key=key,
        values={**values, **sourced(row)},
        effective_from=day(row.get("effective_from")),
        effective_to=day(row.get("effective_to")),
    )
