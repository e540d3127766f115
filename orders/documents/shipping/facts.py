"""What a shipping paper says: read in one transaction and kept with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.errors import DomainError
from core.money import allocate, from_minor, to_minor
from markets.addresses import label_lines
from markets.compliance.papers import papers_wanted
from markets.fx import rate_on
from markets.models import LegalEntity, TaxRegistration
from orders.customs_gate import customs_facts, declared_parts
from orders.documents.facts import local_day
from orders.documents.parties import seller_fact, seller_json, seller_of
from orders.documents.shipping.shares import share_of_units
from orders.models import (
    Document,
    DocumentKind,
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderLine,
    OrderLinePart,
    ParcelState,
)

SDR = "XDR"
DELIVERED_PAID = frozenset({"buyer_now", "seller"})
"""Who pays at the border so that nothing is due on delivery."""


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A line in a parcel. `before` are the units of the same line in earlier parcels."""

    row: FulfillmentLine
    before: int


def packing_facts(order: Order, parcel: Fulfillment) -> dict[str, Any]:
    """What is in a parcel, without a word about money: it may be a gift."""
    rows = [packed.row for packed in packed_rows(order).get(parcel.pk, [])]
    position, parcels = _place(order, parcel)
    return {
        **_frame(order, parcel),
        "place": [position, parcels],
        "delivery": order.delivery_name,
        "return_days": order.return_days,
        "enclosed": [paper.document for paper in papers_wanted(order.compliance_profile).enclosed],
        "goods": [
            {
                "sku": row.order_line.sku,
                "name": row.order_line.name,
                "options": row.order_line.options_text,
                "quantity": row.quantity,
                "contents": [f"{part.per_set} × {part.name}" for part in row.order_line.parts.all()],
            }
            for row in rows
        ],
    }


def customs_parcel_facts(order: Order, parcel: Fulfillment) -> dict[str, Any]:
    """What customs are told of a parcel. Goods codes, origins and weights are those the order froze.

    Values are net, as the lines were sold, less discounts: parcels of an order sum to its lines. The freight is what
    the order charged without tax, by the values of its parcels.
    """
    seller = seller_of(order)
    fact = seller_fact(seller, local_day(order))
    ship = order.addresses["ship"]
    scheme, number = _scheme(order, seller)
    packed = packed_rows(order)
    goods = [one for row in packed.get(parcel.pk, []) for one in _declared(row)]
    invoice = Document.objects.filter(order=order, kind=DocumentKind.INVOICE).order_by("-pk").first()
    landed = order.landed or {}
    parts = {name: str(value) for name, value in ship.get("parts", {}).items()}
    return {
        **_frame(order, parcel),
        "seller": {
            **seller_json(seller, fact, order.country),
            "lines": label_lines(seller.address, seller.country_id) if fact.has_address else [],
        },
        "consignee": {
            "name": parts.get("company") or parts.get("name", ""),
            "lines": label_lines(parts, ship["country"]) if parts else list(ship.get("lines", [])),
            "country": ship["country"],
            "phone": order.phone,
            "email": order.email,
        },
        "terms": "DDP" if landed.get("payer") in DELIVERED_PAID else "DAP",
        "invoice": {"number": invoice.number, "issued_on": invoice.issued_on.isoformat()} if invoice else None,
        "scheme": scheme,
        "scheme_number": number,
        "tracking": [one for one in parcel.packages.order_by("pk").values_list("tracking_no", flat=True) if one],
        "gross_grams": sum(one or 0 for one in parcel.packages.values_list("weight_g", flat=True)),
        "goods": goods,
        "freight": _freight(order, parcel, packed),
    }


def worth_in_sdr(facts: Mapping[str, Any], order: Order) -> Decimal | None:
    """The goods' value in special drawing rights, unrounded; none while no rate is known."""
    worth = from_minor(sum(one["value"] for one in facts["goods"]), order.currency)
    try:
        rate = rate_on(order.currency, SDR, local_day(order)).rate
    except DomainError:
        return None
    return Decimal(worth.amount * rate)


def _frame(order: Order, parcel: Fulfillment) -> dict[str, Any]:
    ship = order.addresses["ship"]
    return {
        "version": 1,
        "order": order.number,
        "parcel": parcel.position,
        "currency": order.currency,
        "ships_from": parcel.ships_from,
        "ship_country": ship["country"],
        "ship_lines": list(ship.get("lines", [])),
        "carrier": parcel.carrier or order.delivery_carrier,
    }


def packed_rows(order: Order) -> Mapping[int, Sequence[Packed]]:
    """What is shipped in each parcel of an order, by the parcel's key: four queries, however many lines there are."""
    rows = FulfillmentLine.objects.filter(fulfillment__order=order, order_line__requires_shipping=True)
    rows = rows.exclude(fulfillment__state=ParcelState.CANCELED).select_related("fulfillment", "order_line__variant")
    found: dict[int, list[Packed]] = defaultdict(list)
    units: dict[int, int] = defaultdict(int)
    for row in rows.prefetch_related("order_line__parts__variant").order_by(
        "fulfillment__position", "order_line__position", "pk"
    ):
        found[row.fulfillment_id].append(Packed(row=row, before=units[row.order_line_id]))
        units[row.order_line_id] += row.quantity
    return found


def _place(order: Order, parcel: Fulfillment) -> tuple[int, int]:
    """The how manyeth of how many parcels it is; canceled ones do not count."""
    standing = list(
        order.fulfillments.exclude(state=ParcelState.CANCELED).order_by("position").values_list("pk", flat=True)
    )
    return (standing.index(parcel.pk) + 1 if parcel.pk in standing else 0), len(standing)


def _declared(packed: Packed) -> Iterable[dict[str, Any]]:
    """A line as customs read it: itself, or the components of a set that has no goods code of its own."""
    line, count = packed.row.order_line, packed.row.quantity
    parts = declared_parts(line)
    if not parts:
        value = share_of_units(to_minor(line.line_net), units=line.quantity, before=packed.before, count=count)
        yield _goods(line, quantity=count, value=value)
    for part in parts:
        value = share_of_units(to_minor(part.share_net), units=line.quantity, before=packed.before, count=count)
        yield _goods(part, quantity=part.per_set * count, value=value)


def _goods(sold: OrderLine | OrderLinePart, *, quantity: int, value: int) -> dict[str, Any]:
    told = customs_facts(sold, sold.variant)
    return {
        "sku": sold.sku,
        "description": told.description,
        "hs_code": told.hs_code,
        "origin": told.origin,
        "quantity": quantity,
        "grams": told.weight_g * quantity,
        "value": value,
    }


def _freight(order: Order, parcel: Fulfillment, packed: Mapping[int, Sequence[Packed]]) -> int:
    """This parcel's part of what delivery cost without tax, by the values of the parcels."""
    charged = sum(to_minor(row.base) for row in order.tax_lines.filter(owner="shipping"))
    worth = {key: sum(one["value"] for row in rows for one in _declared(row)) for key, rows in packed.items()}
    if parcel.pk not in worth:
        return 0
    return allocate(charged, list(worth.values()))[list(worth).index(parcel.pk)]


def _scheme(order: Order, seller: LegalEntity) -> tuple[str, str]:
    """The import scheme under which tax was charged with the sale, and the number that says so to customs.

    Its registration is that of the destination, of the union for IOSS. Both empty where none was used.
    """
    held = TaxRegistration.objects.filter(legal_entity=seller).on(local_day(order))
    if any(row.scheme.lower() == "ioss" for row in order.tax_lines.all()):
        return "IOSS", held.filter(scheme="ioss").exclude(number="").values_list("number", flat=True).first() or ""
    if not any(row.amount.amount for row in order.tax_lines.all()):
        return "", ""
    there = held.filter(country=order.country).exclude(scheme__in=("domestic", "oss", "ioss", "import"))
    found = there.values_list("scheme", "number").first()
    return (found[0].upper().replace("_", " "), found[1]) if found else ("", "")
