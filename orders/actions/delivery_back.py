"""What of the delivery a withdrawal gives back. Directive 2011/83/EU Art. 13."""

from collections.abc import Collection

from core.money import Money, from_minor, to_minor, zero
from orders.actions.refund_rows import delivery_paid, parts_of
from orders.actions.withdrawals import REASON
from orders.models import Order, OrderLine, ReturnLine
from orders.refunding import due_up_to
from orders.withdrawing import delivery_due_back


def has_withdrawn(order: Order) -> bool:
    """Whether the customer has withdrawn in time from something of the order."""
    return order.returns.filter(reason=REASON).exists()


def is_wholly_withdrawn(order: Order, *, lines: Collection[OrderLine] = ()) -> bool:
    """Whether everything of it that is sent was withdrawn from, or would be with `lines`."""
    asked = ReturnLine.objects.filter(return_request__order=order, return_request__reason=REASON)
    gone = {*asked.values_list("order_line", flat=True), *(line.pk for line in lines)}
    if not gone:
        return False
    sent = [line for line in order.lines.all() if line.requires_shipping and line.quantity > line.qty_canceled]
    return all(line.pk in gone for line in sent)


def withdrawal_delivery(order: Order, *, lines: Collection[OrderLine] = ()) -> Money:
    """What of the delivery is still to go back, tax included, for what was withdrawn and would be with `lines`.

    All that was paid for customs clearance goes back besides: no other delivery would have done without it.
    """
    paid = delivery_paid(order)
    due = delivery_due_back(
        paid=from_minor(paid.total, order.currency),
        cheapest=from_minor(_standard(order, paid.total), order.currency),
        is_whole=is_wholly_withdrawn(order, lines=lines),
    )
    return max(zero(order.currency), due - from_minor(paid.refunded, order.currency))


def goods_back(line: OrderLine) -> Money:
    """What all that is left of a line brings back, tax and duty included."""
    left = line.quantity - line.qty_refunded
    return from_minor(sum(one.part.amount for one in parts_of(line, left)) if left else 0, line.currency)


def _standard(order: Order, total: int) -> int:
    """Minor units of all delivery but the surcharge, with its share of the tax."""
    chosen = to_minor(order.shipping_total)
    if order.standard_delivery is None or not chosen:
        return total
    taxes = [row for row in order.tax_lines.all() if row.owner == "shipping" and not row.included]
    with_tax = chosen + sum(to_minor(tax.amount) for tax in taxes)
    surcharge = max(0, chosen - to_minor(order.standard_delivery))
    return total - due_up_to(with_tax, surcharge, chosen)
