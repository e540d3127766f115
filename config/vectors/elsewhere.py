"""Cases of Asia, the Americas and the Gulf. Each says the same things in its own words and currency."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from config.vectors.borders import CODES, Input, figures, goods, parcel_to, rule_with, tariff
from config.vectors.refusals import identity
from config.vectors.running import Answer, NotOurs
from config.vectors.world import facts_with, money, rate_fact
from core.money import Money, sum_money, zero
from markets.duty.types import DutyRow
from markets.landed import Buyer, LandedCost, landed_cost


def asia(told: Input, on: date) -> Answer:
    for field, ask in ASIA.items():
        if field in told:
            return ask(told, on)
    raise NotOurs


def americas(told: Input, on: date) -> Answer:
    for field, ask in AMERICAS.items():
        if field in told:
            return ask(told, on)
    return _by_cases(told, on)


def gulf(told: Input, on: date) -> Answer:
    if "ship_to" in told:
        line = goods(told["goods_eur"], "EUR")
        landed_cost(parcel_to(told["ship_to"], [line], on=on), facts_with(on=on))
        return {"error": ""}
    if "duty_threshold_aed" in told:
        facts = facts_with(rules=[rule_with("AE", told["duty_threshold_aed"])], on=on)
        found = [landed_cost(parcel_to("AE", [goods(one, "AED")], on=on), facts) for one in told["cases"]]
    else:
        amounts = [one["goods_plus_freight_sar"] for one in told["cases"]]
        found = [landed_cost(parcel_to("SA", [goods(one, "SAR")], on=on), facts_with(on=on)) for one in amounts]
    return {"results": [figures(one) for one in found]}


def _singapore(told: Input, on: date) -> Answer:
    held = [("SG", "sg_ovr")] if told.get("seller_registered", True) else []
    freight = told.get("shipping_sgd", told.get("cif_extra_sgd", "0.00"))
    parcel = parcel_to("SG", [goods(told["item_sgd"], "SGD")], on=on, shipping=freight)
    found = landed_cost(parcel, facts_with(registrations=held, on=on))
    return {"gst_at_sale": str(found.tax_now.amount), "gst_at_import": str(found.border_tax.amount)}


def _malaysia(told: Input, on: date) -> Answer:
    parcel = parcel_to("MY", [goods(told["item_myr"], "MYR")], on=on, shipping=told["shipping_myr"])
    rates = [rate_fact("MY", "10")]
    found = landed_cost(parcel, facts_with(registrations=[("MY", "low_value")], rates=rates, on=on))
    return {**figures(found), "lvg_tax": str(found.tax_now.amount)}


def _korea(told: Input, on: date) -> Answer:
    facts = facts_with(rows=[tariff("KR", told["duty_rate"])], on=on)
    line = goods(told["goods_usd"], "USD")
    return figures(landed_cost(parcel_to("KR", [line], on=on, currency="USD", ship_from=told["ship_from"]), facts))


def _customs_code(told: Input, on: date) -> Answer:
    return identity(told["ship_to"], "pccc", told["pccc"])


def _japan(told: Input, on: date) -> Answer:
    facts = facts_with(rows=[tariff("JP", told["duty_rate"])], on=on)
    line = goods(told["retail_jpy"], "JPY")
    found = landed_cost(parcel_to("JP", [line], on=on, is_personal_import=told["personal_import"]), facts)
    parts = {f"{name}_consumption_tax": str(_part(found, name).amount) for name in ("national", "local")}
    return {**figures(found), **parts, "total": str((found.duty + found.border_tax).amount)}


def _part(found: LandedCost, name: str) -> Money:
    return sum_money((tax.amount for tax in found.border_tax_lines if tax.part == name), found.duty.currency.code)


def _thailand(told: Input, on: date) -> Answer:
    facts = facts_with(rows=[tariff("TH", told["duty_rate"])], on=on)
    return figures(landed_cost(parcel_to("TH", [goods(told["cif_thb"], "THB")], on=on), facts))


def _indonesia(told: Input, on: date) -> Answer:
    found = []
    for kind in told["cases"]:
        line = goods(told["cif_usd"], "USD", hs_code=CODES[kind])
        found.append(landed_cost(parcel_to("ID", [line], on=on, currency="USD"), facts_with(on=on)))
    return {"results": [figures(one) for one in found]}


def _china(told: Input, on: date) -> Answer:
    if "cases" in told:
        return {"results": [_chinese(one, on) for one in told["cases"]]}
    return _chinese(told, on)


def _chinese(told: Input, on: date) -> Answer:
    excise = told.get("consumption_tax", "0")
    rates = [rate_fact("CN", told.get("vat", "13"))]
    if excise != "0":
        rates.append(rate_fact("CN", excise, kind="excise"))
    used = told.get("annual_used_cny")
    parcel = parcel_to(
        "CN",
        [goods(told["cny"], "CNY", origin="JP")],
        on=on,
        ship_from="JP",
        buyer=Buyer(spent_this_year=money(used, "CNY") if used else None),
        is_one_indivisible_item=told.get("single_indivisible_item", False),
    )
    found = landed_cost(parcel, facts_with(rates=rates, on=on))
    taxes = {name: _part(found, name) for name in ("", "excise")}
    return {
        "vat": str(taxes[""].amount),
        "consumption_tax": str(taxes["excise"].amount),
        "total": str(found.border_tax.amount),
    }


def _united_states(told: Input, on: date) -> Answer:
    rows = [_us_layer(row) for row in told.get("duty_layers", [])] or [tariff("US", "0")]
    parcel = parcel_to(
        told["ship_to"],
        [goods(told["goods_usd"], "USD", origin=told["origin"])],
        on=on,
        currency="USD",
        shipping=told.get("freight_usd", "0.00"),
    )
    found = landed_cost(parcel, facts_with(rows=rows, on=on))
    by_layer: dict[str, Money] = {}
    for line in found.duty_lines:
        by_layer[line.name] = by_layer.get(line.name, zero("USD")) + line.amount
    return {
        **figures(found),
        "by_layer": {name: str(amount.amount) for name, amount in by_layer.items()},
        "federal_vat": str((found.tax_now + found.border_tax).amount),
    }


def _us_layer(row: Mapping[str, str]) -> DutyRow:
    days = {
        f"effective_{ours}": date.fromisoformat(row[f"valid_{ours}"])
        for ours in ("from", "to")
        if row.get(f"valid_{ours}")
    }
    kind = "mfn" if row["name"] == "mfn" else "surcharge"
    return tariff("US", row["rate"], name=row["name"], kind=kind, **days)


def _brazil(told: Input, on: date) -> Answer:
    rates = [rate_fact("BR", told["icms_percent"], rate_of="gross")]
    facts = facts_with(registrations=[("BR", "br_remessa")], rates=rates, on=on)
    line = goods(told["customs_value_usd"], "USD")
    found = landed_cost(parcel_to("BR", [line], on=on, currency="USD", payer="buyer_now"), facts)
    return {**figures(found), "import_tax": str(found.duty.amount), "icms": str(found.tax_now.amount)}


def _by_cases(told: Input, on: date) -> Answer:
    """Several parcels of one country; the fields of the first say which."""
    cases: Sequence[Input] = told["cases"]
    first = cases[0]
    if "value_cad" in first:
        return {"results": [_canadian(one, on) for one in cases]}
    if "cif_usd" in first:
        return {"results": [_chilean(one, on) for one in cases]}
    if "origin" in first:
        return {"charge_usd": [_mexican(one, on) for one in cases]}
    raise NotOurs


def _canadian(told: Input, on: date) -> Answer:
    rates = [rate_fact("CA", told["hst"], region="ON")] if "hst" in told else []
    facts = facts_with(rows=[tariff("CA", told.get("duty", "0"))], rates=rates, on=on)
    line = goods(told["value_cad"], "CAD")
    return figures(landed_cost(parcel_to("CA", [line], on=on, region="ON", ship_from=told["ship_from"]), facts))


def _chilean(told: Input, on: date) -> Answer:
    held = [("CL", "low_value")] if told.get("seller_registered") else []
    line = goods(told["cif_usd"], "USD")
    return figures(landed_cost(parcel_to("CL", [line], on=on, currency="USD"), facts_with(registrations=held, on=on)))


def _mexican(told: Input, on: date) -> str:
    line = goods(told["usd"], "USD", origin=told["origin"])
    parcel = parcel_to("MX", [line], on=on, currency="USD", ship_from=told["origin"])
    found = landed_cost(parcel, facts_with(on=on))
    return str((found.duty + found.border_tax).amount)


Ask = Callable[[Input, date], Answer]
ASIA: Mapping[str, Ask] = {
    "item_sgd": _singapore,
    "item_myr": _malaysia,
    "goods_usd": _korea,
    "pccc": _customs_code,
    "retail_jpy": _japan,
    "cif_thb": _thailand,
    "cif_usd": _indonesia,
    "cny": _china,
    "cases": _china,
}
AMERICAS: Mapping[str, Ask] = {"goods_usd": _united_states, "customs_value_usd": _brazil}
