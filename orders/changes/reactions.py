"""What follows from changes of orders. Wired in `config/reactions.py`."""

from orders.actions.changing import drop_change, free_held_stock
from orders.changes import notifications
from orders.events import ChangeEnded, ChangeRequested, OrderCanceled, OrderChanged


def tell_changed(event: OrderChanged) -> None:
    """After: what the order is now."""
    if event.kind == "edit":
        notifications.tell_changed(change_id=event.change_id)


def tell_due(event: ChangeRequested) -> None:
    """After: what is to be paid, and where."""
    notifications.tell_due(change_id=event.change_id)


def tell_ended(event: ChangeEnded) -> None:
    """After: the order stays as it was."""
    notifications.tell_ended(change_id=event.change_id)


def end_waiting_change(event: OrderCanceled) -> None:
    """Inside: a change that waits for its payment goes with its order."""
    drop_change(number=event.number)


def free_stock_of_ended(event: ChangeEnded) -> None:
    """After: what was held for it can be sold again."""
    free_held_stock(change_id=event.change_id)
