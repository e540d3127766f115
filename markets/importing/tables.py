"""The tables that can be handed in as files: their columns, their keys and how a line becomes a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from markets.cache import remembered
from markets.importing.cells import CellRefused, Cells
from markets.models import (
    STANDARD,
    ClearanceFee,
    Country,
    CustomsValuation,
    DutyKind,
    DutyRule,
    FeeIncoterm,
    FeeKind,
    Jurisdiction,
    PostalTaxRate,
    RateBase,
    RateKind,
    RestrictionEffect,
    RestrictionRule,
    SpecificUnit,
    TaxCategory,
    TaxRate,
    ValuationBasis,
)
from markets.reference.periods import DatedRow
from markets.reference.writing import DatedTable

COMMON = ("effective_from", "effective_to", "verification", "sources", "note")
PARTS = ("state", "county", "city", "special")
FRACTION = Decimal("0.00001")


@dataclass(frozen=True)
class TableFormat:
    """A dated table as a file. `columns` are the headings of our own format, in order."""

    name: str
    title: str | Promise
    columns: tuple[str, ...]
    table: DatedTable
    row: Callable[[Cells], DatedRow]
    cells: Callable[[Any], Mapping[str, Any]]


def _dated(cells: Cells, key: tuple[Any, ...], values: Mapping[str, Any]) -> DatedRow:
    return DatedRow(
        key=key,
        values={**values, **cells.origin()},
        effective_from=cells.day("effective_from"),
        effective_to=cells.day("effective_to"),
    )


def _key_columns(*names: str) -> Callable[[tuple[Any, ...]], Mapping[str, Any]]:
    return lambda key: dict(zip(names, key, strict=True))


def _duty(cells: Cells) -> DatedRow:
    amount = cells.number("specific_amount")
    currency, unit = cells.currency("specific_currency"), cells.choice("specific_unit", ["", *SpecificUnit.values])
    percent = cells.number("rate_percent")
    if amount is None and percent is None:
        raise CellRefused("rate_percent", "", _("Give a percentage, an amount, or both. Zero is written as 0."))
    if (amount is not None) != bool(currency and unit):
        raise CellRefused("specific_amount", str(amount or ""), _("An amount needs its currency and its unit."))
    key = (
        cells.destination(),
        cells.goods_code(),
        cells.text("origin", most=20).upper(),
        cells.choice("kind", DutyKind.values, DutyKind.MFN.value),
        cells.text("name", most=60),
    )
    values = {
        "rate_percent": None if percent is None else percent.quantize(Decimal("0.0001")),
        "specific_amount": None if amount is None else amount.quantize(Decimal("0.0001")),
        "specific_currency": currency,
        "specific_unit": unit,
        "needs_proof": cells.flag("needs_proof"),
    }
    return _dated(cells, key, values)


def _valuation(cells: Cells) -> DatedRow:
    return _dated(cells, (cells.destination(),), {"basis": cells.choice("basis", ValuationBasis.values)})


def _fee(cells: Cells) -> DatedRow:
    fixed, percent = _amount(cells, "fixed"), _amount(cells, "percent")
    if fixed is None and percent is None:
        raise CellRefused("fixed", "", _("Give a percentage, an amount, or both. Zero is written as 0."))
    currency = cells.currency("currency")
    if not currency:
        raise CellRefused("currency", "", _("This column must not be empty."))
    values = {
        "destination": cells.destination(),
        "carrier_service": cells.text("carrier_service", most=60),
        "kind": cells.choice("kind", FeeKind.values),
        "incoterm": cells.choice("incoterm", ["", *FeeIncoterm.values]),
        "currency": currency,
        "fixed": fixed,
        "percent": percent,
        "minimum": _amount(cells, "minimum"),
        "active": cells.choice("active", ["yes", "no"], "yes") == "yes",
    }
    return _dated(cells, (cells.needed("code").lower(),), values)


def _restriction(cells: Cells) -> DatedRow:
    hs_prefix, flag = cells.goods_code(), cells.text("flag", most=40).lower()
    if not hs_prefix and not flag:
        raise CellRefused("hs_prefix", "", _("Name a goods code or a flag of the goods."))
    values = {
        "destination": cells.destination(),
        "hs_prefix": hs_prefix,
        "flag": flag,
        "effect": cells.choice("effect", RestrictionEffect.values),
        "shopper_note": cells.text("shopper_note"),
        "legal_basis": cells.text("legal_basis", most=200),
        "active": cells.choice("active", ["yes", "no"], "yes") == "yes",
    }
    return _dated(cells, (cells.needed("code").lower(),), values)


def _postal_rate(cells: Cells) -> DatedRow:
    parts = {f"{part}_rate": _percent(cells, f"{part}_percent") or Decimal(0) for part in PARTS}
    total = _percent(cells, "rate_percent")
    if total is None:
        total = sum(parts.values(), Decimal(0))
    if sum(parts.values(), Decimal(0)) != total:
        raise CellRefused("rate_percent", str(total * 100), _("The parts do not add up to the rate."))
    if total >= 1:
        raise CellRefused("rate_percent", str(total * 100), _("A rate lies below 100 percent."))
    values = {
        "region": cells.needed("region").upper(),
        "name": cells.text("name", most=120),
        "rate": total,
        **parts,
    }
    return _dated(cells, (_country(cells), cells.needed("postal_code").upper()), values)


def _tax_rate(cells: Cells) -> DatedRow:
    rate = _percent(cells, "rate_percent")
    if rate is None or rate >= 1:
        raise CellRefused("rate_percent", cells.text("rate_percent"), _("A rate lies below 100 percent."))
    category = cells.text("tax_category") or STANDARD
    if category not in _known_codes()["categories"]:
        raise CellRefused("tax_category", category, _("There is no such tax category."))
    kind = cells.choice("kind", RateKind.values, RateKind.VAT.value)
    values = {
        "rate": rate,
        "rate_class": cells.text("rate_class", most=40) or "standard",
        "rate_of": cells.choice("rate_of", RateBase.values, RateBase.NET.value),
    }
    return _dated(cells, (_country(cells), cells.text("region", most=60), category, kind), values)


def _country(cells: Cells) -> str:
    code = cells.country()
    if code not in _known_codes()["countries"]:
        raise CellRefused("country", code, _("There is no such country."))
    return code


def _known_codes() -> Mapping[str, frozenset[str]]:
    """Codes that rows point at."""

    def read() -> dict[str, frozenset[str]]:
        return {
            "countries": frozenset(Country.objects.values_list("pk", flat=True)),
            "categories": frozenset(TaxCategory.objects.values_list("pk", flat=True)),
        }

    return remembered("codes of table files", read)


def _new_tax_rate(key: tuple[Any, ...]) -> Mapping[str, Any]:
    country, region, category, kind = key
    place, _made = Jurisdiction.objects.get_or_create(
        country_id=country, region=region, postal_prefix="", defaults={"name": region or country}
    )
    return {"jurisdiction": place, "tax_category_id": category, "kind": kind}


def _amount(cells: Cells, column: str) -> Decimal | None:
    found = cells.number(column)
    return None if found is None else found.quantize(Decimal("0.0001"))


def _percent(cells: Cells, column: str) -> Decimal | None:
    found = cells.number(column)
    return None if found is None else (found / 100).quantize(FRACTION)


def _plain(columns: tuple[str, ...]) -> Callable[[Any], Mapping[str, Any]]:
    return lambda row: {column: getattr(row, column) for column in columns}


def _postal_cells(row: PostalTaxRate) -> Mapping[str, Any]:
    percents = {f"{part}_percent": getattr(row, f"{part}_rate") * 100 for part in PARTS}
    return {
        "country": row.country_id, "region": row.region, "postal_code": row.postal_code, "name": row.name,
        "rate_percent": row.rate * 100, **percents, **_plain(COMMON)(row),
    }  # fmt: skip


def _tax_rate_cells(row: TaxRate) -> Mapping[str, Any]:
    place = row.jurisdiction
    return {
        "country": place.country_id, "region": place.region, "tax_category": row.tax_category_id,
        "rate_percent": row.rate * 100, **_plain(("kind", "rate_class", "rate_of", *COMMON))(row),
    }  # fmt: skip


DUTY_KEY = ("destination", "hs_prefix", "origin", "kind", "name")
DUTY = (*DUTY_KEY, "rate_percent", "specific_amount", "specific_currency", "specific_unit", "needs_proof", *COMMON)
FEE = (
    "code", "destination", "carrier_service", "kind", "incoterm", "currency", "fixed", "percent", "minimum", "active",
    *COMMON,
)  # fmt: skip
RESTRICTION = (
    "code", "destination", "hs_prefix", "flag", "effect", "shopper_note", "legal_basis", "active", *COMMON
)  # fmt: skip
POSTAL = (
    "country", "region", "postal_code", "name", "rate_percent", *(f"{part}_percent" for part in PARTS), *COMMON
)  # fmt: skip

DUTIES = TableFormat(
    "duties", gettext_lazy("Duties"), DUTY, DatedTable(DutyRule, DUTY_KEY, _key_columns(*DUTY_KEY)), _duty, _plain(DUTY)
)
VALUATION = TableFormat(
    "valuation",
    gettext_lazy("Customs valuation"),
    ("destination", "basis", *COMMON),
    DatedTable(CustomsValuation, ("destination",), _key_columns("destination")),
    _valuation,
    _plain(("destination", "basis", *COMMON)),
)
FEES = TableFormat(
    "fees", gettext_lazy("Clearance fees"), FEE, DatedTable(ClearanceFee, ("code",), _key_columns("code")), _fee,
    _plain(FEE),
)  # fmt: skip
RESTRICTIONS = TableFormat(
    "restrictions",
    gettext_lazy("Restrictions"),
    RESTRICTION,
    DatedTable(RestrictionRule, ("code",), _key_columns("code")),
    _restriction,
    _plain(RESTRICTION),
)
POSTAL_RATES = TableFormat(
    "postal_rates",
    gettext_lazy("Tax rates by postal code"),
    POSTAL,
    DatedTable(PostalTaxRate, ("country_id", "postal_code"), _key_columns("country_id", "postal_code")),
    _postal_rate,
    _postal_cells,
)
TAX_RATES = TableFormat(
    "tax_rates",
    gettext_lazy("Tax rates"),
    ("country", "region", "tax_category", "kind", "rate_percent", "rate_class", "rate_of", *COMMON),
    DatedTable(
        TaxRate,
        ("jurisdiction__country_id", "jurisdiction__region", "tax_category_id", "kind"),
        _new_tax_rate,
    ),
    _tax_rate,
    _tax_rate_cells,
)
FORMATS: Mapping[str, TableFormat] = {
    one.name: one for one in (DUTIES, VALUATION, FEES, RESTRICTIONS, TAX_RATES, POSTAL_RATES)
}
