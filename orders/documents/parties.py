"""Who sells and who buys, as a document names them: read once when it is issued, and frozen on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from markets.addresses import format_address
from markets.models import BuyerTaxId, LegalEntity, Market, TaxIdStatus, TaxRegistration
from markets.tax_ids.kinds import EU, NORTHERN_IRELAND, kind_of
from orders.documents.refusals import DocumentRefused
from orders.documents.rules import SellerFact
from orders.models import Order

ADDRESS = ("street", "city")
"""Without these an address reaches nobody. Some countries have no postal codes."""


def seller_of(order: Order) -> LegalEntity:
    """The seller the order names, else the one its market has now. Raises `DocumentRefused`."""
    if order.merchant_ref:
        named = LegalEntity.objects.filter(code=order.merchant_ref).first()
        if named is None:
            raise DocumentRefused("seller")
        return named
    now = Market.objects.select_related("seller").filter(code=order.market).first()
    seller = now.seller if now else None
    if order.seller_name and (seller is None or seller.name != order.seller_name):
        seller = LegalEntity.objects.filter(name=order.seller_name).first() or seller
    if seller is None:
        raise DocumentRefused("seller")
    return seller


def seller_fact(seller: LegalEntity, day: date) -> SellerFact:
    """The seller as the rules ask about them on a day."""
    held = TaxRegistration.objects.filter(legal_entity=seller).on(day).order_by("country", "region", "pk")
    numbers = [(row.country_id, str(row.scheme), row.number) for row in held]
    home = [number for country, scheme, number in numbers if country == seller.country_id and scheme == "domestic"]
    return SellerFact(
        country=seller.country_id,
        name=seller.name.strip(),
        has_address=all(str(seller.address.get(part, "")).strip() for part in ADDRESS),
        own_number=next((number for number in home if number), "") or seller.tax_number,
        register=seller.register.strip(),
        numbers=numbers,
    )


def seller_json(seller: LegalEntity, fact: SellerFact, country: str) -> dict[str, Any]:
    """The seller as it is frozen. `numbers` are (country, number), the own one first, then that of the rules."""
    numbers = [[fact.country, fact.own_number]] if fact.own_number else []
    there = fact.number_in(country)
    if there and there != fact.own_number:
        numbers.append([country, there])
    return {
        "code": seller.code,
        "name": fact.name,
        "country": fact.country,
        "parts": {name: str(value) for name, value in seller.address.items()},
        "lines": format_address(seller.address, fact.country),
        "email": seller.email,
        "phone": seller.phone,
        "register": fact.register,
        "numbers": numbers,
        "tax_number": seller.tax_number if seller.tax_number != fact.own_number else "",
    }


def buyer_json(order: Order) -> dict[str, Any]:
    """The buyer: where the bill goes, and their number if its register or its digits say that it is right."""
    ship, bill = order.addresses["ship"], order.addresses.get("bill")
    address: Mapping[str, Any] = bill or ship
    parts = _written(address)
    number = _business_number(order)
    return {
        "name": parts.get("company") or parts.get("name", ""),
        "person": parts.get("name", ""),
        "country": address["country"],
        "parts": parts,
        "lines": list(address.get("lines", [])),
        "tax_id": number.number if number else "",
        "tax_id_country": number.country if number else "",
        "ship_country": ship["country"],
        "ship_parts": _written(ship),
        "ship_lines": list(ship.get("lines", [])) if bill and bill.get("lines") != ship.get("lines") else [],
    }


def _written(address: Mapping[str, Any]) -> dict[str, str]:
    """What of an address stands on paper. How to reach the buyer does not: papers outlast an erasure."""
    return {name: str(value) for name, value in address.get("parts", {}).items() if name != "phone"}


def wants_electronic(buyer: Mapping[str, Any], seller: Mapping[str, Any]) -> bool:
    """Whether the structured invoice of EN 16931 goes inside: a business of the union buys from a seller of it."""
    union = {*EU, NORTHERN_IRELAND}
    return bool(buyer["tax_id"]) and buyer["tax_id_country"] in union and seller["country"] in union


def _business_number(order: Order) -> BuyerTaxId | None:
    rows = BuyerTaxId.objects.filter(reference=order.number, status=TaxIdStatus.VALID).order_by("pk")
    for row in rows:
        kind = kind_of(row.country, row.kind)
        if kind is not None and kind.purpose == "business":
            return row
    return None
