"""Our values as karrio's requests take them. Pure."""

from decimal import Decimal
from typing import Any

from inventory.carriers.types import Address, Parcel, Shipment


def party_of(one: Address) -> dict[str, Any]:
    """A sender or receiver. The lines of the label are name, streets and place; streets are what lies between."""
    streets = [line for line in one.lines if line not in (one.name, one.company)]
    return {
        "person_name": one.name,
        "company_name": one.company or None,
        "address_line1": f"{streets[0]} " if streets else "",  # without the space a number at its end would go first
        "address_line2": streets[1] if len(streets) > 2 else None,
        "city": one.city,
        "postal_code": one.postcode or None,
        "state_code": one.region or None,
        "country_code": one.country,
        "phone_number": one.phone or None,
        "email": one.email or None,
    }


def parcel_of(one: Parcel) -> dict[str, Any]:
    """A box in kilograms and centimetres."""
    sizes = {"length": one.length_mm, "width": one.width_mm, "height": one.height_mm}
    return {
        "weight": _number(Decimal(one.weight_g) / 1000),
        "weight_unit": "KG",
        "dimension_unit": "CM",
        **{name: _number(Decimal(size) / 10) for name, size in sizes.items() if size},
    }


def shipment_options(shipment: Shipment) -> dict[str, Any]:
    """What travels beside the parcel."""
    worth = sum((one.value.amount for one in shipment.customs.items), Decimal(0)) if shipment.customs else Decimal(0)
    currency = shipment.customs.items[0].value.currency.code if shipment.customs and shipment.customs.items else ""
    return {"declared_value": str(worth), "currency": currency} if currency else {}


def _number(value: Decimal) -> Any:
    """Its models want numbers, not texts; weights are no money."""
    return int(value) if value == value.to_integral_value() else value.__float__()
