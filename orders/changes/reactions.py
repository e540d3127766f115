"""What follows from changes of orders. Wired in `config/reactions.py`."""

from orders.actions.changing import drop_change, free_held_stock
from orders.changes import notifications
from orders.events import ChangeEnded, ChangeRequested, OrderCanceled, OrderChanged, OrderReshipped


def tell_changed(event: OrderChanged) -> None:
    """After: what the order is now, or with which other one it has to do."""
    tell = {
        "edit": notifications.tell_changed,
        "split": notifications.tell_split,
        "merge": notifications.tell_merged,
    }.get(event.kind)
    if tell is not None:
        tell(change_id=event.change_id)


def tell_reshipped(event: OrderReshipped) -> None:
    """After: goods are sent again, and with which order."""
    notifications.tell_reshipped(number=event.number, child=event.child)


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
