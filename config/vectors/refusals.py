"""Cases of wrong input: what the shop refuses, and under which code."""

from datetime import date
from decimal import Decimal
from typing import Any

from config.vectors.borders import IOSS, Input, goods, parcel_to, tariff
from config.vectors.running import Answer
from config.vectors.world import facts_with, rate_fact, reference_facts
from core.money import Money, to_minor
from markets.duty.papers import check_description
from markets.landed import Parcel, landed_cost
from markets.tax_ids.kinds import IDENTITIES
from markets.tax_ids.reading import TaxIdRefused, read_tax_id


def wrong(told: Input, on: date) -> Answer:
    facts = reference_facts()
    if "ioss" in told:
        parcel = parcel_to("DE", [goods(told["intrinsic_value"], "EUR")], on=on, wants_scheme="ioss")
        landed_cost(parcel, facts_with(registrations=IOSS, rows=[tariff("DE", "0")], on=on))
    elif "description" in told:
        check_description(told["description"])
    elif "cpf" in told:
        return identity("BR", "cpf", told["cpf"])
    elif "currency" in told:
        to_minor(Money(Decimal(told["amount"]), told["currency"]))
    elif "tax_date" in told:
        day, there = date.fromisoformat(told["tax_date"]), told["country"]
        line = goods("1.00", "EUR", tax_category=told["category"])
        parcel = parcel_to(there, [line], on=day, ship_from=there)
        known = facts_with(
            registrations=[(there, "domestic")],
            rates=[rate_fact(there, "5.5", category=told["category"], effective_from=on)],
            on=on,
        )
        landed_cost(parcel, known)
    else:
        landed_cost(_wrong_parcel(told, on), facts)
    return {"error": ""}


def identity(country: str, kind: str, typed: str) -> Answer:
    """Whether an identity number can be right, with the reason if not."""
    try:
        return {"number": read_tax_id(IDENTITIES[country, kind], typed)}
    except TaxIdRefused as refusal:
        return {"error": refusal.reason}


def _wrong_parcel(told: Input, on: date) -> Parcel:
    line = told.get("line", told)
    more: dict[str, Any] = {}
    if "hs" in line:
        more["hs_code"] = line["hs"] or ""
    if "origin" in line:
        more["origin"] = line["origin"] or ""
    if "qty" in line:
        more["quantity"] = line["qty"]
    there = told.get("ship_to", "US")
    return parcel_to(there, [goods("20.00", "EUR", **more)], on=on, ship_from=told.get("ship_from", "CN"))
