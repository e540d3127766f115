"""Parcels on their way: packed, handed over with their stock, tracked, delivered."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core import audit
from core.errors import DomainError
from core.events import publish
from inventory.actions import ship_lines
from inventory.carriers.canonical import Canonical
from inventory.queries import allocated_places
from inventory.sourcing.asking import days_from_handover
from inventory.sourcing.types import Route
from inventory.types import ShippedItem
from orders.actions.parcel_exceptions import end_what_is_over
from orders.actions.trail import lock_order, move_order, refresh_states, write_event
from orders.customs_gate import CustomsFactsMissing, keep_work_item
from orders.errors import NothingToShip, NotPaid, NotReleased, OrderNotOpen, OrderOnHold, TrackingNumberTaken
from orders.events import FulfillmentDelivered, FulfillmentShipped, OrderCompleted
from orders.floor.batches import picked_batches
from orders.floor.comparing import refuse_changed_box
from orders.models import (
    INSIDE,
    Fulfillment,
    FulfillmentLine,
    Lifecycle,
    Order,
    OrderLine,
    Package,
    ParcelPacking,
    ParcelState,
    PaymentState,
)
from orders.sold_sets import pieces_on_shelves
from orders.types import ShipItem

MAY_SHIP = frozenset({PaymentState.PAID, PaymentState.PARTLY_REFUNDED})


def create_fulfillment(*, number: str, warehouse_code: str, items: Sequence[ShipItem]) -> Fulfillment:
    """Pack some units into a parcel of their own; the rest of what was planned together stays planned.

    Raises `NothingToShip` when more is packed than the warehouse has planned for the line.
    """
    with transaction.atomic():
        order = lock_order(number)
        _must_be_open(order)
        planned = {
            row.order_line_id: row
            for row in FulfillmentLine.objects.select_related("fulfillment").filter(
                fulfillment__order=order,
                fulfillment__warehouse_code=warehouse_code,
                fulfillment__state=ParcelState.PLANNED,
            )
        }
        if not items or any(not _fits(planned.get(item.line_id), item) for item in items):
            raise NothingToShip
        source = planned[items[0].line_id].fulfillment
        parcel = sibling_of(source, order.fulfillments.count() + 1, ParcelState.PACKED)
        for item in items:
            take_out(planned[item.line_id], item.quantity)
            FulfillmentLine.objects.create(fulfillment=parcel, order_line_id=item.line_id, quantity=item.quantity)
        drop_empty_parcels(order)
        refresh_states(order)
        write_event(order, "parcel.packed", parcel=parcel.position, warehouse=warehouse_code)
        audit.record("orders.create_fulfillment", order, data={"parcel": parcel.pk})
    return parcel


def start_packing(*, fulfillment_id: int) -> Fulfillment:
    """Somebody is picking this parcel. Saying it again changes nothing. Raises `OrderOnHold`, `NotPaid`."""
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        if parcel.state == ParcelState.PICKING:
            return parcel
        must_be_free(order)
        must_be_released(parcel)
        parcel.become(state=ParcelState.PICKING)
        refresh_states(order)
        write_event(order, "parcel.picking", to_customer=True, parcel=parcel.position)
    return parcel


def refuse_to_leave(*, fulfillment_id: int) -> None:
    """Raises what stops a parcel: `OrderOnHold`, `NotPaid`, `OrderNotOpen`, `NotReleased`, `CustomsFactsMissing`.

    One that has left is `NothingToShip`.
    """
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        stopped = what_stops(order, parcel)
    if stopped is not None:
        raise stopped


def what_stops(order: Order, parcel: Fulfillment) -> DomainError | None:
    """What stops a parcel, as `refuse_to_leave` says it; None for one that may leave. The caller holds both locks.

    A lack of customs facts leaves its work item.
    """
    if lacking := keep_work_item(order, parcel):
        return CustomsFactsMissing(lacking)
    if parcel.has_left or parcel.state == ParcelState.CANCELED:
        return NothingToShip()
    try:
        must_be_free(order)
        must_be_released(parcel)
    except DomainError as refusal:
        return refusal
    return None


def ship_fulfillment(
    *, fulfillment_id: int, carrier: str, tracking_no: str = "", tracking_url: str = "", weight_g: int | None = None
) -> Fulfillment:
    """The parcel leaves: its stock is booked out and the customer is told. Shipping again changes nothing.

    What its packer wrote down goes with it: weight and measures, and the number where none is named here.

    Raises `OrderOnHold`, `NotPaid`, `OrderNotOpen`, `TrackingNumberTaken`, `CustomsFactsMissing`, and `NotAllScanned`
    when its box was closed before the order was changed.
    """
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        lacking = keep_work_item(order, parcel)
        if not lacking:
            ship_locked(
                order, parcel, carrier=carrier, tracking_no=tracking_no, tracking_url=tracking_url, weight_g=weight_g
            )
    if lacking:  # raised when its work item is kept
        raise CustomsFactsMissing(lacking)
    return parcel


def ship_locked(
    order: Order,
    parcel: Fulfillment,
    *,
    carrier: str,
    tracking_no: str = "",
    tracking_url: str = "",
    weight_g: int | None = None,
) -> None:
    """As `ship_fulfillment`, for a caller that holds both locks and has looked at what customs need."""
    if not parcel.has_left:
        must_be_free(order)
        must_be_released(parcel)
        box = ParcelPacking.objects.filter(fulfillment=parcel).first() or ParcelPacking()
        if parcel.state == ParcelState.PACKED and box.pk is not None:
            refuse_changed_box(parcel, box)
        tracking_no = tracking_no.strip() or (box.tracking_no if carrier in ("", box.carrier) else "")
        must_be_new(carrier or parcel.carrier, tracking_no)
        rows = list(parcel.lines.select_related("order_line").prefetch_related("order_line__parts"))
        if not rows:
            raise NothingToShip
        for row in rows:
            line = row.order_line
            line.qty_shipped += row.quantity
        OrderLine.objects.bulk_update([row.order_line for row in rows], ["qty_shipped"])
        parcel.carrier = carrier or parcel.carrier
        parcel.shipped_at = timezone.now()
        _promise_again(order, parcel)
        parcel.save(update_fields=["carrier", "shipped_at", "eta_from", "eta_to", "updated"])
        parcel.become(state=ParcelState.HANDED_OVER)
        _write_package(parcel, box, tracking_no, tracking_url or box.tracking_url, weight_g)
        _book_out(order, parcel, rows)
        refresh_states(order)
        write_event(order, "parcel.shipped", to_customer=True, parcel=parcel.position, tracking=tracking_no)
        publish(FulfillmentShipped(number=order.number, fulfillment_id=parcel.pk))
        audit.record("orders.ship_fulfillment", order, data={"parcel": parcel.pk, "tracking": tracking_no})


def _promise_again(order: Order, parcel: Fulfillment) -> None:
    """The days counted from when it really left, where its lane says how long it takes. Elsewhere they stay."""
    parts = order.addresses["ship"].get("parts", {})
    days = days_from_handover(
        Route(
            market_code=order.market,
            country=order.country,
            region=str(parts.get("region", "")),
            postal_code=str(parts.get("postal_code", "")),
            method_code=order.delivery_code,
        ),
        warehouse_code=parcel.warehouse_code,
        left_at=parcel.shipped_at or timezone.now(),
    )
    if days is not None:
        parcel.eta_from, parcel.eta_to = days


def _write_package(
    parcel: Fulfillment, box: ParcelPacking, tracking_no: str, tracking_url: str, weight_g: int | None
) -> None:
    Package.objects.create(
        fulfillment=parcel,
        carrier=parcel.carrier,
        tracking_no=tracking_no,
        tracking_url=tracking_url,
        weight_g=weight_g or box.weight_g,
        dimensions_mm=box.dimensions_mm,
    )


def deliver_fulfillment(*, fulfillment_id: int) -> Fulfillment:
    """The parcel arrived; when it was the last one, the order is completed. Saying it again changes nothing."""
    with transaction.atomic():
        order, parcel = lock_parcel(fulfillment_id)
        if parcel.state != ParcelState.DELIVERED:
            if parcel.state == ParcelState.HANDED_OVER:
                parcel.become(state=ParcelState.IN_TRANSIT)
            arrive(order, parcel, timezone.now())
            audit.record("orders.deliver_fulfillment", order, data={"parcel": parcel.pk})
    return parcel


def arrive(order: Order, parcel: Fulfillment, at: datetime) -> None:
    """The parcel is there, and with the last one the order is complete. The caller holds both locks."""
    parcel.become(state=ParcelState.DELIVERED)
    parcel.delivered_at = at
    parcel.save(update_fields=["delivered_at", "updated"])
    rows = list(parcel.lines.select_related("order_line"))
    for row in rows:
        row.order_line.qty_delivered += row.quantity
    OrderLine.objects.bulk_update([row.order_line for row in rows], ["qty_delivered"])
    write_event(order, "parcel.delivered", to_customer=True, parcel=parcel.position)
    end_what_is_over(order, parcel, status=Canonical.DELIVERED)
    publish(FulfillmentDelivered(number=order.number, fulfillment_id=parcel.pk))
    refresh_states(order)
    complete_if_delivered(order, at)


def complete_if_delivered(order: Order, at: datetime) -> None:
    """An order whose every unit has arrived is completed. The caller holds its lock and has refreshed its states."""
    if order.fulfillment_state == "delivered" and order.lifecycle == Lifecycle.CONFIRMED:
        order.completed_at = at
        order.save(update_fields=["completed_at"])
        move_order(order, Lifecycle.COMPLETED)
        publish(OrderCompleted(number=order.number))


def lock_parcel(fulfillment_id: int) -> tuple[Order, Fulfillment]:
    """A parcel and its order, locked in this order until the transaction ends."""
    number = Fulfillment.objects.values_list("order__number", flat=True).get(pk=fulfillment_id)
    order = lock_order(number)
    return order, Fulfillment.objects.lock().get(pk=fulfillment_id)


def _must_be_open(order: Order) -> None:
    if order.lifecycle != Lifecycle.CONFIRMED:
        raise OrderNotOpen(number=order.number, state=order.lifecycle)


def must_be_free(order: Order) -> None:
    """Goods leave for orders that are confirmed, paid and not held."""
    _must_be_open(order)
    if order.payment_state not in MAY_SHIP:
        raise NotPaid(number=order.number)
    if order.holds.filter(resolved_at__isnull=True).exists():
        raise OrderOnHold(number=order.number)


def must_be_released(parcel: Fulfillment) -> None:
    """A pre-sale leaves on its day, or when it was released before."""
    if parcel.not_before is not None and parcel.not_before > timezone.now().date():
        raise NotReleased(day=parcel.not_before)


def must_be_new(carrier: str, tracking_no: str) -> None:
    """Two parcels under one number would tell two customers the same story."""
    if tracking_no and Package.objects.filter(carrier=carrier, tracking_no=tracking_no).exists():
        raise TrackingNumberTaken


def _book_out(order: Order, parcel: Fulfillment, rows: Sequence[FulfillmentLine]) -> None:
    """Stock leaves from where it was promised: usually the parcel's warehouse."""
    places, picked = allocated_places(order.number), picked_batches(parcel)
    items = []
    for row in rows:
        if not row.order_line.requires_shipping:
            continue
        for ref, pieces in pieces_on_shelves(row.order_line, row.quantity).items():
            open_here = dict(places.get(ref, ()))
            code = parcel.warehouse_code if parcel.warehouse_code in open_here else next(iter(open_here), "")
            batches = picked.get(ref, ()) if code == parcel.warehouse_code else ()
            items.append(ShippedItem(line_ref=ref, warehouse_code=code, quantity=pieces, batches=batches))
    ship_lines(order_ref=order.number, items=items, cause=f"parcel:{parcel.pk}")


def _fits(row: FulfillmentLine | None, item: ShipItem) -> bool:
    return row is not None and 0 < item.quantity <= row.quantity


def sibling_of(source: Fulfillment, position: int, state: ParcelState) -> Fulfillment:
    """Another parcel from the same place with the same promise, without lines."""
    return Fulfillment.objects.create(
        order_id=source.order_id,
        position=position,
        warehouse_code=source.warehouse_code,
        warehouse_name=source.warehouse_name,
        city=source.city,
        ships_from=source.ships_from,
        state=state,
        carrier=source.carrier,
        carrier_service=source.carrier_service,
        eta_from=source.eta_from,
        eta_to=source.eta_to,
        not_before=source.not_before,
    )


def take_out(row: FulfillmentLine, quantity: int) -> None:
    """So many units of a line leave their parcel; the caller puts them into another."""
    if row.quantity == quantity:
        row.delete()
    else:
        row.quantity -= quantity
        row.save(update_fields=["quantity"])


def drop_empty_parcels(order: Order) -> None:
    """A plan nothing is left of is canceled, not deleted: its position stays known."""
    for parcel in order.fulfillments.filter(state__in=INSIDE, lines__isnull=True):
        parcel.become(state=ParcelState.CANCELED)
