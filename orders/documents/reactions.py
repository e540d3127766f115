"""What follows from payments, refunds and changes of orders: their documents. Wired in `config/reactions.py`."""

from orders.actions.documents import follow_change, issue_credit_note, issue_invoice
from orders.events import OrderChanged, OrderPaid, OrderRefunded


def invoice_paid(event: OrderPaid) -> None:
    """After: the invoice, numbered and frozen; its file is made by a task."""
    issue_invoice(number=event.number)


def credit_refunded(event: OrderRefunded) -> None:
    """After: the credit note of what went back."""
    issue_credit_note(refund_number=event.refund_number)


def invoice_changed(event: OrderChanged) -> None:
    """After: the invoice of what the order was is credited, and the order as it is gets another."""
    follow_change(number=event.number, change_id=event.change_id)
