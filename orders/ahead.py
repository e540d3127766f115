"""What a pre-sale allows its buyer. Pure."""

from orders.models import OrderLine, PresaleClaim


def may_cancel(claim: PresaleClaim, line: OrderLine) -> bool:
    """Whether the customer may cancel this line free of charge: its day was moved, and it has not left."""
    return claim.moved_on is not None and not claim.ended and line.qty_open == claim.quantity
