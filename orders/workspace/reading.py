"""What the screens of one order read of it, in one go."""

from django.db.models import Prefetch, prefetch_related_objects

from orders.models import Order, OrderLine, OrderRefund, OrderTaxLine


def read_together(order: Order) -> Order:
    """The order with its lines (variant, product, parts of sets), taxes, receipts and refunds in memory; read once."""
    lines = OrderLine.objects.select_related("variant__product").prefetch_related("parts")
    taxes = OrderTaxLine.objects.select_related("line__variant__product", "part")
    refunds = OrderRefund.objects.prefetch_related("shares")
    prefetch_related_objects(
        [order], Prefetch("lines", lines), Prefetch("tax_lines", taxes), "receipts", Prefetch("refunds", refunds)
    )
    return order
