"""Cases about where and how tax and duty fall: business buyers, thresholds, territories, imports, wrong input."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from config.vectors.running import Answer, NotOurs
from config.vectors.world import facts_with, market_of, money, rate_fact, reference_facts, rule_named, rules_naming
from core.money import Money, from_minor, sum_money, to_minor, zero
from markets.duty.exchange import in_currency
from markets.duty.papers import check_product_ids
from markets.duty.types import DutyRow
from markets.landed import Buyer, LandedCost, LandedFacts, Parcel, ParcelLine, landed_cost
from markets.landed.schemes import treatments_of, way_of
from markets.tax.rates import rate_for

Input = Mapping[str, Any]
IOSS = (("DE", "ioss"),)
ANY_CODE = "950300"
CODES = {"bag": "420222", "general": "392410"}
CURRENCY = {
    "GB": "GBP",
    "NO": "NOK",
    "CH": "CHF",
    "AU": "AUD",
    "SG": "SGD",
    "MY": "MYR",
    "JP": "JPY",
    "TH": "THB",
    "CN": "CNY",
    "CA": "CAD",
    "SA": "SAR",
    "AE": "AED",
}


def parcel_to(
    country: str,
    lines: Sequence[ParcelLine],
    *,
    on: date,
    currency: str = "",
    shipping: str = "0.00",
    entry: str = "net",
    **more: Any,
) -> Parcel:
    """A parcel from China unless said otherwise, in the currency of its destination."""
    code = currency or CURRENCY.get(country, "EUR")
    return Parcel(
        market=more.pop("market", None) or market_of(country, code, entry=entry),
        ship_from=more.pop("ship_from", "CN"),
        country=country,
        on=on,
        lines=tuple(lines),
        shipping=_tidy(shipping, code),
        **more,
    )


def goods(amount: str, currency: str, key: str = "1", **more: Any) -> ParcelLine:
    """A line of goods; what a case leaves out is something that every tariff knows."""
    return ParcelLine(
        key=key,
        amount=_tidy(amount, currency),
        tax_category=more.pop("tax_category", "standard"),
        hs_code=more.pop("hs_code", ANY_CODE),
        origin=more.pop("origin", "CN"),
        **more,
    )


def tariff(country: str, percent: str, *, name: str = "", **more: Any) -> DutyRow:
    """A duty that a case states as a parameter."""
    plain: dict[str, Any] = {
        "rule_id": f"case:{country}:{name or 'mfn'}",
        "destination": country,
        "hs_prefix": "",
        "origin": "",
        "kind": "mfn",
        "rate_percent": Decimal(percent),
        "specific": None,
        "specific_unit": "",
        "needs_proof": False,
        "name": name,
    }
    return DutyRow(**(plain | more))


def figures(found: LandedCost) -> dict[str, Any]:
    """What a landed cost says, in the words cases use."""
    tax = found.tax_now + found.border_tax
    first = next(iter(found.treatments.values()))
    return {
        "duty": _text(found.duty),
        "vat": _text(tax),
        "tax": _text(tax),
        "total": _text(found.landed),
        "landed_total": _text(found.landed),
        "total_tax": _text(found.duty + tax),
        "intrinsic_value": _text(found.intrinsic),
        "customs_value": _text(found.customs_value),
        "vat_base": _text(_base(found)),
        "merchant_cost_duty": _text(found.duty if found.payer == "seller" else zero(found.duty.currency.code)),
        "low_value": first.is_within,
        "duty_free": "duty" in first.relief,
        "scheme": first.scheme,
        "scheme_allowed": first.scheme,
        "entry": first.scheme,
        "border": first.scheme,
    }


def business(told: Input, on: date) -> Answer:
    home, there = told["seller_warehouse"], told["ship_to"]
    buyer = Buyer(
        tax_id=told["buyer_vat_id"], tax_id_country=told["buyer_vat_id"][:2], tax_id_status=told["vies_result"]
    )
    facts = facts_with(registrations=[(home, "domestic"), (home, "oss")], on=on)
    parcel = parcel_to(
        there,
        [goods(told["gross_price"], "EUR")],
        on=on,
        market=market_of(home, "EUR", entry="gross"),
        ship_from=home,
        buyer=buyer,
    )
    found = landed_cost(parcel, facts)
    treatment = found.treatments["1"]
    at_destination = treatment.collector == "seller" and treatment.place.country == there
    return {
        "net": _text(found.goods),
        "tax": _text(found.tax_now),
        "total": _text(found.landed),
        "invoice_note": f"{treatment.reason}_{treatment.scheme}",
        "tax_mode": "charge_destination_vat" if at_destination and to_minor(found.tax_now) else treatment.scheme,
        "flag": "vies_pending_retry" if "tax_id_pending" in treatment.notes else "",
    }


def territory(told: Input, on: date) -> Answer:
    """The treatment of a postal code: outside the tax area, at another rate, or as another country."""
    facts = reference_facts()
    country = told["country"]
    parcel = parcel_to(country, [goods("1.00", "EUR")], on=on, ship_from=country, postal_code=told["postal_code"])
    place = way_of(parcel, facts).place
    if place.is_outside:
        area = "eu" if country in facts.tax.eu else country.lower()
        local = f"_local_{_percent(place.local_rate)}" if place.local_rate is not None else ""
        return {"treatment": f"outside_{area}_vat{local}"}
    if place.region:
        return {"treatment": f"rate_{_percent(rate_for(place, 'standard', on, facts.tax).rate)}"}
    return {"treatment": f"as_{place.country}"}


def eu_import(told: Input, on: date) -> Answer:
    if "declaration" in told:
        item = told["item"]
        check_product_ids(
            merchant=item["merchant_product_id"], manufacturer=item["manufacturer_product_id"], on=on,
            rules=reference_facts().duty.low_value, destination="EU27",
        )  # fmt: skip
        raise NotOurs
    if "fee_row_active" in told:
        return _national_fee(told, on)
    return _eu_parcel(told, on)


def _national_fee(told: Input, on: date) -> Answer:
    country = told["clearance_country"]
    rules = rules_naming(country, "fee_flat") if told["fee_row_active"] else []
    facts = facts_with(rules=rules, exchange={"RON": "5.00"}, on=on)
    parcels = [parcel_to(country, [goods("20.00", "EUR")], on=on) for _ in range(told["parcels"])]
    fees = [fee for one in parcels for fee in landed_cost(one, facts).fee_lines]
    return {
        f"national_fee_{currency.lower()}": _text(
            sum_money((fee.original for fee in fees if fee.original.currency.code == currency), currency)
        )
        for currency in {fee.original.currency.code for fee in fees}
    }


def _eu_parcel(told: Input, on: date) -> Answer:
    there, lines = told["ship_to"], _eu_lines(told)
    has_scheme = told.get("scheme") == "IOSS"
    recovered = told.get("duty_recovered_from_buyer", True)
    rows = [tariff(there, told.get("duty_rate_percent", "10"))]
    rates = [rate_fact(there, told["vat_rate_percent"])] if "vat_rate_percent" in told else []
    origins = {line.origin for line in lines} - {"CN"}
    preferences = [
        tariff("EU27", "0", kind="preference", needs_proof=True, origin=origin, name="preference")
        for origin in sorted(origins)
    ]
    facts = facts_with(registrations=IOSS if has_scheme else (), rows=[*rows, *preferences], rates=rates, on=on)
    parcel = parcel_to(
        there,
        lines,
        on=on,
        ship_from=told["ship_from"],
        shipping=told.get("shipping_net", told.get("freight_insurance", "0.00")),
        payer="buyer_now" if recovered else "seller",
        wants_scheme="ioss" if has_scheme else "",
    )
    return {**figures(landed_cost(parcel, facts)), "alternative": _alternative(told, lines, facts, on)}


def _eu_lines(told: Input) -> list[ParcelLine]:
    if "items" not in told:
        return [goods(_eu_value(told), "EUR")]
    return [
        goods(
            item["net_total"],
            "EUR",
            str(at),
            hs_code=item["hs6"],
            origin=item.get("origin", "CN"),
            quantity=item.get("qty", 1),
        )
        for at, item in enumerate(told["items"])
    ]


def _eu_value(told: Input) -> str:
    if "goods_list" in told:
        listed, less = money(told["goods_list"], "EUR"), money(told["seller_funded_discount"], "EUR")
        return _text(listed - less)
    return str(told.get("goods") or told["intrinsic_value"])


def _alternative(told: Input, lines: Sequence[ParcelLine], facts: LandedFacts, on: date) -> Answer:
    """The full declaration instead of the simplified one, with every proof of origin at hand."""
    proven = [ParcelLine(**{**vars(line), "has_origin_proof": True}) for line in lines]
    parcel = parcel_to(told["ship_to"], proven, on=on, ship_from=told["ship_from"], declaration="standard")
    found = landed_cost(parcel, facts)
    needs_proof = any(line.needs_proof for line in found.duty_lines)
    return {
        "scheme": "H1_standard",
        "duty": _text(found.duty),
        "condition": "proof_of_origin" if needs_proof else "",
    }


def britain(told: Input, on: date) -> Answer:
    if "cases" in told:
        return {"low_value": [_british(_british_amounts(one), on) for one in told["cases"]]}
    if "duty_rate_percent" in told:
        facts = facts_with(
            rows=[tariff("GB", told["duty_rate_percent"])], rates=[rate_fact("GB", told["vat_rate_percent"])], on=on
        )
        return figures(
            landed_cost(parcel_to("GB", [goods(told["goods"], "GBP")], on=on, shipping=told["freight"]), facts)
        )
    parcel = parcel_to(
        "GB", [goods(told["goods_net"], "GBP")], on=on, shipping=told["shipping_net"], ship_from=told["ship_from"]
    )
    found = landed_cost(parcel, facts_with(registrations=[("GB", "uk_lvi")], on=on))
    at_sale = found.treatments["1"].collector == "seller"
    return {**figures(found), "vat_kind": "supply_vat" if at_sale else "import_vat"}


def _british(amounts: Sequence[str], on: date) -> bool | None:
    lines = [goods(amount, "GBP", str(at)) for at, amount in enumerate(amounts)]
    facts = facts_with(registrations=[("GB", "uk_lvi")], on=on)
    return treatments_of(parcel_to("GB", lines, on=on), facts)[1]["0"].is_within


def _british_amounts(told: Input) -> Sequence[str]:
    return told.get("items") or [told["goods_net"]]


def norway(told: Input, on: date) -> Answer:
    lines = [
        goods(row["net"], "NOK", row["sku"], tax_category=row.get("category", "standard")) for row in told["lines"]
    ]
    facts = facts_with(registrations=[("NO", "no_voec")], rows=[tariff("NO", "0")], on=on)
    found = landed_cost(parcel_to("NO", lines, on=on, shipping=told.get("freight_net", "0.00")), facts)
    by_line = {
        line.key: {
            "scheme": found.treatments[line.key].scheme,
            "vat": _text(sum_money((tax.amount for tax in found.tax_lines if tax.key == line.key), "NOK")),
        }
        for line in lines
    }
    return {**figures(found), **by_line, "must_split_parcels": found.must_split}


def switzerland(told: Input, on: date) -> Answer:
    held = [("CH", "ch_mail_order")] if told["seller_on_mail_order_register"] else []
    facts = facts_with(registrations=held, rates=[rate_fact("CH", told["rate_percent"])], on=on)
    found = landed_cost(parcel_to("CH", [goods(told["value_incl_freight"], "CHF")], on=on), facts)
    treatment = found.treatments["1"]
    exempt = treatment.reason == "below_threshold"
    return {
        "import_tax": _text(treatment.compared) if treatment.compared else "",
        "result": "exempt" if exempt else "taxed",
    }


def oceania(told: Input, on: date) -> Answer:
    if "usd_per_nzd" in told:
        return _new_zealand(told, on)
    facts = facts_with(registrations=[("AU", "au_lvig")], rows=[tariff("AU", "5")], on=on)
    if "price_incl" in told:
        line = goods(told["price_incl"], "AUD")
        parcel = parcel_to("AU", [line], on=on, shipping=told["delivery_incl"], entry="gross")
        found = landed_cost(parcel, facts)
        return {**figures(found), "customs_value": _text(found.intrinsic), "gst": _text(found.tax_now)}
    lines = [goods(item["customs_value"], "AUD", str(at)) for at, item in enumerate(told["items"])]
    found = landed_cost(parcel_to("AU", lines, on=on), facts)
    return {**figures(found), "checkout_gst": _text(found.tax_now)}


def _new_zealand(told: Input, on: date) -> Answer:
    facts = facts_with(registrations=[("NZ", "nz_lvg")], exchange={"USD": told["usd_per_nzd"], "NZD": "1"}, on=on)
    parcel = parcel_to("NZ", [goods(told["goods_usd"], "USD")], on=on, currency="USD", shipping=told["shipping_usd"])
    found = landed_cost(parcel, facts)
    local = {
        name: in_currency(money(told[f"{name}_usd"], "USD"), "NZD", on=on, facts=facts.duty)
        for name in ("goods", "shipping")
    }
    in_local = landed_cost(
        parcel_to(
            "NZ", [goods(_text(local["goods"]), "NZD")], on=on, currency="NZD", shipping=_text(local["shipping"])
        ),
        facts,
    )
    return {
        **figures(found),
        **{f"{name}_nzd": _text(amount) for name, amount in local.items()},
        "gst_nzd": _text(in_local.tax_now),
        "gst_usd": _text(found.tax_now),
        "total_usd": _text(found.landed),
    }


def rule_with(code: str, amount: str) -> Any:
    """A rule of the table with another threshold, as a case configures it."""
    rule = rule_named(code)
    threshold = rule.threshold
    if threshold is None:
        raise ValueError(code)
    return type(rule)(**{**vars(rule), "threshold": Money(Decimal(amount), threshold.currency.code)})


def _tidy(written: str, currency: str) -> Money:
    return from_minor(to_minor(Money(Decimal(written), currency)), currency)


def _text(amount: Money) -> str:
    return str(from_minor(to_minor(amount), amount.currency.code).amount)


def _percent(fraction: Decimal | None) -> str:
    return f"{(fraction * 100).normalize():f}" if fraction is not None else ""


def _base(found: LandedCost) -> Money:
    taxed = [tax for tax in (*found.tax_lines, *found.border_tax_lines) if tax.rate]
    return sum_money((tax.base for tax in taxed), found.duty.currency.code)
