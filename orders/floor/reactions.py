"""What follows on the floor when orders change. Wired in `config/reactions.py`."""

from orders.actions.waves import follow_order
from orders.events import FulfillmentShipped, HoldOpened, OrderCanceled, OrderChanged, RefundRequested


def follow_on_the_floor(
    event: FulfillmentShipped | HoldOpened | OrderCanceled | OrderChanged | RefundRequested,
) -> None:
    """After: pickers are sent for what the order wants now, and for nothing an order does not want any more."""
    follow_order(number=event.number)
