"""Locking an order, writing its history, and bringing its derived axes up to date."""

from typing import Any

from core.audit import current_actor
from core.money import to_minor
from orders.actions.refund_shares import credited
from orders.errors import OrderUnknown
from orders.models import Order, OrderEvent, OrderLine, Visibility
from orders.states import LineFacts, MoneyFacts, aftersales_state, fulfillment_state, payment_state


def lock_order(number: str) -> Order:
    """The order, locked until the transaction ends. Raises `OrderUnknown`."""
    try:
        return Order.objects.lock().get(number=number)
    except Order.DoesNotExist:
        raise OrderUnknown from None


def own_order(number: str) -> Order | None:
    """The order again, for reactions inside a payment's transaction, which locked it first of all.

    `PaymentReported` is announced before the payment is locked and locks the order there; asking for the same
    row lock once more is free and keeps the global order.
    """
    return Order.objects.select_for_update(of=("self",)).filter(number=number).first()


def write_event(order: Order, kind: str, *, to_customer: bool = False, note: str = "", **details: Any) -> OrderEvent:
    """One entry of the history, by whoever acts now."""
    return OrderEvent.objects.create(
        order=order,
        kind=kind,
        visibility=Visibility.CUSTOMER if to_customer else Visibility.INTERNAL,
        to_state=order.lifecycle,
        actor=current_actor().label[:150],
        note=note,
        data=details,
    )


def move_order(order: Order, lifecycle: str, *, note: str = "", **details: Any) -> None:
    """Move the lifecycle and write down from where to where."""
    before = order.lifecycle
    order.become(lifecycle=lifecycle)
    OrderEvent.objects.create(
        order=order,
        kind=f"order.{lifecycle}",
        visibility=Visibility.CUSTOMER,
        from_state=before,
        to_state=lifecycle,
        actor=current_actor().label[:150],
        note=note,
        data=details,
    )


def refresh_states(order: Order) -> None:
    """Derive payment, delivery and returns from the rows and store them. The only writer of the three axes."""
    lines = [facts for line in order.lines.prefetch_related("parts") for facts in _facts(line)]
    parcels = list(order.fulfillments.values_list("state", flat=True))
    order.payment_state = payment_state(money_facts(order))
    order.fulfillment_state = fulfillment_state(lines, parcels)
    order.aftersales_state = aftersales_state(lines, order.returns.values_list("state", flat=True))
    order.version += 1
    order.save(update_fields=["payment_state", "fulfillment_state", "aftersales_state", "version", "updated"])


def _facts(line: OrderLine) -> list[LineFacts]:
    """The counters of a line; of a set those of its components, because they come back one by one."""
    counts = [(1, line.qty_returned)]
    counts = [(part.per_set, part.qty_returned) for part in line.parts.all()] or counts
    return [
        LineFacts(
            quantity=line.quantity * each,
            canceled=line.qty_canceled * each,
            shipped=line.qty_shipped * each,
            delivered=line.qty_delivered * each,
            returned=returned,
        )
        for each, returned in counts
    ]


def money_facts(order: Order) -> MoneyFacts:
    """Sums over the order's receipts, in minor units of its currency. What was given as store credit went back."""
    receipts = list(order.receipts.all())
    return MoneyFacts(
        total=to_minor(order.total),
        authorized=sum(to_minor(receipt.authorized) for receipt in receipts),
        received=sum(to_minor(receipt.received) for receipt in receipts),
        refunded=sum(to_minor(receipt.refunded) for receipt in receipts) + credited(order),
        disputed=sum(to_minor(receipt.disputed) for receipt in receipts),
    )
