"""What the screens of one order read of it, in one go."""

from django.db.models import Prefetch, prefetch_related_objects

from orders.models import Order, OrderLine


def read_together(order: Order) -> Order:
    """The order with its lines (variant, product, parts of sets), receipts and refunds in memory; read once."""
    lines = OrderLine.objects.select_related("variant__product").prefetch_related("parts")
    prefetch_related_objects([order], Prefetch("lines", lines), "receipts", "refunds")
    return order
