"""What a refund would be, before anybody confirms it: the orders' own figures, nothing worked out here."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from cart.types import TicketRow
from core.money import from_minor, to_minor, zero
from orders.actions.delivery_back import has_withdrawn, is_wholly_withdrawn, withdrawal_delivery
from orders.actions.refund_rows import (
    component_part,
    parts_of,
    shipping_left,
    shipping_part,
    wished_parts,
)
from orders.actions.refund_shares import Way, refundable, ways_back
from orders.errors import NothingToRefund
from orders.models import Order, OrderLine, OrderLinePart
from orders.types import DeliveryWish, RefundTo, RefundWish
from orders.workspace.reading import read_together
from orders.workspace.types import DeliveryBack, RefundableLine, RefundPreview
from orders.workspace.words import sold_thing
from payments.queries import payment_label, payment_state
from payments.types import PaymentView


def preview_refund(
    order: Order, *, wishes: Sequence[RefundWish], shipping: DeliveryWish, to: RefundTo = "methods"
) -> RefundPreview:
    """What the customer would receive. Raises what `refund_order` would: `NothingToRefund`, `RefundTooLarge`."""
    chosen = wished_parts(order, wishes)
    shipping_net, shipping_tax = shipping_part(order, shipping)
    goods = sum(one.part.net for one in chosen)
    tax = sum(one.part.tax for one in chosen) + shipping_tax
    duty = sum(one.part.duty for one in chosen)
    total = goods + shipping_net + tax + duty
    if total <= 0:
        raise NothingToRefund
    ways = ways_back(order, total, to)
    amounts = [
        (_("Items without tax"), goods, bool(chosen)),
        (_("Delivery without tax"), shipping_net, bool(shipping_net or shipping_tax)),
        (_("Tax returned"), tax, True),
        (_("Duty returned"), duty, bool(duty)),
    ]
    rows = [TicketRow(label=label, amount=from_minor(minor, order.currency)) for label, minor, said in amounts if said]
    kept = sum(one.kept.amount for one in chosen)
    if kept:
        rows.append(TicketRow(label=_("Kept for wear, not paid back"), amount=from_minor(kept, order.currency)))
    whole = from_minor(total, order.currency)
    rows.append(TicketRow(label=_("Customer receives"), amount=whole, kind="total"))
    return RefundPreview(
        rows=tuple(rows),
        net=from_minor(goods + shipping_net, order.currency),
        tax=from_minor(tax, order.currency),
        duty=from_minor(duty, order.currency),
        total=whole,
        ways=_way_rows(order, ways),
    )


def _way_rows(order: Order, ways: Sequence[Way]) -> tuple[TicketRow, ...]:
    """What each payment gets back, by its name."""
    payments = {row.ref: row for row in payment_state(order.number).payments}
    return tuple(
        TicketRow(
            label=_way_name(payments.get(way.payment_ref) if way.payment_ref else None),
            amount=from_minor(way.minor, order.currency),
        )
        for way in ways
    )


def _way_name(payment: PaymentView | None) -> str:
    if payment is None:
        return _("Store credit")
    return payment_label(payment)


def refundable_lines(order: Order) -> tuple[RefundableLine, ...]:
    """Lines with units that were not refunded yet, each with what all of those would bring back."""
    return tuple(row for line in read_together(order).lines.all() for row in _rows(line))


def _rows(line: OrderLine) -> Iterator[RefundableLine]:
    """The line whole, and below it each component of a set."""
    left = line.quantity - line.qty_refunded
    if left:
        name, options = sold_thing(line)
        worth = sum(one.part.amount for one in parts_of(line, left))
        yield RefundableLine(
            line_id=line.pk,
            sku=line.sku,
            name=name,
            options_text=options,
            left=left,
            worth=from_minor(worth, line.currency),
        )
    for part in line.parts.all():
        pieces = part.quantity - part.qty_refunded
        if pieces:
            yield _part_row(line, part, pieces)


def _part_row(line: OrderLine, part: OrderLinePart, pieces: int) -> RefundableLine:
    return RefundableLine(
        line_id=line.pk,
        part_id=part.pk,
        sku=part.sku,
        name=_("Only %(part)s") % {"part": part.name},
        options_text=part.options_text,
        left=pieces,
        worth=from_minor(component_part(line, part, pieces).part.amount, line.currency),
    )


def delivery_back(order: Order) -> DeliveryBack:
    """How much of the delivery can be refunded, and how much a withdrawal lets propose, with the reason."""
    left = from_minor(sum(shipping_left(order)), order.currency)
    if not to_minor(left) or not has_withdrawn(order):
        return DeliveryBack(left=left, proposed=zero(order.currency), why="")
    if not is_wholly_withdrawn(order):
        return DeliveryBack(
            left=left,
            proposed=zero(order.currency),
            why=_("The customer has withdrawn from a part of the order, so nothing of the delivery has to go back."),
        )
    return DeliveryBack(
        left=left,
        proposed=withdrawal_delivery(order),
        why=_(
            "The customer has withdrawn from the whole order: the price of standard delivery has to go back, "
            "the surcharge of a faster one does not."
        ),
    )


def cancel_rows(order: Order) -> tuple[TicketRow, ...]:
    """What canceling would give back."""
    back = max(0, refundable(order))
    return (
        TicketRow(label=_("Order total"), amount=order.total),
        TicketRow(label=_("Customer receives"), amount=from_minor(back, order.currency), kind="total"),
    )
