"""Reference files as rows of our tables. Pure: each function reads one file's content."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from markets.models import STANDARD
from markets.reference.periods import DatedRow

SPECIAL_NAMES = {"*": STANDARD}
GST_COUNTRIES = frozenset({"AU", "CA", "IN", "NZ", "SG"})
TAX_IN_ITS_OWN_BASE = ("icms",)
NO_RATE = "none"
"""The class of rows that only say that there is no national tax; they are no rates."""


def day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def amount(written: str | None) -> Decimal | None:
    return Decimal(written) if written else None


def sourced(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields every row has."""
    note = row.get("note") or row.get("notes") or ""
    return {"verification": row.get("verification", "D"), "sources": row.get("sources", []), "note": note}


def _dated(row: Mapping[str, Any], key: tuple[Any, ...], values: Mapping[str, Any]) -> DatedRow:
    return DatedRow(
        key=key,
        values={**values, **sourced(row)},
        effective_from=day(row.get("effective_from")),
        effective_to=day(row.get("effective_to")),
    )


def currencies(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in content["rows"]:
        if row["iso_minor_units"] is None:
            continue
        step = (row.get("cash_increment") or {}).get("step")
        notes = [row[name] for name in ("warning", "warning2") if row.get(name)]
        units = {"stripe": row["stripe"], "paypal": row["paypal"], "cash": row.get("cash_increment")}
        yield (
            row["code"],
            {
                "numeric": row["numeric"],
                "name": row["name"],
                "exponent": row["iso_minor_units"],
                "display_digits": row["cldr_digits"],
                "provider_units": units,
                "cash_increment": amount(step),
                "ecb_reference_rate": row["ecb_reference_rate"],
                **sourced(row),
                "note": "\n".join(notes),
            },
        )


def tax_categories(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    named = content["category_codes"]
    used = {code for row in content["rows"] for code in row["categories"]}
    for code in sorted({*named, *used}):
        yield category_code(code), {"name": named.get(code, code.replace("_", " "))}


def category_code(code: str) -> str:
    return SPECIAL_NAMES.get(code, code)


def jurisdictions(content: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(row["country"], row["region"] or "") for row in content["rows"] if row["rate_class"] != NO_RATE}


def tax_rates(content: Mapping[str, Any]) -> Iterator[DatedRow]:
    """One row per category: key (country, region, category, kind)."""
    for row in content["rows"]:
        if row["rate_class"] == NO_RATE:
            continue
        for code in row["categories"]:
            values = {
                "rate": (Decimal(row["rate_percent"]) / 100).quantize(Decimal("0.00001")),
                "rate_class": row["rate_class"],
                "rate_of": "gross" if row["rate_class"].startswith(TAX_IN_ITS_OWN_BASE) else "net",
            }
            kind = _kind(row["country"], row["rate_class"])
            yield _dated(row, (row["country"], row["region"] or "", category_code(code), kind), values)


def _kind(country: str, rate_class: str) -> str:
    if "sales" in rate_class:
        return "sales"
    return "gst" if country in GST_COUNTRIES else "vat"


def territories(content: Mapping[str, Any], regions: Mapping[str, set[str]]) -> Iterator[DatedRow]:
    """Special territories; `regions` are the places of a country that have rates of their own."""
    for row in content["rows"]:
        yield _dated(
            row,
            (row["country"], row["name"]),
            {
                "postal_code_regex": row["postal_code_regex"],
                "source_treatment": row["vat_treatment"],
                "in_customs_union": row["customs_union"],
                **_treatment(row, regions.get(row["country"], set())),
            },
        )


def _treatment(row: Mapping[str, Any], regions: set[str]) -> dict[str, str]:
    told = row["vat_treatment"]
    if told == "block":
        return {"treatment": "block", "region": "", "as_country": ""}
    if told.startswith("outside"):
        return {"treatment": "outside", "region": "", "as_country": ""}
    region = next((name for name in sorted(regions) if name in row["name"]), "")
    if told.startswith("rate_") and region:
        return {"treatment": "region", "region": region, "as_country": ""}
    named = re.match(r"as_([A-Z]{2})$", told)
    return {"treatment": "as_country", "region": "", "as_country": named.group(1) if named else row["country"]}


def low_value_rules(content: Mapping[str, Any]) -> Iterator[DatedRow]:
    for row in content["rows"]:
        threshold = row["threshold"]
        yield _dated(
            row,
            (row["id"],),
            {
                "destination": row["destination"],
                "scheme": row["scheme"],
                "threshold_amount": amount(threshold.get("amount")),
                "threshold_currency": threshold.get("currency") or "",
                "threshold_operator": threshold.get("operator") or "",
                "threshold_basis": threshold.get("basis") or "",
                "threshold": threshold,
                "below_threshold": row["below_threshold"],
                "above_threshold": row["above_threshold"],
                "collector": row["collector"],
                "seller_registration": row["seller_registration"] or "",
                "identifier_to_transmit": row["identifier_to_transmit"],
                "excluded_goods": row["excluded_goods"],
                "engine_params": row["engine_params"],
                "active": row["active_by_default"],
            },
        )


def payment_methods(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in content["methods"]:
        yield (
            row["code"],
            {
                "brand": row["brand"],
                "provider_codes": row["provider_codes"],
                "buyer_countries": row["buyer_countries"],
                "presentment_currencies": row["presentment_currencies"],
                "family": row["family"],
                "flow": row["flow"],
                "confirmation": row["confirmation"],
                "is_delayed": row["confirmation"].startswith("delayed"),
                "typical_completion": row["typical_completion"],
                "refunds": row["refunds"],
                "buyer_disputes": row["buyer_disputes"],
                "is_reusable": row["reusable_for_recurring"],
                "status": row["status"],
                **sourced(row),
            },
        )


def invoice_requirements(content: Mapping[str, Any]) -> Iterator[DatedRow]:
    copied = ("name", "b2c_invoice_duty", "mandatory_fields", "numbering", "e_invoicing", "formats", "language")
    for row in content["rows"]:
        simplified = row["simplified_invoice"] or {}
        values = {name: row[name] for name in (*copied, "retention", "credit_note", "seller_tax_id_label")}
        values |= {
            "simplified": simplified,
            "simplified_limit": amount(simplified.get("limit")),
            "simplified_currency": simplified.get("currency") or "",
        }
        yield _dated(row, (row["country"],), values)


def tracking_statuses(content: Mapping[str, Any]) -> Iterator[DatedRow]:
    groups = {status: group for group, statuses in content["shopper_groups"].items() for status in statuses}
    for row in content["rows"]:
        values = {
            "canonical": row["canonical"],
            "shopper_group": groups.get(row["canonical"], ""),
            "is_terminal": row["canonical"] in content["terminal"],
        }
        yield _dated(row, (row["provider"], row["level"], row["code"]), values)


def size_tables(content: Mapping[str, Any]) -> Iterator[DatedRow]:
    for row in content["tables"]:
        values = {"group": row["group"], "columns": row["columns"], "rows": row["rows"]}
        yield _dated(row, (row["code"],), values)


def registrations(content: Mapping[str, Any], seller: str) -> Iterator[DatedRow]:
    for row in content["registrations"]:
        values = {
            "number": row["number"],
            "threshold": amount(row.get("threshold")),
            "threshold_currency": row.get("threshold_currency", ""),
        }
        yield _dated(row, (seller, row["country"], row.get("region", ""), row["scheme"]), values)


def address_rules(content: Mapping[str, Any]) -> Iterator[DatedRow]:
    for row in content["address_rules"]:
        values = {
            "required_fields": row.get("required_fields", []),
            "optional_fields": row.get("optional_fields", []),
            "phone_required": row.get("phone_required", False),
        }
        yield _dated(row, (row["country"],), values)


def compliance_rules(content: Mapping[str, Any], markets: Mapping[str, int]) -> Iterator[DatedRow]:
    """Rules that ask, refuse or hold, by their code. Why is told in every language, with the parameters."""
    for row in content["rows"]:
        told = row["explanation"]
        yield _dated(
            row,
            (row["code"],),
            {
                "market_id": markets[row["market"]] if row.get("market") else None,
                "country_id": row.get("country"),
                "priority": row.get("priority", 0),
                "condition": row["condition"],
                "action": row["action"],
                "parameters": {**row["parameters"], "explanation": told},
                "explanation": told["en"],
            },
        )
