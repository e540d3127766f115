"""Where an order goes and what is in it, as the planner of warehouses wants to know it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cart.types import Quote
from cart.values import Piece, Priced, border_values, pieces_of
from inventory.sourcing.network import network_of
from inventory.sourcing.types import Route
from orders.models import Order, OrderLine
from orders.types import PostalAddress

LATER = "buyer_later"
"""The payer of duty that is not paid with the order."""


def route_of_quote(quote: Quote, address: PostalAddress) -> Route:
    """The way of an order that is being placed: by the delivery that was chosen, to the address that was given."""
    parts = {
        part.variant_id: (line.hs_code or part.hs_code, line.origin or part.origin)
        for line in quote.lines
        for part in line.parts
    }
    return Route(
        market_code=quote.market,
        country=address.country,
        region=address.part("region"),
        postal_code=address.part("postal_code") or quote.postal_code,
        method_code=quote.delivery.code if quote.delivery else "",
        values=border_values(
            Priced(variant_id=line.variant_id, unit=line.unit_list, pieces=pieces_of(line.parts))
            for line in quote.lines
        ),
        codes={**parts, **{line.variant_id: (line.hs_code, line.origin) for line in quote.lines}},
        prepays_duty=quote.border.payer != LATER,
    )


def route_of_order(order: Order, *, is_promised: bool = False) -> Route | None:
    """The way of an order that exists; none where the market has no lanes, without a query.

    `is_promised`: days after the last one it was promised for count as late.
    """
    if not network_of(order.market).has_lanes:
        return None
    priced: list[Priced] = []
    codes: dict[int, tuple[str, str]] = {}
    for line in OrderLine.objects.filter(order=order).prefetch_related("parts"):
        for part in line.parts.all():
            codes.setdefault(part.variant_id or 0, (line.hs_code or part.hs_code, line.origin or part.origin))
        if line.variant_id is not None:
            priced.append(Priced(variant_id=line.variant_id, unit=line.unit_list, pieces=_pieces(line)))
            codes[line.variant_id] = (line.hs_code, line.origin)
    bare = Route(
        market_code=order.market,
        country=order.country,
        method_code=order.delivery_code,
        values=border_values(priced),
        codes=codes,
        prepays_duty=order.landed.get("payer") != LATER,
        promised=order.arrives_to if is_promised else None,
    )
    return _to(bare, order.addresses["ship"])


def route_of_change(order: Order, *, address: Mapping[str, Any] | None, delivery_code: str) -> Route | None:
    """The way of what is added to an order: to the new address (as it is stored) by the new delivery, if there are
    any. What is new has no known duty where a border is crossed."""
    route = route_of_order(order)
    if route is None:
        return None
    there = _to(route, address) if address is not None else route
    return replace(there, method_code=delivery_code or route.method_code)


def _pieces(line: OrderLine) -> tuple[Piece, ...]:
    return tuple(
        Piece(variant_id=part.variant_id or 0, quantity=part.per_set, price_weight=part.price_weight)
        for part in line.parts.all()
    )


def _to(route: Route, address: Mapping[str, Any]) -> Route:
    parts = address.get("parts", {})
    return replace(
        route,
        country=str(address["country"]),
        region=str(parts.get("region", "")),
        postal_code=str(parts.get("postal_code", "")),
    )
