"""After: customers hear of each step. Wired in `config/reactions.py`; each is idempotent by the key of its message."""

from core.outbox import current_delivery
from orders import step_notifications as steps
from orders.actions.sharing import home_of
from orders.events import DocumentIssued, FulfillmentDelivered, HoldOpened, LinksWanted, OrderExpired, ParcelMoved
from orders.models import Order, ParcelState
from payments.events import PaymentFailed, PaymentPending


def tell_payment_awaited(event: PaymentPending) -> None:
    """After: the bank has not decided; the order waits."""
    number = _order_of(event.order_ref)
    if number:
        steps.tell_payment_awaited(number=number, payment_ref=event.payment_ref)


def tell_payment_failed(event: PaymentFailed) -> None:
    """After: what was awaited did not come."""
    number = _order_of(event.order_ref)
    if number:
        steps.tell_payment_failed(number=number, payment_ref=event.payment_ref)


def tell_expired(event: OrderExpired) -> None:
    """After: the goods are free again."""
    steps.tell_expired(number=event.number)


def tell_held(event: HoldOpened) -> None:
    """After: the order waits for a person, perhaps for its customer."""
    steps.tell_held(number=event.number, hold_id=event.hold_id)


def tell_parcel_moved(event: ParcelMoved) -> None:
    """After: at customs, out for delivery, delayed, coming back."""
    steps.tell_parcel(number=event.number, fulfillment_id=event.fulfillment_id, state=event.state)


def tell_delivered(event: FulfillmentDelivered) -> None:
    """After: it arrived."""
    steps.tell_parcel(number=event.number, fulfillment_id=event.fulfillment_id, state=ParcelState.DELIVERED)


def tell_invoice(event: DocumentIssued) -> None:
    """After: the invoice that came later than the confirmation."""
    steps.tell_invoice(number=event.number, document=event.document)


def tell_links(event: LinksWanted) -> None:
    """After: links for whoever owns the address; nobody else learns whether there were orders."""
    key = str(current_delivery().event_id)
    steps.tell_links(email_hash=event.email_hash, key=key)


def _order_of(order_ref: str) -> str:
    """The order that has the payment now; none for payments of something else."""
    number = home_of(order_ref)
    return number if Order.objects.filter(number=number).exists() else ""
