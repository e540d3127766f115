"""What one real order's messages say: each is told again in a rehearsal, and nothing of it is kept or sent."""

from collections.abc import Callable, Mapping

from core.notifications.rehearsing import Rehearsed, rehearse
from orders import notifications, step_notifications
from orders.changes import notifications as changes
from orders.models import ChangeKind, ChangeState, DocumentKind, Order
from orders.returning import notifications as returning
from orders.step_notifications import HOLD_STEPS, PARCEL_STEPS

TOLD_AS_CHANGED = (ChangeKind.EDIT, ChangeKind.CANCEL)
Tell = Callable[[Order], object]


def rehearsed(order: Order, name: str) -> Rehearsed | None:
    """The message called `name` as this order would get it now; none when it has nothing to say of that.

    Wishes and what was sent before are left out of account. The links in it open nothing. The caller may see the order.
    """
    tell = REHEARSALS.get(name)
    if tell is None:
        return None
    found = rehearse(lambda: tell(order))
    return next((one for one in found if (one.kind.name, one.reference) == (name, order.number)), None)


def _shipped(order: Order) -> None:
    parcel = order.fulfillments.filter(packages__isnull=False).order_by("-pk").first()
    if parcel is not None:
        notifications.tell_shipped(number=order.number, fulfillment_id=parcel.pk)


def _refunded(order: Order) -> None:
    refund = order.refunds.order_by("-pk").first()
    if refund is not None:
        notifications.tell_refunded(number=order.number, refund_number=refund.number)


def _canceled(order: Order) -> None:
    if order.canceled_at is not None:
        notifications.tell_canceled(number=order.number)


def _written(order: Order) -> None:
    event = order.events.filter(kind="note", data__mailed=True).order_by("-pk").first()
    if event is not None:
        notifications.tell_written(number=order.number, event_id=event.pk)


def _downloads(order: Order) -> None:
    if order.entitlements.exists():
        notifications.tell_downloads(number=order.number)


def _held(order: Order) -> None:
    for hold in order.holds.filter(resolved_at__isnull=True, kind__in=list(HOLD_STEPS)).order_by("-pk"):
        step_notifications.tell_held(number=order.number, hold_id=hold.pk)


def _parcels(order: Order) -> None:
    for parcel in order.fulfillments.filter(state__in=list(PARCEL_STEPS)).order_by("-pk"):
        step_notifications.tell_parcel(number=order.number, fulfillment_id=parcel.pk, state=parcel.state)


def _invoice(order: Order) -> None:
    found = order.documents.filter(kind=DocumentKind.INVOICE).order_by("-pk").first()
    if found is not None:
        step_notifications.tell_invoice(number=order.number, document=found.number)


def _link(order: Order) -> None:
    step_notifications.tell_links(email_hash=order.email_hash, key="rehearsal")


def _changed(order: Order) -> None:
    change = order.changes.filter(state=ChangeState.CONFIRMED, kind__in=TOLD_AS_CHANGED).order_by("-pk").first()
    if change is not None:
        changes.tell_changed(change_id=change.pk)


def _change_due(order: Order) -> None:
    change = order.changes.filter(state=ChangeState.REQUESTED).order_by("-pk").first()
    if change is not None:
        changes.tell_due(change_id=change.pk)


def _return(order: Order) -> None:
    found = order.returns.order_by("-pk").first()
    if found is not None:
        returning.tell_return(number=order.number, return_number=found.number, state=found.state)


def _confirmed(order: Order) -> None:
    notifications.tell_confirmed(number=order.number)


REHEARSALS: Mapping[str, Tell] = {
    "order_confirmed": _confirmed,
    "order_shipped": _shipped,
    "order_refunded": _refunded,
    "order_canceled": _canceled,
    "order_written": _written,
    "downloads_ready": _downloads,
    "invoice_available": _invoice,
    "order_link": _link,
    "order_changed": _changed,
    "order_change_due": _change_due,
    "return_news": _return,
    **dict.fromkeys(HOLD_STEPS.values(), _held),
    **dict.fromkeys(PARCEL_STEPS.values(), _parcels),
}
