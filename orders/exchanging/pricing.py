"""What an exchange costs: the wanted goods as an order of today to the old order's address. Nothing is written."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cart.quote import build_quote, goods_value
from cart.snapshot import Snapshot, SnapshotLine
from cart.types import Quote
from core.money import from_minor, to_minor, zero
from inventory.models import Warehouse
from inventory.types import DeliveryOption, Demand, Piece
from markets.current import in_market
from markets.queries import market_of_record
from orders.changes.errors import ChangeRefused
from orders.changes.parcels import Place, Placed, planned_places, quote_parcels
from orders.changes.problems import refuse_problems
from orders.changes.snapshots import (
    Spot,
    agreed_market,
    at_destination,
    deliveries,
    new_line,
    offers_of,
    snapshot_of,
    spot_of,
)
from orders.exchanging.rules import agreed_unit
from orders.models import Exchange, Order, ReturnLine
from orders.routes import route_of_order


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """So many of a variant for a line of the return. `unit` is what was agreed, in minor units; None asks for today's.

    `paid` is the unit price of what comes back, for markets that take the lower of the two.
    """

    line_id: int
    variant_id: int
    quantity: int
    paid: int
    unit: int | None = None


@dataclass(frozen=True, kw_only=True)
class Priced:
    """The wanted goods with their prices as agreed, and the demands on stock by the lines of the return."""

    quote: Quote
    wants: tuple[Wanted, ...]
    demands: tuple[Demand, ...]


def wanted_by(rows: Sequence[ReturnLine]) -> tuple[Wanted, ...]:
    """What the lines of a return ask for, at today's prices; the same variant again costs what it cost.

    Sets in pieces are never exchanged.
    """
    return tuple(
        Wanted(
            line_id=row.pk,
            variant_id=row.wanted_id,
            quantity=row.quantity,
            paid=to_minor(row.order_line.unit_final),
            unit=to_minor(row.order_line.unit_final) if row.wanted_id == row.order_line.variant_id else None,
        )
        for row in rows
        if row.wanted_id is not None
    )


def wanted_of(exchange: Exchange, units: Mapping[int, int]) -> tuple[Wanted, ...]:
    """What was agreed, for as many `units` of each line of the return as are exchanged after all."""
    return tuple(
        Wanted(
            line_id=row["line"],
            variant_id=row["variant"],
            quantity=units[row["line"]],
            paid=row["unit"],
            unit=row["unit"],
        )
        for row in exchange.wants
        if units.get(row["line"])
    )


def price_exchange(
    order: Order, wants: Sequence[Wanted], *, policy: str, places: Sequence[Mapping[str, Any]] = ()
) -> Priced:
    """The wanted goods as an order of today: prices, taxes and duty of today; the delivery is the shop's.

    `places` say from where what is held would leave; without them the shelves are asked, which are without what is
    held. Raises `ChangeRefused` for what cannot be sold there, and `OutOfStock`.
    """
    if not wants:
        raise ChangeRefused(_("Choose what is wanted instead."))
    today = copy(order)
    today.placed_at = timezone.now()
    market = market_of_record(order.market, language=order.language)
    with translation.override(order.language), in_market(market):
        snapshot, demands = _snapshot(today, wants, policy, places)
        quote = build_quote(snapshot)
    refuse_problems(quote)
    units = {line.line_id: to_minor(line.unit_list) for line in quote.lines}
    priced = tuple(replace(one, unit=units[-number]) for number, one in enumerate(wants, start=1))
    return Priced(quote=quote, wants=priced, demands=tuple(demands))


def _snapshot(
    order: Order, wants: Sequence[Wanted], policy: str, places: Sequence[Mapping[str, Any]]
) -> tuple[Snapshot, list[Demand]]:
    spot = spot_of(order, None)
    market = agreed_market(order, spot)
    counts: dict[int, int] = {}
    for one in wants:
        counts[one.variant_id] = counts.get(one.variant_id, 0) + one.quantity
    offers = offers_of(order, counts, market)
    rows = [
        new_line(-number, one.variant_id, one.quantity, offers, spot, order.placed_at)
        for number, one in enumerate(wants, start=1)
    ]
    shelves = [_demand(row, row.key) for row in rows]
    placed = _held(places, rows, wants) if places else _planned(order, shelves)
    parcels, houses = quote_parcels([placed], {row.key: row.weight_g for row in rows})
    bare = snapshot_of(order, market, spot, rows, parcels)
    agreed = _agreed(order, at_destination(bare, order, rows), wants, policy)
    snapshot = replace(bare, lines=agreed)
    demands = [_demand(row, str(one.line_id)) for row, one in zip(rows, wants, strict=True)]
    return _delivered(order, spot, snapshot, houses), demands


def _planned(order: Order, shelves: Sequence[Demand]) -> Placed:
    return planned_places(shelves, market_code=order.market, route=route_of_order(order))


def _demand(row: SnapshotLine, ref: str) -> Demand:
    return Demand(
        line_ref=ref,
        variant_id=row.variant_id,
        quantity=row.quantity,
        pieces=tuple(
            Piece(line_ref=f"{ref}.{number}", variant_id=part.variant_id, per_set=part.quantity)
            for number, part in enumerate(row.parts, start=1)
            if part.requires_shipping
        ),
    )


def _held(places: Sequence[Mapping[str, Any]], rows: Sequence[SnapshotLine], wants: Sequence[Wanted]) -> Placed:
    """Where what is held waits. The hold knows what is wanted by the lines of the return."""
    keys = {str(one.line_id): row for row, one in zip(rows, wants, strict=True)}
    found: Placed = {}
    for place in places:
        units = {keys[at].key: min(count, keys[at].quantity) for at, count in place["units"].items() if at in keys}
        if units:
            found[Place(place["code"], None)] = units
    return found


def _agreed(
    order: Order, rows: Sequence[SnapshotLine], wants: Sequence[Wanted], policy: str
) -> tuple[SnapshotLine, ...]:
    """Each row at the price that was agreed, or by the market's policy at that of today."""
    found = []
    for row, one in zip(rows, wants, strict=True):
        today = to_minor(row.unit) if row.unit is not None else 0
        unit = one.unit if one.unit is not None else agreed_unit(policy, today=today, paid=one.paid)
        found.append(replace(row, unit=from_minor(unit, order.currency)))
    return tuple(found)


def _delivered(order: Order, spot: Spot, snapshot: Snapshot, houses: Sequence[Warehouse]) -> Snapshot:
    """The order's own delivery, or the cheapest there is, free of charge. Raises `ChangeRefused` for none."""
    goods = from_minor(goods_value(snapshot), order.currency)
    options = deliveries(order, spot, weight_g=snapshot.weight_g, goods=goods, houses=houses)
    if not options:
        raise ChangeRefused(_("No delivery takes the exchange to the address of the order."))
    same = [one for one in options if one.code == order.delivery_code]
    chosen: DeliveryOption = same[0] if same else min(options, key=lambda one: to_minor(one.price))
    free = replace(chosen, price=zero(order.currency), is_free=True)
    return replace(snapshot, delivery_code=free.code, delivery_options=(free,))
