"""A parcel as carriers and other warehouses are told of it: built from what the order froze."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.money import from_minor
from inventory.carriers.types import Address, Customs, CustomsItem, Parcel, Shipment
from inventory.models import Warehouse
from markets.addresses import label_lines
from markets.customs import crosses_customs
from orders.customs_gate import CustomsFactsMissing, lacking_for_customs
from orders.documents.shipping.facts import customs_parcel_facts, packed_rows
from orders.logistics.errors import ParcelNotReady
from orders.models import Fulfillment, Order

TARE_G = 120
"""What wrapping weighs where nobody has weighed the box: carriers charge for it."""


def shipment_of(parcel: Fulfillment, *, weight_g: int = 0, sides_mm: tuple[int, int, int] = (0, 0, 0)) -> Shipment:
    """The parcel for a carrier. `weight_g` and `sides_mm` are those of the packed box, when they are known.

    Raises `CustomsFactsMissing` for a parcel over a border that cannot be declared, and `ParcelNotReady` without an
    address of the warehouse, without goods, or without any weight.
    """
    order = parcel.order
    grams = weight_g or planned_weight(parcel)
    if not grams:
        raise ParcelNotReady(_("nobody knows what it weighs"))
    sender = _sender(parcel)
    return Shipment(
        ref=str(parcel.pk),
        order_ref=order.number,
        sender=sender,
        receiver=_receiver(order),
        parcel=Parcel(weight_g=grams, length_mm=sides_mm[0], width_mm=sides_mm[1], height_mm=sides_mm[2]),
        customs=_customs(order, parcel),
    )


def planned_weight(parcel: Fulfillment) -> int:
    """Grams of the goods by the catalogue, with something for the wrapping; 0 when a weight is not known."""
    lines = [row.order_line for row in parcel.lines.select_related("order_line")]
    counts = [row.quantity for row in parcel.lines.all()]
    weights = [line.weight_g or 0 for line in lines]
    if not lines or not all(weights):
        return 0
    return sum(weight * count for weight, count in zip(weights, counts, strict=True)) + TARE_G


def wanted_elsewhere(parcel: Fulfillment) -> dict[str, Any]:
    """The parcel as another warehouse is told of it: whom it goes to, what is in it, what customs must know."""
    order = parcel.order
    ship = order.addresses["ship"]
    packed = packed_rows(order).get(parcel.pk, [])
    if not packed:
        raise ParcelNotReady(_("there is nothing in it"))
    told: dict[str, Any] = {
        "parcel": str(parcel.pk),
        "order": order.number,
        "to": {
            "parts": dict(ship.get("parts", {})),
            "lines": list(ship.get("lines", [])),
            "country": ship["country"],
            "phone": order.phone,
        },
        "delivery": order.delivery_code,
        "carrier": parcel.carrier or order.delivery_carrier,
        "goods": [
            {"sku": part.sku, "name": part.name, "quantity": part.per_set * one.row.quantity}
            for one in packed
            for part in one.row.order_line.parts.all()
        ]
        + [
            {"sku": one.row.order_line.sku, "name": one.row.order_line.name, "quantity": one.row.quantity}
            for one in packed
            if not one.row.order_line.parts.all()
        ],
    }
    if crosses_customs(parcel.ships_from, order.country):
        if lacking := lacking_for_customs(parcel, order):
            raise CustomsFactsMissing(lacking)
        facts = customs_parcel_facts(order, parcel)
        told["customs"] = {
            "terms": facts["terms"],
            "scheme": facts["scheme"],
            "scheme_number": facts["scheme_number"],
            "currency": order.currency,
            "goods": facts["goods"],
        }
    return told


def _sender(parcel: Fulfillment) -> Address:
    place = Warehouse.objects.filter(code=parcel.warehouse_code).first()
    parts = {name: str(value) for name, value in (place.address or {}).items()} if place else {}
    if place is None or not parts:
        raise ParcelNotReady(_("the warehouse has no address"))
    name = parts.get("name") or settings.SHOP_NAME
    return _address({**parts, "name": name}, label_lines({**parts, "name": name}, place.country), place.country)


def _receiver(order: Order) -> Address:
    ship = order.addresses["ship"]
    parts = {name: str(value) for name, value in ship.get("parts", {}).items()}
    country = str(ship["country"])
    lines = label_lines(parts, country) if parts else [str(line) for line in ship.get("lines", [])]
    if not lines:
        raise ParcelNotReady(_("the address is empty"))
    return _address(parts, lines, country, phone=order.phone, email=order.email)


def _address(parts: Mapping[str, str], lines: list[str], country: str, *, phone: str = "", email: str = "") -> Address:
    return Address(
        name=parts.get("name", ""),
        company=parts.get("company", ""),
        lines=tuple(lines),
        country=country,
        city=parts.get("city", ""),
        postcode=parts.get("postal_code", "") or parts.get("postcode", ""),
        region=parts.get("region", ""),
        phone=phone or parts.get("phone", ""),
        email=email,
    )


def _customs(order: Order, parcel: Fulfillment) -> Customs | None:
    """What customs are told; the same facts that are on the CN23 and the commercial invoice."""
    if not crosses_customs(parcel.ships_from, order.country):
        return None
    if lacking := lacking_for_customs(parcel, order):
        raise CustomsFactsMissing(lacking)
    facts = customs_parcel_facts(order, parcel)
    return Customs(
        items=tuple(
            CustomsItem(
                sku=one["sku"],
                description=one["description"],
                hs_code=one["hs_code"],
                origin=one["origin"],
                quantity=one["quantity"],
                weight_g=one["grams"],
                value=from_minor(one["value"], order.currency),
            )
            for one in facts["goods"]
        ),
        terms=facts["terms"],
        scheme=facts["scheme"],
        scheme_number=facts["scheme_number"],
        invoice_number=facts["invoice"]["number"] if facts["invoice"] else "",
    )
