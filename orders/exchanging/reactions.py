"""What follows from exchanges. Wired in `config/reactions.py`."""

from orders.actions.exchanging import bring_exchange_back
from orders.events import ExchangeGivenUp, ExchangeOrdered, OrderRefunded
from orders.exchanging import notifications


def tell_ordered(event: ExchangeOrdered) -> None:
    """After: what is sent instead, and what is still to be paid for it."""
    notifications.tell_ordered(number=event.number, child=event.child)


def tell_given_up(event: ExchangeGivenUp) -> None:
    """After: the exchange does not come. A customer who took the return back knows."""
    notifications.tell_given_up(number=event.number, exchange_id=event.exchange_id)


def bring_back(event: OrderRefunded) -> None:
    """After: what a refund put back into an exchange goes on to where it came from."""
    bring_exchange_back(child_number=event.number)
