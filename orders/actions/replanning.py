"""Plan again from where an order leaves, with the stock and the lanes of now, and let it leave from there."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.retries import again_when_contended
from inventory.actions import note_decision
from inventory.models import Warehouse
from inventory.planning import StockRow, variants_of
from inventory.queries import stock_rows, warehouses_named
from inventory.sourcing.asking import MethodPlan, method_plans
from inventory.types import Demand, Piece
from orders.actions.changing_places import movable, plan_at, take_from
from orders.actions.changing_stock import put_into_parcels
from orders.actions.trail import lock_order, refresh_states, write_event
from orders.changes.errors import ChangeRefused, OrderMoved
from orders.models import FulfillmentLine, Lifecycle, Order, OrderLine, ParcelState
from orders.routes import route_of_order
from orders.sold_sets import pieces_on_shelves

Spread = dict[int, dict[str, int]]
"""Units of each line, by its position, in each warehouse."""


def planned_again(order: Order) -> MethodPlan | None:
    """What the planner would do now with what is planned and not being packed; none where no lane takes it.

    What the order has set aside for these units counts as there.
    """
    lines = movable(order)
    route = route_of_order(order, is_promised=True)
    if route is None or not lines:
        return None
    demands = [_demand(line, count) for line, count in lines]
    rows = _with_own(stock_rows(order.market, variants_of(demands)), _own_pieces(order))
    plans = method_plans(demands, rows, route, only=order.delivery_code)
    return plans[0] if plans else None


@again_when_contended
def replan_order(*, number: str, version: int) -> bool:
    """Let what is planned leave as the planner would have it now; returns whether anything moved.

    All or nothing. Raises `OrderMoved`, `ChangeRefused` (also where it would leave from another country, which would
    change taxes and duty) and `OutOfStock`.
    """
    with transaction.atomic():
        order = lock_order(number)
        if order.version != version:
            raise OrderMoved(seen=version, now=order.version)
        if order.lifecycle not in (Lifecycle.PENDING_PAYMENT, Lifecycle.CONFIRMED):
            raise ChangeRefused(_("This order can no longer be changed. It is finished or was given up."))
        plan = planned_again(order)
        if plan is None:
            raise ChangeRefused(_("No lane takes what is left of this order to its address now."))
        moved = _move_all(order, _spread_of(plan))
        if moved:
            note_decision(order_ref=order.number, market_code=order.market, plan=plan, cause="replanned")
            refresh_states(order)
            write_event(order, "order.replanned", warehouses=", ".join(plan.warehouse_codes))
            audit.record("orders.replan_order", order, data={"warehouses": list(plan.warehouse_codes)})
    return moved


def _move_all(order: Order, wanted: Spread) -> bool:
    places = warehouses_named({code for spread in wanted.values() for code in spread})
    lines = {line.position: line for line in order.lines.prefetch_related("parts")}
    moved = False
    for position, spread in sorted(wanted.items()):
        rows = _planned_rows(lines[position])
        here: dict[str, int] = {}
        for row in rows:
            code = row.fulfillment.warehouse_code
            here[code] = here.get(code, 0) + row.quantity
        surplus = {code: count - spread.get(code, 0) for code, count in here.items() if count > spread.get(code, 0)}
        for code, count in spread.items():
            missing = count - here.get(code, 0)
            if missing > 0:
                _bring(order, lines[position], places[code], missing, surplus)
                moved = True
    return moved


def _bring(order: Order, line: OrderLine, place: Warehouse, units: int, surplus: dict[str, int]) -> None:
    """From where too many wait to where the plan wants them."""
    left = units
    for row in _planned_rows(line):
        code = row.fulfillment.warehouse_code
        count = min(left, row.quantity, surplus.get(code, 0))
        if not count:
            continue
        if row.fulfillment.ships_from != place.country:
            raise ChangeRefused(_("That warehouse is in another country, so taxes and duty would differ."))
        surplus[code] -= count
        left -= count
        take_from(order, line, row, count, place)
    if left:
        raise ChangeRefused(f"{line.name}: {_('That many do not wait in another warehouse.')}")
    put_into_parcels(order, [plan_at(place, {str(line.position): units})], {line.position: line})


def _planned_rows(line: OrderLine) -> list[FulfillmentLine]:
    rows = FulfillmentLine.objects.filter(
        order_line=line, fulfillment__state=ParcelState.PLANNED, fulfillment__not_before__isnull=True
    )
    return list(rows.select_related("fulfillment").order_by("-fulfillment__position"))


def _spread_of(plan: MethodPlan) -> Spread:
    """Units of sets as whole sets."""
    found: Spread = {}
    seen: set[tuple[str, str]] = set()
    for take in plan.takes:
        key = (take.unit_ref or take.line_ref, take.warehouse_code)
        if key in seen:
            continue  # another component of the same set
        seen.add(key)
        spread = found.setdefault(int(key[0]), {})
        spread[take.warehouse_code] = take.units or take.quantity
    return found


def _demand(line: OrderLine, units: int) -> Demand:
    return Demand(
        line_ref=str(line.position),
        variant_id=line.variant_id or 0,
        quantity=units,
        pieces=tuple(
            Piece(line_ref=f"{line.position}.{part.position}", variant_id=part.variant_id or 0, per_set=part.per_set)
            for part in line.parts.all()
            if part.requires_shipping
        ),
    )


def _own_pieces(order: Order) -> dict[tuple[str, int], int]:
    """Pieces that are set aside for what may move, by warehouse and variant."""
    found: dict[tuple[str, int], int] = {}
    for line in order.lines.prefetch_related("parts"):
        variants = {part.ref: part.variant_id for part in line.parts.all()} or {line.ref: line.variant_id}
        for row in _planned_rows(line):
            for ref, pieces in pieces_on_shelves(line, row.quantity).items():
                key = (row.fulfillment.warehouse_code, variants[ref] or 0)
                found[key] = found.get(key, 0) + pieces
    return found


def _with_own(rows: list[StockRow], own: Mapping[tuple[str, int], int]) -> list[StockRow]:
    return [
        replace(row, available=max(0, row.available) + own.get((row.warehouse_code, row.variant_id), 0)) for row in rows
    ]
